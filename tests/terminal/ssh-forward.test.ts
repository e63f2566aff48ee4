/** `ssh -L`: sockets on both machines, texts and ends through the tunnel, refusals in OpenSSH's words. */

import { describe, expect, it } from 'vitest';
import { testMachine } from '../golden/terminal/test-machine.ts';

async function debian() {
  const machine = await testMachine('debian-12');
  await machine.run('sudo -i');
  return (line: string) => machine.run(line).then(({ output }) => output);
}

// Channel numbers, words and listeners as recorded with OpenSSH 9.2 on Linux 6.18.44.
describe('ssh -L', () => {
  it('listens on both loopbacks, and the other host connects to the target', async () => {
    const run = await debian();
    await run('ssh -f -N -L 8080:localhost:80 web');
    expect(await run("ss -Htln 'sport = 8080' | tr -s ' '")).toBe(
      'LISTEN 0 128 127.0.0.1:8080 0.0.0.0:*\nLISTEN 0 128 [::1]:8080 [::]:*\n',
    );
    expect(await run('curl -s http://localhost:8080/ | head -1')).toBe(
      'Hello from web.example (10.0.0.10), port 80.\n',
    );
    expect(await run('curl -s -o /dev/null -w "%{http_code}" http://[::1]:8080/')).toBe('200');
    await run('exec 3<>/dev/tcp/127.0.0.1/8080; sleep 0.2');
    expect(await run('lsof -nP -a -c ssh -i TCP:8080 | grep -c "^ssh .*ESTABLISHED"')).toBe('1\n');
    expect(await run("ss -Htnp 'sport = 8080' | grep -c ssh")).toBe('1\n');
    expect(await run('ssh web ss -tnp | grep sshd')).toMatch(/127\.0\.0\.1:\d+ +127\.0\.0\.1:80 /);
    await run('printf "HEAD / HTTP/1.0\\r\\n\\r\\n" >&3');
    expect(await run('head -1 <&3')).toContain('200 OK');
    await run('exec 3>&-; sleep 0.5');
    expect(await run('ssh web ss -tnp | grep -c sshd')).toBe('0\n');
    await run('pkill -x ssh; sleep 0.2');
    expect(await run("ss -Htln 'sport = 8080'")).toBe('');
  });

  it('says what the other host could not reach, and closes', async () => {
    const run = await debian();
    await run('ssh -N -L 8081:localhost:9 -L 8082:nosuch.example:80 web 2>/tmp/log & sleep 0.5');
    expect(await run('curl -sS localhost:8081')).toBe('curl: (52) Empty reply from server\n');
    expect(await run('nc -z 127.0.0.1 8082; echo $?')).toBe('0\n');
    await run('sleep 0.2; kill %1');
    expect(await run('cat /tmp/log')).toBe(
      'channel 4: open failed: connect failed: Connection refused\n' +
        'channel 4: open failed: connect failed: Temporary failure in name resolution\n',
    );
  });

  it('goes on without a port that is taken, and refuses what is no forward', async () => {
    const run = await debian();
    await run('nc -l 127.0.0.1 8080 & sleep 0.1');
    expect(await run('ssh -L 8080:localhost:80 web hostname')).toBe(
      'bind [127.0.0.1]:8080: Address already in use\nweb\n',
    );
    for (const wrong of ['foo', '8080', '99999:a:80', '8080:a:99999', '80:a:'])
      expect(await run(`ssh -L ${wrong} web`)).toBe(
        `Bad local forwarding specification '${wrong}'\n`,
      );
  });

  it('opens to all with *, and is there for others', async () => {
    const run = await debian();
    await run('ssh -f -N -L *:8083:laptop:22 web');
    expect(await run('nc -w 1 127.0.0.1 8083 </dev/null')).toContain('SSH-2.0-OpenSSH');
    expect(await run('ssh web2 nc -z 10.0.0.2 8083; echo $?')).toBe('0\n');
  });
});
