/** Every command of the shell itself: one family a file. */

import { argumentBuiltins } from './arguments.ts';
import type { Builtin } from './builtin.ts';
import { historyBuiltins } from './command-history.ts';
import { commandNameBuiltins } from './command-names.ts';
import { directoryBuiltins } from './directories.ts';
import { flowBuiltins } from './flow.ts';
import { helpBuiltins } from './help.ts';
import { jobBuiltins } from './jobs.ts';
import { optionBuiltins } from './options.ts';
import { printingBuiltins } from './printing.ts';
import { processLimitBuiltins } from './process-limits.ts';
import { readingBuiltins } from './reading.ts';
import { variableBuiltins } from './variables.ts';

/** By name. `exec` is not among them: the interpreter itself does it. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({
    ...argumentBuiltins,
    ...commandNameBuiltins,
    ...directoryBuiltins,
    ...flowBuiltins,
    ...helpBuiltins,
    ...historyBuiltins,
    ...jobBuiltins,
    ...optionBuiltins,
    ...printingBuiltins,
    ...processLimitBuiltins,
    ...readingBuiltins,
    ...variableBuiltins,
  }),
);

/** POSIX's special builtins: an error in them ends a script in POSIX mode. */
export const specialBuiltins: ReadonlySet<string> = new Set(
  '. : break continue eval exec exit export readonly return set shift times trap unset source'.split(
    ' ',
  ),
);
