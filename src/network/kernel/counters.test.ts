/**
 * What a host counts of IP, UDP, ICMP and its cards (RFC 4293, RFC 4113; Linux' /proc/net/snmp and
 * /proc/net/dev). TCP's counters: `../transport/tcp-counters.test.ts`.
 */

import { describe, expect, it } from 'vitest';
import type { Host } from '../system-calls/host.ts';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { World } from '../world.ts';

function pair(): { readonly world: World; readonly client: Host; readonly web: Host } {
  const listen = [
    { port: 80 },
    { port: 53, protocol: 'udp' },
    { port: 80, address: '::', ipv6Only: true },
    { port: 53, protocol: 'udp', address: '::', ipv6Only: true },
  ];
  const world = new World(
    parseScenario({
      version: 1,
      latencyMs: 10,
      hosts: [
        { name: 'client', os: 'linux', addresses: ['10.0.0.2', '2001:db8::2'] },
        { name: 'web', os: 'linux', addresses: ['10.0.0.10', '2001:db8::10'], listen },
      ],
      actions: [],
    }),
  );
  const [client, web] = [world.host('client'), world.host('web')];
  if (client === undefined || web === undefined) throw new Error('no host');
  return { world, client, web };
}

type Group = 'ip' | 'ip6' | 'icmp' | 'udp' | 'udp6' | 'lo' | 'eth0';

/** The counters of a group that have moved, but for IP's of every packet. */
function moved(host: Host, group: Group): Readonly<Record<string, number>> {
  const all = Object.entries(Object.assign({}, host.counters()[group]));
  return Object.fromEntries(all.filter(([, count]) => count !== 0));
}

describe('a datagram', () => {
  it('that is taken and answered is one in and one out on either side', () => {
    const { world, client, web } = pair();
    client.connect('udp', '10.0.0.10', 53, { request: 20, response: 30 });
    world.runUntil(100);
    for (const host of [client, web]) {
      expect(moved(host, 'udp')).toEqual({ inDatagrams: 1, outDatagrams: 1 });
      expect([moved(host, 'udp6'), moved(host, 'icmp')]).toEqual([{}, {}]);
    }
    const [length, answer] = [20 + 28, 30 + 28];
    expect(moved(client, 'ip')).toEqual({
      outRequests: 1,
      outTransmits: 1,
      outOctets: length,
      inReceives: 1,
      inDelivers: 1,
      inOctets: answer,
    });
    // Ethernet's header has fourteen bytes.
    expect(moved(web, 'eth0')).toEqual({
      inPackets: 1,
      inBytes: length + 14,
      outPackets: 1,
      outBytes: answer + 14,
    });
    expect(moved(web, 'lo')).toEqual({});
  });

  it('is counted by its socket as a segment and its bytes', () => {
    const { world, client } = pair();
    const made = client.connect('udp', '10.0.0.10', 53, { request: 20, response: 30 });
    world.runUntil(100);
    expect(client.traffic(made.ok ? made.value : 0)).toMatchObject({
      segmentsReceived: 1,
      bytesReceived: 30,
    });
  });

  it('for which there is no socket has no port, and is refused by an ICMP message', () => {
    const { world, client, web } = pair();
    client.connect('udp', '10.0.0.10', 9, { request: 20 });
    world.runUntil(100);
    expect(moved(web, 'udp')).toEqual({ noPorts: 1 });
    expect(moved(web, 'icmp')).toEqual({ outMsgs: 1, outDestUnreachs: 1 });
    expect(moved(client, 'udp')).toEqual({ outDatagrams: 1 });
    expect(moved(client, 'icmp')).toEqual({ inMsgs: 1, inDestUnreachs: 1 });
  });

  it('over IPv6 moves IPv6’s counters, and its refusal none of ICMP’s', () => {
    const { world, client, web } = pair();
    client.connect('udp', '2001:db8::10', 53, { request: 20, response: 30 });
    client.connect('udp', '2001:db8::10', 9, { request: 20 });
    world.runUntil(100);
    expect(moved(web, 'udp6')).toEqual({ inDatagrams: 1, noPorts: 1, outDatagrams: 1 });
    expect(moved(web, 'ip6')).toMatchObject({ inReceives: 2, inDelivers: 2, outTransmits: 2 });
    for (const host of [client, web])
      expect((['udp', 'ip', 'icmp'] as const).map((group) => moved(host, group))).toEqual([
        {},
        {},
        {},
      ]);
  });
});

describe('a connection', () => {
  it('moves no counter of UDP or ICMP', () => {
    const { world, client, web } = pair();
    client.connect('tcp', '10.0.0.10', 80, {});
    client.connect('tcp', '2001:db8::10', 80, {});
    world.runUntil(100);
    for (const host of [client, web])
      expect((['udp', 'udp6', 'icmp'] as const).map((group) => moved(host, group))).toEqual([
        {},
        {},
        {},
      ]);
    expect(client.counters().tcp.inSegs).toBe(web.counters().tcp.outSegs);
  });

  it('of a host with itself is on loopback, without Ethernet’s header', () => {
    const { world, web } = pair();
    web.connect('tcp', '127.0.0.1', 80, { request: 0 });
    world.runUntil(100);
    // SYN, its answer, and the acknowledgement.
    const bytes = 60 + 60 + 52;
    const counts = { inPackets: 3, inBytes: bytes, outPackets: 3, outBytes: bytes };
    expect(moved(web, 'lo')).toEqual(counts);
    expect(moved(web, 'eth0')).toEqual({});
  });
});

describe('a filter', () => {
  const drop = { policyIn: 'accept', policyOut: 'accept', rules: [] } as const;

  it('that stops what arrives lets it be received, and not delivered', () => {
    const { world, client, web } = pair();
    web.setFirewall({ ...drop, policyIn: 'drop' });
    client.connect('udp', '10.0.0.10', 53, { request: 20 });
    world.runUntil(100);
    expect(moved(web, 'ip')).toEqual({ inReceives: 1, inOctets: 48 });
    expect(moved(web, 'udp')).toEqual({});
  });

  it('that stops what leaves lets it be asked for, and not sent', () => {
    const { world, client } = pair();
    client.setFirewall({ ...drop, policyOut: 'drop' });
    client.connect('udp', '10.0.0.10', 53, { request: 20 });
    world.runUntil(100);
    expect(moved(client, 'ip')).toEqual({ outRequests: 1 });
    expect([moved(client, 'udp'), moved(client, 'eth0')]).toEqual([{}, {}]);
  });
});
