/** What the expansion of words needs of the shell that runs it. */

import type { ProcessPart, Script, Word } from '../just-bash/syntax.ts';
import type { ShellState } from '../shell-state.ts';

export interface ExpansionContext {
  readonly state: ShellState;
  /** What a command prints, without the line ends at its end. */
  substitute(script: Script): Promise<string>;
  /** Starts a process substitution; gives the path of its pipe. */
  substituteProcess(part: ProcessPart): string;
  quotedWord(text: string): Promise<Word>;
  /** Paths that match a pattern, sorted; empty where none do. */
  glob(pattern: string): string[];
  special(name: string): string | undefined;
  homeOf(user: string | null): string | undefined;
  countExpansion(length: number): void;
  /** Lets the page have its turn where it has waited long. */
  yieldIfDue(): Promise<void>;
}
