/** The shell around the tools: what runs together, what a limit says, what a line before has left. */

import { describe, expect, it } from 'vitest';
import { testMachine } from '../golden/terminal/test-machine.ts';

describe('parts of a pipeline run together', () => {
  it('a nc at the end connects at once', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('sleep 100 | nc web 443 &');
    expect((await machine.run('sleep 1; ss -Htn dport = 443')).stdout).toContain('ESTAB');
  });

  it.each([
    ['yes | head -n 1000000 | wc -l', '1000000\n'],
    ['head -c 5000000 /dev/zero | wc -c', '5000000\n'],
    ['cat /dev/urandom | head -c 100000 | wc -c', '100000\n'],
  ])('an endless one ends with its reader: %s', async (line, output) => {
    const machine = await testMachine('debian-12');
    expect((await machine.run(line)).output).toBe(output);
  });
});

describe('a connection is a file of the shell', () => {
  it('is written to and read from', async () => {
    const machine = await testMachine('debian-12');
    const result = await machine.run(
      String.raw`exec 3<>/dev/tcp/web/80; printf 'GET / HTTP/1.0\r\n\r\n' >&3; head -n 1 <&3`,
    );
    expect(result.output).toBe('HTTP/1.1 200 OK\r\n');
  });
});

describe('at the prompt', () => {
  it('a killed job says so', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('sleep 100 &');
    expect((await machine.run('kill %1')).output).toMatch(/^\[1\]\+ {2}Terminated +sleep 100\n$/);
  });

  it('a cleared history numbers its lines from 1', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('history -c');
    expect((await machine.run('history')).output).toBe('    1  history\n');
  });

  it('kill -9 $$ ends the session, and the next one works', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('x=1; kill -9 $$');
    expect((await machine.run('echo "<$x>"')).output).toBe('<>\n');
  });

  it('a program that this machine has not is not only "not found"', async () => {
    const machine = await testMachine('debian-12');
    const notices: string[] = [];
    machine.onOutput((output) => {
      if (output.event === 'notice') notices.push(output.text);
    });
    expect((await machine.run('wireguard')).output).toBe('bash: wireguard: command not found\n');
    expect(notices.splice(0)).toEqual([
      'No program is called `wireguard`. Is it spelled right? `help` lists what this machine has.',
    ]);
    expect((await machine.run('strace ls')).output).toBe('bash: strace: command not found\n');
    expect(notices).toEqual(['`strace` is not on this machine. `help` lists what is.']);
  });

  it('a search goes on past what may not be read', async () => {
    const machine = await testMachine('debian-12');
    const result = await machine.run("find / -maxdepth 2 -name 'sysctl.conf'");
    expect(result.stdout).toBe('/etc/sysctl.conf\n');
    expect(result.stderr).toContain('find: ‘/root’: Permission denied\n');
  });
});

describe('servers of the machine', () => {
  it('python3 -m http.server serves the files of its directory', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('mkdir /tmp/site; echo hello > /tmp/site/a.txt');
    await machine.run('python3 -m http.server 8000 -d /tmp/site > /dev/null 2>&1 &');
    expect((await machine.run('curl -s localhost:8000/a.txt')).stdout).toBe('hello\n');
    expect((await machine.run('curl -s localhost:8000/')).stdout).toContain('a.txt</a>');
    const absent = await machine.run("curl -s -o /dev/null -w '%{http_code}' localhost:8000/b");
    expect(absent.stdout).toBe('404');
  });

  it('https to a plain port ends with 35', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('python3 -m http.server 8080 > /dev/null 2>&1 &');
    const result = await machine.run('curl https://localhost:8080/');
    expect(result.exitCode).toBe(35);
    expect(result.stderr).toContain('wrong version number');
  });
});
