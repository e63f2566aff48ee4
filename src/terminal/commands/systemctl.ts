/** systemctl, service and journalctl: the machine's services. */

import type { ServiceSpec } from '../linux/distribution.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import type { ServiceState } from '../linux/services.ts';
import {
  failed,
  Printer,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';

const verbs = [
  'start',
  'stop',
  'restart',
  'reload',
  'try-restart',
  'reload-or-restart',
  'enable',
  'disable',
];

export const systemctl: Command = {
  name: 'systemctl',
  run(context) {
    const words = context.args.filter((arg) => !arg.startsWith('-'));
    const flags = context.args.filter((arg) => arg.startsWith('-'));
    const unknown = flags.find(
      (flag) =>
        ![
          '--now',
          '--no-pager',
          '-l',
          '--full',
          '--all',
          '-a',
          '--type=service',
          '-t',
          '--no-legend',
          '-q',
          '--quiet',
          '--failed',
        ].includes(flag) && !/^--(?:state|type)=/.test(flag),
    );
    if (unknown !== undefined) return unsupported(context, 'systemctl', unknown);
    const [verb = 'list-units', ...names] = words;
    if (verb === 'list-units') return listUnits(context, flags);
    if (verb === 'list-unit-files') return listUnitFiles(context);
    if (verb === 'daemon-reload') return needsRoot(context, 'reload daemon') ?? printed('');
    if (verb === 'reboot') {
      const refusal = needsRoot(context, 'reboot system via logind');
      if (refusal !== null) return refusal;
      context.reboot();
      return printed('');
    }
    if (names.length === 0) return failed('Too few arguments.');
    if (verb === 'status') return statuses(context, names);
    if (verb === 'cat') return cat(context, names);
    if (verb === 'is-active')
      return ask(context, names, ({ state }) => [state.active, state.active === 'active'], 3);
    if (verb === 'is-failed')
      return ask(context, names, ({ state }) => [state.active, state.active === 'failed'], 1);
    if (verb === 'is-enabled')
      return ask(
        context,
        names,
        ({ state }) => [state.isEnabled ? 'enabled' : 'disabled', state.isEnabled],
        1,
      );
    if (!verbs.includes(verb)) return failed(`Unknown operation ${verb}.`);
    const out = new Printer();
    let exitCode = 0;
    for (const name of names) {
      const result = act(context, verb, name, flags.includes('--now'), out);
      if (result !== 0) exitCode = result;
    }
    return out.result(exitCode);
  },
};

function needsRoot(context: CommandContext, what: string): CommandResult | null {
  return context.user.uid === 0
    ? null
    : failed(`Failed to ${what}: Interactive authentication required.`);
}

function act(
  context: CommandContext,
  verb: string,
  name: string,
  isNow: boolean,
  out: Printer,
): number {
  const { services } = context.machine;
  const unit = `${name.replace(/\.service$/, '')}.service`;
  const found = services.find(name);
  const simple = verb.replace('try-', '').replace('reload-or-', '');
  if (context.user.uid !== 0) {
    out.problem(`Failed to ${simple} ${unit}: Interactive authentication required.`);
    out.problem(`See system logs and 'systemctl status ${unit}' for details.`);
    return 1;
  }
  if (found === undefined) {
    out.problem(
      verb === 'enable' || verb === 'disable'
        ? `Failed to ${verb} unit: Unit file ${unit} does not exist.`
        : `Failed to ${simple} ${unit}: Unit ${unit} not found.`,
    );
    return verb === 'enable' || verb === 'disable' ? 1 : 5;
  }
  const { spec, state } = found;
  if (verb === 'enable' || verb === 'disable') {
    services.enable(spec.name, verb === 'enable');
    const link = `/etc/systemd/system/multi-user.target.wants/${spec.name}.service`;
    if (verb === 'enable' && !state.isEnabled)
      out.problem(`Created symlink from ${link} to ${spec.unitPath}.`);
    if (verb === 'disable' && state.isEnabled) out.problem(`Removed symlink ${link}.`);
    if (isNow) return verb === 'enable' ? started(context, spec, out) : stopped(context, spec);
    return 0;
  }
  switch (verb) {
    case 'start':
      return started(context, spec, out);
    case 'stop':
      return stopped(context, spec);
    case 'restart':
      stopped(context, spec);
      return started(context, spec, out);
    case 'try-restart':
      if (state.active !== 'active') return 0;
      stopped(context, spec);
      return started(context, spec, out);
    default:
      return reloaded(context, spec, state, verb, out);
  }
}

function started(context: CommandContext, spec: ServiceSpec, out: Printer): number {
  const outcome = context.machine.services.start(spec.name);
  if (outcome.ok) return 0;
  out.problem(
    `Job for ${spec.name}.service failed because the control process exited with error code. ` +
      `See "systemctl status ${spec.name}.service" and "journalctl -xe" for details.`,
  );
  return 1;
}

function stopped(context: CommandContext, spec: ServiceSpec): number {
  context.machine.services.stop(spec.name);
  return 0;
}

function reloaded(
  context: CommandContext,
  spec: ServiceSpec,
  state: ServiceState,
  verb: string,
  out: Printer,
): number {
  if (state.active !== 'active') {
    if (verb === 'reload-or-restart') return started(context, spec, out);
    out.problem(`${spec.name}.service is not active, cannot reload.`);
    return 1;
  }
  if (!spec.canReload) {
    if (verb === 'reload-or-restart') {
      stopped(context, spec);
      return started(context, spec, out);
    }
    out.problem(
      `Failed to reload ${spec.name}.service: Job type reload is not applicable for unit ${spec.name}.service.`,
    );
    return 1;
  }
  const outcome = context.machine.services.reload(spec.name);
  if (outcome.ok) return 0;
  out.problem(
    `Job for ${spec.name}.service failed. See "systemctl status ${spec.name}.service" and "journalctl -xe" for details.`,
  );
  return 1;
}

type Found = NonNullable<ReturnType<LinuxHost['services']['find']>>;

function ask(
  context: CommandContext,
  names: readonly string[],
  test: (found: Found) => readonly [string, boolean],
  otherwise: number,
): CommandResult {
  let exitCode = 0;
  let text = '';
  for (const name of names) {
    const found = context.machine.services.find(name);
    const [word, isTrue] = found === undefined ? (['unknown', false] as const) : test(found);
    text += `${word}\n`;
    if (!isTrue) exitCode = otherwise;
  }
  return printed(text, exitCode);
}

function statuses(context: CommandContext, names: readonly string[]): CommandResult {
  const out = new Printer();
  let exitCode = 0;
  for (const name of names) {
    const found = context.machine.services.find(name);
    if (found === undefined) {
      out.problem(`Unit ${name.replace(/\.service$/, '')}.service could not be found.`);
      exitCode = 4;
      continue;
    }
    for (const line of statusLines(context.machine, found)) out.line(line);
    if (found.state.active !== 'active') exitCode = 3;
  }
  return out.result(exitCode);
}

function statusLines(machine: LinuxHost, { spec, state }: Found): string[] {
  const enabled = state.isEnabled ? 'enabled' : 'disabled';
  const since = stamp(machine, state.sinceMs);
  const ago = duration(machine.world.nowMs - state.sinceMs);
  const active =
    state.active === 'active'
      ? `active (running) since ${since}; ${ago} ago`
      : state.active === 'failed'
        ? `failed (Result: exit-code) since ${since}; ${ago} ago`
        : 'inactive (dead)';
  const process = state.pid === null ? undefined : machine.processes.get(state.pid);
  const log = state.log.slice(-6).map((entry) => logLine(machine, spec.name, entry));
  return [
    `● ${spec.name}.service - ${spec.description}`,
    `   Loaded: loaded (${spec.unitPath}; ${enabled}; vendor preset: ${spec.isEnabled ? 'enabled' : 'disabled'})`,
    `   Active: ${active}`,
    ...(process === undefined
      ? []
      : [
          ` Main PID: ${process.pid} (${process.command})`,
          `   CGroup: /system.slice/${spec.name}.service`,
          `           └─${process.pid} ${process.args}`,
        ]),
    ...(log.length > 0 ? ['', ...log] : []),
  ];
}

function stamp(machine: LinuxHost, atMs: number): string {
  const date = new Date(machine.epochNowMs - machine.world.nowMs + atMs);
  return `${date.toUTCString().slice(0, 3)} ${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)} UTC`;
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}min ${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}min`;
}

function logLine(machine: LinuxHost, name: string, entry: ServiceState['log'][number]): string {
  const date = new Date(machine.epochNowMs - machine.world.nowMs + entry.atMs);
  const day = `${date.toUTCString().slice(8, 11)} ${date.toISOString().slice(8, 10)}`;
  const speaker = /^(?:Started|Stopped|Reloaded|Main process)/.test(entry.text)
    ? 'systemd[1]'
    : `${name}[${1000 + name.length}]`;
  return `${day} ${date.toISOString().slice(11, 19)} ${machine.hostName()} ${speaker}: ${entry.text}`;
}

function listUnits(context: CommandContext, flags: readonly string[]): CommandResult {
  const all = flags.includes('--all') || flags.includes('-a');
  const onlyFailed = flags.includes('--failed') || flags.includes('--state=failed');
  const units = context.machine.services
    .list()
    .filter(({ state }) =>
      onlyFailed ? state.active === 'failed' : all || state.active !== 'inactive',
    );
  const width = Math.max(4, ...units.map(({ spec }) => spec.name.length + 8));
  const lines = units.map(({ spec, state }) => {
    const sub =
      state.active === 'active' ? 'running' : state.active === 'failed' ? 'failed' : 'dead';
    const mark = state.active === 'failed' ? '●' : ' ';
    return `${mark} ${`${spec.name}.service`.padEnd(width)} loaded ${state.active.padEnd(8)} ${sub.padEnd(7)} ${spec.description}\n`;
  });
  return printed(
    `  ${'UNIT'.padEnd(width)} LOAD   ACTIVE   SUB     DESCRIPTION\n${lines.join('')}\n${units.length} loaded units listed.\n`,
  );
}

function listUnitFiles(context: CommandContext): CommandResult {
  const units = context.machine.services.list();
  const width = Math.max(9, ...units.map(({ spec }) => spec.name.length + 8));
  const lines = units.map(
    ({ spec, state }) =>
      `${`${spec.name}.service`.padEnd(width)} ${state.isEnabled ? 'enabled' : 'disabled'}\n`,
  );
  return printed(
    `${'UNIT FILE'.padEnd(width)} STATE\n${lines.join('')}\n${units.length} unit files listed.\n`,
  );
}

function cat(context: CommandContext, names: readonly string[]): CommandResult {
  const out = new Printer();
  for (const name of names) {
    const found = context.machine.services.find(name);
    if (found === undefined) {
      out.problem(`No files found for ${name}.service.`);
      return out.result(1);
    }
    const { spec } = found;
    out.text(
      `# ${spec.unitPath}\n[Unit]\nDescription=${spec.description}\n\n[Service]\nExecStart=${spec.args}\n\n[Install]\nWantedBy=multi-user.target\n`,
    );
  }
  return out.result(0);
}

/** `service NAME VERB`, the older way round. */
export const service: Command = {
  name: 'service',
  async run(context) {
    const [name, verb] = context.args;
    if (name === undefined || verb === undefined)
      return failed(
        'Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]',
      );
    const result = await systemctl.run({ ...context, args: [verb, name] });
    return {
      ...result,
      stderr: `Redirecting to /bin/systemctl ${verb} ${name}.service\n${result.stderr}`,
      inOrder: [
        { stream: 'err', text: `Redirecting to /bin/systemctl ${verb} ${name}.service\n` },
        ...(result.inOrder ?? [
          { stream: 'out', text: result.stdout },
          { stream: 'err', text: result.stderr },
        ]),
      ],
    };
  },
};

export const journalctl: Command = {
  name: 'journalctl',
  run(context) {
    const { machine, args } = context;
    const unitAt = args.findIndex((arg) => arg === '-u' || arg === '--unit');
    const unit =
      unitAt === -1
        ? args.find((arg) => arg.startsWith('-u') && arg.length > 2)?.slice(2)
        : args[unitAt + 1];
    const unknown = args.find(
      (arg, index) =>
        arg.startsWith('-') &&
        !/^-(?:u.*|x|e|xe|n|xeu|b|r)$/.test(arg) &&
        !['--no-pager', '--unit'].includes(arg) &&
        index !== unitAt + 1,
    );
    if (unknown !== undefined) return unsupported(context, 'journalctl', unknown);
    const entries = machine.services
      .list()
      .filter(
        ({ spec }) =>
          unit === undefined ||
          spec.name === unit.replace(/\.service$/, '') ||
          spec.aliases?.includes(unit),
      )
      .flatMap(({ spec, state }) => state.log.map((entry) => ({ name: spec.name, entry })))
      .sort((one, other) => one.entry.atMs - other.entry.atMs);
    if (entries.length === 0) return printed('-- No entries --\n');
    return printed(entries.map(({ name, entry }) => `${logLine(machine, name, entry)}\n`).join(''));
  },
};
