/** bind() and listen(): a socket gets a local address and a port, asked for or chosen by the host. */

import { parseAddress } from '../addresses.ts';
import type { BindRequest, PortHold } from '../ports/port-hold.ts';
import type { Protocol } from '../protocol.ts';
import type { ListenOptions, SocketOptions } from './options.ts';
import type { Result } from '../errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { Socket } from '../kernel/socket.ts';

/** What nginx and Apache ask of listen() on Linux. */
const DEFAULT_BACKLOG = 511;

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
  const local = parseAddress(address);
  if (local === undefined || !isPort(port)) return host.refuse(action, name, 'EINVAL');
  if (!host.addressing.admits(local)) return host.refuse(action, name, 'EADDRNOTAVAIL');
  const table = host.ports(protocol);
  const choice = table.chooseForBind(bindRequest(host, local, port, options));
  if (!choice.ok) return host.refuse(action, name, choice.error, choice);
  const hold = boundHold(host, choice.port, local, isListening, options);
  table.add(hold);
  const finalName = isNamedByPort ? `${protocol}:${choice.port}` : name;
  const socket = new Socket(host, protocol, finalName, local, choice.port, hold);
  socket.owner = options.owner ?? null;
  socket.responds = options.responds ?? true;
  socket.answersClose = options.answersClose ?? true;
  socket.accepts = options.accepts ?? true;
  host.recorder.choice(host.name, protocol, 'bind', finalName, choice);
  begin(host, socket, isListening, options.backlog ?? DEFAULT_BACKLOG);
  return { ok: true, value: socket.id };
}

/** What the port table is asked before a socket is bound. */
export function bindRequest(
  host: Kernel,
  localAddress: number,
  port: number,
  options: SocketOptions,
): BindRequest {
  return {
    localAddress,
    port,
    nowMs: host.nowMs,
    reuseAddress: options.reuseAddress ?? false,
    reusePort: options.reusePort ?? false,
    uid: options.owner?.uid ?? 0,
    isPrivileged: options.privileged ?? true,
  };
}

/** How a socket that was bound, and is not connected yet, holds its port. */
export function boundHold(
  host: Kernel,
  port: number,
  localAddress: number,
  isListening: boolean,
  options: SocketOptions,
): PortHold {
  return {
    port,
    localAddress,
    remoteAddress: 0,
    remotePort: 0,
    isBound: true,
    isListening,
    reuseAddress: options.reuseAddress ?? false,
    reusePort: options.reusePort ?? false,
    uid: options.owner?.uid ?? 0,
    timeWaitSinceMs: null,
    hasTimestamps: host.limits.hasTimestamps,
  };
}

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

function begin(host: Kernel, socket: Socket, isListening: boolean, backlog: number): void {
  if (isListening) {
    socket.waiting = [];
    socket.backlog = Math.min(backlog, host.limits.backlogLimit);
    host.lookup.addListener(socket);
    host.setState(socket, 'LISTEN');
  } else if (socket.protocol === 'udp') {
    host.lookup.addDatagramSocket(socket);
    host.setState(socket, 'UNCONN');
  } else {
    host.setState(socket, 'BOUND');
  }
}
