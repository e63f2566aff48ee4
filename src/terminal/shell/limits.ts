/** What stops a runaway line, so that it ends with a word and never takes the page with it. */

import { LimitReached } from './language/problems.ts';

/** What the shell library's parser and tools are allowed. */
export const executionLimits = {
  maxCommandCount: 400_000,
  maxLoopIterations: 400_000,
  maxCallDepth: 64,
  maxExecDepth: 24,
  maxSubstitutionDepth: 24,
  maxStringLength: 16 * 1024 * 1024,
  maxOutputSize: 32 * 1024 * 1024,
  maxBraceExpansionResults: 70_000,
  maxArrayElements: 400_000,
  maxHeredocSize: 1024 * 1024,
  maxSourceBytes: 2 * 1024 * 1024,
  maxInputBytes: 16 * 1024 * 1024,
  maxLiveBytes: 128 * 1024 * 1024,
  maxAwkIterations: 1_000_000,
  // Of one line of input: each may copy a line that grows.
  maxSedIterations: 5000,
};

/**
 * Statements and expressions that an awk program may go through, by the lines that it reads: an endless
 * one ends within seconds, in a thread of its own.
 */
export function awkSteps(lines: number): number {
  return 300_000 + 50 * lines;
}

/** Characters that one line may print on the terminal before it is stopped. */
export const maximumPrinted = 6 * 1024 * 1024;

/** Words of a range such as `{1..100000}`. */
export const longestRange = 100_000;

/** Bytes that are held at once for a tool that reads its whole input, or for `$(…)`. */
export const maximumHeld = 8 * 1024 * 1024;

const maximumCommands = 1_000_000;
const maximumDepth = 500;
const maximumProcesses = 200;
const longestValue = 4 * 1024 * 1024;

/** What one typed line, with all that it starts, has used up. */
export class Budget {
  private commands = 0;
  private processes = 0;
  /** A limit has been met: whatever of the line still runs ends at its next command. */
  private reason: string | null = null;

  /** @throws LimitReached where the line has run too many commands */
  spendCommand(): void {
    if (this.reason !== null) throw new LimitReached(this.reason);
    this.commands += 1;
    if (this.commands > maximumCommands)
      this.end(`more than ${maximumCommands} commands in one line`);
  }

  /** @throws LimitReached where functions or subshells nest too deeply */
  checkDepth(depth: number): void {
    if (depth > maximumDepth) this.end(`more than ${maximumDepth} calls deep`);
  }

  /** @throws LimitReached where a value has grown too long */
  checkLength(length: number): void {
    if (length > longestValue) this.end(`a value of more than ${longestValue} characters`);
  }

  startProcess(): void {
    this.processes += 1;
    if (this.processes > maximumProcesses)
      this.end(`fork: more than ${maximumProcesses} processes at once`);
  }

  endProcess(): void {
    this.processes -= 1;
  }

  private end(reason: string): never {
    this.reason = reason;
    throw new LimitReached(reason);
  }
}
