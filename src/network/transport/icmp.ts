/** Echoes and their answers, which `ping` sends (RFC 792, RFC 4443 §4), and ICMP messages that arrive. */

import { formatAddress } from '../addresses.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { Packet } from '../kernel/packet.ts';
import type { UnreachableMessage } from '../trace/trace.ts';
import { receiveUnreachable } from './tcp.ts';
import { errorOf } from './udp.ts';

export interface Echo {
  /** 0–65535, in whose name the answers are kept. */
  readonly identifier: number;
  readonly number: number;
  readonly bytes: number;
}

/** Sends an echo. */
export function sendEcho(host: Kernel, from: number, to: number, echo: Echo): void {
  const packet = echoPacket('echo-request', from, to, echo);
  packet.sourcePort = echo.identifier;
  host.echoes.await(echo.identifier);
  host.transmit(packet);
}

function echoPacket(
  message: 'echo-request' | 'echo-reply',
  from: number,
  to: number,
  { number, bytes }: Pick<Echo, 'number' | 'bytes'>,
): Packet {
  const packet = new Packet('icmp');
  packet.message = message;
  packet.about = 'icmp';
  packet.sourceAddress = from;
  packet.destinationAddress = to;
  packet.seq = number;
  packet.bytes = bytes;
  return packet;
}

/** An ICMP message has reached a host. */
export function receiveIcmp(host: Kernel, packet: Packet): void {
  const { message, sourceAddress, destinationAddress } = packet;
  if (message === 'echo-request') {
    const answer = { number: packet.seq, bytes: packet.bytes };
    const reply = echoPacket('echo-reply', destinationAddress, sourceAddress, answer);
    reply.destinationPort = packet.sourcePort;
    host.transmit(reply);
  } else if (message === 'echo-reply') {
    keepAnswer(host, packet, message);
  } else if (packet.about === 'icmp') {
    keepAnswer(host, packet, message);
  } else if (packet.about === 'tcp') {
    const socket = host.lookup.connectionOf(packet);
    if (socket !== undefined) receiveUnreachable(socket, errorOf(message));
  } else {
    const socket = host.lookup.datagramSocketFor(packet);
    if (socket?.state === 'ESTAB') host.fail(socket, 'receive', errorOf(message));
  }
}

/** Nobody on the host's own network has the address that an echo was for. */
export function echoUndeliverable(host: Kernel, echo: Packet): void {
  host.echoes.add(echo.sourcePort, {
    number: echo.seq,
    from: formatAddress(echo.sourceAddress),
    atMs: host.nowMs,
    bytes: 0,
    message: 'host-unreachable',
  });
}

function keepAnswer(
  host: Kernel,
  packet: Packet,
  message: 'echo-reply' | UnreachableMessage,
): void {
  // A host does not hear its own filter's refusal (measured: ping and iptables -A OUTPUT -j REJECT).
  if (packet.isOwn && message !== 'echo-reply') return;
  host.echoes.add(packet.destinationPort, {
    number: packet.seq,
    from: formatAddress(packet.sourceAddress),
    atMs: host.nowMs,
    bytes: packet.bytes,
    message,
  });
}
