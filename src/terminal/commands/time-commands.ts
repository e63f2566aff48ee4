/** Commands about time: sleep, watch, timeout, yes. */

import { toBytes } from '../linux/file-system.ts';
import { fill } from '../words.ts';
import { failed, printed, startProcess, unsupported, waitUntil, type Command } from './command.ts';
import { optionProblem, parseOptions, tryHelp } from './options.ts';
import { signalNumber } from './signals.ts';

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export const sleep: Command = {
  name: 'sleep',
  async run(context) {
    if (context.args.length === 0) return failed(`sleep: missing operand\n${tryHelp('sleep')}`);
    let ms = 0;
    for (const arg of context.args) {
      const match = /^(\d*\.?\d+)([smhd]?)$/.exec(arg);
      if (match === null)
        return failed(`sleep: invalid time interval '${arg}'\n${tryHelp('sleep')}`);
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
    const { letters } = parsed.options;
    for (const letter of 'begpx')
      if (letters.has(letter)) return unsupported(context, 'watch', `-${letter}`);
    const seconds = Number((parsed.options.value('n') ?? '2').replace(',', '.'));
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

export const yes: Command = {
  name: 'yes',
  async run(context) {
    const line = toBytes(`${context.args.length > 0 ? context.args.join(' ') : 'y'}\n`);
    const block = line.repeat(Math.max(1, Math.floor(16_384 / line.length)));
    // It ends when nobody reads any more, or with Ctrl+C.
    while (!context.signal.aborted) await context.writeBytes(block);
    return printed('', 130);
  },
};

export const timeout: Command = {
  name: 'timeout',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'fvp',
      valued: 'ks',
      long: {
        foreground: 'f',
        'kill-after': 'k',
        signal: 's',
        verbose: 'v',
        'preserve-status': 'p',
      },
      stopAtOperand: true,
    });
    const usage = "Try 'timeout --help' for more information.";
    if (!parsed.ok) return failed(`${optionProblem('timeout', parsed)}\n${usage}`, 125);
    const [limit, ...words] = parsed.operands;
    if (limit === undefined || words.length === 0)
      return failed(`timeout: missing operand\n${usage}`, 125);
    const match = /^(\d*\.?\d+)([smhd]?)$/.exec(limit);
    if (match === null) return failed(`timeout: invalid time interval ‘${limit}’\n${usage}`, 125);
    const [name = ''] = words;
    if (!name.includes('/') && !context.hasProgram(name))
      return failed(`timeout: failed to run command ‘${name}’: No such file or directory`, 127);
    const ms = Number(match[1]) * (unitMs[match[2] ?? ''] ?? 1000);
    const over = new AbortController();
    const late = new AbortController();
    const signal = AbortSignal.any([context.signal, late.signal]);
    const timer =
      ms === 0
        ? Promise.resolve()
        : context.pace.pass(ms, AbortSignal.any([context.signal, over.signal])).then(() => {
            if (!over.signal.aborted) late.abort();
          });
    const exitCode = await context.spawn(words, { signal });
    over.abort();
    await timer;
    const { letters } = parsed.options;
    const sent = parsed.options.value('s') ?? 'TERM';
    if (!late.signal.aborted) return printed('', exitCode);
    const number = signalNumber(sent) ?? 15;
    return printed('', letters.has('p') ? 128 + number : number === 9 ? 137 : 124);
  },
};
