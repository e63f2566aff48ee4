/**
 * The shell library's own tools (awk, sed, grep, sort and so on), run one at a time with their whole input.
 * Mends, each where it is made: what they say of files that may not be read; searches that end at the
 * first refusal (find, grep -r); arguments that they read in another way than GNU's tools do.
 */

import type { FileSystem, Identity } from '../../linux/file-system.ts';
import { LimitReached } from '../language/problems.ts';
import { mendArguments } from './arguments.ts';
import { mendMessages, refusalsOf } from './messages.ts';
import { LocalToolRunner, type ToolRunner, type ToolResult, type ToolWork } from './tool-runner.ts';
import { ToolFiles } from './tool-files.ts';
import { toolNames } from './tool-names.ts';
import { ToolThreads, type StartThread } from './tool-thread.ts';

export interface ToolCall extends ToolWork {
  readonly who: Identity;
  readonly umask: number;
  readonly signal: AbortSignal;
}

/** Runs one of the machine's own commands for a tool that calls it, such as `find -exec`. */
export type RunProgram = (
  words: readonly string[],
  stdin: string,
  call: ToolCall,
) => Promise<ToolResult>;

export class LibraryTools {
  private readonly files: FileSystem;
  private readonly runProgram: RunProgram;
  private readonly place: ToolRunner;

  /**
   * @param programs the names of the machine's own commands, which come first
   * @param startThread makes a thread for tools to run in, so that none keeps the page; without it
   * they run where they are called
   */
  constructor(
    files: FileSystem,
    programs: readonly string[],
    runProgram: RunProgram,
    startThread?: StartThread,
  ) {
    this.files = files;
    this.runProgram = runProgram;
    this.place =
      startThread === undefined
        ? new LocalToolRunner(programs)
        : new ToolThreads(startThread, programs);
  }

  has(name: string): boolean {
    return toolNames.has(name);
  }

  names(): readonly string[] {
    return [...toolNames];
  }

  /** @throws LimitReached where the library stops it */
  async run(call: ToolCall): Promise<ToolResult> {
    const { args, cwd, env, name, signal, stdin, umask, who } = call;
    const files = new ToolFiles(this.files, who, isSearch(call), umask);
    const result = await this.place.run(
      { name, args: mendArguments(name, args), cwd, env, stdin },
      {
        files,
        runProgram: (words, input, place) => this.runProgram(words, input, { ...call, cwd: place }),
      },
      signal,
    );
    if (result.limit !== undefined) throw new LimitReached(`${name}: ${result.limit}`);
    const refusals = refusalsOf(call, files.refusedInSearch);
    return {
      stdout: result.stdout,
      stderr: refusals.text + mendMessages(result.stderr, files.refused, cwd),
      exitCode: mendStatus(name, result, refusals),
    };
  }
}

/** Mend: GNU's sed ends with 2 where an input file is not there; a search that was refused something too. */
function mendStatus(
  name: string,
  result: ToolResult,
  refusals: { readonly text: string; readonly exitCode: number },
): number {
  if (refusals.text !== '') return refusals.exitCode;
  return name === 'sed' && result.stderr.endsWith(': No such file or directory\n')
    ? 2
    : result.exitCode;
}

function isSearch({ name, args }: ToolCall): boolean {
  if (name === 'find' || name === 'tree' || name === 'du') return true;
  return (
    /^[ef]?grep$/.test(name) &&
    args.some((arg) => /^-[a-zA-Z]*[rR]|^--(?:dereference-)?recursive$/.test(arg))
  );
}
