/**
 * TCP's segments as sockets send them, and the timer that repeats them (RFC 6298).
 */

import type { Kernel } from '../kernel/kernel.ts';
import { ACK, FIN, Packet, PSH, RST, SYN } from '../kernel/packet.ts';
import type { Repetition } from '../os-profiles/timers.ts';
import type { Socket } from '../kernel/socket.ts';

/** Linux tcp_invalid_ratelimit. */
const CHALLENGE_INTERVAL_MS = 500;
const MOST_CHALLENGES = 10;

export function segmentOf(socket: Socket, flags: number, seq: number, bytes: number): Packet {
  const packet = new Packet('segment');
  packet.sourceAddress = socket.localAddress;
  packet.sourcePort = socket.localPort;
  packet.destinationAddress = socket.remoteAddress;
  packet.destinationPort = socket.remotePort;
  packet.flags = flags;
  packet.seq = seq;
  packet.bytes = bytes;
  packet.sender = socket.id;
  packet.name = socket.name;
  if (!socket.isMapped) {
    packet.from = socket.localText;
    packet.to = socket.remoteText;
  }
  if (flags & ACK) {
    packet.ack = socket.receiveNext;
    packet.acknowledges = socket.peer;
  }
  return packet;
}

export function sendSegment(socket: Socket, flags: number, seq: number, isRepeated = false): void {
  transmit(socket, segmentOf(socket, flags, seq, 0), isRepeated);
}

/** Sends a socket's segment and counts it. */
export function transmit(socket: Socket, packet: Packet, isRepeated: boolean): void {
  const { counters, host } = socket;
  const { bytes, flags, seq } = packet;
  const { tcp, tcpExtra } = host.counters;
  // Linux: the SYN,ACK is sent before there is a socket that could count it.
  if (!(flags & SYN) || socket.isOpener) counters.segmentsSent++;
  if (bytes > 0) {
    counters.dataSegmentsSent++;
    counters.bytesSent += bytes;
    counters.lastSentMs = host.nowMs;
  }
  if (flags & RST) tcp.outRsts++;
  if (isRepeated) {
    tcp.retransSegs++;
    counters.retransmissions++;
    counters.bytesRetransmitted += bytes;
    if (flags & SYN) tcpExtra.TCPSynRetrans++;
  } else {
    tcp.outSegs++;
    if (bytes > 0 || flags & FIN) tcpExtra.TCPOrigDataSent++;
    if (bytes > 0 || flags & (FIN | SYN)) {
      const end = seq + bytes + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
      if (socket.inFlight === null) socket.inFlight = [end];
      else socket.inFlight.push(end);
    }
  }
  host.transmit(packet);
}

export function sendAck(socket: Socket): void {
  sendSegment(socket, ACK, socket.sendNext);
}

/**
 * Answers a segment that does not fit with what is expected (RFC 9293 §3.10.7.4, RFC 5961). Two ends
 * that disagree could go on like this for ever: Linux answers once in 500 ms, and here it ends
 * after some times in a row.
 */
export function challenge(socket: Socket): void {
  const { nowMs } = socket.host;
  const { atMs = -Infinity, times = 0 } = socket.challenged ?? {};
  if (nowMs - atMs < CHALLENGE_INTERVAL_MS || times >= MOST_CHALLENGES) return;
  socket.challenged = { atMs: nowMs, times: times + 1 };
  socket.host.counters.tcpExtra.TCPChallengeACK++;
  sendAck(socket);
}

/** How the system repeats what this socket is waiting to have answered. */
export function repetitionOf(socket: Socket): Repetition {
  const limits = socket.host.limits;
  if (socket.state === 'SYN-SENT') return limits.syn;
  if (socket.state === 'SYN-RECEIVED') return limits.synAck;
  return socket.isOrphan ? limits.orphan : limits.data;
}

export function startRetransmission(socket: Socket): void {
  if (socket.timer !== null) return;
  const { host } = socket;
  const repetition = repetitionOf(socket);
  if (socket.retries === 0) socket.unansweredSinceMs = host.nowMs;
  const roundTripMs = host.roundTripMs(socket.remoteAddress);
  const leftMs = socket.unansweredSinceMs + repetition.giveUpAfterMs - host.nowMs;
  host.startTimer(socket, Math.min(repetition.waitMs(socket.retries, roundTripMs), leftMs));
}

/** Sends data; a request says how many bytes of answer it wants. */
export function send(socket: Socket, bytes: number, wants: number): void {
  const packet = segmentOf(socket, PSH | ACK, socket.sendNext, bytes);
  packet.wants = wants;
  socket.sendNext += bytes;
  transmit(socket, packet, false);
  startRetransmission(socket);
}

export function sendFin(socket: Socket): void {
  socket.isFinSent = true;
  const seq = socket.sendNext++;
  sendSegment(socket, FIN | ACK, seq);
  startRetransmission(socket);
}

/** RFC 9293 §3.10.7.1: the reset that answers a segment for which there is no connection; not a reset. */
export function resetOf(received: Packet): Packet | null {
  if (received.flags & RST) return null;
  const packet = new Packet('segment');
  packet.sourceAddress = received.destinationAddress;
  packet.sourcePort = received.destinationPort;
  packet.destinationAddress = received.sourceAddress;
  packet.destinationPort = received.sourcePort;
  packet.name = received.name;
  if (received.flags & ACK) {
    packet.flags = RST;
    packet.seq = received.ack;
    packet.sender = received.acknowledges;
  } else {
    packet.flags = RST | ACK;
    packet.ack =
      received.seq +
      received.bytes +
      (received.flags & SYN ? 1 : 0) +
      (received.flags & FIN ? 1 : 0);
    packet.acknowledges = received.sender;
  }
  return packet;
}

/** A host answers with that reset. */
export function sendResetTo(host: Kernel, received: Packet, isFromFirewall = false): void {
  const packet = resetOf(received);
  if (packet === null) return;
  host.counters.tcp.outSegs++;
  host.counters.tcp.outRsts++;
  host.transmit(packet, isFromFirewall);
}
