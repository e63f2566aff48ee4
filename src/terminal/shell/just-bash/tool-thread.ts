/**
 * Tools in threads of their own. A tool computes without a pause, so that on the page's thread a long
 * one would keep the page; here it asks across for each file and program that it needs.
 */

import { FileError, type FileErrorCode } from '../../linux/file-system.ts';
import { askFiles, filesBy, type FileMethod } from './far-files.ts';
import {
  LocalToolRunner,
  type ToolOutcome,
  type ToolRunner,
  type ToolContext,
  type ToolWork,
} from './tool-runner.ts';

interface Problem {
  readonly text: string;
  /** Of a refusal by the file system. */
  readonly code?: FileErrorCode;
  readonly path?: string;
}

type Answer = { readonly value: unknown } | { readonly problem: Problem };

/** To a thread. */
export type ToThread =
  | {
      readonly kind: 'run';
      readonly call: number;
      readonly work: ToolWork;
      readonly programs: readonly string[];
    }
  | { readonly kind: 'answer'; readonly ask: number; readonly answer: Answer };

/** From a thread. */
export type FromThread =
  /** It could not be loaded, and will answer nothing. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'done'; readonly call: number; readonly answer: Answer }
  | {
      readonly kind: 'file';
      readonly call: number;
      readonly ask: number;
      readonly method: FileMethod;
      readonly args: readonly unknown[];
    }
  | {
      readonly kind: 'program';
      readonly call: number;
      readonly ask: number;
      readonly words: readonly string[];
      readonly stdin: string;
      readonly cwd: string;
    };

/** A thread as the page holds it. */
export interface ToolThread {
  post(message: ToThread): void;
  end(): void;
}

/** Starts a thread that calls `heard` with each of its messages. */
export type StartThread = (heard: (message: FromThread) => void) => ToolThread;

// --- In the thread ---

/** Runs the tools that are asked for; returns what to do with each message. */
export function serveTools(post: (message: FromThread) => void): (message: ToThread) => void {
  let local: LocalToolRunner | null = null;
  let asks = 0;
  const open = new Map<number, (answer: Answer) => void>();
  const ask = async (message: (number: number) => FromThread): Promise<unknown> => {
    asks += 1;
    const number = asks;
    const answered = new Promise<Answer>((resolve) => open.set(number, resolve));
    post(message(number));
    return valueOf(await answered);
  };
  return (message) => {
    if (message.kind === 'answer') {
      open.get(message.ask)?.(message.answer);
      open.delete(message.ask);
      return;
    }
    const { call, programs, work } = message;
    local ??= new LocalToolRunner(programs);
    const context: ToolContext = {
      files: filesBy((method, args) =>
        ask((number) => ({ kind: 'file', call, ask: number, method, args })),
      ),
      runProgram: async (words, stdin, cwd) =>
        (await ask((number) => ({
          kind: 'program',
          call,
          ask: number,
          words,
          stdin,
          cwd,
        }))) as Awaited<ReturnType<ToolContext['runProgram']>>,
    };
    void answerOf(local.run(work, context, new AbortController().signal)).then((answer) => {
      post({ kind: 'done', call, answer });
    });
  };
}

// --- On the page ---

interface Call {
  readonly context: ToolContext;
  /** Does the work on the page instead. */
  runHere(): Promise<ToolOutcome>;
  finish(result: ToolOutcome | Promise<ToolOutcome>): void;
}

interface Running {
  readonly thread: ToolThread;
  readonly calls: Map<number, Call>;
}

/** Threads beyond these wait for their turn in one of them. */
const mostThreads = 4;

/** Runs tools in threads, and where none can be had (a browser or a frame forbids it) on the page. */
export class ToolThreads implements ToolRunner {
  private readonly startThread: StartThread;
  private readonly programs: readonly string[];
  private readonly threads: Running[] = [];
  private calls = 0;
  private isWithoutThreads = false;
  private local: LocalToolRunner | null = null;

  constructor(startThread: StartThread, programs: readonly string[]) {
    this.startThread = startThread;
    this.programs = programs;
  }

  run(work: ToolWork, context: ToolContext, signal: AbortSignal): Promise<ToolOutcome> {
    if (signal.aborted) return Promise.resolve(aborted);
    if (this.isWithoutThreads) return this.here().run(work, context, signal);
    const running = this.freest();
    this.calls += 1;
    const call = this.calls;
    return new Promise((resolve) => {
      const finish: Call['finish'] = (result) => {
        running.calls.delete(call);
        signal.removeEventListener('abort', stop);
        resolve(result);
      };
      const stop = () => {
        finish(aborted);
        // Nobody waits for what it computes any more.
        if (running.calls.size === 0) this.endThread(running);
      };
      const runHere = () => this.here().run(work, context, signal);
      running.calls.set(call, { context, finish, runHere });
      signal.addEventListener('abort', stop);
      running.thread.post({ kind: 'run', call, work, programs: this.programs });
    });
  }

  /** A thread without work, a new one, or the one with the least. */
  private freest(): Running {
    const [least] = [...this.threads].sort((one, other) => one.calls.size - other.calls.size);
    if (least !== undefined && (least.calls.size === 0 || this.threads.length >= mostThreads))
      return least;
    const calls = new Map<number, Call>();
    const thread = this.startThread((message) => {
      if (message.kind === 'lost') {
        this.isWithoutThreads = true;
        for (const call of [...calls.values()]) call.finish(call.runHere());
        return;
      }
      const call = calls.get(message.call);
      if (call === undefined) return;
      if (message.kind === 'done') {
        const { answer } = message;
        call.finish(
          'problem' in answer
            ? Promise.reject(new Error(answer.problem.text))
            : (answer.value as ToolOutcome),
        );
        return;
      }
      void answerOf(wanted(call.context, message)).then((answer) => {
        thread.post({ kind: 'answer', ask: message.ask, answer });
      });
    });
    const running = { thread, calls };
    this.threads.push(running);
    return running;
  }

  private here(): LocalToolRunner {
    this.local ??= new LocalToolRunner(this.programs);
    return this.local;
  }

  private endThread(running: Running): void {
    running.thread.end();
    this.threads.splice(this.threads.indexOf(running), 1);
  }
}

const aborted: ToolOutcome = { stdout: '', stderr: '', exitCode: 130 };

async function wanted(
  context: ToolContext,
  message: Exclude<FromThread, { readonly kind: 'done' | 'lost' }>,
): Promise<unknown> {
  return message.kind === 'program'
    ? context.runProgram(message.words, message.stdin, message.cwd)
    : askFiles(context.files, message.method, message.args);
}

// --- Both ---

async function answerOf(work: Promise<unknown>): Promise<Answer> {
  try {
    return { value: await work };
  } catch (error) {
    if (error instanceof FileError)
      return { problem: { text: error.message, code: error.code, path: error.path } };
    return { problem: { text: error instanceof Error ? error.message : String(error) } };
  }
}

function valueOf(answer: Answer): unknown {
  if ('value' in answer) return answer.value;
  const { code, path, text } = answer.problem;
  throw code === undefined ? new Error(text) : new FileError(code, path ?? '');
}
