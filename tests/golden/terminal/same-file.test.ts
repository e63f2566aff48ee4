/** A copy goes over another file; a file and a link to it are one file. */

import { expect, it } from 'vitest';
import { testMachine } from './test-machine.ts';

it('cp and mv tell two files from two names of one', async () => {
  const machine = await testMachine();
  const codes: number[] = [];
  for (const line of [
    'echo one > a; echo two > b; ln -s a link',
    'cp a b && test "$(cat b)" = one',
    'mv b a && ! test -e b',
    'sudo cp /etc/sysctl.conf /etc/sysctl.conf.bak',
    'sudo cp /etc/sysctl.conf.bak /etc/sysctl.conf',
    'cp a link',
  ]) {
    codes.push((await machine.run(line)).exitCode);
  }
  expect(codes).toEqual([0, 0, 0, 0, 0, 1]);
});
