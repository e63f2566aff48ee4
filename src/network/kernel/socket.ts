/**
 * A socket as the engine keeps it: one end of a TCP connection, a listener, a bound socket, or a UDP
 * socket. Sequence numbers are relative: each side's own SYN is number 0. What tells an old segment
 * from a new one, in a real stack the absolute numbers and timestamps, is here the id of the socket
 * that sent it (`peer`).
 */

import { isIPv6, mapIPv4, WILDCARD_IPV6 } from '../addresses.ts';
import type { Queued } from '../data-structures/earliest-first.ts';
import type { Errno } from '../errors.ts';
import type { PortHold } from '../ports/port-hold.ts';
import type { PortTable } from '../ports/port-table.ts';
import type { Protocol } from '../protocol.ts';
import type { StateEvent } from '../trace/trace.ts';
import { SocketCounters, type HostCounters } from './counters.ts';
import type { TcpLimits } from './host-system.ts';
import type { Packet } from './packet.ts';

export type SocketState = StateEvent['state'];

/** Who opened a socket, for `ss -p`, `lsof`, `ps`; the engine keeps it and does not interpret it. */
export interface SocketOwner {
  readonly pid: number;
  readonly command: string;
  readonly user: string;
  readonly uid: number;
  readonly fd: number;
}

/** What a socket needs of the host that it belongs to. */
export interface SocketHost {
  readonly name: string;
  /** Virtual milliseconds. */
  readonly nowMs: number;
  readonly limits: TcpLimits;
  readonly counters: HostCounters;
  /** How many sockets of the host are in TIME-WAIT. */
  timeWaitCount: number;
  ports(protocol: Protocol): PortTable;
  openSockets(): IterableIterator<Socket>;
  transmit(packet: Packet): void;
  /** Of a packet to an address and its answer, in milliseconds. */
  roundTripMs(remoteAddress: number): number;
  /** Starts the socket's only timer; one that ran before is void. */
  startTimer(socket: Socket, delayMs: number): void;
  stopTimer(socket: Socket): void;
  connectSocket(socket: Socket): void;
  setState(socket: Socket, state: SocketState, expiresAtMs?: number): void;
  /** The socket is gone. */
  remove(socket: Socket): void;
  /** A call on the socket ends badly some time after it was made. */
  fail(socket: Socket, call: string, error: Errno): void;
}

/** The connections of a listener that are made and that no program has taken yet. */
export interface AcceptQueue {
  /** The oldest first. One that was reset meanwhile stays until it is taken (Linux tcp_reset, tcp_done). */
  readonly waiting: Socket[];
  /** How many may wait. */
  readonly backlog: number;
  /** The program takes each as soon as it is made. */
  readonly isTakenAtOnce: boolean;
}

export class Socket {
  id = 0;
  state: SocketState = 'CLOSED';
  readonly host: SocketHost;
  readonly protocol: Protocol;
  name: string;
  /** Its port, and the addresses of both ends. */
  hold: PortHold;
  /** The next of the connections that differ from this one in their addresses alone (`SocketLookup`). */
  withSamePorts: Socket | undefined = undefined;

  /** The oldest byte sent and not acknowledged, the next to send, the next expected. */
  sendUnacknowledged = 0;
  sendNext = 0;
  receiveNext = 0;
  isFinSent = false;
  /** Id of the socket at the other end, once known. */
  peer = 0;

  readonly counters = new SocketCounters();
  /** Where the segments end that were sent and are not acknowledged; null where there are none. */
  inFlight: number[] | null = null;

  /** Its only timer, while that runs. */
  timer: Queued | null = null;
  retries = 0;
  /** When what is being repeated was first sent. */
  unansweredSinceMs = 0;
  /** When it last said that a segment did not fit, and how often in a row. */
  challenged: { readonly atMs: number; readonly times: number } | null = null;
  expiresAtMs: number | null = null;
  sinceMs = 0;

  /** The program: what it asks for, whether it waits for the answer, and how it behaves. */
  request = 0;
  response = 0;
  isAwaiting = false;
  /** The program has closed it; what is left is the system's. */
  isOrphan = false;
  isAccepted = true;
  responds = true;
  answersClose = true;
  owner: SocketOwner | null = null;

  /** A listener's; null of all others. */
  queue: AcceptQueue | null = null;
  listener: Socket | null = null;

  /** Texts for the trace, made once. */
  localText = '';
  remoteText = '';

  constructor(host: SocketHost, protocol: Protocol, name: string, hold: PortHold) {
    this.host = host;
    this.protocol = protocol;
    this.name = name;
    this.hold = hold;
  }

  /** Of an IPv4-mapped address the IPv4 address. */
  get localAddress(): number {
    return this.hold.localAddress;
  }

  get localPort(): number {
    return this.hold.port;
  }

  /** 0 and 0 while it has no peer. */
  get remoteAddress(): number {
    return this.hold.remoteAddress;
  }

  get remotePort(): number {
    return this.hold.remotePort;
  }

  /** Of a connection: whether it called connect(), and came from no listener. */
  get isOpener(): boolean {
    return this.listener === null;
  }

  /** Whether it has a peer. */
  get isConnected(): boolean {
    return this.remotePort !== 0;
  }

  /** Whether its program opened it for IPv6; what it speaks may be IPv4 all the same. */
  get isIPv6(): boolean {
    const { family } = this.hold;
    return family !== undefined && family !== 'inet';
  }

  /** Whether it is open to IPv6 and speaks IPv4: its program sees IPv4-mapped addresses. */
  get isMapped(): boolean {
    return this.isIPv6 && !isIPv6(this.localAddress);
  }

  /** Its own address as its program sees it, and the tools show it. */
  get shownLocalAddress(): number {
    return this.isMapped ? mapIPv4(this.localAddress) : this.localAddress;
  }

  /** Its peer's address in the same way; the wildcard where it has none. */
  get shownRemoteAddress(): number {
    if (!this.isIPv6) return this.remoteAddress;
    if (!this.isConnected) return WILDCARD_IPV6;
    return this.isMapped ? mapIPv4(this.remoteAddress) : this.remoteAddress;
  }

  /** Of a socket on IPv6's wildcard whether it leaves IPv4 alone; of all others undefined. */
  get isIPv6Only(): boolean | undefined {
    return this.localAddress === WILDCARD_IPV6 ? this.hold.family === 'inet6-only' : undefined;
  }
}
