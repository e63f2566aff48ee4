/**
 * Where the segments on their way stand between the hosts, and how they are drawn: few of them as
 * packets that can be read, many as packets that show only their two ports, a crowd as dots with a
 * few packets among them. Places are fractions of the wire's length and breadth.
 */

import type { Flight } from '../../network/trace/replay.ts';
import type { SegmentFlag } from '../../network/trace/trace.ts';
import { addressOf, portOf } from '../../simulation-kit/endpoint.ts';
import { isPagePort } from './offers.ts';
import type { Cast } from './session.ts';

/** What a segment says, for those who do not read flags yet. */
export type Meaning =
  'syn' | 'syn-ack' | 'ack' | 'request' | 'response' | 'data' | 'fin' | 'rst' | 'datagram';

export interface Packet {
  readonly id: number;
  readonly connection: string | null;
  readonly fromPort: number;
  readonly toPort: number;
  readonly from: string;
  readonly to: string;
  readonly flags: readonly SegmentFlag[];
  readonly meaning: Meaning;
  readonly bytes: number;
  /** From the client to the server. */
  readonly isOutward: boolean;
  /** 0 at the client, 1 at the server. */
  readonly along: number;
  /** 0–1 across the wire: the middle of its lane. */
  readonly across: number;
  /** Beside the middle of its lane, so that those sent together do not cover each other. */
  readonly aside: number;
}

export type Density = 'few' | 'many' | 'crowd';

export interface Wire {
  readonly density: Density;
  readonly packets: readonly Packet[];
  /** All flights that are not packets, as `[along, across]`. */
  readonly dots: { readonly outward: readonly Dot[]; readonly back: readonly Dot[] };
  readonly count: number;
}

export type Dot = readonly [along: number, across: number];

const FEW = 4;
const MANY = 14;
const PACKETS_IN_A_CROWD = 6;
const SIDE_LANES = 4;
/** Packets sent at one moment lie this far apart, in breadths of a lane: with words, and without. */
const STACKED = { few: 0.58, many: 0.3 } as const;
/** So many packets with words have room beside one another. */
const STACK_OF_WORDS = 2;

/** `serverPort` tells a page from other data. */
export function meaningOf(
  flags: readonly SegmentFlag[],
  bytes: number,
  isOutward: boolean,
  serverPort: number,
): Meaning {
  if (flags.includes('RST')) return 'rst';
  if (flags.includes('SYN')) return flags.includes('ACK') ? 'syn-ack' : 'syn';
  if (flags.includes('FIN')) return 'fin';
  if (bytes > 0 && !isPagePort(serverPort)) return 'data';
  if (bytes > 0) return isOutward ? 'request' : 'response';
  return 'ack';
}

interface Ends {
  readonly client: number;
  readonly server: number;
  readonly isOutward: boolean;
}

/** Which hosts a segment travels between; null for traffic inside one host. */
function endsOf(
  flight: Flight,
  places: ReadonlyMap<string, readonly ['client' | 'server', number]>,
): Ends | null {
  const from = places.get(addressOf(flight.from));
  const to = places.get(addressOf(flight.to));
  if (from === undefined || to === undefined || from[0] === to[0]) return null;
  return from[0] === 'client'
    ? { client: from[1], server: to[1], isOutward: true }
    : { client: to[1], server: from[1], isOutward: false };
}

/** The number that a connection's name ends in: neighbours in a train get neighbouring lanes. */
function ordinal(connection: string | null): number {
  return Number(/(\d+)$/.exec(connection ?? '')?.[1] ?? '0');
}

export function placesOf(cast: Cast): ReadonlyMap<string, readonly ['client' | 'server', number]> {
  const places = new Map<string, readonly ['client' | 'server', number]>();
  cast.clients.forEach((host, index) => {
    for (const address of host.addresses) places.set(address, ['client', index]);
  });
  cast.servers.forEach((host, index) => {
    for (const address of host.addresses) places.set(address, ['server', index]);
  });
  return places;
}

/**
 * Where the wire between two hosts begins and ends across the picture: each host's breadth is shared
 * out among its wires, so that none lies on another.
 */
export function wireEnds(
  client: number,
  server: number,
  clients: number,
  servers: number,
): readonly [atClient: number, atServer: number] {
  const fan = (index: number, count: number): number => (index + 0.5) / count;
  return [(client + fan(server, servers)) / clients, (server + fan(client, clients)) / servers];
}

/** How far a lane lies beside the middle of its wire; `wires` share the picture's breadth. */
export function laneOf(isOutward: boolean, wires: number): number {
  return (isOutward ? -0.25 : 0.25) / wires;
}

/** Of each flight, its place among those that would cover one another: same ends, same moment. */
function stacksOf(flights: readonly Flight[], isStill: boolean): ReadonlyMap<number, number> {
  const stacks = new Map<string, number[]>();
  for (const { id, from, to, sentAtMs } of flights) {
    const key = `${addressOf(from)} ${addressOf(to)} ${isStill ? '' : String(sentAtMs)}`;
    stacks.set(key, [...(stacks.get(key) ?? []), id]);
  }
  const places = new Map<number, number>();
  for (const stack of stacks.values()) {
    stack.forEach((id, index) => places.set(id, index - (stack.length - 1) / 2));
  }
  return places;
}

/**
 * The wire at a moment. `latencyMs` places a segment that will get lost: it travels half-way.
 * With `isStill` (reduced motion) every segment stands in the middle.
 */
export function wireAt(
  flights: readonly Flight[],
  nowMs: number,
  cast: Cast,
  latencyMs: number,
  isStill: boolean,
): Wire {
  const places = placesOf(cast);
  const clients = cast.clients.length;
  const servers = cast.servers.length;
  const laneBreadth = 0.5 / (clients * servers);
  const stacks = flights.length <= FEW ? stacksOf(flights, isStill) : null;
  const isHigh = [...(stacks?.values() ?? [])].some((place) => place >= STACK_OF_WORDS / 2);
  const density: Density =
    stacks !== null && !isHigh ? 'few' : flights.length <= MANY ? 'many' : 'crowd';
  const every = density === 'crowd' ? Math.ceil(flights.length / PACKETS_IN_A_CROWD) : 1;
  const packets: Packet[] = [];
  const outward: Dot[] = [];
  const back: Dot[] = [];
  for (const flight of flights) {
    const ends = endsOf(flight, places);
    if (ends === null) continue;
    const { isOutward } = ends;
    const lasts = Math.max(
      (flight.arrivesAtMs ?? flight.sentAtMs + latencyMs) - flight.sentAtMs,
      1e-9,
    );
    const most = flight.arrivesAtMs === null ? 0.5 : 1;
    const done = isStill ? 0.5 : Math.min(Math.max((nowMs - flight.sentAtMs) / lasts, 0), most);
    const along = isOutward ? done : 1 - done;
    const [atClient, atServer] = wireEnds(ends.client, ends.server, clients, servers);
    const across = atClient + (atServer - atClient) * along + laneOf(isOutward, clients * servers);
    const place = ordinal(flight.connection);
    const aside =
      laneBreadth *
      (stacks === null || density === 'crowd'
        ? 0.72 * (((place % SIDE_LANES) + 0.5) / SIDE_LANES - 0.5)
        : STACKED[density] * (stacks.get(flight.id) ?? 0));
    if (flight.id % every === 0 && packets.length < MANY) {
      packets.push({
        id: flight.id,
        connection: flight.connection,
        fromPort: portOf(flight.from),
        toPort: portOf(flight.to),
        from: flight.from,
        to: flight.to,
        flags: flight.flags,
        meaning:
          flight.kind === 'datagram'
            ? 'datagram'
            : meaningOf(
                flight.flags,
                flight.bytes,
                isOutward,
                portOf(isOutward ? flight.to : flight.from),
              ),
        bytes: flight.bytes,
        isOutward,
        along,
        across,
        aside,
      });
    } else {
      const spread = ((flight.id * 7) % 16) / 16 - 0.47;
      (isOutward ? outward : back).push([along, across + spread * laneBreadth]);
    }
  }
  return { density, packets, dots: { outward, back }, count: flights.length };
}

/** Dots as one SVG path in a square of 1000 units, drawn with round ends. */
export function dotsPath(dots: readonly Dot[]): string {
  let path = '';
  for (const [along, across] of dots) {
    path += `M${String(Math.round(along * 1000))} ${String(Math.round(across * 1000))}h0`;
  }
  return path;
}
