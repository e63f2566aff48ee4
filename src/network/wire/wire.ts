/**
 * What lies between hosts: latency, packet filters at both ends, routers half-way, and nothing where
 * nobody has the address.
 */

import { isIPv6, isLoopback } from '../addresses.ts';
import type { Later } from '../kernel/agenda.ts';
import type { Firewall, FirewallChain } from '../kernel/firewall.ts';
import type { Kernel, Link } from '../kernel/kernel.ts';
import type { Packet, PacketSource, PacketStop } from '../kernel/packet.ts';
import type { TraceRecorder } from '../kernel/trace-recorder.ts';
import { receive } from '../transport/tcp-receive.ts';
import { echoUndeliverable, receiveIcmp } from '../transport/icmp.ts';
import { resetOf, sendResetTo } from '../transport/tcp-segments.ts';
import { receiveUnreachable } from '../transport/tcp.ts';
import { receiveDatagram, sendUnreachable, unreachable } from '../transport/udp.ts';
import type { Nat } from './nat.ts';

/** What the wire shares with the hosts. */
export interface WireContext {
  readonly agenda: Later<Packet>;
  readonly recorder: TraceRecorder;
  /** One way between two hosts. */
  readonly latencyMs: number;
}

/**
 * How long a host asks for a neighbour's hardware address before it throws away what waits for it:
 * three questions, a second apart (Linux' mcast_solicit and retrans_time_ms). Measured on 6.18:
 * 3.07 s (tests/golden/lan.json). Assumed for the other systems.
 */
const NEIGHBOUR_WAIT_MS = 3000;

export class Wire {
  readonly context: WireContext;
  private readonly hosts = new Map<number, HostStop>();
  private readonly routers = new Map<number, RouterStop>();
  private lastPacketId = 0;

  constructor(context: WireContext) {
    this.context = context;
  }

  /** Plugs a host in, behind a router or not. */
  attachHost(kernel: Kernel, router: RouterStop | null): void {
    const stop = new HostStop(this, kernel, router);
    for (const address of kernel.addressing.numbers) this.hosts.set(address, stop);
    kernel.plugIn(stop);
  }

  attachRouter(nat: Nat): RouterStop {
    const stop = new RouterStop(this, nat);
    this.routers.set(nat.address, stop);
    return stop;
  }

  hostAt(address: number): HostStop | null {
    return this.hosts.get(address) ?? null;
  }

  routerAt(address: number): RouterStop | null {
    return this.routers.get(address) ?? null;
  }

  /** Gives a packet the number by which the trace knows it. */
  number(packet: Packet): void {
    packet.id = ++this.lastPacketId;
  }

  /** The packet is on its way to its next stop. */
  depart(packet: Packet, delayMs: number): void {
    const { agenda, recorder } = this.context;
    if (recorder.isOn) recorder.packet(packet, 'sent', agenda.nowMs + delayMs);
    agenda.after(delayMs, packet);
  }

  /** The packet's time has come. */
  arrive(packet: Packet): void {
    const { recorder } = this.context;
    const { nextStop } = packet;
    if (recorder.isOn) recorder.packet(packet, nextStop === null ? 'lost' : 'arrived');
    if (nextStop !== null) nextStop.receive(packet);
    else packet.stuckAt?.giveUp(packet);
  }
}

/** What a filter that rejects says of the packet. */
const rejections = {
  'icmp-port-unreachable': 'port-unreachable',
  'icmp-admin-prohibited': 'administratively-prohibited',
  'icmp-host-prohibited': 'administratively-prohibited',
  'icmp-host-unreachable': 'host-unreachable',
  'tcp-reset': 'port-unreachable',
} as const;

/** A host's end of the wire, with its packet filter. */
class HostStop implements PacketStop, PacketSource, Link {
  readonly isRouter = false;
  readonly kernel: Kernel;
  /** The router that it is behind. */
  readonly router: RouterStop | null;
  private readonly wire: Wire;
  /** Neighbours that are being asked for, and when that ends. */
  private readonly askedUntilMs = new Map<number, number>();

  constructor(wire: Wire, kernel: Kernel, router: RouterStop | null) {
    this.wire = wire;
    this.kernel = kernel;
    this.router = router;
  }

  get name(): string {
    return this.kernel.name;
  }

  transmit(packet: Packet, isFromFirewall: boolean): void {
    const { kernel, wire } = this;
    wire.number(packet);
    const { destinationAddress } = packet;
    const { firewall } = kernel;
    packet.isOwn = kernel.addressing.owns(destinationAddress);
    kernel.counters.requested(packet);
    const isAsked = firewall?.spec.filtersOwn === true ? true : !packet.isOwn && !isFromFirewall;
    if (isAsked && firewall?.concerns(packet) === true && !this.passes(firewall, 'out', packet))
      return;
    if (packet.isOwn) {
      kernel.counters.sent(packet, true);
      packet.nextStop = this;
      wire.depart(packet, 0);
      return;
    }
    const { latencyMs } = wire.context;
    const target = wire.hostAt(destinationAddress);
    const isStuck = target === null && this.isAbsent(destinationAddress);
    kernel.counters.sent(packet, !isStuck);
    if (isStuck) {
      packet.stuckAt = this;
      wire.depart(packet, this.askFor(destinationAddress));
      return;
    }
    // A host behind a router reaches what is not beside it through its router alone; but no router
    // translates IPv6, which goes its way as if there were none.
    const isDirect = isIPv6(destinationAddress) || (target?.router ?? null) === this.router;
    if (isLoopback(packet.sourceAddress)) packet.nextStop = null;
    else if (target !== null && isDirect) packet.nextStop = target;
    else if (isIPv6(destinationAddress)) packet.nextStop = null;
    else packet.nextStop = this.router ?? (isDirect ? wire.routerAt(destinationAddress) : null);
    const isHalfWay = packet.nextStop?.isRouter === true;
    wire.depart(packet, isHalfWay ? latencyMs / 2 : latencyMs);
  }

  /** Linux ipv4_link_failure: of TCP only a connecting socket minds, and UDP is not told. */
  giveUp(packet: Packet): void {
    if (packet.message === 'echo-request') echoUndeliverable(this.kernel, packet);
    if (packet.kind !== 'segment') return;
    const { lookup } = this.kernel;
    const { sourceAddress, sourcePort, destinationAddress, destinationPort } = packet;
    const socket = lookup.connection(
      sourceAddress,
      sourcePort,
      destinationAddress,
      destinationPort,
    );
    if (socket !== undefined) receiveUnreachable(socket, 'EHOSTUNREACH');
  }

  /** Whether the host asks its own network for the address and nobody answers. */
  private isAbsent(address: number): boolean {
    return this.wire.routerAt(address) === null && this.kernel.addressing.isNeighbour(address);
  }

  /** How long it still takes until the host gives a neighbour up. */
  private askFor(address: number): number {
    const { nowMs } = this.kernel;
    const known = this.askedUntilMs.get(address) ?? 0;
    const untilMs = known > nowMs ? known : nowMs + NEIGHBOUR_WAIT_MS;
    this.askedUntilMs.set(address, untilMs);
    return untilMs - nowMs;
  }

  receive(packet: Packet): void {
    const { kernel } = this;
    const { firewall } = kernel;
    kernel.counters.arrived(packet);
    const isAsked =
      firewall?.spec.filtersOwn === true || !kernel.addressing.owns(packet.sourceAddress);
    if (isAsked && firewall?.concerns(packet) === true && !this.passes(firewall, 'in', packet))
      return;
    kernel.counters.delivered(packet);
    if (packet.kind === 'segment') receive(kernel, packet);
    else if (packet.kind === 'datagram') receiveDatagram(kernel, packet);
    else receiveIcmp(kernel, packet);
  }

  /** Asks the packet filter; a packet that is not let through has been dealt with. */
  private passes(firewall: Firewall, chain: FirewallChain, packet: Packet): boolean {
    const { kernel } = this;
    const { recorder } = kernel;
    const isIn = chain === 'in';
    const local = isIn ? packet.destinationAddress : packet.sourceAddress;
    const localPort = isIn ? packet.destinationPort : packet.sourcePort;
    const remote = isIn ? packet.sourceAddress : packet.destinationAddress;
    const remotePort = isIn ? packet.sourcePort : packet.destinationPort;
    const verdict = firewall.decide(
      chain,
      packet,
      kernel.keys.of(local, localPort, remote, remotePort),
      kernel.lookup.connection(local, localPort, remote, remotePort) !== undefined,
      kernel.nowMs,
      packet.isOwn,
    );
    const { action, rule, rejectWith, isEstablished } = verdict;
    if (action !== 'accept' || !isEstablished)
      recorder.firewall(kernel.name, chain, action, rule, packet);
    if (action === 'accept') return true;
    if (action === 'drop') {
      // Linux: a datagram that OUTPUT drops makes sendto() fail; TCP only waits.
      const isSend =
        chain === 'out' && (packet.kind === 'datagram' || packet.message === 'echo-request');
      if (isSend) recorder.error(kernel.name, 'send', packet.name, 'EPERM');
    } else if (rejectWith === 'tcp-reset' && packet.kind === 'segment') {
      sendResetTo(kernel, packet, true);
    } else if (packet.kind !== 'icmp' || packet.message === 'echo-request') {
      sendUnreachable(kernel, packet, rejections[rejectWith], true);
    }
    return false;
  }
}

/** A router half-way: each crossing is two legs of half the latency. */
class RouterStop implements PacketStop {
  readonly isRouter = true;
  readonly nat: Nat;
  private readonly wire: Wire;

  constructor(wire: Wire, nat: Nat) {
    this.wire = wire;
    this.nat = nat;
  }

  get name(): string {
    return this.nat.name;
  }

  receive(packet: Packet): void {
    const { nat, wire } = this;
    const isFromInside = wire.hostAt(packet.sourceAddress)?.router === this;
    const translated = nat.translate(packet, isFromInside);
    if (translated === 'full') {
      if (nat.spec.whenFull === 'icmp') this.forward(unreachable(packet, 'host-unreachable'));
    } else if (translated === 'own') {
      const answer =
        packet.kind === 'segment' ? resetOf(packet) : unreachable(packet, 'port-unreachable');
      if (answer !== null) this.forward(answer);
    } else if (translated !== null) {
      this.forward(translated);
    }
  }

  /** The second leg of a way through the router. */
  private forward(packet: Packet): void {
    const { wire } = this;
    wire.number(packet);
    packet.lastRouter = this;
    const target = wire.hostAt(packet.destinationAddress);
    const isReachable = target !== null && (target.router === null || target.router === this);
    // A router has no host's address, so either the one or the other is there.
    packet.nextStop = isReachable ? target : wire.routerAt(packet.destinationAddress);
    wire.depart(packet, wire.context.latencyMs / 2);
  }
}
