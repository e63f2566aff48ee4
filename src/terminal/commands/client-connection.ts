/** A TCP connection as a client program makes one: a port is chosen, the SYN goes out, one waits. */

import type {
  ConnectOptions,
  HostInterface,
  SocketInfo,
  SocketOwner,
} from '../../network/world.ts';
import type { Errno } from '../../network/errors.ts';
import { familyOf, hears, isLoopbackAddress, plainAddress } from '../linux/address-texts.ts';
import { endpointsOf, isUntaken } from '../linux/conversations.ts';
import { neighbourAt, neighbours } from '../linux/neighbourhood.ts';
import { waitUntil, type CommandContext } from './command.ts';

export type ConnectOutcome =
  | { readonly kind: 'connected'; readonly socket: SocketInfo }
  /** The call itself failed: bind() or connect() said no at once. */
  | {
      readonly kind: 'failed';
      readonly call: 'bind' | 'connect';
      readonly error: Errno;
      readonly isImmediate: boolean;
    }
  | { readonly kind: 'timed-out' };

export interface ConnectRequest {
  readonly address: string;
  readonly port: number;
  readonly owner: SocketOwner;
  readonly localPort?: number;
  readonly localAddress?: string;
  /** Virtual milliseconds; the kernel's own limit where absent. */
  readonly limitMs?: number;
  readonly isRoot: boolean;
}

/**
 * Waits until the handshake is over. A call that fails at once is told from one that fails later,
 * as the real clients word them differently.
 */
export async function connectTcp(
  context: CommandContext,
  request: ConnectRequest,
): Promise<ConnectOutcome> {
  const { host, machine } = context;
  const isBound = request.localPort !== undefined || request.localAddress !== undefined;
  const options: ConnectOptions = {
    owner: request.owner,
    request: 0,
    privileged: request.isRoot,
    ...(request.localPort !== undefined && { localPort: request.localPort }),
    ...(request.localAddress !== undefined && { localAddress: request.localAddress }),
  };
  const startedAtMs = machine.world.nowMs;
  if (familyOf(request.address) === 6 && !machine.hasIPv6)
    return { kind: 'failed', call: 'connect', error: 'EADDRNOTAVAIL', isImmediate: true };
  if (!isReachable(context, request.address)) {
    const isDark = /^(?:::ffff:)?10\.|^fd00:a:/.test(request.address);
    if (!isDark)
      return { kind: 'failed', call: 'connect', error: 'ENETUNREACH', isImmediate: true };
  }
  const result = host.connect('tcp', request.address, request.port, options);
  if (!result.ok) {
    const { localAddress } = request;
    const isForeign =
      localAddress !== undefined &&
      !isLoopbackAddress(localAddress) &&
      !host.addresses.includes(localAddress);
    const isBind = isForeign || (isBound && result.error !== 'EADDRNOTAVAIL');
    const call = isBind ? 'bind' : 'connect';
    return { kind: 'failed', call, error: result.error, isImmediate: true };
  }
  const id = result.value;
  const opened = host.socket(id);
  if (opened !== undefined) machine.wireTexts.begin(...endpointsOf(opened));
  const isOpening = () => host.socket(id)?.state === 'SYN-SENT';
  const isOver = await waitUntil(
    context,
    () => !isOpening(),
    request.limitMs ?? Number.POSITIVE_INFINITY,
  );
  const socket = host.socket(id);
  if (!isOver) {
    host.reset(id);
    return { kind: 'timed-out' };
  }
  if (socket !== undefined && socket.state !== 'TIME-WAIT') return { kind: 'connected', socket };
  const error =
    host.failure(id) ?? (machine.world.nowMs > startedAtMs + 60_000 ? 'ETIMEDOUT' : 'ECONNREFUSED');
  return { kind: 'failed', call: 'connect', error, isImmediate: false };
}

/** Whether there is a way to an address at all: loopback and the machine's own networks. */
export function isReachable(context: CommandContext, address: string): boolean {
  return (
    ['0.0.0.0', '::'].includes(plainAddress(address)) ||
    context.machine.isOwn(address) ||
    neighbourAt(address) !== undefined
  );
}

/** Lets the answer to what was just sent come in. */
export async function exchange(
  context: CommandContext,
  socket: SocketInfo,
  bytes: number,
  answerBytes = 480,
): Promise<void> {
  const { host, machine } = context;
  if (host.socket(socket.id)?.state !== 'ESTABLISHED') return;
  host.send(socket.id, bytes, answerBytes);
  const roundTripMs = isLoopbackAddress(socket.remoteAddress) ? 1 : 6;
  const until = machine.world.nowMs + roundTripMs;
  await waitUntil(context, () => machine.world.nowMs >= until, roundTripMs);
}

/** The socket at the other end: of a connection, or the one that waits for datagrams there. */
function otherEnd(
  context: CommandContext,
  socket: SocketInfo,
): { readonly host: HostInterface; readonly peer: SocketInfo } | undefined {
  const names = [context.host.name, 'machine', ...neighbours.map((neighbour) => neighbour.host)];
  const [own, remote] = [socket.localAddress, socket.remoteAddress].map(plainAddress);
  const isConnected = (candidate: SocketInfo) =>
    candidate.remotePort === socket.localPort &&
    plainAddress(candidate.localAddress) === remote &&
    plainAddress(candidate.remoteAddress) === own &&
    candidate.id !== socket.id;
  const isWaiting = (candidate: SocketInfo) =>
    candidate.state === 'UNCONN' && hears(candidate, socket.remoteAddress);
  for (const name of new Set(names)) {
    if (!context.machine.world.hasHost(name)) continue;
    const host = context.machine.world.host(name);
    if (!host.addresses.includes(remote ?? '') && name !== context.host.name) continue;
    const candidates = host
      .sockets()
      .filter(
        ({ protocol, localPort }) =>
          protocol === socket.protocol && localPort === socket.remotePort,
      );
    const peer = candidates.find(isConnected) ?? candidates.find(isWaiting);
    if (peer !== undefined) return { host, peer };
  }
  return undefined;
}

/** Whether the program at the other end has taken the connection out of its listener's queue. */
export function isTaken(context: CommandContext, socket: SocketInfo): boolean {
  const other = otherEnd(context, socket);
  return other === undefined || !isUntaken(other.host, other.peer);
}

/** Closes the other end of a connection, as a server does that hangs up first. */
export async function closeFromServer(context: CommandContext, socket: SocketInfo): Promise<void> {
  const other = otherEnd(context, socket);
  if (other === undefined) return;
  const { machine } = context;
  other.host.close(other.peer.id);
  const until = machine.world.nowMs + 10;
  await waitUntil(
    context,
    () => context.host.socket(socket.id) === undefined || machine.world.nowMs >= until,
    10,
  );
}
