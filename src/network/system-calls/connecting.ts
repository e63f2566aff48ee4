/**
 * connect(): a socket gets a port for this destination, bound before or chosen now, and begins to
 * speak. A connect with a local address or port of its own stands for bind() and connect().
 */

import { isPort } from '../port-ranges.ts';
import {
  isIPv6,
  isLoopback,
  isMulticastOrBroadcast,
  mappedIPv4,
  parseAddress,
  WILDCARD_ADDRESS,
  WILDCARD_IPV6,
} from '../addresses.ts';
import { bindRequest, isIPv6Only, namedAddress, newHold, type NamedAddress } from './binding.ts';
import { destinationFor } from '../kernel/host-addresses.ts';
import type { PortChoice } from '../ports/port-hold.ts';
import type { Protocol, SocketFamily } from '../protocol.ts';
import type { Errno, Result } from '../errors.ts';
import type { ConnectOptions } from './options.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { Socket } from '../kernel/socket.ts';
import * as tcp from '../transport/tcp.ts';
import { sendDatagram } from '../transport/udp.ts';

const DEFAULT_REQUEST_BYTES = 120;
const DEFAULT_RESPONSE_BYTES = 480;

/** Where a connection will come from, or why there is none. */
type Origin =
  | { readonly local: NamedAddress; readonly choice: Extract<PortChoice, { ok: true }> }
  | { readonly error: Errno; readonly choice?: PortChoice };

/** Performs it and says how it began; the value is the socket's id. */
export function connectTo(
  host: Kernel,
  protocol: Protocol,
  remoteAddress: number,
  remotePort: number,
  options: ConnectOptions,
  as = options.as,
): Result<number> {
  const name = host.names.nameFor(as, 'connection');
  if (name === undefined) return host.refuse('connect', as, 'EINVAL');
  if (!isPort(remotePort)) return host.refuse('connect', name, 'EINVAL');
  const remote = destinationFor(mappedIPv4(remoteAddress) ?? remoteAddress);
  const family = familyTowards(host, remoteAddress, options.ipv6Only);
  const isUnreachable =
    (protocol === 'tcp' && isMulticastOrBroadcast(remote)) ||
    (family === 'inet6-only' && !isIPv6(remote));
  if (isUnreachable) return host.refuse('connect', name, 'ENETUNREACH');
  // Nobody can listen on port 0: TCP's SYN is refused (here without sending it), a datagram invalid.
  if (remotePort === 0) {
    return host.refuse('connect', name, protocol === 'tcp' ? 'ECONNREFUSED' : 'EINVAL');
  }
  const { localAddress, localPort, noPort = false } = options;
  const isBound = localPort !== undefined || (localAddress !== undefined && !noPort);
  const origin = isBound
    ? boundOrigin(host, protocol, family, remote, remotePort, options)
    : chosenOrigin(host, protocol, family, remote, remotePort, options);
  if ('error' in origin) return host.refuse('connect', name, origin.error, origin.choice);
  const { local, choice } = origin;
  if (choice.replaces !== undefined) host.dropReplaced(choice.replaces);
  const how = isBound ? 'bind' : 'connect';
  const hold = newHold(host, choice.port, local, how, options, remote, remotePort);
  host.ports(protocol).add(hold);
  const socket = new Socket(host, protocol, name, hold);
  socket.owner = options.owner ?? null;
  socket.request = options.request ?? DEFAULT_REQUEST_BYTES;
  socket.response = options.response ?? DEFAULT_RESPONSE_BYTES;
  socket.answersClose = options.answersClose ?? true;
  host.recorder.choice(host.name, protocol, how, name, choice);
  host.connectSocket(socket);
  if (options.closeAfterMs !== undefined) host.closeLater(socket, options.closeAfterMs);
  if (protocol === 'tcp') tcp.open(socket);
  else openForDatagrams(host, socket);
  return { ok: true, value: socket.id };
}

/** Of a destination's address as it was named: an IPv4-mapped one is reached by a socket of IPv6. */
function familyTowards(
  host: Kernel,
  remoteAddress: number,
  wantsIPv6Only: boolean | undefined,
): SocketFamily {
  if (!isIPv6(remoteAddress)) return 'inet';
  return isIPv6Only(host, wantsIPv6Only) ? 'inet6-only' : 'inet6';
}

/** bind() first, which does not know the destination; then whether the four-tuple is free. */
function boundOrigin(
  host: Kernel,
  protocol: Protocol,
  family: SocketFamily,
  remote: number,
  remotePort: number,
  options: ConnectOptions,
): Origin {
  const wanted = parseAddress(options.localAddress ?? (family === 'inet' ? '0.0.0.0' : '::'));
  const port = options.localPort ?? 0;
  // The socket is of its destination's family, and bind() takes no address of the other.
  if (wanted === undefined || !isPort(port) || isIPv6(wanted) !== (family !== 'inet'))
    return { error: 'EINVAL' };
  const named = namedAddress(host, wanted, options.ipv6Only);
  if (!named.ok) return { error: named.error };
  const bind = named.value;
  if (!host.addressing.admits(bind.address)) return { error: 'EADDRNOTAVAIL' };
  const table = host.ports(protocol);
  const choice = table.chooseForBind(bindRequest(host, bind, port, options));
  if (!choice.ok) return { error: choice.error, choice };
  const isWildcard = bind.address === WILDCARD_ADDRESS || bind.address === WILDCARD_IPV6;
  const address = isWildcard ? host.addressing.sourceFor(remote) : bind.address;
  if (address === undefined) return { error: 'ENETUNREACH' };
  if (bind.family === 'inet6-only' && !isIPv6(remote)) return { error: 'ENETUNREACH' };
  // Linux ip6_dst_lookup_tail: from an IPv4-mapped address to one of IPv6.
  if (isIPv6(address) !== isIPv6(remote)) return { error: 'EAFNOSUPPORT' };
  // IPv6 lets it go, and nobody answers.
  const isAway = !isLoopback(remote) && !host.addressing.owns(remote);
  if (isLoopback(address) && !isIPv6(address) && isAway) return { error: 'EINVAL' };
  const local = { address, family: bind.family };
  const bound = newHold(host, choice.port, local, 'bind', options);
  table.add(bound);
  const check = table.checkConnect(bound, remote, remotePort);
  table.remove(bound);
  if (!check.ok) return { error: check.error, choice: check };
  if (check.replaces !== undefined) host.dropReplaced(check.replaces);
  return { local, choice };
}

function chosenOrigin(
  host: Kernel,
  protocol: Protocol,
  family: SocketFamily,
  remote: number,
  remotePort: number,
  { localAddress }: ConnectOptions,
): Origin {
  const named = localAddress === undefined ? undefined : parseAddress(localAddress);
  if (localAddress !== undefined && (named === undefined || isIPv6(named) !== (family !== 'inet')))
    return { error: 'EINVAL' };
  if (named !== undefined && !host.addressing.admits(named)) return { error: 'EADDRNOTAVAIL' };
  const isNamed = named !== undefined && named !== WILDCARD_ADDRESS && named !== WILDCARD_IPV6;
  const address = isNamed ? named : host.addressing.sourceFor(remote);
  if (address === undefined) return { error: 'ENETUNREACH' };
  const local = { address, family };
  const choice = host.ports(protocol).chooseForConnect({
    localAddress: address,
    family,
    remoteAddress: remote,
    remotePort,
    nowMs: host.nowMs,
  });
  return choice.ok ? { local, choice } : { error: choice.error, choice };
}

/** A connected UDP socket sends its request at once. */
function openForDatagrams(host: Kernel, socket: Socket): void {
  host.lookup.addDatagramSocket(socket);
  host.setState(socket, 'ESTAB');
  if (socket.request === 0) return;
  sendDatagram(
    host,
    socket,
    socket.localAddress,
    socket.remoteAddress,
    socket.remotePort,
    socket.request,
    socket.response,
  );
}
