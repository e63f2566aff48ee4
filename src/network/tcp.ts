/**
 * TCP's state machine, after RFC 9293 §3.10, as far as ports need it: opening, one request and its
 * answer, closing by either side or both, half-closing, resets, retransmission with back-off,
 * TIME-WAIT. Where Linux differs from the RFC's letter, Linux is followed and the comment says so.
 *
 * Left out: windows, urgent data, congestion control, path MTU, options other than timestamps (which
 * only matter for TIME-WAIT's reuse). A write is one segment, whatever its length.
 */

import type { Host } from './host.ts';
import { ACK, FIN, Packet, PSH, RST, SYN } from './packet.ts';
import { Socket } from './socket.ts';
import type { Errno } from './trace.ts';

/** RFC 6298 §2 (2.1): the first retransmission time-out; doubled each time (5.5). */
const FIRST_TIMEOUT_MS = 1000;
/** Linux TCP_RTO_MIN and TCP_RTO_MAX, include/net/tcp.h. */
const LEAST_TIMEOUT_MS = 200;
const MOST_TIMEOUT_MS = 120_000;
/** Linux tcp_invalid_ratelimit. */
const CHALLENGE_INTERVAL_MS = 500;
const MOST_CHALLENGES = 10;

function segmentOf(socket: Socket, flags: number, seq: number, bytes: number): Packet {
  const packet = new Packet('segment');
  packet.sourceAddress = socket.localAddress;
  packet.sourcePort = socket.localPort;
  packet.destinationAddress = socket.remoteAddress;
  packet.destinationPort = socket.remotePort;
  packet.flags = flags;
  packet.seq = seq;
  packet.bytes = bytes;
  packet.sender = socket.id;
  packet.key = socket.peerKey;
  packet.name = socket.name;
  packet.from = socket.localText;
  packet.to = socket.remoteText;
  if (flags & ACK) {
    packet.ack = socket.receiveNext;
    packet.acknowledges = socket.peer;
  }
  return packet;
}

function sendSegment(socket: Socket, flags: number, seq: number, bytes = 0): void {
  socket.host.world.transmit(socket.host, segmentOf(socket, flags, seq, bytes));
}

function sendAck(socket: Socket): void {
  sendSegment(socket, ACK, socket.sendNext);
}

/**
 * Answers a segment that does not fit with what is expected (RFC 9293 §3.10.7.4, RFC 5961). Two ends
 * that disagree could go on like this for ever: Linux answers once in 500 ms, and here it ends
 * after some times in a row.
 */
function challenge(socket: Socket): void {
  const { nowMs } = socket.host.world;
  if (nowMs - socket.challengedMs < CHALLENGE_INTERVAL_MS) return;
  if (socket.challenges >= MOST_CHALLENGES) return;
  socket.challengedMs = nowMs;
  socket.challenges++;
  sendAck(socket);
}

function timeoutMs(socket: Socket): number {
  const isOpening = socket.state === 'SYN-SENT' || socket.state === 'SYN-RECEIVED';
  const first = isOpening
    ? FIRST_TIMEOUT_MS
    : LEAST_TIMEOUT_MS + socket.host.world.roundTripMs(socket.localAddress, socket.remoteAddress);
  return Math.min(first * 2 ** socket.retries, MOST_TIMEOUT_MS);
}

function startRetransmission(socket: Socket): void {
  if (socket.isTimerRunning) return;
  socket.host.world.startTimer(socket, timeoutMs(socket));
}

/** Sends the SYN of an active open. */
export function open(socket: Socket): void {
  socket.host.setState(socket, 'SYN-SENT');
  socket.sendNext = 1;
  sendSegment(socket, SYN, 0);
  startRetransmission(socket);
}

/** Sends data; a request says how many bytes of answer it wants. */
export function send(socket: Socket, bytes: number, wants: number): void {
  const packet = segmentOf(socket, PSH | ACK, socket.sendNext, bytes);
  packet.wants = wants;
  socket.sendNext += bytes;
  socket.host.world.transmit(socket.host, packet);
  startRetransmission(socket);
}

function sendFin(socket: Socket): void {
  socket.isFinSent = true;
  const seq = socket.sendNext++;
  sendSegment(socket, FIN | ACK, seq);
  startRetransmission(socket);
}

/** RFC 9293 §3.10.7.1: the reset that answers a segment for which there is no connection. */
export function sendResetTo(host: Host, received: Packet, isFirewalls = false): void {
  if (received.flags & RST) return;
  const packet = new Packet('segment');
  packet.sourceAddress = received.destinationAddress;
  packet.sourcePort = received.destinationPort;
  packet.destinationAddress = received.sourceAddress;
  packet.destinationPort = received.sourcePort;
  packet.key = host.world.keyOf(
    received.sourceAddress,
    received.sourcePort,
    received.destinationAddress,
    received.destinationPort,
  );
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
  host.world.transmit(host, packet, isFirewalls);
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
function orphan(socket: Socket): void {
  socket.isOrphan = true;
  if (socket.state === 'FIN-WAIT-2') waitForFin(socket);
}

/** Linux tcp_fin_timeout: how long an orphan waits in FIN-WAIT-2 for the other side's FIN. */
function waitForFin(socket: Socket): void {
  const host = socket.host;
  socket.expiresAtMs = host.world.nowMs + host.limits.finTimeoutMs;
  host.world.startTimer(socket, host.limits.finTimeoutMs);
  host.setState(socket, 'FIN-WAIT-2', socket.expiresAtMs);
}

function enterTimeWait(socket: Socket): void {
  const host = socket.host;
  socket.isOrphan = true;
  // Linux tcp_max_tw_buckets: above it the socket is closed at once.
  if (host.timeWaitCount >= host.limits.maxTimeWait) {
    host.remove(socket);
    return;
  }
  host.timeWaitCount++;
  socket.hold = host
    .ports(socket.protocol)
    .replace(socket.hold, { timeWaitSinceMs: host.world.nowMs });
  socket.expiresAtMs = host.world.nowMs + host.limits.timeWaitMs;
  host.world.startTimer(socket, host.limits.timeWaitMs);
  host.setState(socket, 'TIME-WAIT', socket.expiresAtMs);
}

/** The socket's timer has run out. */
export function timeOut(socket: Socket): void {
  socket.isTimerRunning = false;
  if (socket.state === 'TIME-WAIT' || socket.state === 'FIN-WAIT-2') {
    socket.host.remove(socket);
    return;
  }
  const limits = socket.host.limits;
  let most: number;
  if (socket.state === 'SYN-SENT') most = limits.synRetries;
  else if (socket.state === 'SYN-RECEIVED') most = limits.synAckRetries;
  else most = socket.isOrphan ? limits.orphanRetries : limits.retries;
  if (socket.retries >= most) {
    const isProgramThere = !socket.isOrphan && socket.isAccepted;
    if (isProgramThere) {
      socket.host.fail(socket, socket.state === 'SYN-SENT' ? 'connect' : 'send', 'ETIMEDOUT');
    }
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
      sendSegment(socket, SYN, 0);
      return;
    }
    sendSegment(socket, SYN | ACK, 0);
    if (!socket.isFinSent) return;
  }
  const first = Math.max(1, socket.sendUnacknowledged);
  const end = socket.isFinSent ? socket.sendNext - 1 : socket.sendNext;
  if (end > first) {
    const packet = segmentOf(socket, PSH | ACK, first, end - first);
    if (socket.isAwaiting) packet.wants = socket.response;
    else packet.wants = 0;
    socket.host.world.transmit(socket.host, packet);
  }
  if (socket.isFinSent) sendSegment(socket, FIN | ACK, end);
}

/** A segment has reached a host. */
export function receive(host: Host, packet: Packet): void {
  const socket = host.connections.get(packet.key);
  if (socket === undefined) receiveWithoutSocket(host, packet);
  else if (socket.state === 'SYN-SENT') receiveInSynSent(socket, packet);
  else if (socket.state === 'TIME-WAIT') receiveInTimeWait(socket, packet);
  else receiveSynchronized(socket, packet);
}

function receiveWithoutSocket(host: Host, packet: Packet): void {
  if ((packet.flags & (SYN | ACK | RST)) === SYN) {
    const listener = host.listenerFor(packet);
    if (listener !== undefined) {
      openPassively(listener, packet);
      return;
    }
  }
  sendResetTo(host, packet);
}

/** Linux sk_acceptq_is_full: one more than the backlog may wait. */
function isQueueFull(listener: Socket | null): boolean {
  return listener !== null && listener.queued > listener.backlog;
}

/** RFC 9293 §3.10.7.2. A full queue lets the SYN go unanswered, as Linux does. */
function openPassively(listener: Socket, packet: Packet): void {
  if (isQueueFull(listener)) return;
  const host = listener.host;
  const table = host.ports('tcp');
  const hold = {
    port: packet.destinationPort,
    localAddress: packet.destinationAddress,
    remoteAddress: packet.sourceAddress,
    remotePort: packet.sourcePort,
    isBound: true,
    isListening: false,
    reuseAddress: listener.hold.reuseAddress,
    reusePort: listener.hold.reusePort,
    uid: listener.hold.uid,
    timeWaitSinceMs: null,
    hasTimestamps: host.limits.hasTimestamps,
  };
  table.add(hold);
  const name = packet.name ?? '';
  const socket = new Socket(
    host,
    'tcp',
    name,
    packet.destinationAddress,
    packet.destinationPort,
    hold,
  );
  socket.listener = listener;
  socket.isAccepted = false;
  socket.responds = listener.responds;
  socket.answersClose = listener.answersClose;
  socket.owner = listener.owner;
  host.connectSocket(socket, packet.sourceAddress, packet.sourcePort, packet.key);
  socket.peer = packet.sender;
  socket.receiveNext = 1;
  socket.sendNext = 1;
  host.setState(socket, 'SYN-RECEIVED');
  sendSegment(socket, SYN | ACK, 0);
  startRetransmission(socket);
}

/** RFC 9293 §3.10.7.3. */
function receiveInSynSent(socket: Socket, packet: Packet): void {
  const flags = packet.flags;
  const isAckOfMine =
    (flags & ACK) !== 0 && packet.acknowledges === socket.id && packet.ack === socket.sendNext;
  if (flags & ACK && !isAckOfMine) {
    sendResetTo(socket.host, packet);
    return;
  }
  if (flags & RST) {
    if (!isAckOfMine) return;
    socket.host.fail(socket, 'connect', 'ECONNREFUSED');
    socket.host.remove(socket);
    return;
  }
  if (!(flags & SYN)) return;
  socket.peer = packet.sender;
  socket.receiveNext = 1;
  if (isAckOfMine) {
    socket.sendUnacknowledged = 1;
    establish(socket);
  } else {
    // Both sides open at once, or a socket has reached itself.
    socket.host.setState(socket, 'SYN-RECEIVED');
    sendSegment(socket, SYN | ACK, 0);
  }
}

/** A SYN that is newer than the old connection replaces it (RFC 9293 §3.6.1 MAY-2, RFC 6191). */
function receiveInTimeWait(socket: Socket, packet: Packet): void {
  const host = socket.host;
  const isOld = packet.sender === socket.peer;
  if (packet.flags & RST) {
    // Linux with tcp_rfc1337 = 0.
    if (isOld && packet.seq === socket.receiveNext) host.remove(socket);
    return;
  }
  if ((packet.flags & (SYN | ACK)) === SYN && !isOld) {
    const listener = host.listenerFor(packet);
    if (listener !== undefined && !isQueueFull(listener)) {
      host.remove(socket);
      openPassively(listener, packet);
      return;
    }
  }
  if (packet.flags & FIN && isOld) {
    // RFC 9293 §3.10.7.4: a repeated FIN starts the time anew.
    socket.expiresAtMs = host.world.nowMs + host.limits.timeWaitMs;
    host.world.startTimer(socket, host.limits.timeWaitMs);
    host.setState(socket, 'TIME-WAIT', socket.expiresAtMs);
  }
  if (packet.flags & (SYN | FIN) || packet.bytes > 0) sendAck(socket);
}

/** RFC 9293 §3.10.7.4, for all states from SYN-RECEIVED on except TIME-WAIT. */
function receiveSynchronized(socket: Socket, packet: Packet): void {
  const flags = packet.flags;
  if (packet.sender !== socket.peer) {
    // Of another connection between the same ports: RFC 5961 §4's challenge; its owner will reset us.
    if (!(flags & RST)) challenge(socket);
    return;
  }
  if (flags & RST) {
    receiveReset(socket, packet);
    return;
  }
  if (flags & SYN) {
    if (socket.state === 'SYN-RECEIVED' && !(flags & ACK)) {
      sendSegment(socket, SYN | ACK, 0);
      return;
    }
    if (socket.state !== 'SYN-RECEIVED') {
      sendAck(socket);
      return;
    }
  }
  if (!(flags & ACK)) return;
  if (packet.acknowledges !== socket.id || packet.ack > socket.sendNext) {
    if (socket.state === 'SYN-RECEIVED') sendResetTo(socket.host, packet);
    else challenge(socket);
    return;
  }
  if (!acknowledge(socket, packet)) return;
  if (flags & SYN) return;
  receiveText(socket, packet);
}

/** RFC 9293 §3.10.7.4, second: a reset counts only where it is exactly the next number (RFC 5961 §3). */
function receiveReset(socket: Socket, packet: Packet): void {
  if (packet.seq !== socket.receiveNext) {
    if (packet.seq > socket.receiveNext) sendAck(socket);
    return;
  }
  const isProgramThere = !socket.isOrphan && socket.isAccepted;
  if (isProgramThere) {
    if (socket.state === 'SYN-RECEIVED') socket.host.fail(socket, 'connect', 'ECONNREFUSED');
    else socket.host.fail(socket, 'receive', 'ECONNRESET');
  }
  socket.host.remove(socket);
}

/** Takes the acknowledgement in; false where there is nothing more to do with the segment. */
function acknowledge(socket: Socket, packet: Packet): boolean {
  const host = socket.host;
  if (socket.state === 'SYN-RECEIVED' && isQueueFull(socket.listener)) {
    // Linux leaves the handshake unfinished and goes on repeating its SYN,ACK.
    return false;
  }
  if (packet.ack > socket.sendUnacknowledged) {
    socket.sendUnacknowledged = packet.ack;
    socket.challenges = 0;
    socket.retries = 0;
    host.world.stopTimer(socket);
    if (socket.sendUnacknowledged < socket.sendNext) startRetransmission(socket);
  }
  const isFinAcknowledged = socket.isFinSent && socket.sendUnacknowledged === socket.sendNext;
  switch (socket.state) {
    case 'SYN-RECEIVED':
      establish(socket);
      return true;
    case 'FIN-WAIT-1':
      if (isFinAcknowledged) {
        if (packet.flags & FIN || !socket.isOrphan) host.setState(socket, 'FIN-WAIT-2');
        else waitForFin(socket);
      }
      return true;
    case 'CLOSING':
      if (isFinAcknowledged) enterTimeWait(socket);
      return false;
    case 'LAST-ACK':
      if (isFinAcknowledged) host.remove(socket);
      return !isFinAcknowledged;
    default:
      return true;
  }
}

/** ESTABLISHED: the ACK leaves if it is an opener's, and the programs begin. */
function establish(socket: Socket): void {
  const wasSynSent = socket.state === 'SYN-SENT';
  socket.retries = 0;
  socket.host.world.stopTimer(socket);
  socket.host.setState(socket, 'ESTABLISHED');
  if (wasSynSent) sendAck(socket);
  const listener = socket.listener;
  if (listener !== null) {
    if (listener.accepts) socket.isAccepted = true;
    else listener.queued++;
  }
  if (socket.isOpener && socket.request > 0) {
    socket.isAwaiting = socket.response > 0;
    send(socket, socket.request, socket.response);
  }
}

/** RFC 9293 §3.10.7.4, seventh and eighth: the data, then the FIN. */
function receiveText(socket: Socket, packet: Packet): void {
  const end = packet.seq + packet.bytes;
  const hasFin = (packet.flags & FIN) !== 0;
  if (packet.bytes === 0 && !hasFin) return;
  if (
    packet.seq > socket.receiveNext ||
    end < socket.receiveNext ||
    (end === socket.receiveNext && !hasFin)
  ) {
    sendAck(socket);
    return;
  }
  if (end > socket.receiveNext) {
    if (socket.isOrphan) {
      // Linux: data for a program that is gone is answered with a reset.
      sendSegment(socket, RST, socket.sendNext);
      socket.host.remove(socket);
      return;
    }
    socket.receiveNext = end;
    if (!hasFin && !deliver(socket, packet)) sendAck(socket);
    if (hasFin) deliver(socket, packet);
  }
  if (hasFin) receiveFin(socket);
}

/** The program reads; true where its answer carries the acknowledgement. */
function deliver(socket: Socket, packet: Packet): boolean {
  if (socket.isOpener) {
    if (!socket.isAwaiting) return false;
    socket.isAwaiting = false;
    if (socket.state === 'FIN-WAIT-1' || socket.state === 'FIN-WAIT-2') {
      sendAck(socket);
      orphan(socket);
      return true;
    }
    return false;
  }
  if (!socket.responds || socket.isFinSent) return false;
  if (!socket.isAccepted) {
    socket.response += packet.wants;
    return false;
  }
  if (packet.wants === 0) return false;
  send(socket, packet.wants, 0);
  return true;
}

function receiveFin(socket: Socket): void {
  const host = socket.host;
  socket.receiveNext++;
  switch (socket.state) {
    case 'SYN-RECEIVED':
    case 'ESTABLISHED':
      host.setState(socket, 'CLOSE-WAIT');
      sendAck(socket);
      socket.isAwaiting = false;
      if (socket.answersClose && socket.isAccepted) close(socket);
      break;
    case 'FIN-WAIT-1':
      host.setState(socket, 'CLOSING');
      sendAck(socket);
      break;
    case 'FIN-WAIT-2':
      enterTimeWait(socket);
      sendAck(socket);
      break;
    default:
      sendAck(socket);
  }
}

/** The program takes a connection out of its listener's queue and reads what has come. */
export function accept(listener: Socket, socket: Socket): void {
  listener.queued--;
  socket.isAccepted = true;
  if (socket.response > 0) send(socket, socket.response, 0);
  if (socket.state === 'CLOSE-WAIT' && socket.answersClose) close(socket);
}

/** An ICMP message about a segment this socket has sent: only a connecting one minds (RFC 5927 §4). */
export function receiveUnreachable(socket: Socket, error: Errno): void {
  if (socket.state !== 'SYN-SENT') return;
  socket.host.fail(socket, 'connect', error);
  socket.host.remove(socket);
}
