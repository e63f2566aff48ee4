/** systemctl: the machine's services, in the words of systemd 219 or 252. Here are its options and verbs. */

import { unitFileList } from '../../formats/systemctl-lists.ts';
import {
  failed,
  Printer,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from '../command.ts';
import { parseOptions } from '../options.ts';
import { UnitAction } from './unit-action.ts';
import { isNamed, isWanted, unitOf } from './unit-names.ts';
import { areEnabled, ask, cat, listUnits, show, statuses } from './unit-questions.ts';

const actions = [
  'start',
  'stop',
  'restart',
  'reload',
  'try-restart',
  'reload-or-restart',
  'enable',
  'disable',
  'mask',
  'unmask',
  'kill',
  'reset-failed',
];
/** What the real one has besides these. */
const otherVerbs = [
  'edit',
  'preset',
  'set-property',
  'isolate',
  'list-dependencies',
  'list-sockets',
  'list-timers',
  'list-jobs',
  'set-default',
  'show-environment',
  'set-environment',
  'link',
  'revert',
  'add-wants',
  'poweroff',
  'halt',
  'suspend',
  'hibernate',
  'rescue',
  'emergency',
  'daemon-reexec',
  'cancel',
  'freeze',
  'thaw',
  'clean',
];

/** Options of the real one that this one has not. */
const realOptions = new Set([
  ...['--runtime', '--user', '--global', '--system', '--root', '--host', '--machine', '--output'],
  ...['--reverse', '--after', '--before', '--wait', '--kill-whom', '--what', '--preset-mode'],
  ...['-o', '-H', '-M', '-P', '-T', '-i'],
]);

export const systemctl: Command = {
  name: 'systemctl',
  async run(context) {
    const result = await runSystemctl(context);
    await context.machine.turning;
    return result;
  },
};

async function runSystemctl(context: CommandContext): Promise<CommandResult> {
  const version = context.machine.distribution.systemd;
  const parsed = parseOptions(context.args, {
    flags: 'alqrfh',
    valued: 'tpnsS',
    long: {
      all: 'a',
      full: 'l',
      quiet: 'q',
      failed: 'F',
      force: 'f',
      now: 'N',
      'no-pager': 'l',
      'no-legend': 'L',
      'no-block': 'B',
      type: 't',
      state: 'S',
      property: 'p',
      value: 'V',
      lines: 'n',
      signal: 's',
      help: 'h',
      version: 'W',
    },
  });
  if (!parsed.ok) {
    const { option, problem } = parsed;
    const letter = option.replace(/^-+/, '');
    if (problem === 'unknown' && realOptions.has(option))
      return unsupported(context, 'systemctl', option);
    return failed(
      problem === 'needs-value'
        ? `systemctl: option requires an argument -- '${letter}'`
        : option.startsWith('--')
          ? `systemctl: unrecognized option '${option}'`
          : `systemctl: invalid option -- '${letter}'`,
    );
  }
  const given = parsed.options;
  if (given.has('h')) return printed((await context.manual('systemctl')) ?? '');
  if (given.has('W'))
    return printed(version === 219 ? 'systemd 219\n' : 'systemd 252 (252.39-1~deb12u1)\n');
  const [verb = 'list-units', ...names] = parsed.operands;
  switch (verb) {
    case 'list-units':
      return listUnits(context, given, names);
    case 'list-unit-files': {
      const units = context.machine.services.list().filter(({ spec }) => isWanted(spec, names));
      const text = unitFileList(units, version, !given.has('L'), (name) => isNamed(name, names));
      return printed(text, units.length === 0 && names.length > 0 ? 1 : 0);
    }
    case 'daemon-reload':
      return (
        needsRoot(context, version === 219 ? 'Failed to reload daemon' : 'Reload daemon failed') ??
        printed('')
      );
    case 'reboot': {
      const refusal = needsRoot(context, 'Failed to reboot system via logind');
      if (refusal !== null) return refusal;
      context.reboot();
      return printed('');
    }
    case 'is-system-running': {
      const hasFailed = context.machine.services
        .list()
        .some(({ state }) => state.active === 'failed');
      return printed(hasFailed ? 'degraded\n' : 'running\n', hasFailed ? 1 : 0);
    }
    case 'get-default':
      return printed('graphical.target\n');
    case 'show':
      return show(context, given, names);
    default:
  }
  const isKnown =
    actions.includes(verb) ||
    ['status', 'cat', 'is-active', 'is-failed', 'is-enabled'].includes(verb);
  if (!isKnown) return unknownVerb(context, verb, names);
  if (names.length === 0) {
    if (verb === 'reset-failed') return resetAll(context);
    if (verb !== 'status') return failed('Too few arguments.');
    return printed(`● ${context.machine.hostName()}\n    State: running\n`);
  }
  if (verb === 'status')
    return statuses(context, names, Number(given.value('n') ?? (version === 219 ? 6 : 10)));
  if (verb === 'cat') return cat(context, names);
  if (verb === 'is-active')
    return ask(context, names, given, ({ state }) => [state.active, state.active === 'active'], 3);
  if (verb === 'is-failed')
    return ask(context, names, given, ({ state }) => [state.active, state.active === 'failed'], 1);
  if (verb === 'is-enabled') return areEnabled(context, names, given.has('q'));
  const out = new Printer();
  let exitCode = 0;
  for (const name of names) {
    const result = new UnitAction(context, verb, name, given.has('N'), out).perform();
    if (result !== 0) exitCode = result;
  }
  return out.result(exitCode);
}

function unknownVerb(
  context: CommandContext,
  verb: string,
  names: readonly string[],
): CommandResult {
  if (verb === 'edit') {
    if (!context.isTty) return failed('Cannot edit units if not on a tty.');
    const [name = ''] = names;
    if (names.length > 0 && context.machine.services.find(name) === undefined)
      return failed(
        `No files found for ${unitOf(name)}.\nRun 'systemctl edit --force --full ${unitOf(name)}' to create a new unit.`,
      );
  }
  if (verb === 'help' && names.length === 0)
    return failed(
      "'help' command expects one or more unit names.\n(Alternatively, help for systemctl itself may be shown with --help)",
    );
  if (otherVerbs.includes(verb)) return unsupported(context, 'systemctl', verb);
  return failed(
    context.machine.distribution.systemd === 219
      ? `Unknown operation ${verb}.`
      : `Unknown command verb ${verb}.`,
  );
}

function needsRoot(context: CommandContext, what: string): CommandResult | null {
  return context.user.uid === 0 ? null : failed(`${what}: Interactive authentication required.`);
}

function resetAll(context: CommandContext): CommandResult {
  for (const { spec } of context.machine.services.list())
    context.machine.services.resetFailed(spec.name);
  return printed('');
}
