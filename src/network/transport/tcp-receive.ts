/**
 * What arriving segments do: RFC 9293 §3.10.7, state by state, with RFC 5961's care and Linux' ways.
 */

import type { Kernel } from '../kernel/kernel.ts';
import { ACK, FIN, type Packet, RST, SYN } from '../kernel/packet.ts';
import { Socket } from '../kernel/socket.ts';
import { close, enterTimeWait, orphan, waitForFin } from './tcp.ts';
import {
  challenge,
  send,
  sendAck,
  sendResetTo,
  sendSegment,
  startRetransmission,
} from './tcp-segments.ts';

/** A segment has reached a host. */
export function receive(host: Kernel, packet: Packet): void {
  const socket = host.lookup.connectionOf(packet);
  if (socket !== undefined) {
    socket.counters.segmentsReceived++;
    if (packet.bytes > 0) socket.counters.dataSegmentsReceived++;
  }
  if (socket === undefined) receiveWithoutSocket(host, packet);
  else if (socket.state === 'SYN-SENT') receiveInSynSent(host, socket, packet);
  else if (socket.state === 'TIME-WAIT') receiveInTimeWait(host, socket, packet);
  else receiveSynchronized(host, socket, packet);
}

function receiveWithoutSocket(host: Kernel, packet: Packet): void {
  if ((packet.flags & (SYN | ACK | RST)) === SYN) {
    const listener = host.lookup.listenerFor(packet);
    if (listener !== undefined) {
      openPassively(listener, packet);
      return;
    }
  }
  sendResetTo(host, packet);
}

/** Linux sk_acceptq_is_full: one more than the backlog may wait. */
function isQueueFull(listener: Socket | null): boolean {
  const queue = listener?.queue ?? null;
  return queue !== null && queue.waiting.length > queue.backlog;
}

function overflow({ host }: Socket): void {
  host.counters.tcpExtra.ListenOverflows++;
  host.counters.tcpExtra.ListenDrops++;
}

/** RFC 9293 §3.10.7.2. A full queue lets the SYN go unanswered, as Linux does. */
function openPassively(listener: Socket, packet: Packet): void {
  if (isQueueFull(listener)) {
    overflow(listener);
    return;
  }
  const host = listener.host;
  const table = host.ports('tcp');
  const hold = {
    port: packet.destinationPort,
    localAddress: packet.destinationAddress,
    family: listener.hold.family ?? 'inet',
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
  const socket = new Socket(host, 'tcp', packet.name, hold);
  socket.listener = listener;
  socket.counters.segmentsReceived = 1;
  socket.isAccepted = false;
  socket.responds = listener.responds;
  socket.answersClose = listener.answersClose;
  socket.owner = listener.owner;
  host.connectSocket(socket);
  socket.peer = packet.sender;
  socket.receiveNext = 1;
  socket.sendNext = 1;
  host.setState(socket, 'SYN-RECEIVED');
  sendSegment(socket, SYN | ACK, 0);
  startRetransmission(socket);
}

/** RFC 9293 §3.10.7.3. */
function receiveInSynSent(host: Kernel, socket: Socket, packet: Packet): void {
  const flags = packet.flags;
  const isAckOfMine =
    (flags & ACK) !== 0 && packet.acknowledges === socket.id && packet.ack === socket.sendNext;
  if (flags & ACK && !isAckOfMine) {
    sendResetTo(host, packet);
    return;
  }
  if (flags & RST) {
    if (!isAckOfMine) return;
    host.counters.tcp.attemptFails++;
    host.fail(socket, 'connect', 'ECONNREFUSED');
    host.remove(socket);
    return;
  }
  if (!(flags & SYN)) return;
  socket.peer = packet.sender;
  socket.receiveNext = 1;
  if (isAckOfMine) {
    takeAcknowledgement(socket, packet.ack);
    establish(socket);
  } else {
    // Both sides open at once, or a socket has reached itself.
    host.setState(socket, 'SYN-RECEIVED');
    sendSegment(socket, SYN | ACK, 0);
  }
}

/** A SYN that is newer than the old connection replaces it (RFC 9293 §3.6.1 MAY-2, RFC 6191). */
function receiveInTimeWait(host: Kernel, socket: Socket, packet: Packet): void {
  const isOld = packet.sender === socket.peer;
  if (packet.flags & RST) {
    // Linux with tcp_rfc1337 = 0.
    if (isOld && packet.seq === socket.receiveNext) host.remove(socket);
    return;
  }
  if ((packet.flags & (SYN | ACK)) === SYN && !isOld) {
    const listener = host.lookup.listenerFor(packet);
    if (listener !== undefined && !isQueueFull(listener)) {
      host.remove(socket);
      openPassively(listener, packet);
      return;
    }
  }
  if (packet.flags & FIN && isOld) {
    // RFC 9293 §3.10.7.4: a repeated FIN starts the time again.
    socket.expiresAtMs = host.nowMs + host.limits.timeWaitMs;
    host.startTimer(socket, host.limits.timeWaitMs);
    host.setState(socket, 'TIME-WAIT', socket.expiresAtMs);
  }
  if (packet.flags & (SYN | FIN) || packet.bytes > 0) sendAck(socket);
}

/** RFC 9293 §3.10.7.4, for all states from SYN-RECEIVED on except TIME-WAIT. */
function receiveSynchronized(host: Kernel, socket: Socket, packet: Packet): void {
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
    if (socket.state === 'SYN-RECEIVED') sendResetTo(host, packet);
    else challenge(socket);
    return;
  }
  if (!acknowledge(socket, packet)) return;
  receiveText(socket, packet);
}

/** RFC 9293 §3.10.7.4, second: a reset counts only where it is exactly the next number (RFC 5961 §3). */
function receiveReset(socket: Socket, packet: Packet): void {
  if (packet.seq > socket.receiveNext) sendAck(socket);
  if (packet.seq !== socket.receiveNext) return;
  const { tcp, tcpExtra } = socket.host.counters;
  if (socket.state === 'SYN-RECEIVED') {
    tcp.attemptFails++;
    if (!socket.isOpener) tcpExtra.EmbryonicRsts++;
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
    if (socket.listener !== null) overflow(socket.listener);
    return false;
  }
  socket.counters.lastAcknowledgedMs = host.nowMs;
  if (packet.ack > socket.sendUnacknowledged) {
    takeAcknowledgement(socket, packet.ack);
    if (socket.challenged !== null) socket.challenged = { ...socket.challenged, times: 0 };
    socket.retries = 0;
    host.stopTimer(socket);
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
      return !isFinAcknowledged;
    case 'LAST-ACK':
      if (isFinAcknowledged) host.remove(socket);
      return !isFinAcknowledged;
    default:
      return true;
  }
}

/** Everything up to a number has arrived; what was sent once has told how long the way is. */
function takeAcknowledgement(socket: Socket, ack: number): void {
  socket.sendUnacknowledged = ack;
  if (socket.retries === 0) socket.counters.roundTrips++;
  const { inFlight } = socket;
  while (inFlight !== null && (inFlight[0] ?? Infinity) <= ack) inFlight.shift();
  if (inFlight?.length === 0) socket.inFlight = null;
}

/** ESTABLISHED: the ACK leaves if it is an opener's, and the programs begin. */
function establish(socket: Socket): void {
  const wasSynSent = socket.state === 'SYN-SENT';
  socket.retries = 0;
  socket.host.stopTimer(socket);
  const { counters, host } = socket;
  counters.lastSentMs = counters.lastReceivedMs = counters.lastAcknowledgedMs = host.nowMs;
  if (!socket.isOpener) host.counters.tcp.passiveOpens++;
  host.setState(socket, 'ESTABLISHED');
  if (wasSynSent) sendAck(socket);
  const queue = socket.listener?.queue;
  if (queue?.isTakenAtOnce === true) socket.isAccepted = true;
  else queue?.waiting.push(socket);
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
      socket.host.counters.tcpExtra.TCPAbortOnData++;
      socket.host.remove(socket);
      return;
    }
    const { counters, host } = socket;
    counters.bytesReceived += end - socket.receiveNext;
    counters.lastReceivedMs = host.nowMs;
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
  // Linux counts the FIN as a byte that was received.
  socket.counters.bytesReceived++;
  socket.receiveNext++;
  switch (socket.state) {
    case 'ESTABLISHED':
      host.setState(socket, 'CLOSE-WAIT');
      sendAck(socket);
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
