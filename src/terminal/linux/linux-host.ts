/**
 * A simulated Linux machine: one host of the engine's world, with files, processes, users, services
 * and a clock. It holds the one truth that every command reads and changes. It knows no shell and
 * no terminal.
 */

import { familyOf, hears, isAddress, isLoopbackAddress, plainAddress } from './address-texts.ts';
import { Conversations } from './conversations.ts';
import type { HostInterface, SocketInfo, SocketOwner, WorldSnapshot } from '../../network/world.ts';
import { parseServices, type ServiceNames } from '../formats/service-names.ts';
import {
  formatProcNetRoute,
  formatProcNetTcp,
  formatProcNetTcp6,
  formatProcNetUdp,
  formatProcNetUdp6,
  formatSockstat,
  formatSockstat6,
  procNetArp,
  procNetRaw,
} from '../formats/proc-net.ts';
import {
  countersSince,
  formatProcDev,
  formatProcNetstat,
  formatProcSnmp,
} from '../formats/snmp.ts';
import type { SocketEntry } from '../formats/socket-entry.ts';
import type { HostCounters } from '../../network/kernel/counters.ts';
import type { Distribution } from './distribution.ts';
import { buildFiles } from './file-tree.ts';
import {
  baseOf,
  FileSystem,
  fromBytes,
  rootIdentity,
  toBytes,
  type FileNode,
  type VirtualDirectory,
  type VirtualNode,
} from './file-system.ts';
import type { HttpPlace } from './http-server.ts';
import { machineHost, neighbourApp, neighbourAt, worldScenario } from './neighbourhood.ts';
import { addressesOf } from './name-server.ts';
import { ProcessTable, type Process, type ProcessSnapshot, type ServerApp } from './processes.ts';
import { procTrees } from './proc-tree.ts';
import { nextProgramMs, stepPrograms } from './program-steps.ts';
import { ServiceManager, type ServiceState } from './services.ts';
import { countSockets, toSocketEntries } from './socket-entries.ts';
import { SysctlStore, sysctlTree } from './sysctl-store.ts';
import { parseGroup, parsePasswd, type Group, type User } from './users.ts';
import { routesOf } from './network-config.ts';
import { WireTexts } from '../capture/wire-texts.ts';
import { MachineWorld } from './machine-world.ts';
import { endTunnel, legOf, type TunnelLeg } from './tunnels.ts';

export interface LinuxHostOptions {
  readonly distribution: Distribution;
  readonly seed: number;
}

/** Everything that undo, reset and a closed tab bring back. Plain data. */
export interface LinuxHostSnapshot {
  readonly world: WorldSnapshot;
  readonly files: readonly (readonly [string, FileNode])[];
  readonly processes: ProcessSnapshot;
  readonly services: readonly ServiceState[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly bootedAtMs: number;
  readonly loginPid: number;
  /** What the host had counted when the machine last started. */
  readonly countedBefore?: HostCounters;
}

/** The moment of the first boot, in Unix milliseconds: 2026-01-05 09:00 UTC. */
const epochMs = Date.UTC(2026, 0, 5, 9, 0, 0);

/** Pids of a machine that has been up for a while. */
const firstPid = 3100;

export class LinuxHost {
  readonly distribution: Distribution;
  readonly world: MachineWorld;
  readonly host: HostInterface;
  readonly files: FileSystem;
  readonly processes: ProcessTable;
  readonly conversations = new Conversations(this);
  readonly wireTexts = new WireTexts();
  readonly services: ServiceManager;
  /** What the start or the end of a service has begun and takes a while. */
  turning: Promise<unknown> = Promise.resolve();
  readonly sysctls: SysctlStore;
  /** The login shell's process. */
  loginPid = 0;
  bootedAtMs = 0;
  private countedBefore: HostCounters | null = null;
  private readonly defaults: ReadonlyMap<string, string>;
  private readonly endListeners = new Set<(pid: number, signal: number) => void>();
  private readonly logListeners = new Set<(pid: number, line: string) => void>();
  /** What /dev/fd holds for the program that is about to run, by path. */
  readonly descriptorFiles = new Map<string, VirtualNode>();
  private readonly changeListeners = new Set<() => void>();

  constructor(options: LinuxHostOptions) {
    this.distribution = options.distribution;
    const { address, ipv6, hostName } = options.distribution;
    this.world = new MachineWorld(
      worldScenario({
        seed: options.seed,
        address,
        ipv6Address: ipv6?.address,
        hostName,
        os: 'linux',
      }),
    );
    this.host = this.world.host(machineHost);
    const now = () => this.epochNowMs;
    this.sysctls = new SysctlStore(
      this.host,
      options.distribution.otherSysctls,
      options.distribution.readOnlySysctls,
      () => this.world.nowMs,
    );
    this.processes = new ProcessTable(() => this.world.nowMs, firstPid);
    this.files = new FileSystem(
      buildFiles(options.distribution, epochMs),
      [
        sysctlTree(this.sysctls, now),
        { mountPoint: '/dev/fd', find: (path) => this.descriptorNode(path, now()) },
        { mountPoint: '/dev/stdin', find: (path) => this.descriptorFiles.get(path) },
        ...procTrees(this, now),
      ],
      now,
    );
    this.services = new ServiceManager(this, options.distribution.services);
    this.defaults = new Map(
      this.host.sysctl.keys().map((key) => [key, this.host.sysctl.get(key) ?? '']),
    );
    this.boot(true);
  }

  /** Wall-clock time on the machine, Unix milliseconds. */
  get epochNowMs(): number {
    return epochMs + this.world.nowMs;
  }

  users(): readonly User[] {
    return parsePasswd(this.readText('/etc/passwd') ?? '');
  }

  groups(): readonly Group[] {
    return parseGroup(this.readText('/etc/group') ?? '');
  }

  user(name: string): User | undefined {
    return this.users().find((user) => user.name === name);
  }

  serviceNames(): ServiceNames {
    return parseServices(this.readText('/etc/services') ?? '');
  }

  /** A file's text as root reads it, or undefined where there is none. */
  readText(path: string): string | undefined {
    return this.files.exists(path, rootIdentity)
      ? fromBytes(this.files.read(path, rootIdentity))
      : undefined;
  }

  writeText(path: string, text: string): void {
    this.files.write(path, toBytes(text), rootIdentity);
  }

  hostName(): string {
    return this.sysctls.get('kernel.hostname') ?? this.distribution.hostName;
  }

  /** Whether it speaks IPv6 at all. */
  get hasIPv6(): boolean {
    return this.distribution.ipv6 !== undefined;
  }

  /** Whether an address of either family is this machine's own. */
  isOwn(address: string): boolean {
    return isLoopbackAddress(address) || this.host.addresses.includes(plainAddress(address));
  }

  /** A name's address, of IPv4 where it has one. */
  resolve(name: string): string | undefined {
    const all = this.resolveAll(name);
    return all.find((address) => familyOf(address) === 4) ?? all[0];
  }

  /**
   * All addresses of a name, in the order in which getaddrinfo(3) gives them: digits, /etc/hosts, then
   * the neighbourhood's names, IPv6 before IPv4 (RFC 6724). Empty where nobody knows it.
   */
  resolveAll(name: string): readonly string[] {
    const known = this.resolveAlone(name);
    return known.length > 0 ? known : addressesOf(name);
  }

  /** What this machine knows of a name without asking a name server. */
  resolveAlone(name: string): readonly string[] {
    if (isAddress(name)) return [name];
    // inet_aton(3) takes a single number for the whole address.
    if (name === '0') return ['0.0.0.0'];
    const listed = this.hostsLines().flatMap(({ address, names }) =>
      names.includes(name) && (this.hasIPv6 || familyOf(address) === 4) ? [address] : [],
    );
    if (listed.length > 0)
      return [
        ...listed.filter((address) => familyOf(address) === 6),
        ...listed.filter((address) => familyOf(address) === 4).slice(0, 1),
      ];
    return name === this.hostName() ? [this.distribution.address] : [];
  }

  /** The lines of /etc/hosts that name an address. */
  private hostsLines(): readonly { address: string; names: readonly string[] }[] {
    return (this.readText('/etc/hosts') ?? '').split('\n').flatMap((line) => {
      const [address, ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
      return address !== undefined && isAddress(address) ? [{ address, names }] : [];
    });
  }

  /** All names of an address, as a look-up of hosts gives them, of IPv6 first; none where it is unknown. */
  hostEntry(nameOrAddress: string): { address: string; names: readonly string[] } | undefined {
    const [address] = this.resolveAll(nameOrAddress);
    if (address === undefined) return undefined;
    for (const { address: listed, names } of this.hostsLines()) {
      if (listed === address && (names.includes(nameOrAddress) || nameOrAddress === address))
        return { address, names };
    }
    const names = namesAt(address);
    if (names !== undefined) return { address, names };
    if (address === this.distribution.address) return { address, names: [this.hostName()] };
    return undefined;
  }

  /** An address's name, as a reverse look-up gives it, or the address. */
  nameOf(address: string): string {
    const plain = plainAddress(address);
    if (plain.startsWith('127.')) return 'localhost';
    if (this.host.addresses.includes(plain)) return this.hostName();
    const listed = familyOf(plain) === 6 ? this.hostsLines() : [];
    return (
      listed.find((line) => line.address === plain)?.names[0] ?? namesAt(plain)?.[0] ?? address
    );
  }

  socketEntries(): SocketEntry[] {
    return toSocketEntries(this.host.sockets(), this.world.nowMs);
  }

  socketCounters() {
    return countSockets(this.host.sockets());
  }

  /** What a host has counted; of this machine, since it last started. */
  counters(host: HostInterface): HostCounters {
    return countersSince(host.counters(), host.name === machineHost ? this.countedBefore : null);
  }

  /** A host's /proc/net/snmp, /proc/net/netstat or /proc/net/dev. */
  countersFile(name: 'snmp' | 'netstat' | 'dev', host: HostInterface): string {
    const counters = this.counters(host);
    if (name === 'netstat') return formatProcNetstat(counters);
    if (name === 'dev') return formatProcDev(counters);
    const [major = 0, minor = 0] = this.distribution.kernelRelease.split('.').map(Number);
    return formatProcSnmp(counters, {
      established: countSockets(host.sockets()).established,
      countsTransmits: major > 6 || (major === 6 && minor >= 7),
    });
  }

  procNet(name: string): string | undefined {
    switch (name) {
      case 'snmp':
      case 'netstat':
      case 'dev':
        return this.countersFile(name, this.host);
      case 'tcp':
        return formatProcNetTcp(this.socketEntries());
      case 'udp':
        return formatProcNetUdp(this.socketEntries());
      case 'tcp6':
        return formatProcNetTcp6(this.socketEntries());
      case 'udp6':
        return formatProcNetUdp6(this.socketEntries());
      case 'raw':
        return procNetRaw;
      case 'arp':
        return procNetArp;
      case 'route':
        return formatProcNetRoute(routesOf(this.distribution.address));
      case 'sockstat':
        return formatSockstat(this.socketCounters());
      case 'sockstat6':
        return formatSockstat6(this.socketCounters());
      default:
        return undefined;
    }
  }

  /** What answers at an address and port, here or outside. */
  appAt(address: string, port: number): ServerApp | undefined {
    if (!this.isOwn(address)) return neighbourApp(address, port);
    const listener = this.listenerAt(address, port);
    const process = listener?.owner == null ? undefined : this.processes.get(listener.owner.pid);
    return process?.program.kind === 'server'
      ? process.program.app
      : listener === undefined
        ? undefined
        : 'silent';
  }

  private listenerAt(address: string, port: number): SocketInfo | undefined {
    return this.host
      .sockets()
      .find(
        (socket) =>
          socket.state === 'LISTEN' && socket.localPort === port && hears(socket, address),
      );
  }

  /** Who answers HTTP at the other end of a client's socket. */
  httpPlace(app: 'http' | 'http-closing', client: SocketInfo): HttpPlace {
    const { remoteAddress: address, remotePort: port } = client;
    const isOutside = !this.isOwn(address);
    const owner = isOutside ? undefined : this.listenerAt(address, port)?.owner;
    const program = owner == null ? undefined : this.processes.get(owner.pid)?.program;
    const root = program?.kind === 'server' ? program.root : undefined;
    return {
      app,
      address,
      port,
      clientAddress: client.localAddress,
      clientPort: client.localPort,
      isTls: isOutside && port === 443,
      ...(root !== undefined && { root }),
    };
  }

  /** A server has answered a request: whoever shows its log is told. */
  serverLogged(client: SocketInfo, line: string): void {
    const owner = this.listenerAt(client.remoteAddress, client.remotePort)?.owner;
    if (owner != null) this.programSaid(owner.pid, line);
  }

  /** A program that runs by itself has said a line: whoever shows what it says is told. */
  programSaid(pid: number, line: string): void {
    for (const listener of [...this.logListeners]) listener(pid, line);
  }

  /** Where a client's connection leads through a tunnel; see legOf(). */
  tunnelLeg(client: SocketInfo): TunnelLeg | null | undefined {
    return legOf(this, client);
  }

  /** Calls back with each line that a server logs; returns the way to stop that. */
  onServerLog(listener: (pid: number, line: string) => void): () => void {
    this.logListeners.add(listener);
    return () => this.logListeners.delete(listener);
  }

  /** The owner mark of a process's next socket. */
  owner(process: Process): SocketOwner {
    const { pid, command, user, uid } = process;
    return { pid, command, user, uid, fd: this.nextFd(pid) };
  }

  /** The lowest free descriptor after the three standard ones. */
  nextFd(pid: number): number {
    const used = new Set(
      this.host.sockets().flatMap((socket) => (socket.owner?.pid === pid ? [socket.owner.fd] : [])),
    );
    let fd = 3;
    while (used.has(fd)) fd += 1;
    return fd;
  }

  /**
   * Ends a process: its sockets are closed as the kernel closes a dead process's.
   * @param signal the number of the signal that ended it; 0 where it ended by itself
   */
  endProcess(pid: number, how: 'killed' | 'exited' = 'exited', signal = 0): void {
    const process = this.processes.get(pid);
    if (process === undefined) return;
    if (process.program.kind === 'tunnel') endTunnel(this, process.program);
    this.processes.end(pid);
    for (const socket of this.host.sockets()) {
      if (socket.owner?.pid === pid && socket.state !== 'TIME-WAIT') this.host.close(socket.id);
    }
    this.services.processEnded(pid, how);
    for (const listener of [...this.endListeners]) listener(pid, signal);
    this.changed();
  }

  /** Calls back when any process ends; returns the way to stop that. */
  onProcessEnd(listener: (pid: number, signal: number) => void): () => void {
    this.endListeners.add(listener);
    return () => this.endListeners.delete(listener);
  }

  /** Lets virtual time pass, programs acting as they come due. */
  advance(ms: number): void {
    const end = this.world.nowMs + ms;
    stepPrograms(this);
    for (;;) {
      const next = this.nextMs;
      if (next === null || next > end) break;
      this.world.runUntil(Math.max(next, this.world.nowMs));
      const before = next;
      this.conversations.step();
      stepPrograms(this);
      // A program that could not act is asked again later, never twice at the same moment.
      if (this.nextMs === before && this.world.nextMs !== before) break;
    }
    this.world.runUntil(end);
    stepPrograms(this);
    this.changed();
  }

  /** Calls back when time has passed or a process has ended; returns the way to stop that. */
  onChange(listener: () => void): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  private descriptorNode(path: string, nowMs: number): VirtualNode | VirtualDirectory | undefined {
    if (path !== '/dev/fd') return this.descriptorFiles.get(path);
    const names = () => [...this.descriptorFiles.keys()].map((one) => baseOf(one));
    return { kind: 'virtual-directory', mode: 0o755, uid: 0, gid: 0, modifiedAtMs: nowMs, names };
  }

  private changed(): void {
    for (const listener of [...this.changeListeners]) listener();
  }

  /** The next moment at which something happens by itself, or null. */
  get nextMs(): number | null {
    const world = this.world.nextMs;
    const times = [world, nextProgramMs(this), this.conversations.nextMs].filter(
      (time) => time !== null,
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  /** A kernel parameter's value before any file is read; empty where the engine has none. */
  defaultOf(key: string): string {
    return this.defaults.get(key) ?? '';
  }

  /** Starts the machine: default parameters, the settings in the files, the enabled services. */
  boot(isFirst = false): void {
    if (!isFirst) this.shutDown();
    this.bootedAtMs = this.world.nowMs;
    this.countedBefore = isFirst ? null : structuredClone(this.host.counters());
    this.applySysctlFiles();
    for (const [pid, command] of [
      [1, 'systemd'],
      [2, 'kthreadd'],
    ] as const) {
      const args =
        pid === 1
          ? '/usr/lib/systemd/systemd --switched-root --system --deserialize 21'
          : '[kthreadd]';
      this.processes.start({
        pid,
        ppid: 0,
        uid: 0,
        user: 'root',
        command,
        args,
        program: { kind: 'idle' },
      });
    }
    this.services.boot(isFirst);
    this.logIn();
  }

  snapshot(): LinuxHostSnapshot {
    return {
      world: this.world.snapshot(),
      files: [...this.files.snapshot()],
      processes: this.processes.snapshot(),
      services: this.services.snapshot(),
      sysctls: this.sysctls.snapshot(),
      bootedAtMs: this.bootedAtMs,
      loginPid: this.loginPid,
      ...(this.countedBefore !== null && { countedBefore: this.countedBefore }),
    };
  }

  restore(snapshot: LinuxHostSnapshot): void {
    this.conversations.clear();
    this.world.restore(snapshot.world);
    this.files.restore(new Map(snapshot.files));
    this.processes.restore(snapshot.processes);
    this.services.restore(snapshot.services);
    this.sysctls.restore(snapshot.sysctls);
    this.bootedAtMs = snapshot.bootedAtMs;
    this.loginPid = snapshot.loginPid;
    this.countedBefore = snapshot.countedBefore ?? null;
  }

  /** The files `sysctl --system` reads, in its order: by name, a later directory's file winning. */
  sysctlFiles(): readonly string[] {
    const byName = new Map<string, string>();
    for (const directory of ['/usr/lib/sysctl.d', '/run/sysctl.d', '/etc/sysctl.d']) {
      if (!this.files.exists(directory, rootIdentity)) continue;
      for (const name of this.files.list(directory, rootIdentity)) {
        if (name.endsWith('.conf')) byName.set(name, `${directory}/${name}`);
      }
    }
    const paths = [...byName]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, path]) => path);
    return [...paths, '/etc/sysctl.conf'].filter((path) => this.files.exists(path, rootIdentity));
  }

  private applySysctlFiles(): void {
    for (const path of this.sysctlFiles()) {
      for (const line of (this.readText(path) ?? '').split('\n')) {
        const match = /^\s*-?([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
        if (match?.[1] !== undefined)
          this.sysctls.set(match[1].replaceAll('/', '.'), match[2] ?? '');
      }
    }
  }

  private shutDown(): void {
    this.host.setFirewall(null);
    for (const socket of this.host.sockets()) this.host.reset(socket.id);
    this.processes.clear();
    for (const [key, value] of this.defaults)
      if (this.host.sysctl.get(key) !== value) this.host.sysctl.set(key, value);
    this.sysctls.restore(this.distribution.otherSysctls);
  }

  /** The learner's own way in: a login shell. */
  logIn(): void {
    const user = this.user(this.distribution.loginUser);
    const shell = this.processes.start({
      uid: user?.uid ?? 0,
      user: user?.name ?? 'root',
      command: 'bash',
      args: '-bash',
      tty: 'pts/0',
      program: { kind: 'idle' },
    });
    this.loginPid = shell.pid;
  }
}

/** The names of a neighbour's address. */
function namesAt(address: string): readonly string[] | undefined {
  const neighbour = neighbourAt(address);
  const names = neighbour?.address === address ? neighbour.names : neighbour?.ipv6?.names;
  return names !== undefined && names.length > 0 ? names : undefined;
}
