/** journalctl (systemd 252): what the machine's services have said, and `-f` to hear it as it comes. */

import { dateOf, journalLine, type JournalForm } from '../formats/journal.ts';
import type { ServiceSpec } from '../linux/distribution.ts';
import type { JournalEntry } from '../linux/services.ts';
import { failed, printed, unsupported, type Command, type CommandContext } from './command.ts';
import { parseOptions } from './options.ts';

const forms: readonly string[] = ['short', 'short-iso', 'short-precise', 'cat'];
const otherForms = ['json', 'json-pretty', 'verbose', 'export', 'short-full', 'with-unit'];

/** Options of the real one that this one has not. */
const realOptions = new Set([
  ...['--disk-usage', '--list-boots', '--vacuum-size', '--vacuum-time', '--rotate', '--flush'],
  ...['--sync', '--cursor', '--after-cursor', '--grep', '--dmesg', '--user', '--system', '--utc'],
  ...['-k', '-g', '-c', '-F', '-N', '-D', '-M', '-m'],
]);

interface Said {
  readonly spec: ServiceSpec;
  readonly entry: JournalEntry;
}

export const journalctl: Command = {
  name: 'journalctl',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'xefrqabh',
      valued: 'uotSUp',
      optionallyValued: 'n',
      long: {
        unit: 'u',
        lines: 'n',
        follow: 'f',
        reverse: 'r',
        output: 'o',
        since: 'S',
        until: 'U',
        identifier: 't',
        priority: 'p',
        quiet: 'q',
        'no-pager': 'a',
        all: 'a',
        catalog: 'x',
        'pager-end': 'e',
        boot: 'b',
        help: 'h',
        version: 'V',
      },
    });
    if (!parsed.ok) {
      const { option, problem } = parsed;
      if (problem === 'needs-value')
        return failed(`journalctl: option requires an argument -- '${option.replace(/^-+/, '')}'`);
      if (realOptions.has(option)) return unsupported(context, 'journalctl', option);
      return option.startsWith('--')
        ? failed(`journalctl: unrecognized option '${option}'`)
        : failed(`journalctl: invalid option -- '${option.slice(1)}'`);
    }
    const { options, operands } = parsed;
    const { has, value } = options;
    if (has('h')) return printed((await context.manual('journalctl')) ?? '');
    if (has('V')) return printed('systemd 252 (252.39-1~deb12u1)\n');
    // `-n 5`: the number may be a word of its own.
    const isCount = has('n') && value('n') === undefined && /^\d+$/.test(operands[0] ?? '');
    const rest = isCount ? operands.slice(1) : operands;
    const count = has('n') ? Number(value('n') ?? (isCount ? operands[0] : '10')) : undefined;
    if (count !== undefined && !Number.isInteger(count))
      return failed(`Failed to parse lines '${value('n') ?? ''}'`);
    const [match] = rest;
    if (match !== undefined)
      return match.includes('=')
        ? unsupported(context, 'journalctl', match)
        : failed(`Failed to add match '${match}': Invalid argument`);
    const form = value('o') ?? 'short';
    if (otherForms.includes(form)) return unsupported(context, 'journalctl', `-o ${form}`);
    if (!forms.includes(form)) return failed(`Unknown output format '${form}'.`);
    if (has('p')) return unsupported(context, 'journalctl', '-p');
    const since = moment(context, value('S'));
    const until = moment(context, value('U'));
    if (since === null || until === null)
      return failed(`Failed to parse timestamp: ${value(since === null ? 'S' : 'U') ?? ''}`);
    const units = options.values('u');
    const identifier = value('t');
    const choose = (): readonly Said[] =>
      said(context, units).filter(
        ({ spec, entry }) =>
          (since === undefined || entry.atMs >= since) &&
          (until === undefined || entry.atMs <= until) &&
          (identifier === undefined || identifier === (entry.pid === 1 ? 'systemd' : spec.command)),
      );
    const line = ({ spec, entry }: Said) =>
      `${journalLine(context.machine, spec, entry, form as JournalForm)}\n`;
    const all = choose();
    const wanted = count ?? (has('f') ? 10 : has('e') ? 1000 : undefined);
    const last = wanted === undefined ? all : all.slice(Math.max(0, all.length - wanted));
    const lines = (has('r') ? last.toReversed() : last).map(line);
    if (!has('f')) {
      if (lines.length === 0) return printed(has('q') ? '' : '-- No entries --\n');
      return printed(lines.join(''));
    }
    context.terminal.write(lines.join(''));
    await follow(context, choose, line);
    return printed('', 130);
  },
};

/** What the chosen services have said, in order. */
function said({ machine }: CommandContext, units: readonly string[]): readonly Said[] {
  const found = machine.services
    .list()
    .filter(({ spec }) => units.length === 0 || units.some((unit) => isNamed(spec, unit)));
  return found
    .flatMap(({ spec, state }) => state.log.map((entry) => ({ spec, entry })))
    .sort((one, other) => one.entry.atMs - other.entry.atMs);
}

function isNamed({ name, aliases = [] }: ServiceSpec, unit: string): boolean {
  const plain = unit.replace(/\.service$/, '');
  if (!plain.includes('*')) return plain === name || aliases.includes(plain);
  return new RegExp(
    `^${plain.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*')}$`,
  ).test(name);
}

/** A moment in the machine's virtual time; null where the text is none. */
function moment({ machine }: CommandContext, text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  const { nowMs } = machine.world;
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  const ago = /^-?(\d+)\s*([smhdw])[a-z]*(?:\s+ago)?$/.exec(text);
  if (ago !== null && (text.startsWith('-') || text.endsWith('ago')))
    return nowMs - Number(ago[1]) * (units[ago[2] ?? 's'] ?? 1) * 1000;
  if (text === 'now') return nowMs;
  const today = dateOf(machine, nowMs).toISOString().slice(0, 10);
  const start = machine.epochNowMs - nowMs;
  if (text === 'today') return Date.parse(`${today}T00:00:00Z`) - start;
  if (text === 'yesterday') return Date.parse(`${today}T00:00:00Z`) - start - 86_400_000;
  const full = /^\d{1,2}:\d{2}/.test(text) ? `${today} ${text}` : text;
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2})(:\d{2})?)?$/.exec(full);
  if (match === null) return null;
  const [, day = '', time = '00:00', seconds = ':00'] = match;
  const at = Date.parse(`${day}T${time.padStart(5, '0')}${seconds}Z`);
  return Number.isNaN(at) ? null : at - start;
}

/** Prints what is said from now on, until Ctrl+C. */
async function follow(
  context: CommandContext,
  choose: () => readonly Said[],
  line: (one: Said) => string,
): Promise<void> {
  // A service keeps its latest lines only, so that a place in the list means nothing.
  const shown = new Set(choose().map(({ entry }) => entry));
  while (!context.signal.aborted) {
    for (const one of choose()) {
      if (shown.has(one.entry)) continue;
      shown.add(one.entry);
      context.terminal.write(line(one));
    }
    await context.pace.idle(context.signal);
  }
}
