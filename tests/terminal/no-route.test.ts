/** A machine that is not there, on the network that the learner's machine is on (tests/golden/lan.json). */

import { expect, it } from 'vitest';
import recorded from '../golden/lan.json' with { type: 'json' };
import { testMachine } from '../golden/terminal/test-machine.ts';

const { tools } = recorded;

it('is no route to a host for curl, ssh and nc, after three seconds', async () => {
  const machine = await testMachine();
  const address = machine.host.host.addresses[0]?.replace(/\d+$/, '99') ?? '';
  const { world } = machine.host;
  const seconds = async (line: string): Promise<readonly [number, string, number]> => {
    const begunMs = world.nowMs;
    const { stderr, exitCode } = await machine.run(line);
    return [Math.round((world.nowMs - begunMs) / 1000), stderr, exitCode];
  };
  const [waited, said, status] = await seconds(`curl -v http://${address}/`);
  expect([waited, status]).toEqual([3, tools['curl -v http://10.0.0.99/'].exit]);
  expect(said).toContain(`* connect to ${address} port 80 failed: No route to host\n`);
  const ssh = await seconds(`ssh -o BatchMode=yes ${address}`);
  expect(ssh[0]).toBe(3);
  expect(ssh[1]).toContain(`ssh: connect to host ${address} port 22: No route to host`);
  expect(ssh[2]).toBe(tools['ssh -o BatchMode=yes 10.0.0.99'].exit);
  const nc = await seconds(`nc -vz ${address} 80`);
  expect(nc).toEqual([3, `nc: connect to ${address} port 80 (tcp) failed: No route to host\n`, 1]);
});
