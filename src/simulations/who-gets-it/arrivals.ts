/**
 * Packets arriving at one server, each with the sockets that are there at that moment and the one the
 * engine gives it to. Run when the page is built; the page only asks and compares.
 */

import { Replay } from '../../network/trace/replay.ts';
import type { ReplaySocket } from '../../network/trace/replay.ts';
import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import type { Protocol } from '../../network/protocol.ts';
import type { DatagramEvent, SegmentEvent, SegmentFlag } from '../../network/trace/trace.ts';
import { World } from '../../network/world.ts';
import { addressOf, portOf } from '../../simulation-kit/endpoint.ts';

export interface ServerSocket {
  readonly id: number;
  readonly protocol: Protocol;
  readonly state: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  /** 0 for a socket without a peer. */
  readonly remotePort: number;
}

export interface Arrival {
  readonly protocol: Protocol;
  readonly sourceAddress: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly flags: readonly SegmentFlag[];
  readonly sockets: readonly ServerSocket[];
  /** The socket that gets it, or null for nobody. */
  readonly receiver: number | null;
}

const server = 'server';

const scenario = {
  version: 1,
  seed: 1,
  hosts: [
    {
      name: server,
      os: 'linux',
      address: '10.0.0.10',
      listen: [
        { protocol: 'tcp', port: 80 },
        { protocol: 'tcp', port: 443 },
        { protocol: 'udp', port: 53 },
      ],
    },
    { name: 'a', os: 'linux', address: '10.0.0.2' },
    { name: 'b', os: 'linux', address: '10.0.0.3' },
  ],
  actions: [
    { atMs: 0, do: 'connect', from: 'a', to: '10.0.0.10:80', localPort: 51514, as: 'first' },
    { atMs: 1000, do: 'connect', from: 'b', to: '10.0.0.10:80', localPort: 51514, as: 'same-port' },
    { atMs: 2000, do: 'connect', from: 'a', to: '10.0.0.10:53', protocol: 'udp', as: 'question' },
    { atMs: 3000, do: 'connect', from: 'a', to: '10.0.0.10:80', localPort: 51516, as: 'second' },
    { atMs: 4000, do: 'connect', from: 'b', to: '10.0.0.10:80', protocol: 'udp', as: 'stray' },
    { atMs: 5000, do: 'connect', from: 'b', to: '10.0.0.10:25', as: 'closed' },
    { atMs: 6000, do: 'connect', from: 'b', to: '10.0.0.10:443', as: 'secure' },
  ],
  untilMs: 7000,
};

/** Which arrivals are asked: the connection's name and whether its SYN or its data. */
const asked: readonly (readonly [connection: string, what: 'first' | 'data'])[] = [
  ['first', 'first'],
  ['first', 'data'],
  ['same-port', 'first'],
  ['same-port', 'data'],
  ['question', 'first'],
  ['second', 'data'],
  ['stray', 'first'],
  ['closed', 'first'],
  ['secure', 'data'],
];

/** @throws Error where the engine's run no longer holds what is asked. */
export function arrivals(): readonly Arrival[] {
  const world = new World(parseScenario(scenario));
  world.runToEnd();
  const replay = new Replay(world.trace);
  return asked.map(([connection, what]) => {
    const index = world.trace.findIndex(
      (event) =>
        (event.event === 'segment' || event.event === 'datagram') &&
        event.phase === 'arrived' &&
        addressOf(event.to) === '10.0.0.10' &&
        event.connection === connection &&
        (what === 'first' || event.bytes > 0),
    );
    const packet = world.trace[index];
    if (packet?.event !== 'segment' && packet?.event !== 'datagram') {
      throw new Error(`no ${what} packet of ${connection} arrives`);
    }
    replay.seekIndex(index);
    const sockets = replay.sockets(server).map(toServerSocket);
    return { ...describe(packet), sockets, receiver: receiverOf(world, index, packet, sockets) };
  });
}

function toServerSocket(socket: ReplaySocket): ServerSocket {
  const { id, protocol, state, localAddress, localPort, remoteAddress, remotePort } = socket;
  return { id, protocol, state, localAddress, localPort, remoteAddress, remotePort };
}

function describe(packet: SegmentEvent | DatagramEvent): Omit<Arrival, 'sockets' | 'receiver'> {
  return {
    protocol: packet.event === 'segment' ? 'tcp' : 'udp',
    sourceAddress: addressOf(packet.from),
    sourcePort: portOf(packet.from),
    destinationPort: portOf(packet.to),
    flags: packet.event === 'segment' ? packet.flags : [],
  };
}

/**
 * Read off what the server does next: an answer that refuses means nobody; a new socket means the
 * listener; otherwise the server's own socket of that connection.
 */
function receiverOf(
  world: World,
  index: number,
  packet: SegmentEvent | DatagramEvent,
  sockets: readonly ServerSocket[],
): number | null {
  for (const event of world.trace.slice(index + 1)) {
    if (event.atMs > packet.atMs) break;
    if (event.event === 'icmp') return null;
    if (event.event === 'segment' && event.from === packet.to && event.flags.includes('RST'))
      return null;
    if (event.event === 'state' && event.host === server && event.was === null) {
      return (
        sockets.find((one) => one.state === 'LISTEN' && one.localPort === portOf(packet.to))?.id ??
        null
      );
    }
  }
  const own = world.host(server)?.sockets() ?? [];
  const protocol = packet.event === 'segment' ? 'tcp' : 'udp';
  const match = own.find(
    (one) =>
      one.protocol === protocol &&
      (protocol === 'udp'
        ? one.localPort === portOf(packet.to)
        : one.connection === packet.connection && one.state !== 'LISTEN'),
  );
  return match?.id ?? null;
}
