/** Pipelines: their parts run at once, each in a subshell, joined by pipes; and `time`. */

import { ExpansionProblem, tooManyFiles } from '../language/problems.ts';
import type { Pipeline } from '../just-bash/syntax.ts';
import type { OpenFile } from '../streams/open-file.ts';
import { makePipe } from '../streams/pipe.ts';
import type { ScriptRunner } from './script-runner.ts';

/** Runs a pipeline; its status is left in the shell's state. */
export async function runPipeline(shell: ScriptRunner, pipeline: Pipeline): Promise<void> {
  const startedMs = shell.session.options.machine.world.nowMs;
  if (pipeline.negated) shell.conditionDepth += 1;
  try {
    const [only, ...more] = pipeline.commands;
    if (only !== undefined && more.length === 0) {
      await shell.command(only);
      shell.state.pipeStatus = [shell.state.status];
    } else await runTogether(shell, pipeline);
  } finally {
    if (pipeline.negated) shell.conditionDepth -= 1;
  }
  if (pipeline.timed === true) await printTime(shell, startedMs, pipeline.timePosix === true);
  if (pipeline.negated) shell.state.status = shell.state.status === 0 ? 1 : 0;
}

/** The parts of a pipeline, each in a subshell, all at once. */
async function runTogether(shell: ScriptRunner, pipeline: Pipeline): Promise<void> {
  const { commands } = pipeline;
  const parts: Promise<number>[] = [];
  const isLastHere = shell.state.shopts.has('lastpipe') && !shell.isInteractive;
  if (!shell.hasDescriptors(2)) throw new ExpansionProblem(`pipe error: ${tooManyFiles}`);
  let input: OpenFile | null = null;
  for (const [index, command] of commands.entries()) {
    const isLast = index === commands.length - 1;
    const pipe = isLast ? null : makePipe();
    const isHere = isLast && isLastHere;
    const child = isHere ? shell : shell.fork();
    const before = isHere ? child.fds.get(0)?.retain() : undefined;
    if (input !== null) child.fds.set(0, input);
    if (pipe !== null) {
      child.fds.set(1, pipe.writer);
      if (pipeline.pipeStderr?.[index] === true) child.fds.set(2, pipe.writer);
    }
    const work = async () => {
      await child.command(command);
      return child.state.status;
    };
    if (isHere) {
      parts.push(
        work().finally(() => {
          if (before !== undefined) {
            child.fds.set(0, before);
            before.release();
          }
        }),
      );
    } else parts.push(shell.inChild(child, work));
    input = pipe?.reader ?? null;
  }
  const settled = await Promise.allSettled(parts);
  const failure = settled.find((one) => one.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  const statuses = settled.map((one) => (one.status === 'fulfilled' ? one.value : 1));
  shell.state.pipeStatus = statuses;
  const bad = shell.state.options.has('pipefail')
    ? statuses.findLast((status) => status !== 0)
    : undefined;
  shell.state.status = bad ?? statuses[statuses.length - 1] ?? 0;
}

async function printTime(shell: ScriptRunner, startedMs: number, isPosix: boolean): Promise<void> {
  const seconds = (shell.session.options.machine.world.nowMs - startedMs) / 1000;
  const minutes = Math.floor(seconds / 60);
  await shell.warn(
    isPosix
      ? `real ${seconds.toFixed(2)}\nuser 0.00\nsys 0.00\n`
      : `\nreal\t${minutes}m${(seconds - minutes * 60).toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`,
  );
}
