/** What a command prints inside `$(…)` becomes a word, even where the outer command is ours too. */

import { expect, it } from 'vitest';
import { testMachine } from '../golden/terminal/test-machine.ts';

it('gives another command the pids that lsof prints', async () => {
  const machine = await testMachine('generic-linux');
  await machine.run('sudo -i');
  const listing = await machine.run('lsof -nP -iTCP:22 -sTCP:LISTEN | wc -l');
  expect(listing.output).toBe('2\n');
  const ended = await machine.run('kill $(lsof -t -i :22)');
  expect(ended).toMatchObject({ output: '', exitCode: 0 });
  const after = await machine.run('lsof -i :22');
  expect(after).toMatchObject({ output: '', exitCode: 1 });
});

it('keeps line ends that a quote has made', async () => {
  const machine = await testMachine('generic-linux');
  const result = await machine.run(String.raw`echo $'1\n2' a$'x\ty'`);
  expect(result.output).toBe('1\n2 ax\ty\n');
});
