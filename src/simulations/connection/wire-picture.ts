/**
 * Where the segments on their way stand between the hosts, and how they are drawn: few of them as
 * packets that can be read, more as packets that show only their two ports, those that go the same
 * way together as one packet with their number. No packet covers another or leaves the picture: what
 * has no room is a dot. Places are fractions of the wire's length and width.
 */

import type { Flight } from '../../network/trace/replay.ts';
import type { SegmentFlag } from '../../network/trace/trace.ts';
import { addressOf, portOf } from '../../simulation-kit/endpoint.ts';
import { isPagePort } from './requestable-services.ts';
import type { Cast } from './session.ts';

/** What a segment says, for those who do not read flags yet. */
export type Meaning =
  | 'syn'
  | 'syn-ack'
  | 'ack'
  | 'request'
  | 'response'
  | 'data'
  | 'fin'
  | 'rst'
  | 'datagram';

export interface DrawnPacket {
  /** Stays the same while it travels. */
  readonly id: string;
  /** The segment that it shows; of several together the newest. */
  readonly segment: number;
  readonly connection: string | null;
  /** How many segments it stands for. */
  readonly count: number;
  /** Null where several together have different ones. */
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly from: string;
  readonly to: string;
  readonly flags: readonly SegmentFlag[];
  readonly meaning: Meaning;
  /** From the client to the server. */
  readonly isOutward: boolean;
  /** 0 at the client, 1 at the server. */
  readonly along: number;
  /** 0–1 across the wire. */
  readonly across: number;
}

export type Density = 'few' | 'many' | 'crowd';

export interface WirePicture {
  readonly density: Density;
  readonly packets: readonly DrawnPacket[];
  /** All flights that are not drawn as packets of their own, as `[along, across]`. */
  readonly dots: { readonly outward: readonly Dot[]; readonly back: readonly Dot[] };
  readonly count: number;
}

export type Dot = readonly [along: number, across: number];

/** The picture between the hosts as it is drawn, in pixels. */
export interface PictureSize {
  /** Between the hosts. */
  readonly length: number;
  readonly breadth: number;
  /** A small letter's size: packets grow with it. */
  readonly em: number;
  /** The wire runs downwards: packets lie across it, and say no words. */
  readonly isUpright: boolean;
}

/** Before anything was measured: a column of text. */
export const usualSize: PictureSize = { length: 420, breadth: 204, em: 14, isUpright: false };

/** Up to so many are told in words. */
export const FEW = 4;
/** Up to so many are each a packet. */
const MANY = 14;
/** So many that go the same way with the same flags are one packet. */
const TOGETHER = 4;
/** How large a packet is, in small letters: with words, with its ports alone. */
const SIZES = { words: [13.2, 4.2], flags: [10.4, 3.8], ports: [10.4, 2.3] } as const;
/** Between two packets. */
const GAP = 3;

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

/** Which hosts a segment travels between. */
interface Way {
  readonly client: number;
  readonly server: number;
  readonly isOutward: boolean;
  /** Those alike go the same way between the same hosts with the same flags. */
  readonly likeness: string;
}

/** Null for traffic inside one host. */
function findWay(flight: Flight, cast: Cast): Way | null {
  const places = hostPlaces(cast);
  const from = places.get(addressOf(flight.from));
  const to = places.get(addressOf(flight.to));
  if (from === undefined || to === undefined || from[0] === to[0]) return null;
  const isOutward = from[0] === 'client';
  const [client, server] = isOutward ? [from[1], to[1]] : [to[1], from[1]];
  const words = `${flight.kind} ${flight.flags.join(' ')} ${flight.bytes > 0 ? 'data' : ''}`;
  const likeness = `${String(client)} ${String(server)} ${isOutward ? '>' : '<'} ${words}`;
  return { client, server, isOutward, likeness };
}

/** A segment stays on its way: that is found once, however many frames it is seen in. */
const ways = new WeakMap<Flight, { readonly cast: Cast; readonly way: Way | null }>();

function wayOf(flight: Flight, cast: Cast): Way | null {
  let known = ways.get(flight);
  if (known?.cast !== cast) {
    known = { cast, way: findWay(flight, cast) };
    ways.set(flight, known);
  }
  return known.way;
}

const knownPlaces = new WeakMap<Cast, ReturnType<typeof findPlaces>>();

/** Which host has an address. */
export function hostPlaces(cast: Cast): ReturnType<typeof findPlaces> {
  const places = knownPlaces.get(cast) ?? findPlaces(cast);
  knownPlaces.set(cast, places);
  return places;
}

function findPlaces(cast: Cast): ReadonlyMap<string, readonly ['client' | 'server', number]> {
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
 * Where the wire between two hosts begins and ends across the picture: each host's width is shared
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

/** How far a lane lies beside the middle of its wire; `wires` share the picture's width. */
export function laneOf(isOutward: boolean, wires: number): number {
  return (isOutward ? -0.25 : 0.25) / wires;
}

/** A flight with its place on the wire. */
interface Placed {
  readonly flight: Flight;
  readonly isOutward: boolean;
  readonly along: number;
  readonly across: number;
  readonly likeness: string;
}

function placed(
  flight: Flight,
  cast: Cast,
  clients: number,
  servers: number,
  done: number,
): Placed | null {
  const way = wayOf(flight, cast);
  if (way === null) return null;
  const { client, server, isOutward, likeness } = way;
  const along = isOutward ? done : 1 - done;
  const [atClient, atServer] = wireEnds(client, server, clients, servers);
  const wires = clients * servers;
  const across = atClient + (atServer - atClient) * along + laneOf(isOutward, wires);
  return { flight, isOutward, along, across, likeness };
}

/** The port that all of them have at this end; null where they differ. */
function samePort(all: readonly Placed[], end: 'from' | 'to'): number | null {
  const [first] = all;
  if (first === undefined) return null;
  const port = portOf(first.flight[end]);
  return all.every(({ flight }) => portOf(flight[end]) === port) ? port : null;
}

/** `id`: what all of them go by; one alone has its own. */
function packetOf(all: readonly Placed[], id?: string): DrawnPacket | null {
  const newest = all.at(-1);
  if (newest === undefined) return null;
  const { flight, isOutward } = newest;
  const mean = (pick: (one: Placed) => number): number =>
    all.reduce((sum, one) => sum + pick(one), 0) / all.length;
  const data = { from: flight.from, to: flight.to, flags: flight.flags, isOutward };
  return {
    ...data,
    id: id ?? String(flight.id),
    segment: flight.id,
    connection: flight.connection,
    count: all.length,
    fromPort: samePort(all, 'from'),
    toPort: samePort(all, 'to'),
    meaning:
      flight.kind === 'datagram'
        ? 'datagram'
        : meaningOf(
            flight.flags,
            flight.bytes,
            isOutward,
            portOf(isOutward ? flight.to : flight.from),
          ),
    along: mean((one) => one.along),
    across: mean((one) => one.across),
  };
}

interface Box {
  readonly x: number;
  readonly y: number;
}

/**
 * Gives each packet a place of its own, in this order: where it is, or as near to it across the wire
 * as there is room. Null for one that finds none.
 */
function spread(
  packets: readonly DrawnPacket[],
  room: PictureSize,
  [wide, high]: readonly [number, number],
): (DrawnPacket | null)[] {
  const { isUpright, em } = room;
  const [width, height] = isUpright ? [room.breadth, room.length] : [room.length, room.breadth];
  const [w, h] = [Math.min(wide * em, width), high * em];
  const taken: Box[] = [];
  const inside = (value: number, size: number, most: number): number =>
    Math.min(Math.max(value, size / 2), Math.max(size / 2, most - size / 2));
  const isFree = ({ x, y }: Box): boolean =>
    taken.every((other) => Math.abs(other.x - x) >= w + GAP || Math.abs(other.y - y) >= h + GAP);
  return packets.map((packet) => {
    // It leaves one host's edge and arrives at the other's.
    const along = (size: number, most: number): number =>
      size / 2 + packet.along * Math.max(0, most - size);
    const natural = isUpright
      ? { x: packet.across * width, y: along(h, height) }
      : { x: along(w, width), y: packet.across * height };
    const [across, size] = isUpright ? [width, w + GAP] : [height, h + GAP];
    const tries = Math.ceil(across / size) * 2;
    for (let step = 0; step <= tries; step += 1) {
      const aside = (step % 2 === 1 ? 1 : -1) * Math.ceil(step / 2) * size;
      const box = {
        x: inside(natural.x + (isUpright ? aside : 0), w, width),
        y: inside(natural.y + (isUpright ? 0 : aside), h, height),
      };
      if (!isFree(box)) continue;
      taken.push(box);
      return isUpright
        ? { ...packet, along: box.y / height, across: box.x / width }
        : { ...packet, along: box.x / width, across: box.y / height };
    }
    return null;
  });
}

/**
 * The wire at a moment. `latencyMs` places a segment that will get lost: it travels half-way. With
 * `isStill` (reduced motion) every segment is shown in the middle. `asked`: the segment of a question,
 * which is shown alone. `held`: the packets of a crowd that stay as they were drawn, while its dots move.
 */
export function wireAt(
  flights: readonly Flight[],
  nowMs: number,
  cast: Cast,
  latencyMs: number,
  isStill: boolean,
  room: PictureSize = usualSize,
  asked: number | null = null,
  held?: () => readonly DrawnPacket[],
): WirePicture {
  const clients = cast.clients.length;
  const servers = cast.servers.length;
  const laneBreadth = 0.5 / (clients * servers);
  const all: Placed[] = [];
  for (const flight of flights) {
    const lasts = Math.max(
      (flight.arrivesAtMs ?? flight.sentAtMs + latencyMs) - flight.sentAtMs,
      1e-9,
    );
    const most = flight.arrivesAtMs === null ? 0.5 : 1;
    const done = isStill ? 0.5 : Math.min(Math.max((nowMs - flight.sentAtMs) / lasts, 0), most);
    const one = placed(flight, cast, clients, servers, done);
    if (one !== null) all.push(one);
  }
  const isCrowd = all.length > MANY;
  if (isCrowd && held !== undefined) {
    const packets = held();
    const dots = dotsOf(all, packets, laneBreadth);
    return { density: 'crowd', packets, dots, count: flights.length };
  }
  const groups = new Map<string, Placed[]>();
  for (const one of all) {
    const key = one.flight.id === asked ? 'asked' : one.likeness;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const shown: DrawnPacket[] = [];
  for (const [key, group] of groups) {
    // In a crowd a packet stays the same one as segments come and go, also when only one is left.
    const isTogether = key !== 'asked' && (isCrowd || group.length >= TOGETHER);
    const packets = isTogether ? [packetOf(group, key)] : group.map((one) => packetOf([one]));
    for (const packet of packets) if (packet !== null) shown.push(packet);
  }
  // The one that is asked about first, then the newest: they have the best places.
  shown.sort(
    (a, b) => Number(b.segment === asked) - Number(a.segment === asked) || b.segment - a.segment,
  );
  const isFew = all.length <= FEW;
  const told = room.isUpright ? SIZES.flags : SIZES.words;
  const withWords = isFew ? spread(shown, room, told) : [null];
  const hasWords = !withWords.includes(null);
  const drawn = hasWords ? withWords : spread(shown, room, SIZES.ports);
  const packets = drawn.filter((packet) => packet !== null);
  return {
    density: hasWords ? 'few' : isCrowd ? 'crowd' : 'many',
    // In the order in which they were sent: the last is what has just happened.
    packets: packets.sort((a, b) => a.segment - b.segment),
    dots: dotsOf(all, packets, laneBreadth),
    count: flights.length,
  };
}

/** Dots nearer than this, as a fraction of the wire, lie on one another. */
const DOT_STEP = 1 / 2000;

/**
 * All that are no packet of their own. Those that lie on one another are one dot: of thousands that are
 * sent at one moment there are a few to draw.
 */
function dotsOf(
  all: readonly Placed[],
  packets: readonly DrawnPacket[],
  laneBreadth: number,
): WirePicture['dots'] {
  const alone = new Set(packets.flatMap(({ count, segment }) => (count === 1 ? [segment] : [])));
  const outward: Dot[] = [];
  const back: Dot[] = [];
  const places = new Set<number>();
  for (const { flight, isOutward, along, across } of all) {
    if (alone.has(flight.id)) continue;
    const aside = ((flight.id * 7) % 16) / 16 - 0.47;
    const there = across + 0.8 * aside * laneBreadth;
    const [x, y] = [Math.round(along / DOT_STEP), Math.round(there / DOT_STEP)];
    const place = (x * 8192 + y) * (isOutward ? 1 : -1);
    if (places.has(place)) continue;
    places.add(place);
    (isOutward ? outward : back).push([along, there]);
  }
  return { outward, back };
}

/** Dots as one SVG path in a square of 1000 units, drawn with round ends. */
export function dotsPath(dots: readonly Dot[]): string {
  let path = '';
  for (const [along, across] of dots) {
    path += `M${String(Math.round(along * 1000))} ${String(Math.round(across * 1000))}h0`;
  }
  return path;
}
