/**
 * The world: hosts and what happens between them, a deterministic machine driven by virtual time.
 * Same scenario, same calls, same bytes.
 *
 * At one moment, actions come first, in the document's order; then what packets and timers bring, in
 * the order in which it was caused.
 */

import { Random } from '../time-and-chance/random.ts';
import { ActionQueue } from './action-queue.ts';
import { perform } from './actions.ts';
import { bindSocket } from './system-calls/binding.ts';
import { closeSocket } from './system-calls/closing.ts';
import { EventQueue } from './data-structures/event-queue.ts';
import { Host } from './system-calls/host.ts';
import { createHostSystem } from './kernel/host-system.ts';
import { type JournalEntry, repeatCall } from './journal.ts';
import { type MappingTimer, Nat } from './wire/nat.ts';
import { Closing, type Packet, Timer } from './kernel/packet.ts';
import type { Action, HostSpec, Scenario } from './scenario/scenario.ts';
import type { Socket } from './kernel/socket.ts';
import { timeOut } from './transport/tcp.ts';
import type { TraceEvent } from './trace/trace.ts';
import { TraceRecorder } from './kernel/trace-recorder.ts';
import { Wire } from './wire/wire.ts';
import type { WorldInterface, WorldOptions, WorldSnapshot } from './world-interface.ts';

export type * from './world-interface.ts';

/** Room for 2^21 pairs of addresses above 32 bits of ports in one exact number. */
const PORTS_PER_PAIR = 2 ** 32;

type Pending = Packet | Timer | Closing | MappingTimer;

export class World implements WorldInterface {
  readonly scenario: Scenario;
  readonly hosts: readonly Host[];
  readonly nats: readonly Nat[];
  readonly recorder: TraceRecorder;
  private readonly wire: Wire;
  private now = 0;
  private readonly queue = new EventQueue<Pending>();
  private readonly actions: ActionQueue;
  private readonly hostsByName = new Map<string, Host>();
  readonly openers = new Map<string, Socket>();
  readonly answerers = new Map<string, Socket>();
  private readonly pairs = new Map<number, Map<number, number>>();
  private pairCount = 0;
  private lastSocketId = 0;
  private lastName = 0;
  private processed = 0;
  private readonly journal: JournalEntry[] = [];
  private isRunning = true;

  constructor(scenario: Scenario, options: WorldOptions = {}) {
    this.scenario = scenario;
    this.recorder = new TraceRecorder(this, options.trace);
    this.hosts = scenario.hosts.map((spec) => this.begin(spec));
    this.nats = (scenario.nats ?? []).map((spec) => {
      const nat = new Nat(this, spec, new Random(scenario.seed).fork(`nat/${spec.name}`));
      for (const host of this.hosts) {
        if (spec.inside.includes(host.name)) host.nat = nat;
      }
      return nat;
    });
    this.wire = new Wire(this);
    this.actions = new ActionQueue(scenario.actions);
    this.isRunning = false;
  }

  get trace(): readonly TraceEvent[] {
    return this.recorder.trace;
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
    else this.openers.set(socket.name, socket);
  }

  forgetName(socket: Socket): void {
    if (this.openers.get(socket.name) === socket) this.openers.delete(socket.name);
    else if (this.answerers.get(socket.name) === socket) this.answerers.delete(socket.name);
  }

  roundTripMs(from: Host, to: number): number {
    return from.addressing.owns(to) ? 0 : 2 * this.scenario.latencyMs;
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
    this.wire.transmit(from, packet, isFirewalls);
  }

  /** Queues a packet that has left. */
  queuePacket(packet: Packet, delayMs: number): void {
    this.queue.push(packet, this.now, delayMs);
  }

  /** A host as the scenario has it at first. */
  private begin(spec: HostSpec): Host {
    const host = new Host(this, spec, createHostSystem(spec.os, spec.name, this.scenario.seed));
    this.hostsByName.set(spec.name, host);
    if (spec.firewall !== undefined) host.setFirewall(spec.firewall);
    for (const [key, value] of Object.entries(spec.sysctl)) host.sysctl.set(key, value);
    for (const listen of spec.listen) {
      bindSocket(host, 'listen', listen.protocol, listen.address, listen.port, listen);
    }
    return host;
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
        if (next.kind === 'timer') timeOut(next.socket);
        else if (next.kind === 'mapping') next.nat.check(next);
        else if (next.kind === 'closing') closeSocket(next.socket);
        else this.wire.deliver(next);
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
}
