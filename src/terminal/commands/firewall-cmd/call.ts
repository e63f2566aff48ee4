/** firewall-cmd (firewalld 1.3.3): zones with their services, ports and rules, for now or permanently. */

import { Firewalld } from '../../firewall/firewalld.ts';
import { FirewalldProblem } from '../../firewall/firewalld-problem.ts';
import { readRichRule } from '../../firewall/firewalld-rich-rule.ts';
import { firewalldServices } from '../../firewall/firewalld-services.ts';
import { valuesOf, type Zone, type ZoneTarget } from '../../firewall/firewalld-zones.ts';
import {
  failed,
  Printer,
  printed,
  unsupported,
  type CommandContext,
  type CommandResult,
} from '../command.ts';
import {
  kinds,
  LeftOut,
  readArguments,
  usage,
  UsageProblem,
  type Asked,
  type Kind,
  type Verb,
} from './arguments.ts';
import { byProtocol, checked, entryKind, portParts, withPort } from './values.ts';

/** Runs firewall-cmd. */
export async function runFirewallCmd(context: CommandContext): Promise<CommandResult> {
  const { args } = context;
  if (args.includes('-h') || args.includes('--help'))
    return printed((await context.manual('firewall-cmd')) ?? '');
  let asked: Asked;
  try {
    asked = readArguments(args);
  } catch (problem) {
    if (problem instanceof LeftOut) return unsupported(context, 'firewall-cmd', problem.message);
    if (!(problem instanceof UsageProblem)) throw problem;
    return failed(`${usage}\n${problem.message}`, 2);
  }
  const wall = new Firewalld(context.machine);
  const out = new Printer();
  const result = (code: number): CommandResult => {
    if (asked.isQuiet) return { stdout: '', stderr: '', exitCode: code };
    return out.result(code);
  };
  if (!wall.isRunning) {
    out.problem(asked.action === 'state' ? 'not running' : 'FirewallD is not running');
    return result(252);
  }
  if (context.user.uid !== 0) {
    out.problem(
      'Authorization failed.\n    Make sure polkit agent is running or run the application as superuser.',
    );
    return result(253);
  }
  try {
    return result(new Call(context, wall, out, asked).run());
  } catch (problem) {
    if (!(problem instanceof FirewalldProblem)) throw problem;
    if (problem.problem === '') return unsupported(context, 'firewall-cmd', problem.detail);
    out.problem(`Error: ${problem.message}`);
    return result(problem.code);
  }
}

/** One call of it. */
class Call {
  private readonly context: CommandContext;
  private readonly wall: Firewalld;
  private readonly out: Printer;
  private readonly asked: Asked;

  constructor(context: CommandContext, wall: Firewalld, out: Printer, asked: Asked) {
    this.context = context;
    this.wall = wall;
    this.out = out;
    this.asked = asked;
  }

  private get zones(): readonly Zone[] {
    return this.asked.isPermanent
      ? this.wall.permanentZones()
      : (this.wall.runtime?.zones ?? []).toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  private get defaultZone(): string {
    return this.wall.runtime?.defaultZone ?? 'public';
  }

  private zone(name = this.asked.zone ?? this.defaultZone): Zone {
    const found = this.zones.find((zone) => zone.name === name);
    if (found === undefined) throw new FirewalldProblem('INVALID_ZONE', name);
    return found;
  }

  private active(): readonly Zone[] {
    return (this.wall.runtime?.zones ?? [])
      .filter(({ interfaces, sources }) => interfaces.length + sources.length > 0)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  private yes(isSo: boolean): number {
    this.out.line(isSo ? 'yes' : 'no');
    return isSo ? 0 : 1;
  }

  private success(): number {
    this.out.line('success');
    return 0;
  }

  run(): number {
    const { action, values } = this.asked;
    const [value = ''] = values;
    const [, verb, kind] = /^(add|remove|query)-(.*)$/.exec(action) ?? [];
    if (verb !== undefined && kinds.some((one) => one === kind))
      return this.change(verb as Verb, kind as Kind);
    switch (action) {
      case '':
        this.out.line('State: running\n\nNo options specified');
        this.out.line(usage);
        return 2;
      case 'state':
        this.out.line('running');
        return 0;
      case 'version':
        this.out.line('1.3.3');
        return 0;
      case 'query-panic':
        return this.yes(false);
      case 'reload':
      case 'complete-reload':
        this.wall.load();
        return this.success();
      case 'check-config':
        return this.success();
      case 'runtime-to-permanent':
        for (const zone of this.zones) {
          const before = this.wall.permanentZones().find(({ name }) => name === zone.name);
          if (JSON.stringify(before) !== JSON.stringify(zone)) this.wall.setPermanentZone(zone);
        }
        return this.success();
      case 'get-default-zone':
        this.out.line(this.defaultZone);
        return 0;
      case 'set-default-zone':
        return this.setDefaultZone(value);
      case 'get-zones':
        this.out.line(this.zones.map(({ name }) => name).join(' '));
        return 0;
      case 'get-services':
        this.out.line([...firewalldServices().keys()].sort().join(' '));
        return 0;
      case 'get-active-zones':
        for (const { interfaces, name, sources } of this.active()) {
          this.out.line(name);
          if (interfaces.length > 0) this.out.line(`  interfaces: ${interfaces.join(' ')}`);
          if (sources.length > 0) this.out.line(`  sources: ${sources.join(' ')}`);
        }
        return 0;
      case 'get-zone-of-interface':
      case 'get-zone-of-source': {
        const found = this.zones.find(({ interfaces, sources }) =>
          (action === 'get-zone-of-interface' ? interfaces : sources).includes(value),
        );
        if (found === undefined) {
          this.out.problem('no zone');
          return 2;
        }
        this.out.line(found.name);
        return 0;
      }
      case 'change-interface':
        return this.changeInterface(value);
      case 'get-target':
        this.out.line(this.zone().target);
        return 0;
      case 'set-target':
        return this.setTarget(value);
      case 'query-forward':
        return this.yes(this.zone().forwards);
      case 'query-masquerade':
        return this.yes(this.zone().masquerades);
      case 'info-zone':
        this.showZone(this.zone(value));
        return 0;
      case 'info-service':
        return this.showService(value);
      default:
        return this.list(action.slice('list-'.length));
    }
  }

  private setDefaultZone(name: string): number {
    this.zone(name);
    const { runtime } = this.wall;
    if (runtime === null) return 0;
    if (runtime.defaultZone === name) this.out.problem(`Warning: ZONE_ALREADY_SET: ${name}`);
    else {
      this.wall.setDefaultZone(name);
      this.wall.setRuntime({ ...runtime, defaultZone: name });
    }
    return this.success();
  }

  private setTarget(value: string): number {
    const targets: readonly string[] = ['default', 'ACCEPT', 'DROP', '%%REJECT%%'];
    const target = value === 'REJECT' ? '%%REJECT%%' : value;
    const zone = this.zone();
    if (!targets.includes(target))
      throw new FirewalldProblem(
        'INVALID_TARGET',
        `Zone '${zone.name}': invalid target '${value}'`,
      );
    this.wall.setPermanentZone({ ...zone, target: target as ZoneTarget });
    return this.success();
  }

  /** Says that interfaces lie in other zones than the one that is meant. */
  private remindOfZone(): void {
    const active = this.active().map(({ name }) => name);
    const [first] = active;
    if (this.asked.zone !== undefined || first === undefined || active.includes(this.defaultZone))
      return;
    this.out.line(`You're performing an operation over default zone ('${this.defaultZone}'),
but your connections/interfaces are in zone '${active.join(',')}' (see --get-active-zones)
You most likely need to use --zone=${first} option.
`);
  }

  // --- Lists ---

  private list(what: string): number {
    if (what === 'all-zones') {
      for (const [index, zone] of this.zones.entries()) {
        if (index > 0) this.out.line('');
        this.showZone(zone);
      }
      this.out.line('');
      return 0;
    }
    const zone = this.zone();
    this.remindOfZone();
    switch (what) {
      case 'all':
        this.showZone(zone);
        return 0;
      case 'services':
        this.out.line([...valuesOf(zone, 'service')].sort().join(' '));
        return 0;
      case 'ports':
        this.out.line(valuesOf(zone, 'port').toSorted(byProtocol).join(' '));
        return 0;
      case 'rich-rules':
        this.out.line(valuesOf(zone, 'rule').join('\n'));
        return 0;
      case 'interfaces':
        this.out.line(zone.interfaces.join(' '));
        return 0;
      case 'sources':
        this.out.line(zone.sources.join(' '));
        return 0;
      default:
        this.out.line('');
        return 0;
    }
  }

  private showZone(zone: Zone): void {
    const { forwards, interfaces, masquerades, name, sources, target } = zone;
    const isActive = !this.asked.isPermanent && interfaces.length + sources.length > 0;
    const rules = valuesOf(zone, 'rule').toSorted(
      (one, other) => readRichRule(one).priority - readRichRule(other).priority,
    );
    const yes = (isSo: boolean) => (isSo ? 'yes' : 'no');
    for (const line of [
      `${name}${isActive ? ' (active)' : ''}`,
      `  target: ${target}`,
      '  icmp-block-inversion: no',
      `  interfaces: ${interfaces.join(' ')}`,
      `  sources: ${sources.join(' ')}`,
      `  services: ${[...valuesOf(zone, 'service')].sort().join(' ')}`,
      `  ports: ${valuesOf(zone, 'port').join(' ')}`,
      '  protocols: ',
      `  forward: ${yes(forwards)}`,
      `  masquerade: ${yes(masquerades)}`,
      '  forward-ports: ',
      '  source-ports: ',
      '  icmp-blocks: ',
      '  rich rules: ',
      ...rules.map((rule) => `\t${rule}`),
    ])
      this.out.line(line);
  }

  private showService(name: string): number {
    const service = firewalldServices().get(name);
    if (service === undefined) throw new FirewalldProblem('INVALID_SERVICE', name);
    const { destinations, helpers, includes, ports, protocols, sourcePorts } = service;
    for (const line of [
      name,
      `  ports: ${ports.join(' ')}`,
      `  protocols: ${protocols.join(' ')}`,
      `  source-ports: ${sourcePorts.join(' ')}`,
      '  modules: ',
      `  destination: ${destinations.join(' ')}`,
      `  includes: ${[...includes].sort().join(' ')}`,
      `  helpers: ${[...helpers].sort().join(' ')}`,
    ])
      this.out.line(line);
    return 0;
  }

  // --- Changes ---

  private change(verb: Verb, kind: Kind): number {
    const zone = this.zone();
    let code = 0;
    let isReminded = false;
    const remind = () => {
      if (!isReminded) this.remindOfZone();
      isReminded = true;
    };
    let changed = zone;
    try {
      for (const value of this.asked.values) {
        const wanted = checked(kind, value, {
          verb,
          isPermanent: this.asked.isPermanent,
          zone: zone.name,
          portOf: (name, protocol) =>
            this.context.machine.serviceNames().byName(name, protocol)?.port,
        });
        const has = this.holds(changed, kind, wanted);
        if (verb === 'query') {
          remind();
          code = this.yes(has);
          continue;
        }
        changed = this.changed(changed, verb === 'add', kind, wanted, has);
      }
    } catch (problem) {
      if (!(problem instanceof FirewalldProblem) || problem.problem === '') throw problem;
      this.out.problem(`Error: ${problem.message}`);
      remind();
      return problem.code;
    }
    if (verb === 'query') return code;
    remind();
    if (changed !== zone) this.keep(changed);
    return this.success();
  }

  private keep(zone: Zone): void {
    if (this.asked.isPermanent) {
      this.wall.setPermanentZone(zone);
      return;
    }
    const { runtime } = this.wall;
    if (runtime === null) return;
    const zones = runtime.zones.map((one) => (one.name === zone.name ? zone : one));
    this.wall.setRuntime({ ...runtime, zones });
  }

  private holds(zone: Zone, kind: Kind, value: string): boolean {
    if (kind === 'interface') return zone.interfaces.includes(value);
    if (kind === 'source') return zone.sources.includes(value);
    const own = valuesOf(zone, entryKind(kind));
    if (kind !== 'port') return own.includes(value);
    const { high, low, protocol } = portParts(value);
    return own.some((one) => {
      const range = portParts(one);
      return range.protocol === protocol && range.low <= low && high <= range.high;
    });
  }

  private changed(zone: Zone, isAdding: boolean, kind: Kind, value: string, has: boolean): Zone {
    const { isPermanent } = this.asked;
    const said = kind === 'port' ? value.replace('/', ':') : value;
    const warn = (problem: string, how: string) => {
      this.out.problem(
        `Warning: ${problem}: ${isPermanent ? said : `'${said}' ${how} '${zone.name}'`}`,
      );
      return zone;
    };
    if (kind === 'interface' || kind === 'source') {
      const field = kind === 'interface' ? 'interfaces' : 'sources';
      if (isAdding) {
        const owner = this.zones.find((one) => one[field].includes(value));
        if (owner !== undefined && owner.name !== zone.name)
          throw new FirewalldProblem(
            'ZONE_CONFLICT',
            isPermanent ? value : `'${value}' already bound to '${owner.name}'`,
          );
        if (has)
          return isPermanent
            ? warn('ALREADY_ENABLED', '')
            : warn('ZONE_ALREADY_SET', 'already bound to');
        return { ...zone, [field]: [...zone[field], value] };
      }
      if (!has) {
        if (isPermanent) return warn('NOT_ENABLED', '');
        throw new FirewalldProblem(
          kind === 'interface' ? 'UNKNOWN_INTERFACE' : 'UNKNOWN_SOURCE',
          `'${value}' is not in any zone`,
        );
      }
      return { ...zone, [field]: zone[field].filter((one) => one !== value) };
    }
    if (kind === 'port' && isAdding !== has) return withPort(zone, value, isAdding);
    if (isAdding)
      return has
        ? warn('ALREADY_ENABLED', 'already in')
        : { ...zone, entries: [...zone.entries, { kind: entryKind(kind), value }] };
    const left = zone.entries.filter(
      (entry) => entry.kind !== entryKind(kind) || entry.value !== value,
    );
    return left.length === zone.entries.length
      ? warn('NOT_ENABLED', 'not in')
      : { ...zone, entries: left };
  }

  private changeInterface(name: string): number {
    const { isPermanent } = this.asked;
    const zone = this.zone();
    if (zone.interfaces.includes(name)) {
      this.out.problem(`Warning: ZONE_ALREADY_SET: '${name}' already bound to '${zone.name}'`);
      return this.success();
    }
    const moved = (one: Zone): Zone => ({
      ...one,
      interfaces: [
        ...one.interfaces.filter((own) => own !== name),
        ...(one.name === zone.name ? [name] : []),
      ],
    });
    if (isPermanent) {
      for (const one of this.zones)
        if (one.name === zone.name || one.interfaces.includes(name))
          this.wall.setPermanentZone(moved(one));
    } else {
      const { runtime } = this.wall;
      if (runtime !== null) this.wall.setRuntime({ ...runtime, zones: runtime.zones.map(moved) });
    }
    return this.success();
  }
}
