/** /proc/net/snmp and /proc/net/netstat: their columns are a real kernel's, each number in its own. */

import { describe, expect, it } from 'vitest';
import { HostCounters } from '../../network/kernel/counters.ts';
import files from '../../../tests/golden/terminal/netstat-statistics.json' with { type: 'json' };
import { countersSince, formatProcNetstat, formatProcSnmp } from './snmp.ts';

/** Each section's names, and its numbers by name. */
function read(text: string): Map<string, Map<string, number>> {
  const sections = new Map<string, Map<string, number>>();
  const lines = text.split('\n').filter((line) => line !== '');
  for (let at = 0; at < lines.length; at += 2) {
    const [section = '', ...names] = (lines[at] ?? '').split(' ');
    const [again, ...numbers] = (lines[at + 1] ?? '').split(' ');
    expect(again).toBe(section);
    expect(numbers).toHaveLength(names.length);
    sections.set(section, new Map(names.map((name, index) => [name, Number(numbers[index])])));
  }
  return sections;
}

const columnsOf = (text: string): Record<string, string[]> =>
  Object.fromEntries(Array.from(read(text), ([section, row]) => [section, [...row.keys()]]));

const transmits = { established: 3, countsTransmits: true };

describe('/proc/net/snmp', () => {
  it('has the sections and columns of a kernel of 6.18, in its order', () => {
    expect(columnsOf(formatProcSnmp(new HostCounters(), transmits))).toEqual(columnsOf(files.snmp));
  });

  it('counts what leaves once before 6.7: after the packet filter', () => {
    const counters = new HostCounters();
    Object.assign(counters.ip, { outRequests: 9, outTransmits: 7 });
    const before = read(formatProcSnmp(counters, { ...transmits, countsTransmits: false }));
    expect(before.get('Ip:')?.get('OutRequests')).toBe(7);
    expect(before.get('Ip:')?.has('OutTransmits')).toBe(false);
    expect(before.get('Icmp:')?.has('OutRateLimitGlobal')).toBe(false);
    const since = read(formatProcSnmp(counters, transmits));
    expect(since.get('Ip:')?.get('OutRequests')).toBe(9);
    expect(since.get('Ip:')?.get('OutTransmits')).toBe(7);
  });

  it('has each number under its name', () => {
    const counters = new HostCounters();
    Object.assign(counters.ip, { inReceives: 1, inDelivers: 2 });
    Object.assign(counters.icmp, { inMsgs: 3, inEchos: 4, inEchoReps: 5, inDestUnreachs: 6 });
    Object.assign(counters.icmp, { outMsgs: 7, outEchos: 8, outEchoReps: 9, outDestUnreachs: 10 });
    Object.assign(counters.tcp, { activeOpens: 11, passiveOpens: 12, attemptFails: 13 });
    Object.assign(counters.tcp, { estabResets: 14, inSegs: 15, outSegs: 16, outRsts: 17 });
    Object.assign(counters.udp, { inDatagrams: 18, noPorts: 19, outDatagrams: 20 });
    counters.tcp.retransSegs = 21;
    const sections = read(formatProcSnmp(counters, transmits));
    const seen = (section: string) =>
      Object.fromEntries(
        Array.from(sections.get(section) ?? []).filter(([, value]) => value !== 0),
      );
    expect(seen('Ip:')).toEqual({ Forwarding: 2, DefaultTTL: 64, InReceives: 1, InDelivers: 2 });
    expect(seen('Icmp:')).toEqual({
      InMsgs: 3,
      InEchos: 4,
      InEchoReps: 5,
      InDestUnreachs: 6,
      OutMsgs: 7,
      OutEchos: 8,
      OutEchoReps: 9,
      OutDestUnreachs: 10,
    });
    expect(seen('IcmpMsg:')).toEqual({
      InType0: 5,
      InType3: 6,
      InType8: 4,
      OutType0: 9,
      OutType3: 10,
      OutType8: 8,
    });
    expect(seen('Tcp:')).toEqual({
      RtoAlgorithm: 1,
      RtoMin: 200,
      RtoMax: 120_000,
      MaxConn: -1,
      ActiveOpens: 11,
      PassiveOpens: 12,
      AttemptFails: 13,
      EstabResets: 14,
      CurrEstab: 3,
      InSegs: 15,
      OutSegs: 16,
      OutRsts: 17,
      RetransSegs: 21,
    });
    expect(seen('Udp:')).toEqual({ InDatagrams: 18, NoPorts: 19, OutDatagrams: 20 });
    expect(seen('UdpLite:')).toEqual({});
  });
});

describe('/proc/net/netstat', () => {
  it('has names of the kernel’s only', () => {
    const real = columnsOf(files.netstat);
    const ours = columnsOf(formatProcNetstat(new HostCounters()));
    expect(Object.keys(ours)).toEqual(['TcpExt:', 'IpExt:']);
    for (const [section, names] of Object.entries(ours))
      expect(real[section]).toEqual(expect.arrayContaining(names));
  });

  it('has each number under its name', () => {
    const counters = new HostCounters();
    Object.assign(counters.ip, { inOctets: 840, outOctets: 252, inReceives: 5 });
    counters.tcpExtra.TCPSynRetrans = 2;
    const sections = read(formatProcNetstat(counters));
    expect(Object.fromEntries(sections.get('IpExt:') ?? [])).toEqual({
      InOctets: 840,
      OutOctets: 252,
      InNoECTPkts: 5,
    });
    expect(sections.get('TcpExt:')?.get('TCPSynRetrans')).toBe(2);
  });
});

it('counts since an earlier reading', () => {
  const [before, now] = [new HostCounters(), new HostCounters()];
  before.tcp.inSegs = 4;
  now.tcp.inSegs = 9;
  now.udp.noPorts = 1;
  const since = countersSince(now, before);
  expect([since.tcp.inSegs, since.udp.noPorts, since.ip.inReceives]).toEqual([5, 1, 0]);
  expect(countersSince(now, null)).toBe(now);
});
