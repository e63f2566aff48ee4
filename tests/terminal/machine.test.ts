/** The experiments of the course's source, undo, snapshots, permissions, limits. */

import { describe, expect, it } from 'vitest';
import { testMachine } from '../golden/terminal/test-machine.ts';

const range = 'sysctl -n net.ipv4.ip_local_port_range';

describe('the range and the file', () => {
  it('restoring the file and applying it leaves the running value; a reboot does not', async () => {
    const machine = await testMachine();
    await machine.run('sudo cp /etc/sysctl.conf /etc/sysctl.conf.bak');
    await machine.run(
      'echo net.ipv4.ip_local_port_range=49152 65535 | sudo tee -a /etc/sysctl.conf',
    );
    expect((await machine.run('sudo sysctl -p')).output).toBe(
      'net.ipv4.ip_local_port_range = 49152 65535\n',
    );
    await machine.run('sudo cp /etc/sysctl.conf.bak /etc/sysctl.conf');
    expect((await machine.run('sudo sysctl -p')).output).toBe('');
    expect((await machine.run(range)).output).toBe('49152\t65535\n');
    await machine.run('sudo reboot');
    expect((await machine.run(range)).output).toBe('32768\t60999\n');
  });

  it('an agent’s next connection to https leaves from the new range, and lsof shows it', async () => {
    const machine = await testMachine();
    await machine.run('sudo sysctl -w net.ipv4.ip_local_port_range="49152 65535"');
    await machine.run('sleep 60');
    const { output } = await machine.run('sudo lsof | grep https');
    expect(output).toMatch(/ruby .*->codedeploy\.example:https \(ESTABLISHED\)/);
    expect(output).toMatch(/ssm-agent .*->ssm\.example:https \(ESTABLISHED\)/);
    for (const [, port] of output.matchAll(/:(\d+)->/g))
      expect(Number(port)).toBeGreaterThanOrEqual(49_152);
  });

  it('reserving 32768-60500 sends nearly every first connection out from 60502', async () => {
    let hits = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const machine = await testMachine('generic-linux', { seed });
      await machine.run('sudo sysctl -w net.ipv4.ip_local_reserved_ports=32768-60500');
      const { output } = await machine.run("curl -s -o /dev/null -w '%{local_port}' http://web/");
      if (output === '60502') hits += 1;
    }
    expect(hits).toBeGreaterThanOrEqual(18);
  });

  it('ten ports are used up by ten connections', async () => {
    const machine = await testMachine();
    await machine.run('sudo sysctl -w net.ipv4.ip_local_port_range="40000 40009"');
    await machine.run('for i in $(seq 10); do curl -s -o /dev/null http://web/; done');
    const result = await machine.run('curl -v http://web/');
    expect(result.output).toContain(
      '* Immediate connect fail for 10.0.0.10: Cannot assign requested address',
    );
    expect(result.exitCode).toBe(7);
  });
});

describe('whoever closes first has the TIME-WAIT', () => {
  it.each([
    ['http://web/', 1],
    ['http://web2/', 0],
  ])('%s', async (url, count) => {
    const machine = await testMachine();
    await machine.run(`curl -s -o /dev/null ${url}`);
    const { output } = await machine.run("ss -Htan state time-wait 'dport = :80' | wc -l");
    expect(Number(output)).toBe(count);
  });
});

describe('permissions', () => {
  it.each([
    ['echo x > /etc/x', 'bash: /etc/x: Permission denied\n'],
    ['sudo echo x > /etc/x', 'bash: /etc/x: Permission denied\n'],
    ['sysctl -w net.ipv4.ip_forward=1', 'sysctl: permission denied on key "net.ipv4.ip_forward"\n'],
    ['cat /etc/shadow', 'cat: /etc/shadow: Permission denied\n'],
    ['cd /root', 'bash: cd: /root: Permission denied\n'],
    ['nc -l 80', 'nc: Permission denied\n'],
    ['touch /etc/x', "touch: cannot touch '/etc/x': Permission denied\n"],
  ])('%s', async (line, output) => {
    const machine = await testMachine();
    expect((await machine.run(line)).output).toBe(output);
  });
});

describe('sshd moves', () => {
  it('listens on the new port after a reload, and DROP makes the old one silent', async () => {
    const machine = await testMachine();
    await machine.run("sudo sed -i 's/^#Port 22/Port 20022/' /etc/ssh/sshd_config");
    await machine.run('sudo systemctl reload sshd');
    expect((await machine.run('ssh web nc -zv 10.0.0.2 20022')).output).toContain('succeeded');
    expect((await machine.run('ssh web nc -zv 10.0.0.2 22')).output).toContain(
      'Connection refused',
    );
    await machine.run('sudo iptables -A INPUT -p tcp --dport 22 -j DROP');
    expect((await machine.run('ssh web nc -zv -w 2 10.0.0.2 22')).output).toContain('timed out');
  });

  it('a number that does not exist is refused', async () => {
    const machine = await testMachine();
    await machine.run("sudo sed -i 's/^#Port 22/Port 200220/' /etc/ssh/sshd_config");
    expect((await machine.run('sudo sshd -t')).output).toContain('Badly formatted port number');
  });
});

describe('a taken port', () => {
  it('makes the service fail, say why, and start when the port is free', async () => {
    const machine = await testMachine();
    await machine.run('sudo nc -lk 80 &');
    expect((await machine.run('sudo systemctl start nginx')).exitCode).toBe(1);
    expect((await machine.run('systemctl status nginx')).output).toContain(
      'bind() to 0.0.0.0:80 failed (98: Address already in use)',
    );
    await machine.run('sudo pkill nc');
    expect((await machine.run('sudo systemctl start nginx')).exitCode).toBe(0);
  });
});

describe('undo, reset, snapshot', () => {
  it('takes back the last line, sockets and files and the shell’s state', async () => {
    const machine = await testMachine();
    await machine.run('x=1');
    const before = (await machine.run('ss -tan')).output;
    await machine.run('curl -s http://web/ > page; cd /tmp; x=2');
    expect(machine.undo()).toBe(true);
    expect((await machine.run('ss -tan')).output).toBe(before);
    expect((await machine.run('pwd; ls; echo $x')).output).toBe('/home/ec2-user\n1\n');
  });

  it('goes on from a snapshot that went through JSON, with the same luck', async () => {
    const first = await testMachine();
    await first.run('nc -lk 8080 &');
    await first.run('sudo sysctl -w net.ipv4.tcp_fin_timeout=30');
    const kept: unknown = JSON.parse(JSON.stringify(first.snapshot()));
    const second = await testMachine();
    expect(second.restore(kept)).toBe(true);
    expect((await second.run('ss -ltnp')).output).toBe((await first.run('ss -ltnp')).output);
    const line = "curl -s -o /dev/null -w '%{local_port}' http://web/";
    expect((await second.run(line)).output).toBe((await first.run(line)).output);
  });

  it('refuses what is no snapshot, and changes nothing', async () => {
    const machine = await testMachine();
    for (const bad of [
      null,
      7,
      {},
      { kind: 'simulated-linux' },
      {
        kind: 'simulated-linux',
        version: 1,
        distribution: 'amazon-linux-2',
        seed: 42,
        host: {},
        shell: {},
      },
    ]) {
      expect(machine.restore(bad)).toBe(false);
    }
    expect((await machine.run('pwd')).output).toBe('/home/ec2-user\n');
  });

  it('reset brings back the beginning', async () => {
    const machine = await testMachine();
    await machine.run('sudo rm /etc/sysctl.conf');
    machine.reset();
    expect((await machine.run('ls /etc/sysctl.conf')).exitCode).toBe(0);
  });
});

describe('a stage', () => {
  it('may have programs left running in the background, which outlive every undo', async () => {
    const machine = await testMachine('amazon-linux-2', {
      setup: ['nc -lk 80 &', 'echo staged > /root/note'],
    });
    const listener = async () => (await machine.run('sudo ss -Hltnp | grep :80')).output;
    expect(await listener()).toMatch(/:80 .*users:\(\("nc",pid=\d+,fd=3\)\)/);
    expect((await machine.run('sudo cat /root/note; jobs')).output).toBe('staged\n');
    await machine.run('echo one');
    machine.undo();
    expect(await listener()).toContain('"nc"');
    machine.reset();
    expect(await listener()).toContain('"nc"');
  });
});

describe('background jobs', () => {
  it('go on after an undo of what came later, and are gone after an undo of themselves', async () => {
    const machine = await testMachine();
    const listeners = async () => (await machine.run('ss -Hltn | grep -c :8080')).output.trim();
    await machine.run('nc -lk 8080 &');
    await machine.run('echo one');
    machine.undo();
    expect(await listeners()).toBe('1');
    machine.undo();
    machine.undo();
    expect(await listeners()).toBe('0');
  });
});

describe('limits', () => {
  it.each([
    ['f() { f; }; f', /stopped by this page's limit/],
    [':(){ :|:& };:', /stopped by this page's limit/],
    ['x=a; for i in {1..40}; do x=$x$x; done; echo done', /stopped by this page's limit/],
    ['echo {1..1000000} | wc', /more than 100000 words/],
  ])('%s', async (line, message) => {
    const machine = await testMachine();
    const result = await machine.run(line);
    expect(result.output).toMatch(message);
    expect((await machine.run('echo alive')).output).toBe('alive\n');
  });

  it('a busy background job leaves the prompt free', async () => {
    const machine = await testMachine();
    await machine.run('while true; do :; done &');
    expect((await machine.run('echo alive')).output).toContain('alive\n');
    expect((await machine.run('kill %1; jobs')).exitCode).toBe(0);
  });

  it('an endless loop is stopped by Ctrl+C', async () => {
    const machine = await testMachine();
    setTimeout(() => {
      machine.send({ kind: 'interrupt' });
    }, 100);
    expect((await machine.run('while true; do :; done')).exitCode).toBe(130);
    expect((await machine.run('echo alive')).output).toBe('alive\n');
  });

  it('too much output ends the command, not the machine', async () => {
    const machine = await testMachine();
    await machine.run('yes 0123456789 > big; for i in 1 2 3 4 5 6 7 8 9; do cat big; done');
    expect((await machine.run('echo alive')).output).toBe('alive\n');
  });

  it('markup and noise stay text', async () => {
    const machine = await testMachine();
    expect((await machine.run("echo '<img src=x onerror=alert(1)>'")).output).toBe(
      '<img src=x onerror=alert(1)>\n',
    );
    expect((await machine.run('head -c 300 /dev/urandom | wc -c')).output.trim()).toBe('300');
    expect((await machine.run("printf 'a%.0s' {1..10000} | wc -c")).output.trim()).toBe('10000');
  });
});

it('chronyd binds its low port before it becomes its own user', async () => {
  const machine = await testMachine('amazon-linux-2');
  expect((await machine.run('systemctl is-active chronyd')).output).toBe('active\n');
  expect((await machine.run('sudo ss -Hulnp | cat')).output).toContain('127.0.0.1:323');
  expect((await machine.run('ps -C chronyd -o user= | cat')).output.trim()).toBe('chrony');
});
