/**
 * A replay: the state that views show, at any moment of a trace. It walks the trace forwards and
 * backwards; every event can be undone, so one step costs the same anywhere.
 *
 * What a socket looks like is said wholly by its latest `state` event, and what is on the wire by the
 * packets sent and not yet ended. So it is enough to remember, of each event that has been walked
 * over, which one it replaced: the socket's event before it, the packet's `sent`, the connection's
 * earlier choice, the key's earlier value. Walking back is giving those back, the latest first.
 */

import type { Endpoint, Protocol } from '../protocol.ts';
import type {
  DatagramEvent,
  IcmpEvent,
  PortChosenEvent,
  SegmentEvent,
  SegmentFlag,
  StateEvent,
  SysctlEvent,
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
  /** Of a socket on `::` alone: whether it leaves IPv4 alone. */
  readonly ipv6Only?: boolean;
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

export interface ReplayOptions {
  /** A host's setting before any event, e.g. its profile's value. */
  readonly initialSysctl?: (host: string, key: string) => string | undefined;
}

type PacketEvent = SegmentEvent | DatagramEvent | IcmpEvent;

/** What is there now, each thing by its latest event; every change can be taken back. */
class Latest<Key, Event> {
  readonly events = new Map<Key, Event>();
  /** What the changes replaced, the latest change's at the end. */
  private readonly replaced: (Event | undefined)[] = [];

  /** Undefined: it is gone. */
  change(key: Key, event: Event | undefined): void {
    this.replaced.push(this.events.get(key));
    this.put(key, event);
  }

  /** Takes the latest change back, which was this thing's. */
  takeBack(key: Key): void {
    this.put(key, this.replaced.pop());
  }

  private put(key: Key, event: Event | undefined): void {
    if (event === undefined) this.events.delete(key);
    else this.events.set(key, event);
  }
}

export class Replay {
  readonly trace: readonly TraceEvent[];
  private readonly initialSysctl: ReplayOptions['initialSysctl'];
  private at = 0;
  private timeMs = 0;
  private length = 0;
  private readonly live = new Map<string, Latest<number, StateEvent>>();
  private readonly flying = new Latest<number, PacketEvent>();
  private readonly choices = new Latest<string, PortChosenEvent>();
  private readonly settings = new Latest<string, SysctlEvent>();
  /** The first write of each setting, whether it has happened by now or not. */
  private readonly firstWrites = new Map<string, SysctlEvent>();
  private readonly listed = new Map<string, readonly ReplaySocket[]>();
  /** Each event's socket is made once: most of a host's sockets stay as they are. */
  private readonly asSockets = new Map<StateEvent, ReplaySocket>();
  /** The same for packets on their way. */
  private readonly asFlights = new Map<PacketEvent, Flight>();
  private listedFlights: readonly Flight[] | undefined = undefined;

  constructor(trace: readonly TraceEvent[], options: ReplayOptions = {}) {
    this.trace = trace;
    this.initialSysctl = options.initialSysctl;
    this.extend();
  }

  /** How many events have happened: 0 … trace.length. */
  get index(): number {
    return this.at;
  }

  get nowMs(): number {
    return this.timeMs;
  }

  /** The moment of the last event. */
  get endMs(): number {
    return this.trace[this.length - 1]?.atMs ?? 0;
  }

  /** Goes to just after the first `index` events. */
  seekIndex(index: number): void {
    const target = Math.max(0, Math.min(Math.trunc(index), this.length));
    while (this.at < target) this.walk(this.trace[this.at++], true);
    while (this.at > target) this.walk(this.trace[--this.at], false);
    this.timeMs = this.trace[target - 1]?.atMs ?? 0;
  }

  /** Goes to a moment: every event with atMs ≤ ms has happened. */
  seekTime(ms: number): void {
    this.seekIndex(this.indexAfter(ms));
    this.timeMs = Math.max(0, ms);
  }

  /** One event forward or back; false at the ends. */
  step(direction: 1 | -1): boolean {
    const target = this.at + direction;
    if (target < 0 || target > this.length) return false;
    this.seekIndex(target);
    return true;
  }

  sockets(host: string): readonly ReplaySocket[] {
    const known = this.listed.get(host);
    if (known !== undefined) return known;
    const events = [...this.socketsOf(host).events.values()];
    const sockets = events.sort((a, b) => a.socket - b.socket).map((event) => this.asSocket(event));
    this.listed.set(host, sockets);
    return sockets;
  }

  flights(): readonly Flight[] {
    this.listedFlights ??= [...this.flying.events.values()]
      .sort((a, b) => a.id - b.id)
      .map((event) => this.asFlight(event));
    return this.listedFlights;
  }

  /** The choice of this connection's port, if it has happened by now. */
  choice(connection: string): PortChosenEvent | undefined {
    return this.choices.events.get(connection);
  }

  sysctl(host: string, key: string): string | undefined {
    const setting = settingKey(host, key);
    const write = this.settings.events.get(setting);
    if (write !== undefined) return write.value;
    const first = this.firstWrites.get(setting);
    return first === undefined ? this.initialSysctl?.(host, key) : first.was;
  }

  /** Takes in what has been added to the trace (the same array) since. */
  extend(): void {
    for (const event of this.trace.slice(this.length)) this.noteWrite(event);
    this.length = this.trace.length;
  }

  private noteWrite(event: TraceEvent): void {
    if (event.event !== 'sysctl') return;
    const setting = settingKey(event.host, event.key);
    if (!this.firstWrites.has(setting)) this.firstWrites.set(setting, event);
  }

  /** Does or undoes one event. */
  private walk(event: TraceEvent | undefined, isForward: boolean): void {
    switch (event?.event) {
      case 'state': {
        const sockets = this.socketsOf(event.host);
        if (isForward) sockets.change(event.socket, event.state === 'CLOSED' ? undefined : event);
        else sockets.takeBack(event.socket);
        this.listed.delete(event.host);
        break;
      }
      case 'segment':
      case 'datagram':
      case 'icmp':
        if (isForward) this.flying.change(event.id, event.phase === 'sent' ? event : undefined);
        else this.flying.takeBack(event.id);
        this.listedFlights = undefined;
        break;
      case 'port-chosen':
        if (isForward) this.choices.change(event.connection, event);
        else this.choices.takeBack(event.connection);
        break;
      case 'sysctl': {
        const setting = settingKey(event.host, event.key);
        if (isForward) this.settings.change(setting, event);
        else this.settings.takeBack(setting);
        break;
      }
      default:
    }
  }

  private asSocket(event: StateEvent): ReplaySocket {
    let socket = this.asSockets.get(event);
    if (socket === undefined) {
      socket = socketOf(event);
      this.asSockets.set(event, socket);
    }
    return socket;
  }

  private asFlight(event: PacketEvent): Flight {
    let flight = this.asFlights.get(event);
    if (flight === undefined) {
      flight = flightOf(event);
      this.asFlights.set(event, flight);
    }
    return flight;
  }

  private socketsOf(host: string): Latest<number, StateEvent> {
    let sockets = this.live.get(host);
    if (sockets === undefined) {
      sockets = new Latest();
      this.live.set(host, sockets);
    }
    return sockets;
  }

  /** How many events have happened by a moment. */
  private indexAfter(ms: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.trace[middle]?.atMs ?? Infinity) <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function settingKey(host: string, key: string): string {
  return `${host} ${key}`;
}

/** Address and port of an endpoint; `*` is port 0, and an IPv6 address loses its brackets. */
function split(endpoint: Endpoint): readonly [address: string, port: number] {
  const colon = endpoint.lastIndexOf(':');
  const port = endpoint.slice(colon + 1);
  const isBracketed = endpoint.startsWith('[');
  const address = isBracketed ? endpoint.slice(1, colon - 1) : endpoint.slice(0, colon);
  return [address, port === '*' ? 0 : Number(port)];
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
    ...(event.ipv6Only === undefined ? {} : { ipv6Only: event.ipv6Only }),
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
