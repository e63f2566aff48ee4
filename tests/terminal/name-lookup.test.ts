/** Names are asked for with real packets, and echoes are packets: the firewall, ss and tcpdump see them. */

import { describe, expect, it } from 'vitest';
import { testMachine } from '../golden/terminal/test-machine.ts';

describe('dig', () => {
  it('sends its question from an ephemeral port, where ss shows it', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('sudo -i');
    await machine.run('iptables -A INPUT -p udp --sport 53 -j DROP');
    await machine.run('dig web.example >/dev/null & sleep 0.5');
    const { stdout } = await machine.run('ss -Hunp | cat');
    expect(stdout).toMatch(
      /^0 +0 +10\.0\.0\.2:(?:3[2-9]|4|5|60)\d+ +10\.0\.0\.1:53 +users:\(\("dig",/,
    );
    expect((await machine.run('iptables -nvL INPUT | tail -1')).stdout).toMatch(/^ +1 +84 DROP/);
    expect((await machine.run('netstat -su | grep sent')).stdout).toContain('1 packets sent');
  });

  it('counts at both ends, and the other end has a name server', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('dig web.example >/dev/null');
    const { stdout } = await machine.run('netstat -su');
    expect(stdout).toContain('1 packets received');
    expect((await machine.run('nmap -sT -p 52-53 10.0.0.1')).stdout).toMatch(/53\/tcp open/);
  });

  it('asks the server that /etc/resolv.conf names', async () => {
    const machine = await testMachine('debian-12');
    await machine.run("sudo sh -c 'echo nameserver 10.0.0.11 > /etc/resolv.conf'");
    expect((await machine.run('dig +short web.example')).output).toContain(
      'communications error to 10.0.0.11#53: connection refused',
    );
    expect((await machine.run('ping -c 1 web')).output).toBe(
      'ping: web: Temporary failure in name resolution\n',
    );
  });

  it.each([
    'dig +trace web.example',
    'dig -b 10.0.0.2 web.example',
    'host -l example',
    'ping -f web',
  ])('names what it has not: %s', async (line) => {
    const machine = await testMachine('debian-12');
    const result = await machine.run(line);
    expect(result.output).toContain(line.split(' ')[1]);
    expect(result.exitCode).not.toBe(0);
  });
});

describe('ping', () => {
  it('passes the filters of both ends, and conntrack knows the answer', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('sudo -i');
    await machine.run(
      'iptables -P INPUT DROP; iptables -A INPUT -m state --state ESTABLISHED -j ACCEPT',
    );
    expect((await machine.run('ping -c 1 10.0.0.10')).exitCode).toBe(0);
    await machine.run('iptables -F; iptables -A INPUT -p icmp --icmp-type echo-request -j ACCEPT');
    expect((await machine.run('ping -c 1 -W 1 10.0.0.10')).exitCode).toBe(1);
    await machine.run('iptables -A INPUT -p icmp --icmp-type echo-reply -j ACCEPT');
    expect((await machine.run('ping -c 1 -W 1 10.0.0.10')).exitCode).toBe(0);
    expect((await machine.run('netstat -sw | grep -A1 "output histogram"')).stdout).toMatch(
      /echo requests: 3/,
    );
  });

  it('goes on until it is interrupted, and then sums up', async () => {
    const machine = await testMachine('debian-12');
    const { stdout } = await machine.run('timeout -s INT 2.5 ping 10.0.0.10');
    expect(stdout).toMatch(
      /ms\n\n--- 10\.0\.0\.10 ping statistics ---\n(\d) packets transmitted, \1 received, 0%/,
    );
  });

  it('after Ctrl+C it sums up on the next line, and the next command prints as usual', async () => {
    const machine = await testMachine('debian-12');
    let shown = '';
    const isRunning = new Promise<void>((resolve) => {
      machine.onOutput((output) => {
        if (output.event !== 'text') return;
        shown += output.text;
        if (output.text.includes('icmp_seq=1')) resolve();
      });
    });
    const running = machine.run('ping 10.0.0.10');
    await isRunning;
    machine.send({ kind: 'interrupt' });
    await running;
    expect(shown).toMatch(/ ms\n\^C\n--- 10\.0\.0\.10 ping statistics ---\n/);
    shown = '';
    await machine.run(String.raw`printf '\nnext\n'`);
    expect(shown).toBe('\nnext\n');
  });

  it('a snapshot in the middle restores', async () => {
    const machine = await testMachine('debian-12');
    await machine.run('ping -c 2 10.0.0.10');
    const snapshot = machine.snapshot();
    await machine.run('ping -c 2 10.0.0.10');
    machine.restore(snapshot);
    expect((await machine.run('netstat -sw | grep "echo replies"')).stdout).toContain(': 2');
  });
});
