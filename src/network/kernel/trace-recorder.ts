/** Writes down what happens, as the trace's events; costs nothing where nobody wants them. */

import { formatEndpoint } from '../addresses.ts';
import type { FirewallChain } from './firewall.ts';
import { FLAG_NAMES, type Packet } from './packet.ts';
import type { PortChoice } from '../ports/port-hold.ts';
import type { Protocol } from '../protocol.ts';
import type { Errno } from '../errors.ts';
import type { Socket, SocketState } from './socket.ts';
import type {
  DatagramEvent,
  IcmpEvent,
  PortChoiceReason,
  SegmentEvent,
  StateEvent,
  TraceEvent,
} from '../trace/trace.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * `keep` collects the trace, `none` records nothing and is the fastest, a function is given each event
 * and nothing is kept.
 */
export type TraceWish = 'keep' | 'none' | ((event: TraceEvent) => void);

export class TraceRecorder {
  readonly trace: TraceEvent[] = [];
  isOn: boolean;
  private readonly clock: { readonly nowMs: number };
  private sink: ((event: TraceEvent) => void) | undefined;

  constructor(clock: { readonly nowMs: number }, trace: TraceWish = 'keep') {
    this.clock = clock;
    this.isOn = trace !== 'none';
    this.sink = typeof trace === 'function' ? trace : undefined;
  }

  /** Gives each event from now on to a listener, where the trace is not kept; null ends that. */
  listen(listener: ((event: TraceEvent) => void) | null): void {
    this.isOn = listener !== null;
    this.sink = listener ?? undefined;
  }

  choice(
    host: string,
    protocol: Protocol,
    by: 'connect' | 'bind',
    connection: string,
    choice: Extract<PortChoice, { ok: true }>,
  ): void {
    if (!this.isOn || choice.why === undefined) return;
    this.record({
      atMs: this.clock.nowMs,
      event: 'port-chosen',
      host,
      protocol,
      by,
      connection,
      port: choice.port,
      why: choice.why,
    });
  }

  state(socket: Socket, was: SocketState | null, expiresAtMs?: number): void {
    if (!this.isOn) return;
    if (was === null) {
      const remote = socket.shownRemoteAddress;
      socket.localText = formatEndpoint(socket.shownLocalAddress, socket.localPort);
      socket.remoteText = socket.isConnected
        ? formatEndpoint(remote, socket.remotePort)
        : socket.isIPv6
          ? '[::]:*'
          : '0.0.0.0:*';
    }
    const event: Writable<StateEvent> = {
      atMs: this.clock.nowMs,
      event: 'state',
      socket: socket.id,
      protocol: socket.protocol,
      connection: socket.name,
      host: socket.host.name,
      local: socket.localText,
      remote: socket.remoteText,
      state: socket.state,
      was,
    };
    if (socket.isIPv6Only !== undefined) event.ipv6Only = socket.isIPv6Only;
    if (expiresAtMs !== undefined) event.expiresAtMs = expiresAtMs;
    this.record(event);
  }

  error(
    host: string,
    action: string,
    connection: string | undefined,
    error: Errno,
    why?: PortChoiceReason,
  ): void {
    if (!this.isOn) return;
    this.record({
      atMs: this.clock.nowMs,
      event: 'error',
      host,
      do: action,
      ...(connection === undefined ? {} : { connection }),
      error,
      ...(why === undefined ? {} : { why }),
    });
  }

  sysctl(host: string, key: string, value: string, was: string): void {
    if (this.isOn) this.record({ atMs: this.clock.nowMs, event: 'sysctl', host, key, value, was });
  }

  private record(event: TraceEvent): void {
    if (this.sink === undefined) this.trace.push(event);
    else this.sink(event);
  }

  packet(packet: Packet, phase: 'sent' | 'arrived' | 'lost', endsAtMs?: number): void {
    if (packet.from === '') {
      packet.from = formatEndpoint(packet.sourceAddress, packet.sourcePort);
      packet.to = formatEndpoint(packet.destinationAddress, packet.destinationPort);
    }
    const { id, from, to, seq, ack, bytes, name } = packet;
    const atMs = this.clock.nowMs;
    let event: Writable<SegmentEvent | DatagramEvent | IcmpEvent>;
    if (packet.kind === 'segment') {
      const flags = FLAG_NAMES[packet.flags] ?? [];
      event = { atMs, event: 'segment', id, phase, from, to, flags, seq, ack, bytes };
    } else if (packet.kind === 'datagram') {
      event = { atMs, event: 'datagram', id, phase, from, to, bytes };
    } else {
      event = { atMs, event: 'icmp', id, phase, from, to, message: packet.message };
      if (packet.isEcho) event.echo = { number: seq, bytes };
    }
    event.connection = name;
    if (endsAtMs !== undefined) {
      if (packet.nextStop === null) event.lostAtMs = endsAtMs;
      else event.arrivesAtMs = endsAtMs;
    }
    if (packet.nextStop?.isRouter === true) event.toNat = packet.nextStop.name;
    if (packet.lastRouter !== null) event.fromNat = packet.lastRouter.name;
    this.record(event);
  }

  firewall(
    host: string,
    chain: FirewallChain,
    verdict: 'accept' | 'drop' | 'reject',
    rule: number | null,
    packet: Packet,
  ): void {
    if (!this.isOn) return;
    this.record({
      atMs: this.clock.nowMs,
      event: 'firewall',
      host,
      chain,
      verdict,
      rule,
      protocol: packet.protocol,
      from: formatEndpoint(packet.sourceAddress, packet.sourcePort),
      to: formatEndpoint(packet.destinationAddress, packet.destinationPort),
      packet: packet.id,
      connection: packet.name,
    });
  }

  nat(
    nat: string,
    phase: 'created' | 'expired' | 'exhausted',
    protocol: Protocol,
    inside: string,
    outside: string | null,
    remote: string | null,
  ): void {
    if (!this.isOn) return;
    const atMs = this.clock.nowMs;
    this.record({
      atMs,
      event: 'nat',
      nat,
      phase,
      protocol,
      inside,
      ...(outside === null ? {} : { outside }),
      ...(remote === null ? {} : { remote }),
    });
  }
}
