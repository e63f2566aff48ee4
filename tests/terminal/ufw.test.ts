/** What ufw says is done to packets, whoever sends them; and what it has done is there after a reboot. */

import { describe, expect, it } from 'vitest';
import type { SimulatedMachine } from '../../src/terminal/simulated-machine.ts';
import { testMachine } from '../golden/terminal/test-machine.ts';
import { outside } from './outside.ts';

async function served(): Promise<SimulatedMachine> {
  const machine = await testMachine('debian-12');
  await machine.run('sudo -i');
  await machine.run('python3 -m http.server 8000 >/dev/null 2>&1 &');
  await machine.run('sleep 1');
  return machine;
}

describe('ufw', () => {
  it('lets in what it allows, and nothing else, but answers to what went out', async () => {
    const machine = await served();
    expect(await outside(machine, 8000)).toBe(0);
    await machine.run('ufw enable');
    const counted = async (chain: string, words: string) => {
      const { output } = await machine.run(`iptables -L ${chain} -nv | grep '${words}'`);
      return Number(output.trim().split(/\s+/)[0]);
    };
    expect(await outside(machine, 8000)).toBe(1);
    expect((await machine.run('iptables -L INPUT -nv')).output).toMatch(/policy DROP [1-9]/);
    expect((await machine.run('curl -s -o /dev/null http://web/')).exitCode).toBe(0);
    expect((await machine.run('curl -s -o /dev/null localhost:8000')).exitCode).toBe(0);
    await machine.run('ufw allow 8000/tcp');
    expect(await outside(machine, 8000)).toBe(0);
    expect(await counted('ufw-user-input', 'dpt:8000')).toBe(1);
    await machine.run('ufw deny out 80/tcp');
    expect((await machine.run('curl -s -m 2 http://web/')).exitCode).toBe(28);
    await machine.run('ufw disable');
    expect((await machine.run('curl -s -o /dev/null http://web/')).exitCode).toBe(0);
  });

  it('limits how often one sender comes', async () => {
    const machine = await served();
    await machine.run('ufw limit 8000/tcp; ufw enable');
    const tries: number[] = [];
    for (let time = 0; time < 7; time++) tries.push(await outside(machine, 8000));
    expect(tries).toEqual([0, 0, 0, 0, 0, 1, 1]);
    await machine.run('sleep 31');
    expect(await outside(machine, 8000)).toBe(0);
  });

  it('filters IPv6 alike, and is there again after a reboot', async () => {
    const machine = await served();
    await machine.run('ufw reject 8000/tcp; ufw enable');
    expect(
      (await machine.run('nft list ruleset 2>/dev/null | grep -c "tcp dport 8000"')).output,
    ).toBe('1\n');
    await machine.run('reboot');
    await machine.run('sudo -i');
    expect((await machine.run('ufw status | grep 8000')).output).toContain('REJECT');
    expect((await machine.run('iptables -S ufw-user-input | grep -c 8000')).output).toBe('1\n');
    expect(machine.host.host.firewallSpec()?.family).toBeUndefined();
  });

  it('is for root, asks before it deletes, and keeps what iptables has set', async () => {
    const machine = await testMachine('debian-12');
    const run = (line: string) => machine.run(line).then(({ output }) => output);
    expect(await run('ufw status')).toBe('ERROR: You need to be root to run this script\n');
    await machine.run('sudo -i');
    await machine.run('iptables -A INPUT -p tcp --dport 99 -j DROP; ufw allow 22; ufw enable');
    expect(await run('iptables -S INPUT | head -2')).toContain('--dport 99 -j DROP');
    expect(await run('echo y | ufw delete 1')).toContain('Rule deleted');
    expect(await run('ufw route allow in on eth0')).toContain('route');
    await machine.run('ufw disable');
    expect(await run('iptables -S INPUT | grep -c -- "--dport 99"')).toBe('1\n');
    expect(await run('ls /etc/ufw')).toContain('user.rules');
  });
});
