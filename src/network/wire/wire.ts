/**
 * What lies between hosts: latency, packet filters at both ends, routers half-way, and nothing where
 * nobody has the address.
 */

import type { Firewall, FirewallChain } from '../kernel/firewall.ts';
import type { Host } from '../system-calls/host.ts';
import type { Nat } from './nat.ts';
import type { Packet } from '../kernel/packet.ts';
import { receiveUnreachable } from '../transport/tcp.ts';
import { receive } from '../transport/tcp-receive.ts';
import { sendResetTo } from '../transport/tcp-segments.ts';
import { errorOf, receiveDatagram, sendUnreachable, unreachable } from '../transport/udp.ts';
import type { World } from '../world.ts';

export class Wire {
  private readonly world: World;
  private readonly latencyMs: number;
  private readonly hostsByAddress = new Map<number, Host>();
  private readonly natsByAddress = new Map<number, Nat>();
  private lastPacketId = 0;

  constructor(world: World) {
    this.world = world;
    this.latencyMs = world.scenario.latencyMs;
    for (const host of world.hosts) {
      for (const address of host.addressing.numbers) this.hostsByAddress.set(address, host);
    }
    for (const nat of world.nats) this.natsByAddress.set(nat.address, nat);
  }

  /** Puts a packet on the wire; what the firewall itself says is not asked about again. */
  transmit(from: Host, packet: Packet, isFirewalls: boolean): void {
    packet.id = ++this.lastPacketId;
    if (from.addressing.owns(packet.destinationAddress)) {
      packet.target = from;
      this.depart(packet, 0);
      return;
    }
    const { firewall } = from;
    if (firewall !== null && !isFirewalls && !this.passes(from, firewall, 'out', packet)) return;
    const target = this.hostsByAddress.get(packet.destinationAddress) ?? null;
    if (from.nat === null && target?.nat == null) {
      packet.target = target;
      packet.toNat = this.natsByAddress.get(packet.destinationAddress) ?? null;
    } else if (target !== null && target.nat === from.nat) {
      packet.target = target;
    } else {
      packet.toNat = from.nat;
    }
    this.depart(packet, packet.toNat === null ? this.latencyMs : this.latencyMs / 2);
  }

  private depart(packet: Packet, delayMs: number): void {
    if (this.world.recorder.isOn)
      this.world.recorder.packet(packet, 'sent', this.world.nowMs + delayMs);
    this.world.queuePacket(packet, delayMs);
  }

  /** The second leg of a way through a router. */
  private forward(nat: Nat, packet: Packet): void {
    packet.id = ++this.lastPacketId;
    packet.fromNat = nat;
    const target = this.hostsByAddress.get(packet.destinationAddress) ?? null;
    const isReachable = target !== null && (target.nat === null || target.nat === nat);
    packet.target = isReachable ? target : null;
    // Between two routers.
    packet.toNat = this.natsByAddress.get(packet.destinationAddress) ?? null;
    this.depart(packet, this.latencyMs / 2);
  }

  private passRouter(nat: Nat, packet: Packet): void {
    const isFromInside = this.hostsByAddress.get(packet.sourceAddress)?.nat === nat;
    const translated = nat.translate(packet, isFromInside);
    if (translated === 'full') {
      if (nat.spec.whenFull === 'icmp')
        this.forward(nat, unreachable(this.world, packet, 'host-unreachable'));
    } else if (translated !== null) {
      this.forward(nat, translated);
    }
  }

  /** Asks a host's packet filter; a packet that is not let through has been dealt with. */
  private passes(host: Host, firewall: Firewall, chain: FirewallChain, packet: Packet): boolean {
    const key =
      chain === 'in'
        ? packet.key
        : this.world.keyOf(
            packet.sourceAddress,
            packet.sourcePort,
            packet.destinationAddress,
            packet.destinationPort,
          );
    const verdict = firewall.decide(
      chain,
      packet,
      key,
      host.lookup.connection(key) !== undefined,
      this.world.nowMs,
    );
    const { action, rule, rejectWith, isEstablished } = verdict;
    if (action !== 'accept' || !isEstablished)
      this.world.recorder.firewall(host, chain, action, rule, packet);
    if (action === 'accept') return true;
    if (action === 'drop') {
      // Linux: a datagram that OUTPUT drops makes sendto() fail; TCP only waits.
      const isSend = chain === 'out' && packet.kind === 'datagram';
      if (isSend) this.world.recorder.error(host.name, 'send', packet.name, 'EPERM');
    } else if (rejectWith === 'tcp-reset' && packet.kind === 'segment') {
      sendResetTo(host, packet, true);
    } else if (packet.kind !== 'icmp') {
      const isAdministrative = rejectWith === 'icmp-admin-prohibited';
      sendUnreachable(
        host,
        packet,
        isAdministrative ? 'administratively-prohibited' : 'port-unreachable',
        true,
      );
    }
    return false;
  }

  /** A packet's time has come. */
  deliver(packet: Packet): void {
    const { target: host, toNat } = packet;
    const isLost = host === null && toNat === null;
    if (this.world.recorder.isOn) this.world.recorder.packet(packet, isLost ? 'lost' : 'arrived');
    if (toNat !== null) this.passRouter(toNat, packet);
    if (host === null) return;
    const { firewall } = host;
    if (
      firewall !== null &&
      !host.addressing.owns(packet.sourceAddress) &&
      !this.passes(host, firewall, 'in', packet)
    )
      return;
    if (packet.kind === 'segment') receive(host, packet);
    else if (packet.kind === 'datagram') receiveDatagram(host, packet);
    else this.deliverIcmp(host, packet);
  }

  private deliverIcmp(host: Host, packet: Packet): void {
    const error = errorOf(packet.message);
    if (packet.about === 'tcp') {
      const socket = host.lookup.connection(packet.key);
      if (socket !== undefined) receiveUnreachable(socket, error);
      return;
    }
    const socket = host.lookup.datagramSocketFor(packet);
    if (socket?.state === 'ESTAB') host.fail(socket, 'receive', error);
  }
}
