/**
 * Where the shell library's tools run, one call on one instance of the library. It knows the machine
 * only by the files that are handed in, so that it can run in a thread of its own (tool-thread.ts).
 */

import {
  Bash,
  defineCommand,
  type CustomCommand,
  type IFileSystem,
  type ResolvedCommandContext,
} from 'just-bash/browser';
import { toBytes } from '../../linux/file-system.ts';
import { awkSteps, executionLimits } from '../limits.ts';
import { LimitReached } from '../language/problems.ts';
import { askFiles, filesBy } from './far-files.ts';
import { toolNames } from './tool-names.ts';

/** A call of a tool, as plain data. */
export interface ToolWork {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Bytes. */
  readonly stdin: string;
}

export interface ToolResult {
  /** Bytes. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface ToolOutcome extends ToolResult {
  /** The limit that has ended it, in words. */
  readonly limit?: string;
}

/** What a tool needs of the machine. */
export interface ToolContext {
  readonly files: IFileSystem;
  /** Runs one of the machine's own commands for a tool that calls it, such as `find -exec`. */
  runProgram(words: readonly string[], stdin: string, cwd: string): Promise<ToolResult>;
}

/** What runs tools: here, or in another thread. */
export interface ToolRunner {
  /** An aborted call ends with status 130. */
  run(work: ToolWork, context: ToolContext, signal: AbortSignal): Promise<ToolOutcome>;
}

export class LocalToolRunner implements ToolRunner {
  private readonly programs: readonly string[];
  private readonly idle: Tool[] = [];

  /** @param programs the names of the machine's own commands, which come first */
  constructor(programs: readonly string[]) {
    this.programs = programs;
  }

  async run(work: ToolWork, context: ToolContext, signal: AbortSignal): Promise<ToolOutcome> {
    const tool = this.idle.pop() ?? new Tool(this.programs, context);
    try {
      return await tool.run(work, context, signal);
    } finally {
      this.idle.push(tool);
    }
  }
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

/** One instance of the library, for one call at a time. */
class Tool {
  private readonly bash: Bash;
  private readonly steps = new AwkSteps();
  private context: ToolContext;
  private name = '';
  /** The tool itself has begun: what it calls is another program. */
  private isInside = false;
  private result: ToolResult | null = null;

  constructor(programs: readonly string[], context: ToolContext) {
    this.context = context;
    const own = new Set(programs);
    const tools: CustomCommand[] = [...toolNames]
      .filter((name) => !own.has(name))
      .map((name) => defineCommand(name, (args, context) => this.runTool(name, args, context)));
    this.bash = new Bash({
      fs: filesBy((method, args) => askFiles(this.context.files, method, args)),
      cwd: '/',
      env: {},
      executionLimits,
      coverage: this.steps,
      defenseInDepth: false,
      customCommands: [
        ...[...own].map((name) =>
          defineCommand(name, async (args, context) => {
            const stdin = context.stdin as unknown as string;
            const result = await this.context.runProgram([name, ...args], stdin, context.cwd);
            return { ...result, stdoutKind: 'bytes' as const };
          }),
        ),
        ...tools,
      ],
    });
  }

  async run(
    { args, cwd, env, name, stdin }: ToolWork,
    context: ToolContext,
    signal: AbortSignal,
  ): Promise<ToolOutcome> {
    this.context = context;
    this.name = name;
    this.isInside = false;
    this.result = null;
    this.steps.begin(stdin);
    const outer = await this.bash.exec(name, {
      args: [...args],
      rawScript: true,
      stdin,
      stdinKind: 'bytes',
      cwd,
      env: { ...env, PWD: cwd },
      replaceEnv: true,
      signal,
    });
    const result = (this.result as ToolResult | null) ?? {
      stdout: toBytes(outer.stdout),
      stderr: outer.stderr,
      exitCode: outer.exitCode,
    };
    const limit = this.steps.isOver ? this.steps.limit : limitMet(outer.exitCode, outer.stderr);
    return limit === undefined ? result : { ...result, limit };
  }

  private async runTool(name: string, args: string[], context: ResolvedCommandContext) {
    const isOuter = !this.isInside && this.name === name;
    if (isOuter) this.isInside = true;
    const result = (await context.origCommand?.(args)) ?? {
      stdout: '',
      stderr: `bash: ${name}: command not found\n`,
      exitCode: 127,
    };
    if (isOuter)
      this.result = {
        stdout: bytesOf(result.stdout, result.stdoutKind, result.stdoutEncoding),
        stderr: result.stderr,
        exitCode: result.exitCode,
      };
    return result;
  }
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

/** The library's limit that a failed run has met, in its words; undefined where it met none. */
function limitMet(exitCode: number, stderr: string): string | undefined {
  if (exitCode !== 126 || !/exceeded|too many/.test(stderr)) return undefined;
  return stderr
    .trim()
    .replace(/, increase .*$/, '')
    .replace(/^bash: /, '');
}
