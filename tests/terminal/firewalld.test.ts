/** What firewall-cmd says is done to packets, beside what iptables says; what is permanent stays. */

import { describe, expect, it } from 'vitest';
import type { SimulatedMachine } from '../../src/terminal/simulated-machine.ts';
import { testMachine } from '../golden/terminal/test-machine.ts';
import { outside } from './outside.ts';

async function walled(): Promise<SimulatedMachine> {
  const machine = await testMachine('generic-linux');
  await machine.run('sudo -i');
  await machine.run('python3 -m http.server 8000 >/dev/null 2>&1 &');
  await machine.run('systemctl start firewalld; sleep 1');
  return machine;
}

const lines = async (machine: SimulatedMachine, line: string) => (await machine.run(line)).output;

describe('firewalld', () => {
  it('lets in what its zone allows, answers what went out, and says no to the rest', async () => {
    const machine = await walled();
    expect(await outside(machine, 8000)).toBe(1);
    expect(await outside(machine, 22)).toBe(0);
    expect(await lines(machine, 'ssh web curl -sv -m 2 http://10.0.0.2:8000/')).toContain(
      'No route to host',
    );
    expect(await lines(machine, 'curl -s -o /dev/null http://web/; echo $?')).toBe('0\n');
    expect(await lines(machine, 'curl -s -o /dev/null localhost:8000; echo $?')).toBe('0\n');
    await machine.run('firewall-cmd --add-port=8000/tcp');
    expect(await outside(machine, 8000)).toBe(0);
    await machine.run('firewall-cmd --remove-port=8000/tcp');
    expect(await outside(machine, 8000)).toBe(1);
    await machine.run('systemctl stop firewalld');
    expect(await outside(machine, 8000)).toBe(0);
    expect(await lines(machine, 'nft list ruleset; firewall-cmd --state; echo $?')).toBe(
      'not running\n252\n',
    );
  });

  it('asks by source and interface first, and rich rules against come before those for', async () => {
    const machine = await walled();
    await machine.run('firewall-cmd --zone=trusted --add-source=10.0.0.10');
    expect(await outside(machine, 8000)).toBe(0);
    await machine.run('firewall-cmd --zone=trusted --remove-source=10.0.0.10');
    await machine.run('firewall-cmd --add-interface=eth0 --zone=drop');
    expect(await outside(machine, 22)).toBe(1);
    await machine.run(
      'firewall-cmd --zone=drop --remove-interface=eth0; firewall-cmd --add-port=8000/tcp',
    );
    const rule = `'rule family="ipv4" source address="10.0.0.10" port port="8000" protocol="tcp" reject'`;
    await machine.run(`firewall-cmd --add-rich-rule=${rule}`);
    expect(await lines(machine, 'ssh web curl -sv -m 2 http://10.0.0.2:8000/')).toContain(
      'Connection refused',
    );
    await machine.run(`firewall-cmd --remove-rich-rule=${rule}`);
    expect(await outside(machine, 8000)).toBe(0);
  });

  it('and iptables must both let a packet in, and neither shows the other’s rules', async () => {
    const machine = await walled();
    await machine.run('firewall-cmd --add-port=8000/tcp');
    await machine.run('iptables -A INPUT -p tcp --dport 8000 -j DROP');
    expect(await outside(machine, 8000)).toBe(1);
    await machine.run(
      'iptables -F; iptables -A INPUT -j ACCEPT; firewall-cmd --remove-port=8000/tcp',
    );
    expect(await outside(machine, 8000)).toBe(1);
    expect(await lines(machine, 'iptables -S')).not.toContain('firewalld');
    expect(await lines(machine, 'nft list tables')).toBe('table ip filter\ntable inet firewalld\n');
  });

  it('keeps what is permanent over a restart and a reboot, and forgets the rest', async () => {
    const machine = await walled();
    await machine.run(
      'firewall-cmd --permanent --add-service=http; firewall-cmd --add-port=8000/tcp',
    );
    await machine.run('systemctl enable firewalld; reboot');
    await machine.run('sudo -i');
    expect(await lines(machine, 'firewall-cmd --list-services; firewall-cmd --list-ports')).toBe(
      'dhcpv6-client http ssh\n\n',
    );
    await machine.run(
      'sed -i s/http/https/ /etc/firewalld/zones/public.xml; systemctl reload firewalld',
    );
    expect(await lines(machine, 'firewall-cmd --list-services')).toBe('dhcpv6-client https ssh\n');
  });

  it('asks for root, and is not on a machine that has not got it', async () => {
    const machine = await testMachine('generic-linux');
    expect(await lines(machine, 'firewall-cmd --state; echo $?')).toBe('not running\n252\n');
    await machine.run('sudo systemctl start firewalld');
    expect(await lines(machine, 'firewall-cmd --list-all; echo $?')).toBe(
      'Authorization failed.\n    Make sure polkit agent is running or run the application as superuser.\n253\n',
    );
    expect(await lines(machine, 'sudo firewall-cmd --add-masquerade; echo $?')).toContain('\n2\n');
    const other = await testMachine('amazon-linux-2');
    expect(await lines(other, 'firewall-cmd --state')).toContain('command not found');
    expect((await other.run('sudo systemctl start firewalld')).exitCode).toBe(5);
  });

  it('is there again where a saved machine goes on', async () => {
    const machine = await walled();
    await machine.run('firewall-cmd --add-port=8000/tcp');
    const saved = JSON.parse(JSON.stringify(machine.snapshot())) as unknown;
    const next = await testMachine('generic-linux');
    expect(next.restore(saved)).toBe(true);
    expect(await lines(next, 'firewall-cmd --list-ports')).toBe('8000/tcp\n');
    expect(await outside(next, 8000)).toBe(0);
  });
});
