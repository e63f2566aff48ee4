/**
 * A property: a script of the shell's own grammar, in which no command of the machine's occurs, prints the
 * same through this shell and through plain just-bash. Where the two differ, bash itself decides.
 */

import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { Bash } from 'just-bash/browser';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testMachine } from '../terminal/test-machine.ts';
import { scripts } from './script-grammar.ts';

const folder = mkdtempSync(join(tmpdir(), 'random-script-'));

function asBash(text: string): string {
  rmSync(join(folder, 'out'), { force: true });
  return execFileSync('bash', ['-c', text, '/tmp/script'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

it('a random script prints the same through this shell and through the library', async () => {
  const machine = await testMachine('generic-linux');
  await fc.assert(
    fc.asyncProperty(scripts, async (text) => {
      const library = await new Bash().exec(text);
      machine.host.writeText('/tmp/script', text);
      const { stderr, stdout } = await machine.run('cd /tmp; rm -f out; bash script');
      // Both read scripts with the library's parser, which takes a few for mistakes that are none
      // (a `<<<` in `$(…)` that goes over several lines).
      fc.pre(!/syntax error|unexpected EOF/.test(library.stderr + stderr));
      if (stdout !== library.stdout) expect(stdout).toBe(asBash(text));
    }),
    { numRuns: 200, seed: 12, endOnFailure: false },
  );
});
