/**
 * A shell process as the parts of its interpreter see it: pipelines, compound and simple commands,
 * assignments and substitutions are one file each, know this and not one another's work, and come back
 * to the interpreter for the commands inside them. Only types.
 */

import type { CommandNode, Statement } from '../just-bash/syntax.ts';
import type { Child, ProcessContext, ShellProcess } from '../shell-process.ts';

export interface ScriptRunner extends ShellProcess {
  readonly children: Child[];
  /** Status of the last `$(…)`, for a line that only assigns. */
  substitutionStatus: number | null;
  /** Inside `if`, `while`, `&&`, `!`: failure is a question there, not an end. */
  conditionDepth: number;
  /** How many loops run; `break` and `continue` mean something only there. */
  loopDepth: number;
  /** Descriptors of the process substitutions of the commands that run. */
  readonly processPipes: number[];
  /** Aliases that are being run: none is expanded inside itself. */
  readonly runningAliases: Set<string>;
  /** Runs statements in order; their last status. */
  run(statements: readonly Statement[]): Promise<number>;
  command(command: CommandNode): Promise<void>;
  /** Whether the line goes on; now and then the page gets its turn. @throws Exiting */
  beforeCommand(): Promise<void>;
  /** A subshell's interpreter: it shares nothing but what the descriptors point to. */
  fork(changes?: Partial<ProcessContext>): ScriptRunner;
  /** Runs work in a child to its end and closes its descriptors. */
  inChild(child: ScriptRunner, work: () => Promise<number>): Promise<number>;
}
