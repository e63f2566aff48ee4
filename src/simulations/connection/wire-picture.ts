/**
 * Where the segments on their way stand between the hosts, and how they are drawn: few of them as
 * packets that can be read, more as packets that show only their two ports, those that go the same
 * way together as one packet with their number. Each keeps to its lane, no packet covers another or
 * leaves the picture: what has no room is a dot. Places are fractions of the wire's length and width.
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

/** How all packets of a moment are drawn: told in words, with flags and ports in a line, or with their ports alone, in a row or a column. */
export type PacketForm = 'words' | 'line' | 'row' | 'column';

export interface WirePicture {
  readonly density: Density;
  readonly form: PacketForm;
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

/** A form of packets and how large it is, in small letters. */
interface Shape {
  readonly form: PacketForm;
  readonly wide: number;
  readonly high: number;
  /** It tells more than its ports: few are drawn so. */
  readonly isTold?: true;
}

const row: Shape = { form: 'row', wide: 10.4, high: 2.3 };
/** The first one in which all have room is taken. */
const LYING: readonly Shape[] = [
  { form: 'words', wide: 13.2, high: 4.2, isTold: true },
  { form: 'line', wide: 15.4, high: 2.3, isTold: true },
  row,
];
const UPRIGHT: readonly Shape[] = [
  { form: 'words', wide: 10.4, high: 3.8, isTold: true },
  row,
  { form: 'column', wide: 4.9, high: 3.4 },
];
/** How wide the number of those that go together is, before their ports. */
const COUNT = 2;
/** As far as this, of its whole way, a packet may stand from where it is before another form is tried. */
const NEAR = 0.15;
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
export function wireEnds(client: number, server: number, clients: number, servers: number): Wire {
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
  readonly wire: Wire;
  readonly likeness: string;
}

/** Where a wire ends across the picture. */
type Wire = readonly [atClient: number, atServer: number];

const acrossAt = ([atClient, atServer]: Wire, along: number, isOutward: boolean, wires: number) =>
  atClient + (atServer - atClient) * along + laneOf(isOutward, wires);

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
  const wire = wireEnds(client, server, clients, servers);
  const across = acrossAt(wire, along, isOutward, clients * servers);
  return { flight, isOutward, along, across, wire, likeness };
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

/** A packet and the wire that it is on. */
interface OnWire {
  readonly packet: DrawnPacket;
  readonly wire: Wire;
}

/** The room of the packets, in pixels: theirs along the wire and across it, and the picture's. */
interface Measures {
  readonly along: number;
  readonly across: number;
  readonly length: number;
  readonly breadth: number;
  readonly wires: number;
}

interface Arranged {
  readonly one: OnWire;
  readonly x: number;
  readonly y: number;
}

/**
 * Those of one row of a lane, from the client's end on, each where it is or as near to it as the others
 * allow. Null where the row is too short for them.
 */
function pushApart(
  natural: readonly number[],
  { along, length }: Measures,
): readonly number[] | null {
  const step = along + GAP;
  const most = length - along / 2;
  let least = -Infinity;
  const places = natural.map((place, index) => {
    const farthest = most - (natural.length - 1 - index) * step;
    least = Math.min(Math.max(place, least + step), farthest);
    return least;
  });
  return (places[0] ?? 0) < along / 2 - 1 ? null : places;
}

/** Puts the packets of one lane into as few rows beside one another as they need and it has. */
function rowsOf(lane: readonly OnWire[], at: (one: OnWire) => number, measures: Measures) {
  const { along, across, breadth, wires } = measures;
  const most = Math.max(1, Math.floor((breadth / (2 * wires) + GAP) / (across + GAP)));
  const rows: OnWire[][] = [];
  const end = (row: readonly OnWire[]): number => {
    const last = row.at(-1);
    return last === undefined ? -Infinity : at(last);
  };
  for (const one of lane.toSorted((a, b) => at(a) - at(b))) {
    // The row that is free first, or a new one.
    const [first] = rows.toSorted((a, b) => end(a) - end(b));
    const isFree = first !== undefined && at(one) - end(first) >= along + GAP;
    if (first === undefined || (!isFree && rows.length < most)) rows.push([one]);
    else first.push(one);
  }
  return rows;
}

/**
 * Gives each packet a place in its lane. Null where they have no room beside one another.
 * @returns also how far the farthest one stands from where it is, as a part of its way.
 */
function arrange(
  packets: readonly OnWire[],
  measures: Measures,
): { readonly places: readonly Arranged[]; readonly astray: number } | null {
  const { along, across, length, breadth, wires } = measures;
  const way = Math.max(0, length - along);
  // It leaves one host's edge and arrives at the other's.
  const at = ({ packet }: OnWire): number => along / 2 + packet.along * way;
  const lanes = new Map<string, OnWire[]>();
  for (const one of packets) {
    const lane = `${String(one.wire)} ${String(one.packet.isOutward)}`;
    lanes.set(lane, [...(lanes.get(lane) ?? []), one]);
  }
  const places: Arranged[] = [];
  let astray = 0;
  for (const lane of lanes.values()) {
    const rows = rowsOf(lane, at, measures);
    for (const [index, row] of rows.entries()) {
      const pushed = pushApart(row.map(at), measures);
      if (pushed === null) return null;
      const aside = (index - (rows.length - 1) / 2) * (across + GAP);
      for (const [place, one] of row.entries()) {
        const x = pushed[place] ?? 0;
        const done = way > 0 ? (x - along / 2) / way : one.packet.along;
        const middle = acrossAt(one.wire, done, one.packet.isOutward, wires) * breadth + aside;
        const y = Math.min(
          Math.max(middle, across / 2),
          Math.max(across / 2, breadth - across / 2),
        );
        const leaves = Math.abs(y - middle) > breadth / (4 * wires);
        const covers = places.some(
          (other) => Math.abs(other.x - x) < along + 1 && Math.abs(other.y - y) < across + 1,
        );
        if (leaves || covers) return null;
        places.push({ one, x, y });
        astray = Math.max(astray, Math.abs(done - one.packet.along));
      }
    }
  }
  return { places, astray };
}

/** Gives places to the packets, the most important first: those that find none are left out. */
function spread(
  packets: readonly OnWire[],
  room: PictureSize,
  shapes: readonly Shape[],
  wires: number,
): { readonly form: PacketForm; readonly packets: readonly DrawnPacket[] } {
  const { isUpright, em, length, breadth } = room;
  const width = isUpright ? breadth : length;
  const drawn = (form: PacketForm, places: readonly Arranged[]) => ({
    form,
    packets: places.map(({ one, x, y }) => ({
      ...one.packet,
      along: x / length,
      across: y / breadth,
    })),
  });
  const isCounted = packets.some(({ packet }) => packet.count > 1 && packet.fromPort !== null);
  const measuresOf = ({ form, wide, high }: Shape): Measures => {
    const more = isCounted && form !== 'column' ? COUNT : 0;
    const [w, h] = [Math.min((wide + more) * em, width), high * em];
    return { along: isUpright ? h : w, across: isUpright ? w : h, length, breadth, wires };
  };
  for (const shape of shapes) {
    const all = arrange(packets, measuresOf(shape));
    if (all !== null && all.astray <= NEAR) return drawn(shape.form, all.places);
  }
  const last = shapes.at(-1) ?? row;
  const measures = measuresOf(last);
  let places: readonly Arranged[] = [];
  for (const packet of packets)
    places = arrange([...places.map(({ one }) => one), packet], measures)?.places ?? places;
  return drawn(last.form, places);
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
  held?: () => Pick<WirePicture, 'form' | 'packets'>,
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
    const { form, packets } = held();
    const dots = dotsOf(all, packets, laneBreadth);
    return { density: 'crowd', form, packets, dots, count: flights.length };
  }
  const groups = new Map<string, Placed[]>();
  for (const one of all) {
    const key = one.flight.id === asked ? 'asked' : one.likeness;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const shown: OnWire[] = [];
  for (const [key, group] of groups) {
    // In a crowd a packet stays the same one as segments come and go, also when only one is left.
    const isTogether = key !== 'asked' && (isCrowd || group.length >= TOGETHER);
    for (const these of isTogether ? [group] : group.map((one) => [one])) {
      const packet = packetOf(these, isTogether ? key : undefined);
      if (packet !== null) shown.push({ packet, wire: these[0]?.wire ?? [0, 0] });
    }
  }
  // The one that is asked about first, then the newest: they have the best places.
  const rank = ({ packet: { segment } }: OnWire): number =>
    segment === asked ? Infinity : segment;
  shown.sort((a, b) => rank(b) - rank(a));
  const isFew = all.length <= FEW;
  const shapes = (room.isUpright ? UPRIGHT : LYING).filter(({ isTold }) => isFew || !isTold);
  const { form, packets } = spread(shown, room, shapes, clients * servers);
  return {
    density: isFew ? 'few' : isCrowd ? 'crowd' : 'many',
    form,
    // In the order in which they were sent: the last is what has just happened.
    packets: packets.toSorted((a, b) => a.segment - b.segment),
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
