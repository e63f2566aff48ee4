/**
 * /proc/net/snmp, /proc/net/netstat and /proc/net/dev as the kernel writes them, from what the engine has
 * counted. In the first, what never happens here (fragments, broken checksums) is 0; of the second, only the
 * columns are there that the engine counts.
 */

import type { HostCounters } from '../../network/kernel/counters.ts';

/** What the counters do not hold. */
export interface SnmpContext {
  readonly established: number;
  /** Since Linux 6.7 what leaves is counted twice, before and after the packet filter. */
  readonly countsTransmits: boolean;
}

/** Two lines: the names and the numbers. */
function rows(section: string, entries: readonly (readonly [string, number])[]): string {
  const names = entries.map(([name]) => name).join(' ');
  const numbers = entries.map(([, value]) => value).join(' ');
  return `${section}: ${names}\n${section}: ${numbers}\n`;
}

const zeros = (...names: readonly string[]) => names.map((name) => [name, 0] as const);

export function formatProcSnmp(counters: HostCounters, context: SnmpContext): string {
  const { icmp, ip, tcp, udp } = counters;
  const { countsTransmits, established } = context;
  const types = [
    ['InType0', icmp.inEchoReps],
    ['InType3', icmp.inDestUnreachs],
    ['InType8', icmp.inEchos],
    ['OutType0', icmp.outEchoReps],
    ['OutType3', icmp.outDestUnreachs],
    ['OutType8', icmp.outEchos],
  ] as const;
  const seenTypes = types.filter(([, value]) => value > 0);
  return (
    rows('Ip', [
      ['Forwarding', 2],
      ['DefaultTTL', 64],
      ['InReceives', ip.inReceives],
      ...zeros('InHdrErrors', 'InAddrErrors', 'ForwDatagrams', 'InUnknownProtos', 'InDiscards'),
      ['InDelivers', ip.inDelivers],
      ['OutRequests', countsTransmits ? ip.outRequests : ip.outTransmits],
      ...zeros('OutDiscards', 'OutNoRoutes', 'ReasmTimeout', 'ReasmReqds', 'ReasmOKs'),
      ...zeros('ReasmFails', 'FragOKs', 'FragFails', 'FragCreates'),
      ...(countsTransmits ? [['OutTransmits', ip.outTransmits] as const] : []),
    ]) +
    rows('Icmp', [
      ['InMsgs', icmp.inMsgs],
      ...zeros('InErrors', 'InCsumErrors'),
      ['InDestUnreachs', icmp.inDestUnreachs],
      ...zeros('InTimeExcds', 'InParmProbs', 'InSrcQuenchs', 'InRedirects'),
      ['InEchos', icmp.inEchos],
      ['InEchoReps', icmp.inEchoReps],
      ...zeros('InTimestamps', 'InTimestampReps', 'InAddrMasks', 'InAddrMaskReps'),
      ['OutMsgs', icmp.outMsgs],
      ...zeros('OutErrors'),
      ...(countsTransmits ? zeros('OutRateLimitGlobal', 'OutRateLimitHost') : []),
      ['OutDestUnreachs', icmp.outDestUnreachs],
      ...zeros('OutTimeExcds', 'OutParmProbs', 'OutSrcQuenchs', 'OutRedirects'),
      ['OutEchos', icmp.outEchos],
      ['OutEchoReps', icmp.outEchoReps],
      ...zeros('OutTimestamps', 'OutTimestampReps', 'OutAddrMasks', 'OutAddrMaskReps'),
    ]) +
    (seenTypes.length > 0 ? rows('IcmpMsg', seenTypes) : '') +
    rows('Tcp', [
      ['RtoAlgorithm', 1],
      ['RtoMin', 200],
      ['RtoMax', 120_000],
      ['MaxConn', -1],
      ['ActiveOpens', tcp.activeOpens],
      ['PassiveOpens', tcp.passiveOpens],
      ['AttemptFails', tcp.attemptFails],
      ['EstabResets', tcp.estabResets],
      ['CurrEstab', established],
      ['InSegs', tcp.inSegs],
      ['OutSegs', tcp.outSegs],
      ['RetransSegs', tcp.retransSegs],
      ...zeros('InErrs'),
      ['OutRsts', tcp.outRsts],
      ...zeros('InCsumErrors'),
    ]) +
    rows('Udp', [
      ['InDatagrams', udp.inDatagrams],
      ['NoPorts', udp.noPorts],
      ...zeros('InErrors'),
      ['OutDatagrams', udp.outDatagrams],
      ...zeros('RcvbufErrors', 'SndbufErrors', 'InCsumErrors', 'IgnoredMulti', 'MemErrors'),
    ]) +
    rows('UdpLite', [
      ...zeros('InDatagrams', 'NoPorts', 'InErrors', 'OutDatagrams', 'RcvbufErrors'),
      ...zeros('SndbufErrors', 'InCsumErrors', 'IgnoredMulti', 'MemErrors'),
    ])
  );
}

export function formatProcNetstat({ ip, tcpExtra }: HostCounters): string {
  return (
    rows('TcpExt', Object.entries(tcpExtra)) +
    rows('IpExt', [
      ['InOctets', ip.inOctets],
      ['OutOctets', ip.outOctets],
      // Nothing here marks its packets (RFC 3168).
      ['InNoECTPkts', ip.inReceives],
    ])
  );
}

export function formatProcDev({ eth0, lo }: HostCounters): string {
  const line = (name: string, card: HostCounters['lo']) =>
    `${name.padStart(6)}: ${String(card.inBytes).padStart(7)} ${String(card.inPackets).padStart(7)}` +
    '    0    0    0     0          0         0 ' +
    `${String(card.outBytes).padStart(8)} ${String(card.outPackets).padStart(7)}` +
    '    0    0    0     0       0          0\n';
  return (
    'Inter-|   Receive                                                |  Transmit\n' +
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n' +
    line('lo', lo) +
    line('eth0', eth0)
  );
}

/** What has been counted since an earlier reading. */
export function countersSince(now: HostCounters, before: HostCounters | null): HostCounters {
  if (before === null) return now;
  const groups = Object.entries(now as unknown as Record<string, Record<string, number>>);
  const old = before as unknown as Record<string, Record<string, number>>;
  return Object.fromEntries(
    groups.map(([group, values]) => [
      group,
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, value - (old[group]?.[name] ?? 0)]),
      ),
    ]),
  ) as unknown as HostCounters;
}
