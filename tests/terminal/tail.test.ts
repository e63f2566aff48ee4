/** tail shows the end of a file; with -f also what a program adds later, until it is interrupted. */

import { expect, it } from 'vitest';
import { listenTo, testMachine } from '../golden/terminal/test-machine.ts';

it('shows the last lines', async () => {
  const machine = await testMachine('generic-linux');
  await machine.run('seq 1 20 > numbers');
  expect((await machine.run('tail numbers')).output).toBe(
    '11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n',
  );
  expect((await machine.run('tail -n 2 numbers')).output).toBe('19\n20\n');
  expect((await machine.run('tail -1 numbers')).output).toBe('20\n');
  expect((await machine.run('tail -n +19 numbers')).output).toBe('19\n20\n');
  expect((await machine.run('seq 3 | tail -n 1')).output).toBe('3\n');
  expect((await machine.run('tail -n 1 numbers numbers')).output).toBe(
    '==> numbers <==\n20\n\n==> numbers <==\n20\n',
  );
  expect(await machine.run('tail nosuch')).toMatchObject({
    output: "tail: cannot open 'nosuch' for reading: No such file or directory\n",
    exitCode: 1,
  });
});

it('follows a file until Ctrl+C', async () => {
  const machine = await testMachine('generic-linux');
  await machine.run('echo one > /tmp/log');
  const written = listenTo(machine);
  const running = machine.run('tail -f /tmp/log');
  await written('one\n');
  machine.host.writeText('/tmp/log', 'one\ntwo\n');
  await written('two\n');
  machine.send({ kind: 'interrupt' });
  const result = await running;
  expect(result.stdout).toBe('one\ntwo\n');
  expect(result.exitCode).toBe(130);
});
