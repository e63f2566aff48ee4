/** What lesson 70 shows of its machine, typed again on that machine. */

import { describe, expect, it } from 'vitest';
import { testMachine } from '../golden/terminal/test-machine.ts';
import { localPortsIn, masked, replayed, transcriptsOf } from './lesson-transcripts.ts';

const slug = '70-linux-lab-range';
const fences = transcriptsOf('en', slug);

describe('lesson 70', () => {
  it('shows the same transcripts in both languages', () => {
    expect(transcriptsOf('ja', slug)).toEqual(fences);
  });

  it('the machine prints what the lesson says, from reading the range to the single number', async () => {
    const machine = await testMachine('amazon-linux-2', { seed: 70 });
    for (const fence of fences) {
      // The student has added the line with vi.
      if (fence.startsWith('$ tail')) {
        const line = 'net.ipv4.ip_local_port_range=49152 65535';
        await machine.run(`echo '${line}' | sudo tee -a /etc/sysctl.conf`);
      }
      expect(masked(await replayed(machine, fence))).toBe(masked(fence));
    }
  }, 20_000);

  it('ports shown before the change are of the old range, a minute later of the new; all are even', () => {
    const [before = [], after = []] = fences
      .filter((fence) => fence.includes('ss -tn\n'))
      .map(localPortsIn);
    expect(before).toHaveLength(2);
    expect(before.every((port) => port >= 32768 && port < 49152)).toBe(true);
    expect(after).toHaveLength(2);
    expect(after.every((port) => port >= 49152 && port <= 65535)).toBe(true);
    expect([...before, ...after, 61792, 53704, 60504].every((port) => port % 2 === 0)).toBe(true);
    const lsof = fences.find((fence) => fence.startsWith('$ sudo lsof')) ?? '';
    expect(localPortsIn(lsof)).toEqual(after);
  });

  it('a minute after the change both agents have called again, from the new range, whatever the luck', async () => {
    for (const seed of [1, 2, 3]) {
      const machine = await testMachine('amazon-linux-2', { seed });
      await machine.run('sudo sysctl -w net.ipv4.ip_local_port_range="49152 65535"');
      await machine.run('sleep 60');
      const ports = localPortsIn((await machine.run('ss -tn')).output);
      expect(ports).toHaveLength(2);
      expect(ports.every((port) => port >= 49152 && port % 2 === 0)).toBe(true);
    }
  }, 20_000);

  it('a reboot brings the default back once the file is restored; without quotes the low end moves alone', async () => {
    const machine = await testMachine();
    const range = async () => (await machine.run('sysctl -n net.ipv4.ip_local_port_range')).output;
    await machine.run('sudo sysctl -w net.ipv4.ip_local_port_range="49152 65535"');
    await machine.run('sudo reboot');
    expect(await range()).toBe('32768\t60999\n');
    const unquoted = await machine.run('sudo sysctl -w net.ipv4.ip_local_port_range=40000 50000');
    expect(unquoted.exitCode).toBe(1);
    expect(await range()).toBe('40000\t60999\n');
  });

  it('silent-file: a file that does not name the range leaves what -w has set', async () => {
    const machine = await testMachine();
    await machine.run('sudo sysctl -w net.ipv4.ip_local_port_range="20000 29999"');
    await machine.run("echo 'vm.swappiness = 10' | sudo tee /etc/sysctl.conf");
    expect((await machine.run('sudo sysctl -p')).output).toBe('vm.swappiness = 10\n');
    const { output } = await machine.run('sysctl -n net.ipv4.ip_local_port_range');
    expect(output).toBe('20000\t29999\n');
  });
});
