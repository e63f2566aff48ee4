/**
 * The kernel of a host, below its system calls: its addresses and settings, its sockets and the ports
 * they hold, its packet filter, and its link to the wire. What segments and datagrams do to sockets is
 * in `transport/`, what programs may ask is in `system-calls/`.
 */

import type { Errno, Result } from '../errors.ts';
import type { PortChoice, PortHold } from '../ports/port-hold.ts';
import type { PortTable } from '../ports/port-table.ts';
import type { Protocol } from '../protocol.ts';
import {
  DEFAULT_IPV6_PREFIX_LENGTH,
  DEFAULT_PREFIX_LENGTH,
  type HostSpec,
} from '../scenario/scenario.ts';
import type { Later } from './agenda.ts';
import { HostCounters } from './counters.ts';
import { Echoes } from './echoes.ts';
import type { FilterSpec } from './filter-rule.ts';
import { Firewall } from './firewall.ts';
import type { FourTupleKeys } from './four-tuple-keys.ts';
import { HostAddresses } from './host-addresses.ts';
import type { HostSystem, TcpLimits } from './host-system.ts';
import type { Packet } from './packet.ts';
import type { Socket, SocketHost, SocketState } from './socket.ts';
import { SocketLookup } from './socket-lookup.ts';
import type { SocketNames } from './socket-names.ts';
import { ProgramCloses, SocketTimer } from './timers.ts';
import type { TraceRecorder } from './trace-recorder.ts';

/** What a host shares with all others of its world. */
export interface KernelContext {
  readonly agenda: Later<SocketTimer | ProgramCloses>;
  readonly recorder: TraceRecorder;
  readonly keys: FourTupleKeys;
  readonly names: SocketNames;
  /** One way between two hosts. */
  readonly latencyMs: number;
}

/** The host's end of the wire. */
export interface Link {
  /** Sends a packet; what the host's own packet filter says is not asked about again. */
  transmit(packet: Packet, isFromFirewall: boolean): void;
}

export class Kernel implements SocketHost {
  readonly name: string;
  readonly os: string;
  readonly addressing: HostAddresses;
  readonly lookup = new SocketLookup();
  readonly recorder: TraceRecorder;
  readonly keys: FourTupleKeys;
  readonly names: SocketNames;
  readonly system: HostSystem;
  readonly counters = new HostCounters();
  readonly echoes = new Echoes();
  timeWaitCount = 0;
  firewall: Firewall | null = null;
  private link: Link | null = null;
  private readonly agenda: KernelContext['agenda'];
  private readonly latencyMs: number;
  private readonly open = new Map<number, Socket>();
  private readonly failures = new Map<number, Errno>();

  constructor(spec: HostSpec, system: HostSystem, context: KernelContext) {
    this.name = spec.name;
    this.os = spec.os;
    this.addressing = new HostAddresses(spec.addresses, {
      ipv4: spec.prefixLength ?? DEFAULT_PREFIX_LENGTH,
      ipv6: spec.ipv6PrefixLength ?? DEFAULT_IPV6_PREFIX_LENGTH,
    });
    this.system = system;
    this.agenda = context.agenda;
    this.recorder = context.recorder;
    this.keys = context.keys;
    this.names = context.names;
    this.latencyMs = context.latencyMs;
  }

  get nowMs(): number {
    return this.agenda.nowMs;
  }

  get limits(): TcpLimits {
    return this.system.limits;
  }

  ports(protocol: Protocol): PortTable {
    return protocol === 'tcp' ? this.system.tcp : this.system.udp;
  }

  find(id: number): Socket | undefined {
    return this.open.get(id);
  }

  openSockets(): IterableIterator<Socket> {
    return this.open.values();
  }

  /** How a socket with an owner ended, if by an error. */
  failure(id: number): Errno | undefined {
    return this.failures.get(id);
  }

  /** Replaces the packet filter; what the one before let through stays known. Null takes it away. */
  setFirewall(spec: FilterSpec | null): void {
    this.firewall = spec === null ? null : new Firewall(spec, this.firewall);
  }

  /** Plugs the host in. A host without a link sends nothing. */
  plugIn(link: Link): void {
    this.link = link;
  }

  transmit(packet: Packet, isFromFirewall = false): void {
    this.link?.transmit(packet, isFromFirewall);
  }

  roundTripMs(to: number): number {
    return this.addressing.owns(to) ? 0 : 2 * this.latencyMs;
  }

  startTimer(socket: Socket, delayMs: number): void {
    const lastsMs = this.system.wheel?.lasts(this.nowMs, delayMs) ?? delayMs;
    const timer = new SocketTimer(socket);
    socket.timer = timer;
    this.agenda.after(lastsMs, timer);
  }

  stopTimer(socket: Socket): void {
    socket.timer = null;
  }

  /** The program closes the socket after a while, if it is open then. */
  closeLater(socket: Socket, delayMs: number): void {
    this.agenda.after(delayMs, new ProgramCloses(socket));
  }

  /** Makes a socket that has a peer findable by its packets. */
  connectSocket(socket: Socket): void {
    if (socket.protocol === 'tcp') this.lookup.addConnection(socket);
  }

  /** Changes a socket's state and records it; a socket without an id gets one. */
  setState(socket: Socket, state: SocketState, expiresAtMs?: number): void {
    const was = socket.id === 0 ? null : socket.state;
    if (was === null) {
      socket.id = this.names.newId();
      this.open.set(socket.id, socket);
      this.names.add(socket);
    }
    socket.state = state;
    socket.sinceMs = this.nowMs;
    this.recorder.state(socket, was, expiresAtMs);
  }

  /** The socket is gone. */
  remove(socket: Socket): void {
    const was = socket.state;
    this.stopTimer(socket);
    if (was === 'TIME-WAIT') this.timeWaitCount--;
    // Linux tcp_set_state: from these two states a connection ends only by a reset, or by giving up.
    if (was === 'ESTABLISHED' || was === 'CLOSE-WAIT') this.counters.tcp.estabResets++;
    this.ports(socket.protocol).remove(socket.hold);
    this.lookup.remove(socket);
    this.open.delete(socket.id);
    this.names.forget(socket);
    socket.expiresAtMs = null;
    socket.state = 'CLOSED';
    socket.sinceMs = this.nowMs;
    this.recorder.state(socket, was);
  }

  /** A call on a socket ends badly some time after it was made. */
  fail(socket: Socket, call: string, error: Errno): void {
    if (socket.owner !== null) this.failures.set(socket.id, error);
    this.recorder.error(this.name, call, socket.name, error);
  }

  /** A call fails at once. */
  refuse(call: string, name: string | undefined, error: Errno, choice?: PortChoice): Result<never> {
    this.recorder.error(this.name, call, name, error, choice?.why);
    return { ok: false, error };
  }

  /** The TIME-WAIT socket that gives way to a new connection. */
  dropReplaced(hold: PortHold): void {
    const { localAddress, port, remoteAddress, remotePort } = hold;
    const socket = this.lookup.connection(localAddress, port, remoteAddress, remotePort);
    if (socket?.state !== 'TIME-WAIT') return;
    this.counters.tcpExtra.TWRecycled++;
    this.remove(socket);
  }
}
