/**
 * The shell library's own tools (awk, sed, grep, sort and so on), run one at a time with their whole input.
 * Mends, each where it is made: what they say of files that may not be read; searches that end at the
 * first refusal (find, grep -r); arguments that they read in another way than GNU's tools do.
 */

import {
  Bash,
  defineCommand,
  getCommandNames,
  type CustomCommand,
  type ResolvedCommandContext,
} from 'just-bash/browser';
import { toBytes, type FileSystem, type Identity } from '../../linux/file-system.ts';
import { awkSteps, executionLimits } from '../limits.ts';
import { LimitReached } from '../language/problems.ts';
import { mendArguments } from './arguments.ts';
import { ToolFiles } from './tool-files.ts';
import { mendMessages, refusalsOf } from './messages.ts';

export interface ToolCall {
  readonly name: string;
  readonly args: readonly string[];
  readonly who: Identity;
  readonly cwd: string;
  readonly umask: number;
  readonly env: Readonly<Record<string, string>>;
  /** Bytes. */
  readonly stdin: string;
  readonly signal: AbortSignal;
}

export interface ToolResult {
  /** Bytes. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs one of the machine's own commands for a tool that calls it, such as `find -exec`. */
export type RunProgram = (
  words: readonly string[],
  stdin: string,
  call: ToolCall,
) => Promise<ToolResult>;

interface UserTools {
  readonly bash: Bash;
  readonly files: ToolFiles;
  readonly steps: AwkSteps;
}

/** Counts what awk does (the library tells its coverage writer) and ends what does not end by itself. */
class AwkSteps {
  private steps = 0;
  private most = 0;

  get isOver(): boolean {
    return this.steps > this.most;
  }

  get limit(): string {
    return `more than ${this.most} steps of a program`;
  }

  /** Tools run one at a time as far as they compute, so that one count is enough. */
  begin(input: string): void {
    this.steps = 0;
    let lines = 0;
    for (let at = input.indexOf('\n'); at !== -1; at = input.indexOf('\n', at + 1)) lines += 1;
    this.most = awkSteps(lines);
  }

  hit(feature: string): void {
    if (!feature.startsWith('awk:')) return;
    this.steps += 1;
    if (this.isOver) throw new LimitReached('awk');
  }
}

interface Running {
  readonly call: ToolCall;
  result: ToolResult | null;
  /** The tool itself has begun: what it calls is another program. */
  isInside: boolean;
}

const callKey = '__CALL';

export class LibraryTools {
  private readonly files: FileSystem;
  private readonly programs: () => readonly string[];
  private readonly runProgram: RunProgram;
  private readonly users = new Map<number, UserTools>();
  private readonly running = new Map<string, Running>();
  private calls = 0;

  /** @param programs the names of the machine's own commands, which come first */
  constructor(files: FileSystem, programs: () => readonly string[], runProgram: RunProgram) {
    this.files = files;
    this.programs = programs;
    this.runProgram = runProgram;
  }

  has(name: string): boolean {
    return toolNames.has(name);
  }

  names(): readonly string[] {
    return [...toolNames];
  }

  /** @throws LimitReached where the library stops it */
  async run(call: ToolCall): Promise<ToolResult> {
    const { bash, files, steps } = this.toolsOf(call.who);
    this.calls += 1;
    const key = String(this.calls);
    const running: Running = { call, result: null, isInside: false };
    this.running.set(key, running);
    files.begin(isSearch(call), call.umask);
    steps.begin(call.stdin);
    try {
      const outer = await bash.exec(call.name, {
        args: mendArguments(call.name, call.args),
        rawScript: true,
        stdin: call.stdin,
        stdinKind: 'bytes',
        cwd: call.cwd,
        env: { ...call.env, PWD: call.cwd, [callKey]: key },
        replaceEnv: true,
        signal: call.signal,
      });
      const result = running.result ?? {
        stdout: toBytes(outer.stdout),
        stderr: outer.stderr,
        exitCode: outer.exitCode,
      };
      if (steps.isOver) throw new LimitReached(`${call.name}: ${steps.limit}`);
      const limit = limitMet(outer.exitCode, outer.stderr);
      if (limit !== undefined) throw new LimitReached(`${call.name}: ${limit}`);
      const refusals = refusalsOf(call, files.refusedInSearch);
      return {
        stdout: result.stdout,
        stderr: refusals.text + mendMessages(result.stderr, files.refused, call.cwd),
        exitCode: mendStatus(call.name, result, refusals),
      };
    } finally {
      this.running.delete(key);
    }
  }

  private toolsOf(who: Identity): UserTools {
    const known = this.users.get(who.uid);
    if (known !== undefined) return known;
    const files = new ToolFiles(this.files, who);
    const own = new Set(this.programs());
    const programs = [...own].map((name) =>
      defineCommand(name, (args, context) => this.runOwn(name, args, context)),
    );
    const tools: CustomCommand[] = [...toolNames]
      .filter((name) => !own.has(name))
      .map((name) => defineCommand(name, (args, context) => this.runTool(name, args, context)));
    const steps = new AwkSteps();
    const made = {
      files,
      steps,
      bash: new Bash({
        fs: files,
        cwd: '/',
        env: {},
        executionLimits,
        coverage: steps,
        defenseInDepth: false,
        customCommands: [...programs, ...tools],
      }),
    };
    this.users.set(who.uid, made);
    return made;
  }

  private async runTool(name: string, args: string[], context: ResolvedCommandContext) {
    const running = this.running.get(context.env.get(callKey) ?? '');
    const isOuter = running !== undefined && !running.isInside && running.call.name === name;
    if (isOuter) running.isInside = true;
    const result = (await context.origCommand?.(args)) ?? {
      stdout: '',
      stderr: `bash: ${name}: command not found\n`,
      exitCode: 127,
    };
    if (isOuter)
      running.result = {
        stdout: bytesOf(result.stdout, result.stdoutKind, result.stdoutEncoding),
        stderr: result.stderr,
        exitCode: result.exitCode,
      };
    return result;
  }

  private async runOwn(name: string, args: readonly string[], context: ResolvedCommandContext) {
    const running = this.running.get(context.env.get(callKey) ?? '');
    if (running === undefined)
      return { stdout: '', stderr: `bash: ${name}: command not found\n`, exitCode: 127 };
    const stdin = context.stdin as unknown as string;
    const call = { ...running.call, cwd: context.cwd };
    const result = await this.runProgram([name, ...args], stdin, call);
    return { ...result, stdoutKind: 'bytes' as const };
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

/** A tool's output as bytes; some hand on text, some bytes, and some do not say. */
function bytesOf(
  text: string,
  kind: 'text' | 'bytes' | undefined,
  encoding: 'binary' | undefined,
): string {
  if (kind === 'bytes' || encoding === 'binary') return text;
  if (kind === 'text') return toBytes(text);
  if (/[^\0-\xff]/.test(text)) return toBytes(text);
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text;
  } catch {
    return toBytes(text);
  }
}

function isSearch({ name, args }: ToolCall): boolean {
  if (name === 'find' || name === 'tree' || name === 'du') return true;
  return (
    /^[ef]?grep$/.test(name) &&
    args.some((arg) => /^-[a-zA-Z]*[rR]|^--(?:dereference-)?recursive$/.test(arg))
  );
}

/** The library's limit that a failed run has met, in its words; undefined where it met none. */
function limitMet(exitCode: number, stderr: string): string | undefined {
  if (exitCode !== 126 || !/exceeded|too many/.test(stderr)) return undefined;
  return stderr
    .trim()
    .replace(/, increase .*$/, '')
    .replace(/^bash: /, '');
}

/** Tools that a Linux machine has by other means, or not by these names. */
const hidden = new Set(
  `alias bash bg break cd continue curl echo env eval exec exit export false fg hash head help history
  hostname html-to-markdown jobs jq js-exec kill ls node printf pwd python python3 read rg seq sh shift sleep
  source sqlite3 tail tee test time timeout true type ulimit umask unalias uname uniq unset wait wc whoami xan xargs
  yes yq gzip gunzip zcat tar cat diff date [`
    .split(/\s+/)
    .filter(Boolean),
);

const toolNames: ReadonlySet<string> = new Set(
  getCommandNames().filter((name) => !hidden.has(name)),
);
