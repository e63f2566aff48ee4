/** ping (iputils 20221126): ICMP echoes, one after another, and what comes back. */

import type { EchoAnswer } from '../../network/kernel/echoes.ts';
import { familyOf, isAddress } from '../linux/address-texts.ts';
import { failed, printed, startOwner, unsupported, waitUntil, type Command } from './command.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { isReachable } from './client-connection.ts';
import { lookUp } from './name-lookup.ts';
import { parseOptions } from './options.ts';

const flags = 'aAbBCdDfhLnOqrRUvV46';
const valued = 'ceFiIlmMNpQsStTwW';
const supported = new Set('cDhinOqsVwW46');

interface Wish {
  readonly count: number;
  readonly intervalMs: number;
  readonly bytes: number;
  /** How long it waits for a last answer where none has come. */
  readonly lingerMs: number;
  readonly deadlineMs: number;
  readonly isQuiet: boolean;
  readonly isNumeric: boolean;
  readonly saysTime: boolean;
  readonly saysMissing: boolean;
}

export const ping: Command = {
  name: 'ping',
  async run(context) {
    const manual = async () => (await context.manual('ping')) ?? '';
    const parsed = parseOptions(context.args, { flags, valued });
    if (!parsed.ok) {
      const letter = parsed.option.replace(/^-+/, '');
      const said =
        parsed.problem === 'needs-value'
          ? `option requires an argument -- '${letter}'`
          : `invalid option -- '${letter}'`;
      return failed(`ping: ${said}\n\n${await manual()}`, 2);
    }
    const { has, value } = parsed.options;
    if (has('h')) return failed(`\n${await manual()}`, 2);
    if (has('V'))
      return printed(
        'ping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n',
      );
    const missing = parsed.options.list.find(({ letter }) => !supported.has(letter));
    if (missing !== undefined) return unsupported(context, 'ping', `-${missing.letter}`);
    const whole = (letter: string, most: string, least = 1): number | CommandResult => {
      const text = value(letter);
      if (text === undefined) return Number.POSITIVE_INFINITY;
      if (!/^-?\d+$/.test(text)) return failed(`ping: invalid argument: '${text}'`);
      const number = Number(text);
      return number >= least && number <= Number(most)
        ? number
        : failed(`ping: invalid argument: '${text}': out of range: ${least} <= value <= ${most}`);
    };
    const count = whole('c', '9223372036854775807');
    if (typeof count !== 'number') return count;
    const deadline = whole('w', '2147483647', 0);
    if (typeof deadline !== 'number') return deadline;
    const size = whole('s', '127992', 0);
    if (typeof size !== 'number') return size;
    const bytes = Number.isFinite(size) ? size : 56;
    if (bytes > 65_507) return unsupported(context, 'ping', `-s ${bytes}`);
    let warning = '';
    const seconds = (letter: string, usual: number): number => {
      const text = value(letter);
      if (text === undefined) return usual;
      const number = /^\d*\.?\d+$/.exec(text);
      if (number !== null) return Number(text) * 1000;
      warning += `ping: option argument contains garbage: ${text}\nping: this will become fatal error in the future\n`;
      return 0;
    };
    const intervalMs = seconds('i', 1000);
    const lingerMs = seconds('W', 10_000);
    if (warning !== '') context.terminal.write(warning, 'err');
    if (intervalMs < 2)
      return context.user.uid === 0
        ? unsupported(context, 'ping', '-i 0')
        : failed('ping: cannot flood; minimal interval allowed for user is 2ms', 2);
    const [target, ...rest] = parsed.operands;
    if (target === undefined) return failed('ping: usage error: Destination address required');
    if (rest.length > 0) return unsupported(context, 'ping', rest.join(' '));
    const families = has('4') === has('6') ? [4, 6] : has('4') ? [4] : [6];
    return start(context, target, families as (4 | 6)[], {
      count,
      intervalMs,
      bytes,
      lingerMs,
      deadlineMs: deadline * 1000,
      isQuiet: has('q'),
      isNumeric: has('n'),
      saysTime: has('D'),
      saysMissing: has('O'),
    });
  },
};

async function start(
  context: CommandContext,
  target: string,
  families: readonly (4 | 6)[],
  wish: Wish,
): Promise<CommandResult> {
  const { owner, end } = startOwner(context, 'ping', { kind: 'idle' });
  try {
    const found = await lookUp(context, owner, target, families);
    if (context.signal.aborted) return printed('', 130);
    if (!found.ok) return failed(`ping: ${target}: ${found.problem}`, 2);
    const [first = ''] = found.addresses;
    // The wildcard reaches the host itself.
    const address = first === '0.0.0.0' ? '127.0.0.1' : first === '::' ? '::1' : first;
    const isSix = familyOf(address) === 6;
    if (!isReachable(context, address) || (isSix && !context.machine.hasIPv6)) {
      const isDark = /^(?:::ffff:)?10\.|^fd00:a:/.test(address);
      if (!isDark) return failed('ping: connect: Network is unreachable', 2);
    }
    const isName = !isAddress(target) && target !== '0';
    return await new Ping(context, wish, {
      address,
      isSix,
      isNamed: isName && !wish.isNumeric,
      title: isSix ? target : isName ? found.name : target,
      identifier: owner.pid & 0xffff,
    }).run();
  } finally {
    end();
  }
}

interface Target {
  readonly address: string;
  readonly isSix: boolean;
  /** A name was given: addresses are shown with theirs. */
  readonly isNamed: boolean;
  readonly title: string;
  readonly identifier: number;
}

const problems = {
  'host-unreachable': ['Destination Host Unreachable', 'Address unreachable'],
  'port-unreachable': ['Destination Port Unreachable', 'Port unreachable'],
  'administratively-prohibited': ['Packet filtered', 'Administratively prohibited'],
} as const;

class Ping {
  private readonly context: CommandContext;
  private readonly wish: Wish;
  private readonly target: Target;
  private readonly sentAtMs: number[] = [];
  private readonly times: number[] = [];
  private handled = 0;
  private received = 0;
  private errors = 0;
  /** The most that were on their way at once. */
  private pipe = 0;
  private acknowledged = 0;

  constructor(context: CommandContext, wish: Wish, target: Target) {
    this.context = context;
    this.wish = wish;
    this.target = target;
  }

  async run(): Promise<CommandResult> {
    const { context, target, wish } = this;
    const { host, machine, terminal } = context;
    const { address, identifier, isNamed, isSix, title } = target;
    // Earlier echoes of the same process number are not this one's.
    this.handled = host.echoAnswers(identifier).length;
    const startedAtMs = machine.world.nowMs;
    const endsAtMs = startedAtMs + wish.deadlineMs;
    const shown = isSix ? (isNamed ? `${machine.nameOf(address)} (${address})` : address) : address;
    terminal.write(
      isSix
        ? `PING ${title}(${shown}) ${wish.bytes} data bytes\n`
        : `PING ${title} (${address}) ${wish.bytes}(${wish.bytes + 28}) bytes of data.\n`,
    );
    while (!this.isDone() && machine.world.nowMs < endsAtMs) {
      const number = this.sentAtMs.length + 1;
      if (wish.saysMissing && number > 1 && this.acknowledged < number - 1)
        terminal.write(`no answer yet for icmp_seq=${(number - 1) & 0xffff}\n`);
      this.sentAtMs.push(machine.world.nowMs);
      host.echo(address, { identifier, number: number & 0xffff, bytes: wish.bytes });
      const isLast = number >= wish.count;
      const waitMs = isLast ? this.lastWaitMs() : wish.intervalMs;
      const untilMs = Math.min(machine.world.nowMs + waitMs, endsAtMs);
      for (;;) {
        const left = untilMs - machine.world.nowMs;
        const isNew = () => host.echoAnswers(identifier).length > this.handled;
        const came = await waitUntil(context, isNew, left);
        if (came) this.take(host.echoAnswers(identifier));
        if (!came || this.isDone()) break;
      }
      if (isLast) break;
    }
    return this.summary();
  }

  /** As many have been answered as were asked for. */
  private isDone(): boolean {
    return this.context.signal.aborted || this.received + this.errors >= this.wish.count;
  }

  private lastWaitMs(): number {
    const { intervalMs, lingerMs } = this.wish;
    return this.received > 0 ? Math.max(2 * Math.max(...this.times), intervalMs) : lingerMs;
  }

  private take(answers: readonly EchoAnswer[]): void {
    for (const answer of answers.slice(this.handled)) this.show(answer);
    this.handled = answers.length;
  }

  private show(answer: EchoAnswer): void {
    const { context, target, wish } = this;
    const { from, message, number } = answer;
    const sent = this.sentAtMs.length;
    this.pipe = Math.max(this.pipe, sent - number + 1);
    this.acknowledged = Math.max(this.acknowledged, number);
    const name = target.isNamed ? `${context.machine.nameOf(from)} (${from})` : from;
    const stamp = wish.saysTime
      ? `[${((context.machine.epochNowMs - context.machine.world.nowMs + answer.atMs) / 1000).toFixed(6)}] `
      : '';
    if (message !== 'echo-reply') {
      this.errors += 1;
      const [four, six] = problems[message];
      const said = target.isSix ? `Destination unreachable: ${six}` : four;
      if (!wish.isQuiet)
        context.terminal.write(`${stamp}From ${name} icmp_seq=${number} ${said}\n`);
      return;
    }
    this.received += 1;
    const ms = answer.atMs - (this.sentAtMs[number - 1] ?? answer.atMs);
    // Without room for a clock it cannot tell how long it took.
    const isTimed = answer.bytes >= 16;
    if (isTimed) this.times.push(ms);
    if (wish.isQuiet) return;
    const time = isTimed ? ` time=${timeText(ms)} ms` : '';
    context.terminal.write(
      `${stamp}${answer.bytes + 8} bytes from ${name}: icmp_seq=${number} ttl=64${time}\n`,
    );
  }

  private summary(): CommandResult {
    const { context, errors, received, sentAtMs, target, times } = this;
    const sent = sentAtMs.length;
    const tookMs = Math.round((sentAtMs.at(-1) ?? 0) - (sentAtMs[0] ?? 0));
    const lost = sent === 0 ? 0 : Number((((sent - received) * 100) / sent).toPrecision(6));
    const more = errors > 0 ? ` +${errors} errors,` : '';
    const parts: string[] = [];
    if (received > 0 && times.length > 0) {
      const average = times.reduce((sum, one) => sum + one, 0) / times.length;
      const squares = times.reduce((sum, one) => sum + one * one, 0) / times.length;
      const deviation = Math.sqrt(Math.max(0, squares - average * average));
      const numbers = [Math.min(...times), average, Math.max(...times), deviation];
      parts.push(`rtt min/avg/max/mdev = ${numbers.map((one) => one.toFixed(3)).join('/')} ms`);
    }
    if (this.pipe > 1) parts.push(`pipe ${this.pipe}`);
    context.terminal.write(
      `\n--- ${target.title} ping statistics ---\n` +
        `${sent} packets transmitted, ${received} received,${more} ${lost}% packet loss, time ${tookMs}ms\n` +
        `${parts.join(', ')}\n`,
    );
    return printed('', received > 0 ? 0 : 1);
  }
}

/** As ping rounds: three places, fewer for longer times. */
function timeText(ms: number): string {
  const micro = Math.round(ms * 1000);
  if (micro >= 100_000) return String(Math.floor(micro / 1000));
  if (micro >= 10_000) return (micro / 1000).toFixed(1);
  return micro >= 1000 ? (micro / 1000).toFixed(2) : (micro / 1000).toFixed(3);
}
