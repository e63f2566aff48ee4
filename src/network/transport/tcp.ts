/**
 * What a program and time do to a TCP socket, after RFC 9293 §3.10: opening, closing, half-closing,
 * resetting, TIME-WAIT, giving up. What arriving segments do is in `tcp-receive.ts`. Where Linux
 * differs from the RFC's letter, Linux is followed and the comment says so.
 *
 * Left out: windows, urgent data, congestion control, path MTU, options other than timestamps (which
 * only matter for TIME-WAIT's reuse). A write is one segment, whatever its length.
 */

import { ACK, FIN, PSH, RST, SYN } from '../kernel/packet.ts';
import type { Socket } from '../kernel/socket.ts';
import {
  repetitionOf,
  segmentOf,
  send,
  sendFin,
  sendSegment,
  startRetransmission,
  transmit,
} from './tcp-segments.ts';
import type { Errno } from '../errors.ts';

/** Sends the SYN of an active open. */
export function open(socket: Socket): void {
  socket.host.setState(socket, 'SYN-SENT');
  socket.sendNext = 1;
  socket.host.counters.tcp.activeOpens++;
  sendSegment(socket, SYN, 0);
  startRetransmission(socket);
}

/** The program closes: orderly where there is something to close. False where it already has. */
export function close(socket: Socket): boolean {
  switch (socket.state) {
    case 'SYN-SENT':
      socket.host.remove(socket);
      return true;
    case 'SYN-RECEIVED':
    case 'ESTABLISHED':
      // A program that still waits for its answer says that it will send no more, and reads on.
      socket.isOrphan = !socket.isAwaiting;
      socket.host.setState(socket, 'FIN-WAIT-1');
      sendFin(socket);
      return true;
    case 'CLOSE-WAIT':
      socket.isOrphan = true;
      socket.host.setState(socket, 'LAST-ACK');
      sendFin(socket);
      return true;
    case 'FIN-WAIT-1':
    case 'FIN-WAIT-2':
    case 'CLOSING':
    case 'LAST-ACK':
      if (socket.isOrphan) return false;
      orphan(socket);
      return true;
    default:
      return false;
  }
}

/** The program says that it will send no more, and goes on reading: shutdown(SHUT_WR). */
export function shutdown(socket: Socket): boolean {
  if (socket.state === 'ESTABLISHED' || socket.state === 'SYN-RECEIVED')
    socket.host.setState(socket, 'FIN-WAIT-1');
  else if (socket.state === 'CLOSE-WAIT') socket.host.setState(socket, 'LAST-ACK');
  else return false;
  sendFin(socket);
  return true;
}

/** Abortive close, RFC 9293 §3.10.5. */
export function abort(socket: Socket): boolean {
  switch (socket.state) {
    case 'SYN-SENT':
    case 'CLOSING':
    case 'LAST-ACK':
      break;
    case 'SYN-RECEIVED':
    case 'ESTABLISHED':
    case 'FIN-WAIT-1':
    case 'FIN-WAIT-2':
    case 'CLOSE-WAIT':
      sendSegment(socket, RST, socket.sendNext);
      break;
    default:
      return false;
  }
  socket.host.remove(socket);
  return true;
}

/** The program has closed a socket that had already sent its FIN. */
export function orphan(socket: Socket): void {
  socket.isOrphan = true;
  if (socket.state === 'FIN-WAIT-2') waitForFin(socket);
}

/** An orphan waits in FIN-WAIT-2 for the other side's FIN, on most systems not for ever. */
export function waitForFin(socket: Socket): void {
  const host = socket.host;
  const { finWait2Ms } = host.limits;
  if (finWait2Ms === null) {
    if (socket.state !== 'FIN-WAIT-2') host.setState(socket, 'FIN-WAIT-2');
    return;
  }
  socket.expiresAtMs = host.nowMs + finWait2Ms;
  host.startTimer(socket, finWait2Ms);
  host.setState(socket, 'FIN-WAIT-2', socket.expiresAtMs);
}

export function enterTimeWait(socket: Socket): void {
  const host = socket.host;
  socket.isOrphan = true;
  // Linux tcp_max_tw_buckets: above it the socket is closed at once.
  if (host.timeWaitCount >= host.limits.maxTimeWait) {
    host.counters.tcpExtra.TCPTimeWaitOverflow++;
    host.remove(socket);
    return;
  }
  host.timeWaitCount++;
  socket.hold = host.ports(socket.protocol).replace(socket.hold, { timeWaitSinceMs: host.nowMs });
  socket.expiresAtMs = host.nowMs + host.limits.timeWaitMs;
  host.startTimer(socket, host.limits.timeWaitMs);
  host.setState(socket, 'TIME-WAIT', socket.expiresAtMs);
}

/** The socket's timer has run out. */
export function timeOut(socket: Socket): void {
  socket.timer = null;
  const { tcp, tcpExtra } = socket.host.counters;
  if (socket.state === 'TIME-WAIT' || socket.state === 'FIN-WAIT-2') {
    tcpExtra.TW++;
    socket.host.remove(socket);
    return;
  }
  const isHalfOpen = socket.state === 'SYN-RECEIVED' && !socket.isOpener;
  if (!isHalfOpen) tcpExtra.TCPTimeouts++;
  const repetition = repetitionOf(socket);
  const elapsedMs = socket.host.nowMs - socket.unansweredSinceMs;
  if (elapsedMs >= repetition.giveUpAfterMs || repetition.isOver(socket.retries, elapsedMs)) {
    const isProgramThere = !socket.isOrphan && socket.isAccepted;
    if (isProgramThere) {
      socket.host.fail(socket, socket.state === 'SYN-SENT' ? 'connect' : 'send', 'ETIMEDOUT');
    }
    if (!isHalfOpen) tcpExtra.TCPAbortOnTimeout++;
    if (socket.state === 'SYN-SENT') tcp.attemptFails++;
    socket.host.remove(socket);
    return;
  }
  socket.retries++;
  retransmit(socket);
  startRetransmission(socket);
}

function retransmit(socket: Socket): void {
  if (socket.sendUnacknowledged === 0) {
    if (socket.state === 'SYN-SENT') {
      sendSegment(socket, SYN, 0, true);
      return;
    }
    sendSegment(socket, SYN | ACK, 0, true);
  }
  const first = Math.max(1, socket.sendUnacknowledged);
  const end = socket.isFinSent ? socket.sendNext - 1 : socket.sendNext;
  if (end > first) {
    const packet = segmentOf(socket, PSH | ACK, first, end - first);
    if (socket.isAwaiting) packet.wants = socket.response;
    else packet.wants = 0;
    transmit(socket, packet, true);
  }
  if (socket.isFinSent) sendSegment(socket, FIN | ACK, end, true);
}

/** The program takes a connection out of its listener's queue and reads what has come. */
export function accept(socket: Socket): void {
  socket.isAccepted = true;
  if (socket.response > 0) send(socket, socket.response, 0);
  if (socket.state === 'CLOSE-WAIT' && socket.answersClose) close(socket);
}

/** An ICMP message about a segment this socket has sent: only a connecting one minds (RFC 5927 §4). */
export function receiveUnreachable(socket: Socket, error: Errno): void {
  if (socket.state !== 'SYN-SENT') return;
  socket.host.counters.tcp.attemptFails++;
  socket.host.fail(socket, 'connect', error);
  socket.host.remove(socket);
}
