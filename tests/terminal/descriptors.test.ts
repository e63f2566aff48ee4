/** Descriptors run out beside ports: `ulimit -n` for shells, clients and servers. */

import { expect, it } from 'vitest';
import { testMachine } from '../golden/terminal/test-machine.ts';

// As recorded with /usr/bin/python3 3.11.2 and ss 6.1.0 on Linux 6.18.44.
it('a server without descriptors leaves connections in its queue', async () => {
  const machine = await testMachine('generic-linux');
  await machine.run('(ulimit -n 6; exec python3 -m http.server 9000 >/dev/null 2>&1) &');
  await machine.run('sleep 1; for n in 3 4 5 6; do eval "exec $n<>/dev/tcp/127.0.0.1/9000"; done');
  const queue = async () => {
    const { output } = await machine.run("ss -Htln 'sport = 9000'");
    return output.trim().split(/\s+/).slice(0, 3);
  };
  expect(await queue()).toEqual(['LISTEN', '2', '5']);
  const { output } = await machine.run("ss -Htnp 'sport = 9000' | grep -c python3");
  expect(output).toBe('2\n');
  // A client is connected all the same, by the kernel; nobody answers it.
  expect((await machine.run('curl -s -m 1 127.0.0.1:9000')).exitCode).toBe(28);
  await machine.run('exec 3>&- 4>&-; sleep 1');
  expect(await queue()).toEqual(['LISTEN', '1', '5']);
  await machine.run('exec 5>&- 6>&-; sleep 1');
  expect((await machine.run('curl -s -o /dev/null -w "%{http_code}" 127.0.0.1:9000')).output).toBe(
    '200',
  );
});

it('a loop of connections ends where the descriptors do, and ports are left', async () => {
  const machine = await testMachine('generic-linux');
  await machine.run('python3 -m http.server 9000 >/dev/null 2>&1 &');
  await machine.run('ulimit -Sn 32; sleep 1');
  const { output } = await machine.run(
    'n=0; while exec {fd}<>/dev/tcp/127.0.0.1/9000; do n=$((n+1)); done; echo $n $fd',
  );
  expect(output).toBe(
    'bash: redirection error: cannot duplicate fd: Too many open files\n' +
      'bash: /dev/tcp/127.0.0.1/9000: Too many open files\n22 31\n',
  );
  expect((await machine.run('ulimit -Sn hard; nc -z 127.0.0.1 9000')).exitCode).toBe(0);
});

it('what the shell does without is named beside bash’s words', async () => {
  const machine = await testMachine('amazon-linux-2');
  const notices: string[] = [];
  machine.onOutput((output) => {
    if (output.event === 'notice') notices.push(output.text);
  });
  for (const word of ['select', 'coproc'])
    expect((await machine.run(`${word} x in a b; do echo; done`)).output).toBe(
      `bash: syntax error near unexpected token \`${word}'\n`,
    );
  expect(notices.map((text) => text.split('`')[1])).toEqual(['select', 'coproc']);
});

it('limits go on to children and to the next shell, and only root raises the hard one', async () => {
  const machine = await testMachine('amazon-linux-2');
  const line = (text: string) => machine.run(text).then(({ output }) => output);
  expect(await line('ulimit -n; ulimit -Hn')).toBe('1024\n1048576\n');
  expect(await line('ulimit -n 200; bash -c "ulimit -n"; (ulimit -n 100); ulimit -n')).toBe(
    '200\n200\n',
  );
  expect(await line('ulimit -n 300')).toBe(
    'bash: ulimit: open files: cannot modify limit: Operation not permitted\n',
  );
  expect(await line('sudo -i')).toBe('');
  expect(await line('ulimit -n; ulimit -n 300; ulimit -n')).toBe('200\n300\n');
});
