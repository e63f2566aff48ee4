/**
 * The world: hosts and what happens between them, a deterministic machine driven by virtual time.
 * Same scenario, same calls, same bytes.
 *
 * At one moment, actions come first, in the document's order; then what packets and timers bring, in
 * the order in which it was caused.
 */

import { formatEndpoint, isLoopback } from './addresses.ts';
import { ActionQueue } from './action-queue.ts';
import { perform } from './actions.ts';
import { EventQueue } from './event-queue.ts';
import type { FirewallChain } from './firewall.ts';
import { Host } from './host.ts';
import { createHostSystem } from './host-system.ts';
import { type JournalEntry, repeatCall } from './journal.ts';
import { Closing, FLAG_NAMES, type Packet, Timer } from './packet.ts';
import { type MappingTimer, Nat } from './nat.ts';
import type { PortChoice } from './port-table.ts';
import { Random } from '../time-and-chance/random.ts';
import type { Action, FirewallSpec, Protocol, Scenario } from './scenario.ts';
import type { Socket, SocketState } from './socket.ts';
import * as tcp from './tcp.ts';
import type {
  DatagramEvent,
  Errno,
  IcmpEvent,
  PortChoiceReason,
  SegmentEvent,
  StateEvent,
  TraceEvent,
} from './trace.ts';
import { errorOf, receiveDatagram, sendUnreachable, unreachable } from './udp.ts';

/** Who opened a socket, for `ss -p`, `lsof`, `ps`; the engine keeps it and does not interpret it. */
export interface SocketOwner {
  readonly pid: number;
  readonly command: string;
  readonly user: string;
  readonly uid: number;
  readonly fd: number;
}

/** A socket as the tools show it. */
export interface SocketInfo {
  readonly id: number;
  readonly protocol: Protocol;
  /** The connection's name. */
  readonly connection: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** As in StateEvent. */
  readonly state: string;
  /** Of a listener: connections waiting to be accepted, and how many may. */
  readonly recvQ: number;
  readonly sendQ: number;
  /** When it came into this state. */
  readonly sinceMs: number;
  /** Virtual time at which it ends by itself (TIME-WAIT, FIN-WAIT-2), else null. */
  readonly expiresAtMs: number | null;
  /** Null also where no program holds it (any more): TIME-WAIT, orphans, not yet accepted. */
  readonly owner: SocketOwner | null;
}

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Errno };

export interface SocketOptions {
  readonly reuseAddress?: boolean;
  readonly reusePort?: boolean;
  readonly owner?: SocketOwner;
  /** Without it, ports below ip_unprivileged_port_start give EACCES. Default true. */
  readonly privileged?: boolean;
  /** The socket's name in the trace; one is made up where it is missing. EINVAL if a live one has it. */
  readonly as?: string;
}

/** How the listening program behaves; see ListenSpec. */
export interface ListenOptions extends SocketOptions {
  readonly backlog?: number;
  readonly accepts?: boolean;
  readonly responds?: boolean;
  readonly answersClose?: boolean;
}

export interface ConnectOptions extends SocketOptions {
  readonly localAddress?: string;
  readonly localPort?: number;
  /** Bytes sent once connected (default 120; 0: none), and bytes asked for (default 480). */
  readonly request?: number;
  readonly response?: number;
  /** The program closes it so long after connect(), if it is open then. */
  readonly closeAfterMs?: number;
}

/** What a program on a host can do; used by the world's own actions and by the terminal. */
export interface HostInterface {
  readonly name: string;
  readonly os: string;
  readonly addresses: readonly string[];
  sockets(): readonly SocketInfo[];
  socket(id: number): SocketInfo | undefined;
  /** How a socket with an owner ended, if by an error: ECONNREFUSED, ETIMEDOUT, ECONNRESET … */
  failure(id: number): Errno | undefined;
  /** Starts a listener (bind + listen; UDP: bind). Value: the socket's id. */
  listen(
    protocol: Protocol,
    address: string,
    port: number,
    options?: ListenOptions,
  ): Result<number>;
  /** Starts a connection: the port is chosen and the SYN leaves now; the outcome comes with time. */
  connect(
    protocol: Protocol,
    remoteAddress: string,
    remotePort: number,
    options?: ConnectOptions,
  ): Result<number>;
  bind(protocol: Protocol, address: string, port: number, options?: SocketOptions): Result<number>;
  /** Takes the oldest waiting connection of a listener that does not accept by itself; EAGAIN: none. */
  accept(id: number): Result<number>;
  /** Sends bytes on a connection; `wants` asks the other program for so many bytes. */
  send(id: number, bytes: number, wants?: number): Result<null>;
  /** Sends a datagram from a UDP socket to anyone. */
  sendTo(id: number, address: string, port: number, bytes: number, wants?: number): Result<null>;
  /** Replaces the packet filter; null takes it away. */
  setFirewall(spec: FirewallSpec | null): void;
  /** Orderly close of a socket of any kind. */
  close(id: number): Result<null>;
  /** Says that no more will be sent, and goes on reading. */
  shutdown(id: number): Result<null>;
  /** Abortive close (RST). */
  reset(id: number): Result<null>;
  sysctl: {
    keys(): readonly string[];
    /** As the system shows it, or undefined where the key does not exist. */
    get(key: string): string | undefined;
    /** EINVAL where the kernel would refuse, ENOENT where the key does not exist. */
    set(key: string, value: string): Result<string>;
    /** Kernel-log lines that writes have caused, in the kernel's own words. */
    log(): readonly string[];
  };
}

export interface WorldInterface {
  readonly scenario: Scenario;
  readonly nowMs: number;
  readonly trace: readonly TraceEvent[];
  readonly hosts: readonly HostInterface[];
  host(name: string): HostInterface | undefined;
  /** Adds an action at or after now; it happens when time gets there. */
  schedule(action: Action): void;
  /** Runs everything up to and including this moment, then stands at it. */
  runUntil(ms: number): void;
  /** Runs until nothing is left to happen, or `limitMs`. */
  runToEnd(limitMs?: number): void;
  /** When something next happens by itself, or null. */
  readonly nextMs: number | null;
}

export interface WorldOptions {
  /**
   * `keep` (the default) collects the trace in `world.trace`; `none` records nothing and is the
   * fastest; a function is given each event and nothing is kept.
   */
  readonly trace?: 'keep' | 'none' | ((event: TraceEvent) => void);
}

/**
 * Everything needed to have the same world again, as JSON: what it began with and what was done to
 * it. Since the world is a fold over these, nothing else has to be kept.
 */
export interface WorldSnapshot {
  readonly scenario: Scenario;
  readonly journal: readonly JournalEntry[];
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Room for 2^21 pairs of addresses above 32 bits of ports in one exact number. */
const PORTS_PER_PAIR = 2 ** 32;

type Pending = Packet | Timer | Closing | MappingTimer;

export class World implements WorldInterface {
  readonly scenario: Scenario;
  readonly hosts: readonly Host[];
  readonly nats: readonly Nat[];
  readonly trace: TraceEvent[] = [];
  readonly isTracing: boolean;
  private now = 0;
  private readonly sink: ((event: TraceEvent) => void) | undefined;
  private readonly queue = new EventQueue<Pending>();
  private readonly actions: ActionQueue;
  private readonly hostsByName = new Map<string, Host>();
  private readonly hostsByAddress = new Map<number, Host>();
  private readonly natsByAddress = new Map<number, Nat>();
  readonly openers = new Map<string, Socket>();
  readonly answerers = new Map<string, Socket>();
  private readonly pairs = new Map<number, Map<number, number>>();
  private pairCount = 0;
  private lastSocketId = 0;
  private lastPacketId = 0;
  private lastName = 0;
  private processed = 0;
  private readonly journal: JournalEntry[] = [];
  private isRunning = false;

  constructor(scenario: Scenario, options: WorldOptions = {}) {
    this.scenario = scenario;
    const trace = options.trace ?? 'keep';
    this.isTracing = trace !== 'none';
    this.sink = typeof trace === 'function' ? trace : undefined;
    this.isRunning = true;
    this.hosts = scenario.hosts.map((spec) => {
      const host = new Host(this, spec, createHostSystem(spec.os, spec.name, scenario.seed));
      this.hostsByName.set(spec.name, host);
      for (const address of host.addressNumbers) this.hostsByAddress.set(address, host);
      return host;
    });
    this.nats = (scenario.nats ?? []).map((spec) => {
      const nat = new Nat(this, spec, new Random(scenario.seed).fork(`nat/${spec.name}`));
      this.natsByAddress.set(nat.address, nat);
      for (const name of spec.inside) {
        const host = this.hostsByName.get(name);
        if (host !== undefined) host.nat = nat;
      }
      return nat;
    });
    for (const [index, spec] of scenario.hosts.entries()) {
      const host = this.hosts[index];
      if (host === undefined) continue;
      if (spec.firewall !== undefined) host.setFirewall(spec.firewall);
      for (const [key, value] of Object.entries(spec.sysctl)) host.sysctl.set(key, value);
      for (const listen of spec.listen) {
        host.bindSocket(
          'listen',
          listen.protocol,
          listen.address,
          listen.port,
          listen,
          listen.protocol === 'tcp',
        );
      }
    }
    this.actions = new ActionQueue(scenario.actions);
    this.isRunning = false;
  }

  get nowMs(): number {
    return this.now;
  }

  /** How many packets have arrived, timers gone off and actions been taken. */
  get eventsProcessed(): number {
    return this.processed;
  }

  host(name: string): Host | undefined {
    return this.hostsByName.get(name);
  }

  schedule(action: Action): void {
    this.note({ schedule: action });
    this.actions.add(action, this.now);
  }

  get nextMs(): number | null {
    const action = this.actions.nextMs;
    const queued = this.peek()?.dueMs;
    if (action === undefined) return queued ?? null;
    return queued === undefined ? action : Math.min(action, queued);
  }

  runUntil(ms: number): void {
    if (!(ms >= this.now)) return;
    this.run(ms);
    this.now = ms;
    this.noteRun(ms);
  }

  runToEnd(limitMs = this.scenario.untilMs ?? Infinity): void {
    this.run(limitMs);
    this.noteRun(this.now);
  }

  /** Runs while `isWanted` says so; stands at what happened last, at most at `limitMs`. */
  runWhile(isWanted: () => boolean, limitMs = Infinity): void {
    this.run(limitMs, isWanted);
    this.journal.push({ events: this.processed });
  }

  snapshot(): WorldSnapshot {
    return { scenario: this.scenario, journal: [...this.journal] };
  }

  /** The world that a snapshot was taken of, its whole trace included. */
  static restore(snapshot: WorldSnapshot, options: WorldOptions = {}): World {
    const world = new World(snapshot.scenario, options);
    for (const entry of snapshot.journal) world.redo(entry);
    return world;
  }

  /** For the engine: everything below. */

  note(entry: JournalEntry): void {
    if (!this.isRunning) this.journal.push(entry);
  }

  /** A number by which a socket with this four-tuple is found. */
  keyOf(
    localAddress: number,
    localPort: number,
    remoteAddress: number,
    remotePort: number,
  ): number {
    let remotes = this.pairs.get(localAddress);
    if (remotes === undefined) {
      remotes = new Map();
      this.pairs.set(localAddress, remotes);
    }
    let pair = remotes.get(remoteAddress);
    if (pair === undefined) {
      pair = ++this.pairCount;
      remotes.set(remoteAddress, pair);
    }
    return pair * PORTS_PER_PAIR + localPort * 65_536 + remotePort;
  }

  newSocketId(): number {
    return ++this.lastSocketId;
  }

  /** The name wanted, or a new one; undefined where a live connection has it. */
  nameFor(wanted: string | undefined, kind: string): string | undefined {
    if (wanted !== undefined) return this.openers.has(wanted) ? undefined : wanted;
    for (;;) {
      const name = `${kind}-${++this.lastName}`;
      if (!this.openers.has(name)) return name;
    }
  }

  nameSocket(socket: Socket): void {
    if (socket.listener !== null) this.answerers.set(socket.name, socket);
    else if (socket.state !== 'LISTEN') this.openers.set(socket.name, socket);
  }

  forgetName(socket: Socket): void {
    if (this.openers.get(socket.name) === socket) this.openers.delete(socket.name);
    else if (this.answerers.get(socket.name) === socket) this.answerers.delete(socket.name);
  }

  roundTripMs(a: number, b: number): number {
    return a === b || isLoopback(b) ? 0 : 2 * this.scenario.latencyMs;
  }

  startTimer(socket: Socket, delayMs: number): void {
    socket.timerGeneration++;
    socket.isTimerRunning = true;
    this.queue.push(new Timer(socket), this.now, delayMs);
  }

  stopTimer(socket: Socket): void {
    socket.timerGeneration++;
    socket.isTimerRunning = false;
  }

  closeLater(socket: Socket, delayMs: number): void {
    this.queue.push(new Closing(socket), this.now, delayMs);
  }

  queueTimer(timer: MappingTimer, delayMs: number): void {
    this.queue.push(timer, this.now, delayMs);
  }

  /** Puts a packet on the wire; what the firewall itself says is not asked about again. */
  transmit(from: Host, packet: Packet, isFirewalls = false): void {
    packet.id = ++this.lastPacketId;
    if (from.owns(packet.destinationAddress)) {
      packet.target = from;
      this.depart(packet, 0);
      return;
    }
    if (from.firewall !== null && !isFirewalls && !this.passes(from, 'out', packet)) return;
    const target = this.hostsByAddress.get(packet.destinationAddress) ?? null;
    if (from.nat === null && target?.nat == null) {
      packet.target = target;
      packet.toNat = this.natsByAddress.get(packet.destinationAddress) ?? null;
    } else if (target !== null && target.nat === from.nat) {
      packet.target = target;
    } else {
      packet.toNat = from.nat;
    }
    this.depart(
      packet,
      packet.toNat === null ? this.scenario.latencyMs : this.scenario.latencyMs / 2,
    );
  }

  private depart(packet: Packet, delayMs: number): void {
    if (this.isTracing) this.recordPacket(packet, 'sent', this.now + delayMs);
    this.queue.push(packet, this.now, delayMs);
  }

  /** The second leg of a way through a router. */
  private forward(nat: Nat, packet: Packet): void {
    packet.id = ++this.lastPacketId;
    packet.fromNat = nat;
    const target = this.hostsByAddress.get(packet.destinationAddress) ?? null;
    const isReachable = target !== null && (target.nat === null || target.nat === nat);
    packet.target = isReachable ? target : null;
    // Between two routers.
    if (target === null && packet.destinationAddress !== nat.address) {
      packet.toNat = this.natsByAddress.get(packet.destinationAddress) ?? null;
    }
    this.depart(packet, this.scenario.latencyMs / 2);
  }

  private passRouter(nat: Nat, packet: Packet): void {
    const isFromInside = this.hostsByAddress.get(packet.sourceAddress)?.nat === nat;
    const translated = nat.translate(packet, isFromInside);
    if (translated === 'full') {
      if (nat.spec.whenFull === 'icmp')
        this.forward(nat, unreachable(this, packet, 'host-unreachable'));
    } else if (translated !== null) {
      this.forward(nat, translated);
    }
  }

  /** Asks a host's packet filter; a packet that is not let through has been dealt with. */
  private passes(host: Host, chain: FirewallChain, packet: Packet): boolean {
    const { firewall } = host;
    if (firewall === null) return true;
    const key =
      chain === 'in'
        ? packet.key
        : this.keyOf(
            packet.sourceAddress,
            packet.sourcePort,
            packet.destinationAddress,
            packet.destinationPort,
          );
    const verdict = firewall.decide(chain, packet, key, host.connections.has(key), this.now);
    const { action, rule, rejectWith, isEstablished } = verdict;
    if (action !== 'accept' || !isEstablished)
      this.recordFirewall(host, chain, action, rule, packet);
    if (action === 'accept') return true;
    if (action === 'drop') {
      // Linux: a datagram that OUTPUT drops makes sendto() fail; TCP only waits.
      const isSend = chain === 'out' && packet.kind === 'datagram';
      if (isSend) this.recordError(host.name, 'send', packet.name, 'EPERM');
    } else if (rejectWith === 'tcp-reset' && packet.kind === 'segment') {
      tcp.sendResetTo(host, packet, true);
    } else if (packet.kind !== 'icmp') {
      const isAdministrative = rejectWith === 'icmp-admin-prohibited';
      sendUnreachable(
        host,
        packet,
        isAdministrative ? 'administratively-prohibited' : 'port-unreachable',
        true,
      );
    }
    return false;
  }

  private recordFirewall(
    host: Host,
    chain: FirewallChain,
    verdict: 'accept' | 'drop' | 'reject',
    rule: number | null,
    packet: Packet,
  ): void {
    if (!this.isTracing) return;
    const protocol =
      packet.kind === 'icmp' ? packet.about : packet.kind === 'segment' ? 'tcp' : 'udp';
    const { name } = packet;
    this.record({
      atMs: this.now,
      event: 'firewall',
      host: host.name,
      chain,
      verdict,
      rule,
      protocol,
      from: formatEndpoint(packet.sourceAddress, packet.sourcePort),
      to: formatEndpoint(packet.destinationAddress, packet.destinationPort),
      packet: packet.id,
      ...(name === undefined ? {} : { connection: name }),
    });
  }

  recordNat(
    nat: string,
    phase: 'created' | 'expired' | 'exhausted',
    protocol: Protocol,
    inside: string,
    outside: string | null,
    remote: string | null,
  ): void {
    if (!this.isTracing) return;
    const atMs = this.now;
    this.record({
      atMs,
      event: 'nat',
      nat,
      phase,
      protocol,
      inside,
      ...(outside === null ? {} : { outside }),
      ...(remote === null ? {} : { remote }),
    });
  }

  recordChoice(
    host: Host,
    protocol: Protocol,
    by: 'connect' | 'bind',
    connection: string,
    choice: Extract<PortChoice, { ok: true }>,
  ): void {
    if (!this.isTracing || choice.why === undefined) return;
    this.record({
      atMs: this.now,
      event: 'port-chosen',
      host: host.name,
      protocol,
      by,
      connection,
      port: choice.port,
      why: choice.why,
    });
  }

  recordState(socket: Socket, was: SocketState | null, expiresAtMs?: number): void {
    if (!this.isTracing) return;
    if (socket.remoteText === '' || was === 'BOUND' || was === null) {
      socket.localText = formatEndpoint(socket.localAddress, socket.localPort);
      socket.remoteText =
        socket.key === 0 ? '0.0.0.0:*' : formatEndpoint(socket.remoteAddress, socket.remotePort);
    }
    const event: Writable<StateEvent> = {
      atMs: this.now,
      event: 'state',
      socket: socket.id,
      protocol: socket.protocol,
      connection: socket.name,
      host: socket.host.name,
      local: socket.localText,
      remote: socket.remoteText,
      state: socket.state,
      was,
    };
    if (expiresAtMs !== undefined) event.expiresAtMs = expiresAtMs;
    this.record(event);
  }

  recordError(
    host: string,
    action: string,
    connection: string | undefined,
    error: Errno,
    why?: PortChoiceReason,
  ): void {
    if (!this.isTracing) return;
    this.record({
      atMs: this.now,
      event: 'error',
      host,
      do: action,
      ...(connection === undefined ? {} : { connection }),
      error,
      ...(why === undefined ? {} : { why }),
    });
  }

  recordSysctl(host: string, key: string, value: string, was: string): void {
    if (this.isTracing) this.record({ atMs: this.now, event: 'sysctl', host, key, value, was });
  }

  private record(event: TraceEvent): void {
    if (this.sink === undefined) this.trace.push(event);
    else this.sink(event);
  }

  private recordPacket(
    packet: Packet,
    phase: 'sent' | 'arrived' | 'lost',
    endsAtMs?: number,
  ): void {
    if (packet.from === '') {
      packet.from = formatEndpoint(packet.sourceAddress, packet.sourcePort);
      packet.to = formatEndpoint(packet.destinationAddress, packet.destinationPort);
    }
    const { id, from, to, seq, ack, bytes, name } = packet;
    const atMs = this.now;
    let event: Writable<SegmentEvent | DatagramEvent | IcmpEvent>;
    if (packet.kind === 'segment') {
      const flags = FLAG_NAMES[packet.flags] ?? [];
      event = { atMs, event: 'segment', id, phase, from, to, flags, seq, ack, bytes };
    } else if (packet.kind === 'datagram') {
      event = { atMs, event: 'datagram', id, phase, from, to, bytes };
    } else {
      event = { atMs, event: 'icmp', id, phase, from, to, message: packet.message };
    }
    if (name !== undefined) event.connection = name;
    if (endsAtMs !== undefined) {
      if (packet.target === null && packet.toNat === null) event.lostAtMs = endsAtMs;
      else event.arrivesAtMs = endsAtMs;
    }
    if (packet.toNat !== null) event.toNat = packet.toNat.name;
    if (packet.fromNat !== null) event.fromNat = packet.fromNat.name;
    this.record(event);
  }

  private redo(entry: JournalEntry): void {
    if ('run' in entry) {
      this.runUntil(entry.run);
    } else if ('events' in entry) {
      this.runWhile(() => this.processed < entry.events);
    } else if ('schedule' in entry) {
      this.schedule(entry.schedule);
    } else {
      const host = this.hostsByName.get(entry.host);
      if (host !== undefined) repeatCall(host, entry);
    }
  }

  private noteRun(ms: number): void {
    const last = this.journal.at(-1);
    if (last !== undefined && 'run' in last) this.journal.pop();
    this.journal.push({ run: ms });
  }

  private run(limitMs: number, isWanted?: () => boolean): void {
    this.isRunning = true;
    while (isWanted === undefined || isWanted()) {
      const next = this.peek();
      const actionMs = this.actions.nextMs;
      if (actionMs !== undefined && (next === undefined || actionMs <= next.dueMs)) {
        if (actionMs > limitMs) break;
        this.now = actionMs;
        this.processed++;
        const due = this.actions.take(actionMs);
        if (due !== undefined) perform(this, this, due);
      } else {
        if (next === undefined || next.dueMs > limitMs) break;
        this.now = next.dueMs;
        this.processed++;
        this.queue.drop(next);
        if (next.kind === 'timer') tcp.timeOut(next.socket);
        else if (next.kind === 'mapping') next.nat.check(next);
        else if (next.kind === 'closing') next.socket.host.closeSocket(next.socket);
        else this.deliver(next);
      }
    }
    this.isRunning = false;
  }

  /** The next packet or timer that still counts. */
  private peek(): Pending | undefined {
    for (;;) {
      const next = this.queue.peek();
      if (next === undefined) return undefined;
      if (next.kind === 'timer') {
        if (next.generation === next.socket.timerGeneration) return next;
      } else if (next.kind === 'mapping') {
        if (next.mapping.timer === next) return next;
      } else if (
        next.kind !== 'closing' ||
        (next.socket.state !== 'CLOSED' && !next.socket.isOrphan)
      ) {
        return next;
      }
      this.queue.drop(next);
    }
  }

  private deliver(packet: Packet): void {
    const { target: host, toNat } = packet;
    const isLost = host === null && toNat === null;
    if (this.isTracing) this.recordPacket(packet, isLost ? 'lost' : 'arrived');
    if (toNat !== null) this.passRouter(toNat, packet);
    if (host === null) return;
    if (
      host.firewall !== null &&
      !host.owns(packet.sourceAddress) &&
      !this.passes(host, 'in', packet)
    )
      return;
    if (packet.kind === 'segment') tcp.receive(host, packet);
    else if (packet.kind === 'datagram') receiveDatagram(host, packet);
    else this.deliverIcmp(host, packet);
  }

  private deliverIcmp(host: Host, packet: Packet): void {
    const error = errorOf(packet.message);
    if (packet.about === 'tcp') {
      const socket = host.connections.get(packet.key);
      if (socket !== undefined) tcp.receiveUnreachable(socket, error);
      return;
    }
    const socket = host.datagramSocketFor(packet);
    if (socket?.state === 'ESTAB') {
      socket.isAwaiting = false;
      host.fail(socket, 'receive', error);
    }
  }
}
