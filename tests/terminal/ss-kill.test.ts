/** ss -K ends sockets, and only those that its filter names. */

import { expect, it } from 'vitest';
import { testMachine } from '../golden/terminal/test-machine.ts';

it('resets what the filter names, at both ends, and leaves the rest', async () => {
  const machine = await testMachine('generic-linux');
  await machine.run('nc -lk 7000 >/dev/null & nc -lk 7001 >/dev/null & sleep 0.1');
  await machine.run('nc -d 127.0.0.1 7000 & nc -d 127.0.0.1 7001 & sleep 0.1');
  const count = async (port: number) =>
    Number((await machine.run(`ss -Htn state established dport = ${port} | wc -l`)).stdout);
  expect([await count(7000), await count(7001)]).toEqual([1, 1]);
  const refused = await machine.run('ss -K dport = 7000');
  expect(refused.output).toContain('RTNETLINK answers: Operation not permitted');
  expect(await count(7000)).toBe(1);
  const killed = await machine.run('sudo ss -KHtn dport = 7000; sleep 0.1');
  expect(killed.stdout).toMatch(/^ESTAB +0 +0 +127\.0\.0\.1:\d+ +127\.0\.0\.1:7000 *\n$/);
  expect([await count(7000), await count(7001)]).toEqual([0, 1]);
  expect((await machine.run('ss -Hltn sport = 7000 | wc -l')).stdout.trim()).toBe('1');
  expect((await machine.run('ss -Htan sport = 7000 state established | wc -l')).stdout.trim()).toBe(
    '0',
  );
});
