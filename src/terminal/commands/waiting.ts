/** Commands about time and jobs: sleep, watch, jobs, fg, bg, yes. */

import { fill } from '../words.ts';
import {
  failed,
  Printer,
  printed,
  startProcess,
  unsupported,
  waitUntil,
  type Command,
} from './command.ts';
import { optionProblem, parseOptions } from './options.ts';

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export const sleep: Command = {
  name: 'sleep',
  async run(context) {
    if (context.args.length === 0)
      return failed("sleep: missing operand\nTry 'sleep --help' for more information.");
    let ms = 0;
    for (const arg of context.args) {
      const match = /^(\d*\.?\d+)([smhd]?)$/.exec(arg);
      if (match === null)
        return failed(
          `sleep: invalid time interval '${arg}'\nTry 'sleep --help' for more information.`,
        );
      ms += Number(match[1]) * (unitMs[match[2] ?? ''] ?? 1000);
    }
    const untilMs = context.machine.world.nowMs + ms;
    const process = startProcess(context, 'sleep', { kind: 'sleep', untilMs });
    if (context.pace.isDriving) await context.pace.pass(ms, context.signal);
    await waitUntil(
      context,
      () => context.machine.processes.get(process.pid) === undefined,
      Number.POSITIVE_INFINITY,
    );
    context.machine.endProcess(process.pid);
    return printed('', context.signal.aborted ? 130 : 0);
  },
};

export const watch: Command = {
  name: 'watch',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'tbcdegpx',
      valued: 'n',
      long: { interval: 'n', 'no-title': 't', differences: 'd', color: 'c' },
      stopAtOperand: true,
    });
    if (!parsed.ok) return failed(optionProblem('watch', parsed));
    const letters = new Set(parsed.options.map((option) => option.letter));
    for (const letter of 'begpx')
      if (letters.has(letter)) return unsupported(context, 'watch', `-${letter}`);
    const seconds = Number(
      (parsed.options.findLast((option) => option.letter === 'n')?.value ?? '2').replace(',', '.'),
    );
    const command = parsed.operands.join(' ');
    if (command === '') return failed('Usage:\n watch [options] command');
    if (!(seconds > 0)) return failed('watch: failed to parse argument: interval');
    if (!context.isTty) return failed(fill(context.words.needsTerminal, { tool: 'watch' }));
    const { machine, terminal } = context;
    while (!context.signal.aborted) {
      const result = await context.run(command, { toTerminal: false });
      const left = `Every ${Math.max(0.1, seconds).toFixed(1)}s: ${command}`;
      const right = `${machine.hostName()}: ${new Date(machine.epochNowMs).toUTCString().slice(0, 25)}`;
      const title = letters.has('t')
        ? ''
        : `${left}${right.padStart(Math.max(right.length + 2, terminal.columns() - left.length))}\n\n`;
      const lines = `${result.stdout}${result.stderr}`
        .split('\n')
        .slice(0, Math.max(5, terminal.rows() - 2));
      terminal.screen(`${title}${lines.join('\n')}`);
      await context.pace.pass(Math.max(100, seconds * 1000), context.signal);
    }
    terminal.screen(null);
    return printed('');
  },
};

export const jobs: Command = {
  name: 'jobs',
  run(context) {
    const list = [...context.jobs.list()];
    context.jobs.forgetDone();
    return printed(
      list
        .map((job, index) => {
          const mark = index === list.length - 1 ? '+' : index === list.length - 2 ? '-' : ' ';
          return `[${job.number}]${mark}  ${(job.isDone ? 'Done' : 'Running').padEnd(23)} ${job.line}${job.isDone ? '' : ' &'}\n`;
        })
        .join(''),
    );
  },
};

export const fg: Command = {
  name: 'fg',
  async run(context) {
    const job = context.jobs.find(context.args[0] ?? '%+');
    if (job === undefined) return failed(`bash: fg: ${context.args[0] ?? 'current'}: no such job`);
    context.terminal.write(`${job.line}\n`);
    const finished = context.jobs.foreground(job, context.signal);
    let isOver = false;
    void finished.then(() => {
      isOver = true;
    });
    await waitUntil(context, () => isOver, Number.POSITIVE_INFINITY);
    if (context.signal.aborted) context.machine.endProcess(job.pid);
    return printed('', await finished);
  },
};

export const bg: Command = {
  name: 'bg',
  run: (context) => {
    const job = context.jobs.find(context.args[0] ?? '%+');
    return failed(
      job === undefined
        ? 'bash: bg: current: no such job'
        : `bash: bg: job ${job.number} already in background`,
    );
  },
};

export const yes: Command = {
  name: 'yes',
  run({ args }) {
    const out = new Printer();
    // Enough for any `| head`; the real one never ends.
    const line = `${args.length > 0 ? args.join(' ') : 'y'}\n`;
    out.text(line.repeat(Math.min(100_000, Math.ceil(1_000_000 / line.length))));
    return out.result(0);
  },
};
