/**
 * What a host counts, as Linux' /proc/net/snmp, /proc/net/netstat and /proc/net/dev name it: every number
 * here is of something that has happened. What never happens in this engine (fragments, broken checksums,
 * delayed acknowledgements) has no counter.
 */

import { isIPv6 } from '../addresses.ts';
import { ipLength, type Packet } from './packet.ts';

/** IP of one family. */
class IpCounters {
  inReceives = 0;
  inDelivers = 0;
  /** Asked for by programs and protocols, before the packet filter. */
  outRequests = 0;
  /** After it. */
  outTransmits = 0;
  inOctets = 0;
  outOctets = 0;
}

/** ICMP of IPv4: RFC 4293's counters, as far as such messages exist here. */
class IcmpCounters {
  inMsgs = 0;
  inDestUnreachs = 0;
  inEchos = 0;
  inEchoReps = 0;
  outMsgs = 0;
  outDestUnreachs = 0;
  outEchos = 0;
  outEchoReps = 0;
}

class TcpCounters {
  activeOpens = 0;
  passiveOpens = 0;
  attemptFails = 0;
  estabResets = 0;
  inSegs = 0;
  /** Repeated ones not counted. */
  outSegs = 0;
  retransSegs = 0;
  outRsts = 0;
}

class UdpCounters {
  inDatagrams = 0;
  noPorts = 0;
  outDatagrams = 0;
}

/** Linux' own counters of TCP, by the names of /proc/net/netstat. */
class TcpExtraCounters {
  EmbryonicRsts = 0;
  TW = 0;
  TWRecycled = 0;
  ListenOverflows = 0;
  ListenDrops = 0;
  TCPTimeouts = 0;
  TCPAbortOnData = 0;
  TCPAbortOnTimeout = 0;
  TCPTimeWaitOverflow = 0;
  TCPChallengeACK = 0;
  TCPSynRetrans = 0;
  TCPOrigDataSent = 0;
}

/** One interface; bytes as Linux counts them: Ethernet's header with them, loopback has none. */
class InterfaceCounters {
  inPackets = 0;
  inBytes = 0;
  outPackets = 0;
  outBytes = 0;
}

const ETHERNET_HEADER = 14;

export class HostCounters {
  readonly ip = new IpCounters();
  readonly ip6 = new IpCounters();
  readonly icmp = new IcmpCounters();
  readonly tcp = new TcpCounters();
  readonly udp = new UdpCounters();
  readonly udp6 = new UdpCounters();
  readonly tcpExtra = new TcpExtraCounters();
  readonly lo = new InterfaceCounters();
  readonly eth0 = new InterfaceCounters();

  /** A packet wants to leave: before the filter. */
  requested(packet: Packet): void {
    this.ipOf(packet).outRequests++;
  }

  /** It leaves. `isOnWire`: not where a neighbour's hardware address is still asked for. */
  sent(packet: Packet, isOnWire: boolean): void {
    const ip = this.ipOf(packet);
    const bytes = ipLength(packet);
    ip.outTransmits++;
    ip.outOctets += bytes;
    if (packet.kind === 'icmp' && !isIPv6(packet.destinationAddress)) this.icmpSent(packet);
    if (packet.kind === 'datagram') this.udpOf(packet).outDatagrams++;
    if (!isOnWire) return;
    const card = packet.isOwn ? this.lo : this.eth0;
    card.outPackets++;
    card.outBytes += bytes + (packet.isOwn ? 0 : ETHERNET_HEADER);
  }

  /** It has arrived: before the filter. */
  arrived(packet: Packet): void {
    const ip = this.ipOf(packet);
    const bytes = ipLength(packet);
    ip.inReceives++;
    ip.inOctets += bytes;
    const card = packet.isOwn ? this.lo : this.eth0;
    card.inPackets++;
    card.inBytes += bytes + (packet.isOwn ? 0 : ETHERNET_HEADER);
  }

  /** The filter has let it in. */
  delivered(packet: Packet): void {
    this.ipOf(packet).inDelivers++;
    if (packet.kind === 'segment') this.tcp.inSegs++;
    if (packet.kind !== 'icmp' || isIPv6(packet.destinationAddress)) return;
    this.icmp.inMsgs++;
    if (packet.message === 'echo-request') this.icmp.inEchos++;
    else if (packet.message === 'echo-reply') this.icmp.inEchoReps++;
    else this.icmp.inDestUnreachs++;
  }

  udpOf(packet: Packet): UdpCounters {
    return isIPv6(packet.destinationAddress) ? this.udp6 : this.udp;
  }

  private ipOf(packet: Packet): IpCounters {
    return isIPv6(packet.destinationAddress) ? this.ip6 : this.ip;
  }

  private icmpSent(packet: Packet): void {
    this.icmp.outMsgs++;
    if (packet.message === 'echo-request') this.icmp.outEchos++;
    else if (packet.message === 'echo-reply') this.icmp.outEchoReps++;
    else this.icmp.outDestUnreachs++;
  }
}

/** What one socket has sent and received: of TCP as in Linux' struct tcp_info. */
export class SocketCounters {
  bytesSent = 0;
  bytesRetransmitted = 0;
  bytesReceived = 0;
  segmentsSent = 0;
  segmentsReceived = 0;
  dataSegmentsSent = 0;
  dataSegmentsReceived = 0;
  retransmissions = 0;
  /** When data was last sent and received, and an acknowledgement came. */
  lastSentMs = 0;
  lastReceivedMs = 0;
  lastAcknowledgedMs = 0;
  /** Round trips that it has measured. */
  roundTrips = 0;
}
