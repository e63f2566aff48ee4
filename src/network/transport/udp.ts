/**
 * UDP: datagrams to the sockets they are for, and the refusal where there is none (RFC 768, RFC 1122 §4.1.3).
 */

import type { Kernel } from '../kernel/kernel.ts';
import { ipLength, Packet } from '../kernel/packet.ts';
import type { Socket } from '../kernel/socket.ts';
import type { UnreachableMessage } from '../trace/trace.ts';
import type { Errno } from '../errors.ts';

/** Sends a datagram from a socket; `wants` is how many bytes of answer it asks for. */
export function sendDatagram(
  host: Kernel,
  socket: Socket,
  localAddress: number,
  remoteAddress: number,
  remotePort: number,
  bytes: number,
  wants: number,
): void {
  const packet = new Packet('datagram');
  packet.sourceAddress = localAddress;
  packet.sourcePort = socket.localPort;
  packet.destinationAddress = remoteAddress;
  packet.destinationPort = remotePort;
  packet.bytes = bytes;
  packet.wants = wants;
  packet.name = socket.name;
  host.transmit(packet);
}

/** A datagram has reached a host. */
export function receiveDatagram(host: Kernel, packet: Packet): void {
  const socket = host.lookup.datagramSocketFor(packet);
  const counted = host.counters.udpOf(packet);
  if (socket === undefined) {
    counted.noPorts++;
    sendUnreachable(host, packet, 'port-unreachable');
    return;
  }
  counted.inDatagrams++;
  socket.counters.segmentsReceived++;
  socket.counters.bytesReceived += packet.bytes;
  if (packet.wants > 0 && socket.responds) {
    const answer = new Packet('datagram');
    answer.sourceAddress = packet.destinationAddress;
    answer.sourcePort = packet.destinationPort;
    answer.destinationAddress = packet.sourceAddress;
    answer.destinationPort = packet.sourcePort;
    answer.bytes = packet.wants;
    answer.name = packet.name;
    host.transmit(answer);
  }
}

/** Says that a packet will not be taken. */
export function sendUnreachable(
  host: Kernel,
  about: Packet,
  message: UnreachableMessage,
  isFromFirewall = false,
): void {
  host.transmit(unreachable(about, message), isFromFirewall);
}

/** The message itself, from where the packet was going to where it came from. */
export function unreachable(about: Packet, message: UnreachableMessage): Packet {
  const packet = new Packet('icmp');
  packet.sourceAddress = about.destinationAddress;
  packet.sourcePort = about.destinationPort;
  packet.destinationAddress = about.sourceAddress;
  packet.destinationPort = about.sourcePort;
  packet.message = message;
  packet.about = about.protocol;
  packet.seq = about.seq;
  packet.quoted = ipLength(about);
  packet.name = about.name;
  return packet;
}

/** Linux icmp_err_convert, net/ipv4/icmp.c. */
export function errorOf(message: UnreachableMessage): Errno {
  return message === 'port-unreachable' ? 'ECONNREFUSED' : 'EHOSTUNREACH';
}
