/** systemctl and service: the machine's services, in the words of systemd 219 or 252. */

import type { ServiceSpec } from '../linux/distribution.ts';
import type { ServiceState } from '../linux/services.ts';
import {
  statusLines,
  subState,
  unitFileList,
  unitFileState,
  unitList,
  type Unit,
} from '../formats/systemctl-lists.ts';
import {
  failed,
  Printer,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';
import { parseOptions, type GivenOptions } from './options.ts';

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
    const result = new Action(context, verb, name, given.has('N'), out).perform();
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

function unitOf(name: string): string {
  return /\.(?:service|socket|target|timer)$/.test(name) ? name : `${name}.service`;
}

/** Whether a list's patterns, if any, name the service. */
function isWanted({ name, aliases = [] }: ServiceSpec, patterns: readonly string[]): boolean {
  return [name, ...aliases].some((one) => isNamed(one, patterns));
}

function isNamed(name: string, patterns: readonly string[]): boolean {
  if (patterns.length === 0) return true;
  return patterns.some((pattern) => {
    const source = pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`).test(`${name}.service`);
  });
}

function needsRoot(context: CommandContext, what: string): CommandResult | null {
  return context.user.uid === 0 ? null : failed(`${what}: Interactive authentication required.`);
}

/** What one verb does to one unit. */
class Action {
  private readonly context: CommandContext;
  private readonly verb: string;
  private readonly name: string;
  private readonly unit: string;
  private readonly isNow: boolean;
  private readonly out: Printer;
  private readonly isNew: boolean;

  constructor(context: CommandContext, verb: string, name: string, isNow: boolean, out: Printer) {
    this.context = context;
    this.verb = verb;
    this.name = name;
    this.unit = unitOf(name);
    this.isNow = isNow;
    this.out = out;
    this.isNew = context.machine.distribution.systemd > 219;
  }

  /** @returns the exit status */
  perform(): number {
    const { verb } = this;
    const found = this.context.machine.services.find(this.name);
    const isFileVerb = ['enable', 'disable', 'mask', 'unmask'].includes(verb);
    if (this.context.user.uid !== 0) return this.refused(isFileVerb, found);
    if (found === undefined) return this.missing();
    const { spec, state } = found;
    if (verb === 'enable' || verb === 'disable') return this.link(spec, state);
    if (verb === 'mask' || verb === 'unmask') return this.mask(spec, state);
    switch (verb) {
      case 'start':
        return this.started(spec, state);
      case 'stop':
        return this.stopped(spec);
      case 'restart':
        return this.restarted(spec, state);
      case 'try-restart':
        return state.active === 'active' ? this.restarted(spec, state) : 0;
      case 'kill':
        if (state.pid !== null) this.context.machine.endProcess(state.pid);
        return 0;
      case 'reset-failed':
        this.context.machine.services.resetFailed(spec.name);
        return 0;
      default:
        return this.reloaded(spec, state);
    }
  }

  /** The verb as the messages have it. */
  private get plain(): string {
    return this.verb.replace('try-', '').replace('reload-or-', '');
  }

  private refused(isFileVerb: boolean, found: Unit | undefined): number {
    const { out, unit, verb } = this;
    if (isFileVerb && this.isNew) {
      if (found?.spec.hasInitScript === true && verb !== 'mask' && verb !== 'unmask') {
        this.sayInSync(found.spec);
        out.problem('Reload daemon failed: Interactive authentication required.');
        out.problem('Reload daemon failed: Interactive authentication required.');
      }
      out.problem(`Failed to ${verb} unit: Interactive authentication required.`);
      return 1;
    }
    out.problem(`Failed to ${this.plain} ${unit}: Interactive authentication required.`);
    out.problem(`See system logs and 'systemctl status ${unit}' for details.`);
    return 1;
  }

  private missing(): number {
    const { out, unit, verb } = this;
    if (verb === 'enable' || verb === 'disable') {
      out.problem(`Failed to ${verb} unit: Unit file ${unit} does not exist.`);
      return 1;
    }
    if (verb === 'mask' || verb === 'unmask') {
      out.problem(`Unit ${unit} does not exist, proceeding anyway.`);
      if (verb === 'mask') out.problem(`Created symlink /etc/systemd/system/${unit} → /dev/null.`);
      return 0;
    }
    const isAbout = verb === 'stop' || verb === 'kill' || verb === 'reset-failed';
    const what = this.isNew && isAbout ? 'not loaded' : 'not found';
    out.problem(`Failed to ${this.plain} ${unit}: Unit ${unit} ${what}.`);
    return 5;
  }

  private sayInSync(spec: ServiceSpec): void {
    const script = '/lib/systemd/systemd-sysv-install';
    this.out.problem(
      `Synchronizing state of ${spec.name}.service with SysV service script with ${script}.`,
    );
    this.out.problem(`Executing: ${script} ${this.verb} ${spec.name}`);
  }

  private link(spec: ServiceSpec, state: ServiceState): number {
    const { isNew, name, out, verb } = this;
    const { services } = this.context.machine;
    const isOn = verb === 'enable';
    const plain = name.replace(/\.service$/, '');
    if (isNew && isOn && plain !== spec.name && state.isEnabled) {
      out.problem(
        `Failed to enable unit: Refusing to operate on alias name or linked unit file: ${plain}.service`,
      );
      return 1;
    }
    services.enable(spec.name, isOn);
    if (isNew && spec.hasInitScript === true) this.sayInSync(spec);
    if (isOn !== state.isEnabled) {
      const folder = '/etc/systemd/system';
      const own = `${folder}/multi-user.target.wants/${spec.name}.service`;
      const aliases = isNew ? (spec.aliases ?? []).map((one) => `${folder}/${one}.service`) : [];
      const arrow = (link: string) =>
        isNew
          ? `Created symlink ${link} → ${spec.unitPath}.`
          : `Created symlink from ${link} to ${spec.unitPath}.`;
      const removed = (link: string) => (isNew ? `Removed "${link}".` : `Removed symlink ${link}.`);
      const links = isOn ? [...aliases, own].map(arrow) : [own, ...aliases].map(removed);
      for (const line of links) out.problem(line);
    }
    if (!this.isNow) return 0;
    return isOn ? this.started(spec, state) : this.stopped(spec);
  }

  private mask(spec: ServiceSpec, state: ServiceState): number {
    const { out, verb } = this;
    const link = `/etc/systemd/system/${spec.name}.service`;
    const isMasking = verb === 'mask';
    if (isMasking === (state.isMasked === true)) return 0;
    this.context.machine.services.mask(spec.name, isMasking);
    if (isMasking)
      out.problem(
        this.isNew
          ? `Created symlink ${link} → /dev/null.`
          : `Created symlink from ${link} to /dev/null.`,
      );
    else out.problem(this.isNew ? `Removed "${link}".` : `Removed symlink ${link}.`);
    return this.isNow && isMasking ? this.stopped(spec) : 0;
  }

  private started(spec: ServiceSpec, state: ServiceState): number {
    if (state.isMasked === true) {
      this.out.problem(
        `Failed to ${this.plain} ${spec.name}.service: Unit ${spec.name}.service is masked.`,
      );
      return 1;
    }
    const outcome = this.context.machine.services.start(spec.name);
    if (outcome.ok) return 0;
    const unit = `${spec.name}.service`;
    this.out.problem(
      `Job for ${unit} failed because the control process exited with error code.${this.isNew ? '\n' : ' '}` +
        `See "systemctl status ${unit}" and "journalctl ${this.isNew ? `-xeu ${unit}` : '-xe'}" for details.`,
    );
    return 1;
  }

  private stopped(spec: ServiceSpec): number {
    this.context.machine.services.stop(spec.name);
    return 0;
  }

  private restarted(spec: ServiceSpec, state: ServiceState): number {
    this.stopped(spec);
    return this.started(spec, state);
  }

  private reloaded(spec: ServiceSpec, state: ServiceState): number {
    const { out, verb } = this;
    if (state.active !== 'active') {
      if (verb === 'reload-or-restart') return this.started(spec, state);
      out.problem(`${spec.name}.service is not active, cannot reload.`);
      return 1;
    }
    if (!spec.canReload) {
      if (verb === 'reload-or-restart') return this.restarted(spec, state);
      out.problem(
        `Failed to reload ${spec.name}.service: Job type reload is not applicable for unit ${spec.name}.service.`,
      );
      return this.isNew ? 3 : 1;
    }
    const outcome = this.context.machine.services.reload(spec.name);
    if (outcome.ok) return 0;
    const unit = `${spec.name}.service`;
    out.problem(
      `Job for ${unit} failed.${this.isNew ? '\n' : ' '}See "systemctl status ${unit}" and "journalctl ${this.isNew ? `-xeu ${unit}` : '-xe'}" for details.`,
    );
    return 1;
  }
}

function resetAll(context: CommandContext): CommandResult {
  for (const { spec } of context.machine.services.list())
    context.machine.services.resetFailed(spec.name);
  return printed('');
}

function ask(
  context: CommandContext,
  names: readonly string[],
  given: GivenOptions,
  test: (found: Unit) => readonly [string, boolean],
  otherwise: number,
): CommandResult {
  const isNew = context.machine.distribution.systemd > 219;
  const answers = names.map((name) => {
    const found = context.machine.services.find(name);
    return found === undefined ? ([isNew ? 'inactive' : 'unknown', false] as const) : test(found);
  });
  // One that is so is enough.
  const isTrue = answers.some(([, one]) => one);
  const text = given.has('q') ? '' : answers.map(([word]) => `${word}\n`).join('');
  return printed(text, isTrue ? 0 : otherwise);
}

function areEnabled(
  context: CommandContext,
  names: readonly string[],
  isQuiet: boolean,
): CommandResult {
  const out = new Printer();
  let isAny = false;
  let isAnyMissing = false;
  const states: string[] = [];
  for (const name of names) {
    const found = context.machine.services.find(name);
    if (found === undefined) {
      isAnyMissing = true;
      out.problem(`Failed to get unit file state for ${unitOf(name)}: No such file or directory`);
      continue;
    }
    const plain = name.replace(/\.service$/, '');
    const state = plain === found.spec.name ? unitFileState(found) : 'alias';
    states.push(state);
    isAny ||= state === 'enabled' || state === 'alias';
  }
  if (!isQuiet) for (const state of states) out.line(state);
  return out.result(isAny && !isAnyMissing ? 0 : 1);
}

function statuses(
  context: CommandContext,
  names: readonly string[],
  logLines: number,
): CommandResult {
  const { machine } = context;
  const out = new Printer();
  let exitCode = 0;
  let isFirst = true;
  for (const name of names) {
    const found = machine.services.find(name);
    if (found === undefined) {
      out.problem(`Unit ${unitOf(name)} could not be found.`);
      exitCode = 4;
      continue;
    }
    if (!isFirst) out.line('');
    isFirst = false;
    for (const line of statusLines(machine, found, machine.distribution.systemd, logLines))
      out.line(line);
    if (found.state.active !== 'active') exitCode = 3;
  }
  return out.result(exitCode);
}

function listUnits(
  context: CommandContext,
  given: GivenOptions,
  names: readonly string[],
): CommandResult {
  const types = given.listed('t');
  const wrong = types.find((type) => !['service', 'running', 'failed', 'active'].includes(type));
  if (wrong !== undefined) {
    const isReal = /^(?:socket|target|timer|mount|device|slice|scope|path|swap)$/.test(wrong);
    return isReal
      ? unsupported(context, 'systemctl', `-t ${wrong}`)
      : failed(
          `Unknown unit type or load state '${wrong}'.\nUse -t help to see a list of allowed values.`,
        );
  }
  const states = [...given.listed('S'), ...(given.has('F') ? ['failed'] : [])];
  const isAll = given.has('a');
  const units = context.machine.services
    .list()
    .filter((unit) => {
      const { active } = unit.state;
      if (!isWanted(unit.spec, names)) return false;
      if (states.length > 0) return states.some((one) => one === active || one === subState(unit));
      return isAll || active !== 'inactive';
    })
    .sort((one, other) => (one.spec.name < other.spec.name ? -1 : 1));
  return printed(
    unitList(units, {
      version: context.machine.distribution.systemd,
      hasLegend: !given.has('L'),
      isChosen: states.length > 0,
      isAll,
    }),
  );
}

function show(
  context: CommandContext,
  given: GivenOptions,
  names: readonly string[],
): CommandResult {
  const wanted = given.listed('p');
  const [name] = names;
  if (name === undefined) return unsupported(context, 'systemctl', 'show');
  const found = context.machine.services.find(name);
  const all: Readonly<Record<string, string>> = {
    MainPID: String(found?.state.pid ?? 0),
    Id: found === undefined ? unitOf(name) : `${found.spec.name}.service`,
    Description: found?.spec.description ?? unitOf(name),
    LoadState:
      found === undefined ? 'not-found' : found.state.isMasked === true ? 'masked' : 'loaded',
    ActiveState: found?.state.active ?? 'inactive',
    SubState: found === undefined ? 'dead' : subState(found),
    FragmentPath: found?.spec.unitPath ?? '',
    UnitFileState: found === undefined ? '' : unitFileState(found),
  };
  const entries = Object.entries(all).filter(
    ([key]) => wanted.length === 0 || wanted.includes(key),
  );
  const lines = entries.map(([key, value]) => (given.has('V') ? value : `${key}=${value}`));
  return printed(lines.map((line) => `${line}\n`).join(''));
}

function cat(context: CommandContext, names: readonly string[]): CommandResult {
  const out = new Printer();
  for (const [index, name] of names.entries()) {
    const found = context.machine.services.find(name);
    if (found === undefined) {
      out.problem(`No files found for ${unitOf(name)}.`);
      return out.result(1);
    }
    const { spec, state } = found;
    if (index > 0) out.line('');
    if (state.isMasked === true) {
      out.line(`# Unit ${spec.name}.service is masked.`);
      continue;
    }
    const docs = (spec.docs ?? []).join(' ');
    out.text(
      `# ${spec.unitPath}\n${
        spec.unitText ??
        `[Unit]\nDescription=${spec.description}\n${docs === '' ? '' : `Documentation=${docs}\n`}\n[Service]\nExecStart=${spec.args}\n\n[Install]\nWantedBy=multi-user.target\n`
      }`,
    );
  }
  return out.result(0);
}

const serviceUsage =
  'Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]';
const scriptVerbs = ['start', 'stop', 'reload', 'force-reload', 'restart', 'try-restart', 'status'];

/** `service NAME VERB`, the older way round. */
export const service: Command = {
  name: 'service',
  async run(context) {
    const [name, verb] = context.args;
    const isNew = context.machine.distribution.systemd > 219;
    if (name === '--status-all' && isNew) {
      const units = context.machine.services.list().filter(({ spec }) => spec.hasInitScript);
      const lines = units
        .map(({ spec, state }) => ` [ ${state.active === 'active' ? '+' : '-'} ]  ${spec.name}\n`)
        .sort();
      return printed(lines.join(''));
    }
    if (name === undefined) return failed(serviceUsage);
    const script = `Usage: /etc/init.d/${name} {${scriptVerbs.join('|')}}.`;
    const hasScript = context.machine.services.find(name)?.spec.hasInitScript === true;
    if (hasScript && (verb === undefined || !scriptVerbs.includes(verb))) return failed(script);
    if (verb === undefined) return failed(serviceUsage);
    const result = await systemctl.run({ ...context, args: [verb, name] });
    if (isNew) return result;
    const note = `Redirecting to /bin/systemctl ${verb} ${name}.service\n`;
    return {
      ...result,
      stderr: `${note}${result.stderr}`,
      inOrder: [
        { stream: 'err', text: note },
        ...(result.inOrder ?? [
          { stream: 'out', text: result.stdout },
          { stream: 'err', text: result.stderr },
        ]),
      ],
    };
  },
};
