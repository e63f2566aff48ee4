/**
 * A replay: the state that views show, at any moment of a trace. It walks the trace forwards and
 * backwards; every event can be undone, so one step costs the same anywhere.
 *
 * What a socket looks like is said wholly by its latest `state` event, and what is on the wire by the
 * packets sent and not yet ended. So it is enough to remember of each event which one it replaced:
 * the socket's event before it, the packet's `sent`, the connection's earlier choice, the key's
 * earlier value. Those links are found once for each event, when the trace is given or has grown.
 */

import type { Endpoint, Protocol } from './scenario.ts';
import type {
  DatagramEvent,
  IcmpEvent,
  PortChosenEvent,
  SegmentEvent,
  SegmentFlag,
  StateEvent,
  TraceEvent,
} from './trace.ts';

export interface ReplaySocket {
  readonly id: number;
  readonly host: string;
  readonly protocol: Protocol;
  readonly connection: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  /** 0 for a listener (shown as `*`). */
  readonly remotePort: number;
  readonly state: StateEvent['state'];
  readonly sinceMs: number;
  readonly expiresAtMs: number | null;
}

/** A segment, datagram or ICMP message on its way. */
export interface Flight {
  readonly id: number;
  readonly kind: 'segment' | 'datagram' | 'icmp';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly flags: readonly SegmentFlag[];
  readonly bytes: number;
  readonly connection: string | null;
  readonly sentAtMs: number;
  /** Null for one that gets lost. */
  readonly arrivesAtMs: number | null;
  /** Null for one that arrives. */
  readonly lostAtMs: number | null;
}

export interface ReplayInterface {
  readonly trace: readonly TraceEvent[];
  /** How many events have happened: 0 … trace.length. */
  readonly index: number;
  readonly nowMs: number;
  /** The moment of the last event. */
  readonly endMs: number;
  /** Stands after the first `index` events. */
  seekIndex(index: number): void;
  /** Stands at a moment: every event with atMs ≤ ms has happened. */
  seekTime(ms: number): void;
  /** One event forward or back; false at the ends. */
  step(direction: 1 | -1): boolean;
  sockets(host: string): readonly ReplaySocket[];
  flights(): readonly Flight[];
  /** The choice of this connection's port, if it has happened by now. */
  choice(connection: string): PortChosenEvent | undefined;
  sysctl(host: string, key: string): string | undefined;
  /** Takes in what has been added to the trace (the same array) since. */
  extend(): void;
  /** Forgets everything from this event on. To be called before the trace itself is cut there. */
  truncate(index: number): void;
}

export interface ReplayOptions {
  /** A host's setting before any event, e.g. its profile's value. */
  readonly initialSysctl?: (host: string, key: string) => string | undefined;
}

type PacketEvent = SegmentEvent | DatagramEvent | IcmpEvent;

const NONE = -1;

export class Replay implements ReplayInterface {
  readonly trace: readonly TraceEvent[];
  private readonly initialSysctl: ReplayOptions['initialSysctl'];
  private at = 0;
  private timeMs = 0;
  /** Of each event, the one it replaced, or NONE. */
  private before = new Int32Array(1024);
  private indexed = 0;
  /** The latest event of each thing, while looking for links. */
  private readonly latest = {
    sockets: new Map<number, number>(),
    packets: new Map<number, number>(),
  };
  private readonly choices = new Map<string, number[]>();
  private readonly settings = new Map<string, number[]>();
  /** What is there now: event indices by socket and by packet. */
  private readonly live = new Map<string, Map<number, number>>();
  private readonly flying = new Map<number, number>();
  private readonly listed = new Map<string, readonly ReplaySocket[]>();
  private listedFlights: readonly Flight[] | undefined = undefined;
  private visited = 0;

  constructor(trace: readonly TraceEvent[], options: ReplayOptions = {}) {
    this.trace = trace;
    this.initialSysctl = options.initialSysctl;
    this.extend();
  }

  get index(): number {
    return this.at;
  }

  get nowMs(): number {
    return this.timeMs;
  }

  get endMs(): number {
    return this.trace.at(this.indexed - 1)?.atMs ?? 0;
  }

  /** How many events have been done or undone since the beginning: the cost of all seeking. */
  get stepsTaken(): number {
    return this.visited;
  }

  seekIndex(index: number): void {
    const target = Math.max(0, Math.min(Math.trunc(index), this.indexed));
    while (this.at < target) this.forward();
    while (this.at > target) this.backward();
    this.timeMs = this.trace[target - 1]?.atMs ?? 0;
  }

  seekTime(ms: number): void {
    this.seekIndex(this.indexAfter(ms));
    this.timeMs = Math.max(0, ms);
  }

  step(direction: 1 | -1): boolean {
    const target = this.at + direction;
    if (target < 0 || target > this.indexed) return false;
    this.seekIndex(target);
    return true;
  }

  sockets(host: string): readonly ReplaySocket[] {
    const known = this.listed.get(host);
    if (known !== undefined) return known;
    const ids = [...(this.live.get(host) ?? [])].sort(([a], [b]) => a - b);
    const sockets = ids.flatMap(([, index]) => {
      const event = this.trace[index];
      return event?.event === 'state' ? [socketOf(event)] : [];
    });
    this.listed.set(host, sockets);
    return sockets;
  }

  flights(): readonly Flight[] {
    if (this.listedFlights !== undefined) return this.listedFlights;
    const ids = [...this.flying].sort(([a], [b]) => a - b);
    this.listedFlights = ids.flatMap(([, index]) => {
      const event = this.trace[index];
      return event !== undefined && isPacket(event) ? [flightOf(event)] : [];
    });
    return this.listedFlights;
  }

  choice(connection: string): PortChosenEvent | undefined {
    const event = this.trace[lastBefore(this.choices.get(connection), this.at)];
    return event?.event === 'port-chosen' ? event : undefined;
  }

  sysctl(host: string, key: string): string | undefined {
    const writes = this.settings.get(settingKey(host, key));
    const event = this.trace[lastBefore(writes, this.at)];
    if (event?.event === 'sysctl') return event.value;
    const first = this.trace[writes?.[0] ?? NONE];
    return first?.event === 'sysctl' ? first.was : this.initialSysctl?.(host, key);
  }

  extend(): void {
    if (this.trace.length > this.before.length) {
      const longer = new Int32Array(Math.max(this.trace.length, this.before.length * 2));
      longer.set(this.before);
      this.before = longer;
    }
    for (; this.indexed < this.trace.length; this.indexed++) this.link(this.indexed);
  }

  truncate(index: number): void {
    const length = Math.max(0, index);
    if (length >= this.indexed) return;
    const { nowMs } = this;
    if (this.at > length) this.seekIndex(length);
    else this.timeMs = nowMs;
    this.indexed = length;
    // The latest events of each thing are found anew: a cut is rare, a step is not.
    this.latest.sockets.clear();
    this.latest.packets.clear();
    this.choices.clear();
    this.settings.clear();
    for (let i = 0; i < length; i++) this.link(i);
  }

  private link(index: number): void {
    const event = this.trace[index];
    if (event === undefined) return;
    switch (event.event) {
      case 'state': {
        const { sockets } = this.latest;
        this.before[index] = event.was === null ? NONE : (sockets.get(event.socket) ?? NONE);
        if (event.state === 'CLOSED') sockets.delete(event.socket);
        else sockets.set(event.socket, index);
        break;
      }
      case 'segment':
      case 'datagram':
      case 'icmp': {
        const { packets } = this.latest;
        this.before[index] = packets.get(event.id) ?? NONE;
        if (event.phase === 'sent') packets.set(event.id, index);
        else packets.delete(event.id);
        break;
      }
      case 'port-chosen':
        append(this.choices, event.connection, index);
        break;
      case 'sysctl':
        append(this.settings, settingKey(event.host, event.key), index);
        break;
      default:
    }
  }

  private forward(): void {
    const index = this.at++;
    this.visited++;
    const event = this.trace[index];
    if (event?.event === 'state') this.place(event, event.state === 'CLOSED' ? NONE : index);
    else if (event !== undefined && isPacket(event))
      this.fly(event.id, event.phase === 'sent' ? index : NONE);
  }

  private backward(): void {
    const index = --this.at;
    this.visited++;
    const event = this.trace[index];
    const before = this.before[index] ?? NONE;
    if (event?.event === 'state') this.place(event, before);
    else if (event !== undefined && isPacket(event)) this.fly(event.id, before);
  }

  private place(event: StateEvent, index: number): void {
    let sockets = this.live.get(event.host);
    if (sockets === undefined) {
      sockets = new Map();
      this.live.set(event.host, sockets);
    }
    if (index === NONE) sockets.delete(event.socket);
    else sockets.set(event.socket, index);
    this.listed.delete(event.host);
  }

  private fly(id: number, index: number): void {
    if (index === NONE) this.flying.delete(id);
    else this.flying.set(id, index);
    this.listedFlights = undefined;
  }

  /** How many events have happened by a moment. */
  private indexAfter(ms: number): number {
    let low = 0;
    let high = this.indexed;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.trace[middle]?.atMs ?? Infinity) <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isPacket(event: TraceEvent): event is PacketEvent {
  return event.event === 'segment' || event.event === 'datagram' || event.event === 'icmp';
}

function settingKey(host: string, key: string): string {
  return `${host} ${key}`;
}

function append(lists: Map<string, number[]>, key: string, index: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [index]);
  else list.push(index);
}

/** The greatest number of an ascending list that is below `end`, or NONE. */
function lastBefore(list: readonly number[] | undefined, end: number): number {
  if (list === undefined) return NONE;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? Infinity) < end) low = middle + 1;
    else high = middle;
  }
  return list[low - 1] ?? NONE;
}

/** Address and port of an endpoint; `*` is port 0. */
function split(endpoint: Endpoint): readonly [address: string, port: number] {
  const colon = endpoint.lastIndexOf(':');
  const port = endpoint.slice(colon + 1);
  return [endpoint.slice(0, colon), port === '*' ? 0 : Number(port)];
}

function socketOf(event: StateEvent): ReplaySocket {
  const [localAddress, localPort] = split(event.local);
  const [remoteAddress, remotePort] = split(event.remote);
  return {
    id: event.socket,
    host: event.host,
    protocol: event.protocol,
    connection: event.connection,
    localAddress,
    localPort,
    remoteAddress,
    remotePort,
    state: event.state,
    sinceMs: event.atMs,
    expiresAtMs: event.expiresAtMs ?? null,
  };
}

function flightOf(event: PacketEvent): Flight {
  return {
    id: event.id,
    kind: event.event,
    from: event.from,
    to: event.to,
    flags: event.event === 'segment' ? event.flags : [],
    bytes: event.event === 'icmp' ? 0 : event.bytes,
    connection: event.connection ?? null,
    sentAtMs: event.atMs,
    arrivesAtMs: event.arrivesAtMs ?? null,
    lostAtMs: event.lostAtMs ?? null,
  };
}
