/** Whether a condition holds on a machine: its state, and what has been on the screen. */

import { parsePortList } from '../../network/sysctl/linux-ports.ts';
import type { SocketInfo } from '../../network/world.ts';
import { letsIn } from './firewall-view.ts';
import { hears } from '../linux/address-texts.ts';
import { fromBytes } from '../linux/file-system.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import { machineHost, neighbours } from '../linux/neighbourhood.ts';
import type { Condition, ConnectionCondition, Ports, ServesCondition } from './lab.ts';

/** What a condition is asked about. */
export interface LabFacts {
  readonly machine: LinuxHost;
  /** Whose shell it is. */
  readonly user: string;
  /** The text of files when the lab began. */
  readonly originals: Readonly<Record<string, string>>;
  /** The highest socket id of each host when the step began. */
  readonly socketsBefore: Readonly<Record<string, number>>;
  /** On the screen since the step began. */
  readonly shown: string;
  /** What the last command printed. */
  readonly printed: string;
  /** The last command line. */
  readonly typed: string;
}

/** @throws Error for a condition without any member, which no schema lets through. */
export function holds(condition: Condition, facts: LabFacts): boolean {
  const { machine } = facts;
  if (condition.running !== undefined) {
    const { key, is } = condition.running;
    return oneSpace(machine.sysctls.get(key) ?? '') === oneSpace(is);
  }
  if (condition.sets !== undefined) {
    const { path, key, value } = condition.sets;
    const set = settingIn(machine.readText(path) ?? '', key);
    return set !== undefined && (value === undefined || oneSpace(set) === oneSpace(value));
  }
  if (condition.original !== undefined)
    return machine.readText(condition.original) === facts.originals[condition.original];
  if (condition['keeps-original'] !== undefined) {
    const path = condition['keeps-original'];
    const now = new Set((machine.readText(path) ?? '').split('\n'));
    return (facts.originals[path] ?? '').split('\n').every((line) => now.has(line));
  }
  if (condition.backup !== undefined) return hasBackup(condition.backup, facts);
  if (condition.exists !== undefined) return machine.readText(condition.exists) !== undefined;
  if (condition.matches !== undefined) {
    const { path, pattern } = condition.matches;
    return new RegExp(pattern, 'm').test(machine.readText(path) ?? '');
  }
  if (condition.listening !== undefined) {
    const { port, by } = condition.listening;
    return machine.host
      .sockets()
      .some(
        (socket) =>
          (socket.state === 'LISTEN' || socket.state === 'UNCONN') &&
          isAmong(socket.localPort, port) &&
          (by === undefined || socket.owner?.command === by),
      );
  }
  if (condition.service !== undefined) {
    const { name, is } = condition.service;
    return machine.services.find(name)?.state.active === is;
  }
  if (condition.connection !== undefined)
    return connections(condition.connection, facts).length >= (condition.connection.count ?? 1);
  const { address: to } = machine.distribution;
  if (condition['lets-in'] !== undefined)
    return letsIn(machine.host.firewallSpec(), { port: condition['lets-in'], to });
  if (condition['keeps-open'] !== undefined) {
    const port = condition['keeps-open'];
    return letsIn(machine.host.firewallSpec(), { port, to, state: 'established' });
  }
  if (condition.reachable !== undefined) return isReachable(condition.reachable, machine);
  if (condition['never-picks'] !== undefined) return neverPicks(condition['never-picks'], machine);
  if (condition.serves !== undefined) return serves(condition.serves, machine);
  if (condition.user !== undefined) return facts.user === condition.user;
  if (condition['seen-running'] !== undefined) {
    const value = oneSpace(machine.sysctls.get(condition['seen-running']) ?? '');
    return value !== '' && oneSpace(facts.shown).includes(value);
  }
  if (condition['seen-listener'] !== undefined)
    return hasSeenListener(condition['seen-listener'], facts);
  if (condition.shown !== undefined) return new RegExp(condition.shown, 'm').test(facts.shown);
  if (condition.printed !== undefined)
    return new RegExp(condition.printed, 'm').test(facts.printed);
  if (condition.typed !== undefined) return new RegExp(condition.typed, 'm').test(facts.typed);
  if (condition.not !== undefined) return !holds(condition.not, facts);
  if (condition.any !== undefined) return condition.any.some((one) => holds(one, facts));
  if (condition.all !== undefined) return condition.all.every((one) => holds(one, facts));
  throw new Error('a condition says nothing');
}

/** Every path that a condition compares with its beginning. */
export function originalsAskedFor(condition: Condition): readonly string[] {
  const inner = [condition.not, ...(condition.any ?? []), ...(condition.all ?? [])];
  return [
    condition.original,
    condition['keeps-original'],
    condition.backup,
    ...inner.flatMap((one) => (one === undefined ? [] : originalsAskedFor(one))),
  ].filter((path) => path !== undefined);
}

function oneSpace(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

function isAmong(port: number, ports: Ports): boolean {
  if (typeof ports === 'number') return port === ports;
  const [low = 0, high = low] = ports.split('-').map(Number);
  return port >= low && port <= high;
}

/** The value that sysctl -p would set last, by sysctl.conf(5); undefined where the key is not named. */
function settingIn(text: string, key: string): string | undefined {
  let value: string | undefined;
  for (const line of text.split('\n')) {
    const match = /^\s*-?([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1]?.replaceAll('/', '.') === key) value = match[2] ?? '';
  }
  return value;
}

function hasBackup(path: string, { machine, originals }: LabFacts): boolean {
  const original = originals[path];
  if (original === undefined) return false;
  for (const [candidate, node] of machine.files.snapshot()) {
    if (candidate === path || node.kind !== 'file') continue;
    if (fromBytes(node.bytes) === original) return true;
  }
  return false;
}

function isReachable(port: number, { host, distribution }: LinuxHost): boolean {
  const isHeard = host
    .sockets()
    .some(
      (socket) =>
        socket.state === 'LISTEN' &&
        socket.localPort === port &&
        hears(socket, distribution.address),
    );
  const filter = host.firewallSpec();
  const to = distribution.address;
  return isHeard && neighbours.some(({ address: from }) => letsIn(filter, { port, to, from }));
}

const rangeKey = 'net.ipv4.ip_local_port_range';
const reservedKey = 'net.ipv4.ip_local_reserved_ports';

/** What the kernel would choose from after the next boot is what the files say, read in their order. */
function neverPicks(port: number, machine: LinuxHost): boolean {
  const texts = machine.sysctlFiles().map((path) => machine.readText(path) ?? '');
  const atBoot = (key: string): string | undefined =>
    texts.map((text) => settingIn(text, key)).findLast((value) => value !== undefined);
  const now = (key: string): string => machine.sysctls.get(key) ?? '';
  return (
    !mayPick(port, now(rangeKey), now(reservedKey)) &&
    !mayPick(port, atBoot(rangeKey) ?? machine.defaultOf(rangeKey), atBoot(reservedKey) ?? '')
  );
}

function mayPick(port: number, range: string, reserved: string): boolean {
  const [low = 0, high = 0] = oneSpace(range).split(' ').map(Number);
  const kept = parsePortList(reserved) ?? [];
  return port >= low && port <= high && !kept.some(([from, to]) => port >= from && port <= to);
}

function serves(
  { service, seconds, booted = false }: ServesCondition,
  machine: LinuxHost,
): boolean {
  if (booted && machine.bootedAtMs === 0) return false;
  const pid = machine.services.find(service)?.state.pid;
  const program = pid == null ? undefined : machine.processes.get(pid)?.program;
  return (
    program?.kind === 'relay' &&
    program.passedSince > 0 &&
    machine.world.nowMs - program.wellSinceMs >= seconds * 1000
  );
}

function connections(condition: ConnectionCondition, facts: LabFacts): readonly SocketInfo[] {
  const { from, to, at, parity, fresh = false, seen = false, on = machineHost } = condition;
  const before = facts.socketsBefore[on] ?? 0;
  return facts.machine.world
    .host(on)
    .sockets()
    .filter(
      (socket) =>
        socket.protocol === 'tcp' &&
        socket.remotePort !== 0 &&
        socket.state !== 'LISTEN' &&
        (from === undefined || isAmong(socket.localPort, from)) &&
        (to === undefined || isAmong(socket.remotePort, to)) &&
        (at === undefined || socket.remoteAddress === at) &&
        (parity === undefined || socket.localPort % 2 === (parity === 'odd' ? 1 : 0)) &&
        (!fresh || socket.id > before) &&
        (!seen || hasNumber(facts.shown, socket.localPort)),
    );
}

function hasNumber(text: string, port: number): boolean {
  return new RegExp(`(?<!\\d)${port}(?!\\d)`).test(text);
}

/** `ss -ltnp`, `lsof -i`, `netstat -tlnp`, `fuser -v`: the port (or its name) and the program in one line. */
function hasSeenListener(port: number, { machine, shown }: LabFacts): boolean {
  const owners = machine.host
    .sockets()
    .filter((socket) => socket.state === 'LISTEN' && socket.localPort === port)
    .flatMap((socket) => (socket.owner === null ? [] : [socket.owner]));
  const name = machine.serviceNames().byPort(port, 'tcp')?.name ?? String(port);
  const place = new RegExp(`:(?:${port}|${name})(?!\\d)|^${port}/tcp:`);
  return shown
    .split('\n')
    .some(
      (line) =>
        place.test(line) &&
        owners.some(({ command, pid }) => line.includes(command) && hasNumber(line, pid)),
    );
}
