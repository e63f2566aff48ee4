/** bind() and listen(): a socket gets a local address and a port, asked for or chosen by the host. */

import { isIPv6, mappedIPv4, parseAddress, WILDCARD_IPV6 } from '../addresses.ts';
import { isPort } from '../port-ranges.ts';
import type { BindRequest, PortHold } from '../ports/port-hold.ts';
import type { Protocol, SocketFamily } from '../protocol.ts';
import type { ListenOptions, SocketOptions } from './options.ts';
import type { Result } from '../errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type AcceptQueue, Socket } from '../kernel/socket.ts';

/** What nginx and Apache ask of listen() on Linux. */
const DEFAULT_BACKLOG = 511;

/** An address that a program has named, and what kind of socket it has therefore opened. */
export interface NamedAddress {
  /** Of an IPv4-mapped address the IPv4 address. */
  readonly address: number;
  readonly family: SocketFamily;
}

/**
 * What a program means by an address. bind() to one IPv6 address makes the socket IPv6 only; with
 * IPV6_V6ONLY it cannot be bound to an IPv4-mapped one (Linux __inet6_bind), and this says EINVAL.
 */
export function namedAddress(
  host: Kernel,
  address: number,
  wantsIPv6Only: boolean | undefined,
): Result<NamedAddress> {
  if (!isIPv6(address)) return { ok: true, value: { address, family: 'inet' } };
  const isOnly = isIPv6Only(host, wantsIPv6Only);
  const mapped = mappedIPv4(address);
  if (mapped === undefined) {
    const isBoundToOne = address !== WILDCARD_IPV6;
    const family = isOnly || isBoundToOne ? 'inet6-only' : 'inet6';
    return { ok: true, value: { address, family } };
  }
  return isOnly
    ? { ok: false, error: 'EINVAL' }
    : { ok: true, value: { address: mapped, family: 'inet6' } };
}

/** IPV6_V6ONLY of a new socket: as the program wants it where the system lets it, else as it is by itself. */
export function isIPv6Only(host: Kernel, wanted: boolean | undefined): boolean {
  const system = host.system.ipv6Only();
  return system === 'always' || (wanted ?? system === 'on');
}

/** Performs it and says how it went; the value is the socket's id. */
export function bindSocket(
  host: Kernel,
  action: 'listen' | 'bind',
  protocol: Protocol,
  address: string,
  port: number,
  options: ListenOptions,
  as = options.as,
): Result<number> {
  const isListening = action === 'listen' && protocol === 'tcp';
  const isNamedByPort = action === 'listen' && as === undefined;
  const name = isNamedByPort ? `${protocol}:${port}` : host.names.nameFor(as, 'socket');
  if (name === undefined) return host.refuse(action, as, 'EINVAL');
  const parsed = parseAddress(address);
  if (parsed === undefined || !isPort(port)) return host.refuse(action, name, 'EINVAL');
  const named = namedAddress(host, parsed, options.ipv6Only);
  if (!named.ok) return host.refuse(action, name, named.error);
  const local = named.value;
  if (!host.addressing.admits(local.address)) return host.refuse(action, name, 'EADDRNOTAVAIL');
  const table = host.ports(protocol);
  const choice = table.chooseForBind(bindRequest(host, local, port, options));
  if (!choice.ok) return host.refuse(action, name, choice.error, choice);
  const how = isListening ? 'listen' : 'bind';
  const hold = newHold(host, choice.port, local, how, options);
  table.add(hold);
  const finalName = isNamedByPort ? `${protocol}:${choice.port}` : name;
  const socket = new Socket(host, protocol, finalName, hold);
  socket.owner = options.owner ?? null;
  socket.responds = options.responds ?? true;
  socket.answersClose = options.answersClose ?? true;
  host.recorder.choice(host.name, protocol, 'bind', finalName, choice);
  if (isListening) socket.queue = newQueue(host, options);
  begin(host, socket);
  return { ok: true, value: socket.id };
}

/** What the port table is asked before a socket is bound. */
export function bindRequest(
  host: Kernel,
  local: NamedAddress,
  port: number,
  options: SocketOptions,
): BindRequest {
  return {
    localAddress: local.address,
    family: local.family,
    port,
    nowMs: host.nowMs,
    reuseAddress: options.reuseAddress ?? false,
    reusePort: options.reusePort ?? false,
    uid: options.owner?.uid ?? 0,
    isPrivileged: options.privileged ?? true,
  };
}

/** How a socket holds its port that got it by `how`, and is connected or not (0 and 0). */
export function newHold(
  host: Kernel,
  port: number,
  local: NamedAddress,
  how: 'listen' | 'bind' | 'connect',
  options: SocketOptions,
  remoteAddress = 0,
  remotePort = 0,
): PortHold {
  return {
    port,
    localAddress: local.address,
    family: local.family,
    remoteAddress,
    remotePort,
    isBound: how !== 'connect',
    isListening: how === 'listen',
    reuseAddress: options.reuseAddress ?? false,
    reusePort: options.reusePort ?? false,
    uid: options.owner?.uid ?? 0,
    timeWaitSinceMs: null,
    hasTimestamps: host.limits.hasTimestamps,
  };
}

function newQueue(host: Kernel, options: ListenOptions): AcceptQueue {
  const { accepts = true, backlog = DEFAULT_BACKLOG } = options;
  return {
    waiting: [],
    backlog: Math.min(backlog, host.limits.backlogLimit),
    isTakenAtOnce: accepts,
  };
}

function begin(host: Kernel, socket: Socket): void {
  if (socket.queue !== null) {
    host.lookup.addListener(socket);
    host.setState(socket, 'LISTEN');
  } else if (socket.protocol === 'udp') {
    host.lookup.addDatagramSocket(socket);
    host.setState(socket, 'UNCONN');
  } else {
    host.setState(socket, 'BOUND');
  }
}
