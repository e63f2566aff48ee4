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
import { type JournalEntry, repeatCall } from './journal.ts';
import { Agenda } from './kernel/agenda.ts';
import { FourTupleKeys } from './kernel/four-tuple-keys.ts';
import { createHostSystem } from './kernel/host-system.ts';
import { Kernel, type KernelContext } from './kernel/kernel.ts';
import type { Packet } from './kernel/packet.ts';
import { SocketNames } from './kernel/socket-names.ts';
import type { ProgramCloses, SocketTimer } from './kernel/timers.ts';
import { TraceRecorder, type TraceWish } from './kernel/trace-recorder.ts';
import type { Action, HostSpec, Scenario } from './scenario/scenario.ts';
import { bindSocket } from './system-calls/binding.ts';
import { closeSocket } from './system-calls/closing.ts';
import { Host } from './system-calls/host.ts';
import type { TraceEvent } from './trace/trace.ts';
import { timeOut } from './transport/tcp.ts';
import { type MappingTimer, Nat } from './wire/nat.ts';
import { Wire } from './wire/wire.ts';

export type { SocketOwner } from './kernel/socket.ts';
export type { HostInterface } from './system-calls/host-interface.ts';
export type { ConnectOptions, SocketOptions } from './system-calls/options.ts';
export type { SocketInfo } from './system-calls/socket-info.ts';

export interface WorldOptions {
  /** What becomes of the trace. Default `keep`: it is in `world.trace`. */
  readonly trace?: TraceWish;
}

/**
 * Everything needed to have the same world again, as JSON: what it began with and what was done to
 * it. Since the world is a fold over these, nothing else has to be kept.
 */
export interface WorldSnapshot {
  readonly scenario: Scenario;
  readonly journal: readonly JournalEntry[];
}

type Pending = Packet | SocketTimer | ProgramCloses | MappingTimer;

export class World {
  readonly scenario: Scenario;
  readonly hosts: readonly Host[];
  readonly nats: readonly Nat[];
  readonly recorder: TraceRecorder;
  private readonly agenda = new Agenda<Pending>();
  readonly names = new SocketNames();
  readonly keys = new FourTupleKeys();
  private readonly wire: Wire;
  private readonly actions: ActionQueue;
  private readonly hostsByName = new Map<string, Host>();
  private processed = 0;
  private readonly journal: JournalEntry[] = [];
  /** While the world runs or begins, nothing comes from outside. */
  private isBusy = true;

  constructor(scenario: Scenario, options: WorldOptions = {}) {
    const { agenda, keys, names } = this;
    const { latencyMs, seed } = scenario;
    const recorder = new TraceRecorder(agenda, options.trace);
    this.scenario = scenario;
    this.recorder = recorder;
    this.wire = new Wire({ agenda, recorder, latencyMs });
    this.nats = (scenario.nats ?? []).map(
      (spec) =>
        new Nat(spec, new Random(seed).fork(`nat/${spec.name}`), { agenda, recorder, keys }),
    );
    const context = { agenda, recorder, keys, names, latencyMs };
    this.hosts = scenario.hosts.map((spec) => this.begin(spec, context));
    this.connectHosts();
    this.actions = new ActionQueue(scenario.actions);
    this.isBusy = false;
  }

  get trace(): readonly TraceEvent[] {
    return this.recorder.trace;
  }

  get nowMs(): number {
    return this.agenda.nowMs;
  }

  /** How many packets have arrived, timers gone off and actions been taken. */
  get eventsProcessed(): number {
    return this.processed;
  }

  host(name: string): Host | undefined {
    return this.hostsByName.get(name);
  }

  /** Adds an action at or after now; it happens when time gets there. */
  schedule(action: Action): void {
    this.note({ schedule: action });
    this.actions.add(action, this.nowMs);
  }

  /** When something next happens by itself, or null. */
  get nextMs(): number | null {
    const action = this.actions.nextMs;
    const queued = this.peek()?.dueMs;
    if (action === undefined) return queued ?? null;
    return queued === undefined ? action : Math.min(action, queued);
  }

  /** Runs everything up to and including this moment, which then is the present one. */
  runUntil(ms: number): void {
    if (!(ms >= this.nowMs)) return;
    this.run(ms);
    this.agenda.goTo(ms);
    this.noteRun(ms);
  }

  /** Runs until nothing is left to happen, or `limitMs`; the present is then when something last did. */
  runToEnd(limitMs = this.scenario.untilMs ?? Infinity): void {
    this.run(limitMs);
    this.noteRun(this.nowMs);
  }

  /** Runs while `isWanted` says so, at most until `limitMs`; the present is then when something last happened. */
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

  /** A host as the scenario has it at first. */
  private begin(spec: HostSpec, context: KernelContext): Host {
    const system = createHostSystem(spec, this.scenario.seed);
    const kernel = new Kernel(spec, system, context);
    const host = new Host(kernel, (call) => {
      if (!this.isBusy) this.note({ ...call, host: spec.name });
    });
    this.hostsByName.set(spec.name, host);
    if (spec.firewall !== undefined) host.setFirewall(spec.firewall);
    for (const [key, value] of Object.entries(spec.sysctl)) host.sysctl.set(key, value);
    for (const listen of spec.listen) {
      bindSocket(kernel, 'listen', listen.protocol, listen.address, listen.port, listen);
    }
    return host;
  }

  private connectHosts(): void {
    const routers = this.nats.map((nat) => this.wire.attachRouter(nat));
    for (const { kernel } of this.hosts) {
      const router = routers.findLast(({ nat }) => nat.spec.inside.includes(kernel.name));
      this.wire.attachHost(kernel, router ?? null);
    }
  }

  private note(entry: JournalEntry): void {
    if (!this.isBusy) this.journal.push(entry);
  }

  private noteRun(ms: number): void {
    const last = this.journal.at(-1);
    if (last !== undefined && 'run' in last) this.journal.pop();
    this.journal.push({ run: ms });
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

  private run(limitMs: number, isWanted?: () => boolean): void {
    this.isBusy = true;
    while (isWanted === undefined || isWanted()) {
      const next = this.peek();
      const actionMs = this.actions.nextMs;
      if (actionMs !== undefined && (next === undefined || actionMs <= next.dueMs)) {
        if (actionMs > limitMs) break;
        this.agenda.goTo(actionMs);
        this.processed++;
        const due = this.actions.take(actionMs);
        if (due !== undefined) perform(this, this.names, due);
      } else {
        if (next === undefined || next.dueMs > limitMs) break;
        this.agenda.goTo(next.dueMs);
        this.processed++;
        this.agenda.drop(next);
        this.happen(next);
      }
    }
    this.isBusy = false;
  }

  private happen(next: Pending): void {
    if (next.kind === 'socket-timer') timeOut(next.socket);
    else if (next.kind === 'mapping') next.nat.check(next);
    else if (next.kind === 'program-closes') closeSocket(next.socket);
    else this.wire.arrive(next);
  }

  /** The next packet or timer that still counts. */
  private peek(): Pending | undefined {
    for (;;) {
      const next = this.agenda.peek();
      if (next === undefined || isStillWanted(next)) return next;
      this.agenda.drop(next);
    }
  }
}

function isStillWanted(next: Pending): boolean {
  switch (next.kind) {
    case 'socket-timer':
      return next.socket.timer === next;
    case 'mapping':
      return next.mapping.timer === next;
    case 'program-closes':
      return next.socket.state !== 'CLOSED' && !next.socket.isOrphan;
    default:
      return true;
  }
}
