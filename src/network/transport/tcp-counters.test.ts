/**
 * What a host counts of its TCP: RFC 4022's tcpActiveOpens and so on (/proc/net/snmp), and Linux' own
 * counters (/proc/net/netstat; include/uapi/linux/snmp.h), as the kernel's tcp_*.c raise them.
 */

import { describe, expect, it } from 'vitest';
import { ACK, PSH, RST, SYN } from '../kernel/packet.ts';
import { clientAndWeb, plainConnect } from '../world-fixtures.ts';
import type { World } from '../world.ts';
import {
  arrive,
  at,
  client,
  closeAt100,
  hostOf,
  socketOf,
  web,
  type End,
} from './segment-fixtures.ts';

const filter = { policyIn: 'accept', policyOut: 'accept', rules: [] } as const;

/** The counters of one end that have moved. */
function counted(world: World, end: End): Readonly<Record<string, number>> {
  const { tcp, tcpExtra } = hostOf(world, end).counters();
  const all = Object.entries(Object.assign({}, tcp, tcpExtra));
  return Object.fromEntries(all.filter(([, count]) => count !== 0));
}

/** Everything but the segments that both ends have sent and received. */
function events(world: World, end: End): Readonly<Record<string, number>> {
  const all = Object.entries(counted(world, end));
  return Object.fromEntries(all.filter(([name]) => name !== 'inSegs' && name !== 'outSegs'));
}

const idOf = (world: World, end: End): number => socketOf(world, end)?.id ?? 0;

describe('a connection', () => {
  it('is opened actively on one side and passively on the other', () => {
    const world = at(50);
    expect(counted(world, client)).toEqual({ activeOpens: 1, outSegs: 2, inSegs: 1 });
    expect(counted(world, web)).toEqual({ passiveOpens: 1, outSegs: 1, inSegs: 2 });
  });

  it('carries original data in requests, answers and FINs, and ends in a TIME-WAIT that ends', () => {
    const world = clientAndWeb({
      actions: [{ ...plainConnect, request: 20, response: 30 }, closeAt100],
    });
    world.runUntil(60_000);
    expect(events(world, client)).toEqual({ activeOpens: 1, TCPOrigDataSent: 2 });
    expect(events(world, web)).toEqual({ passiveOpens: 1, TCPOrigDataSent: 2 });
    world.runToEnd();
    expect(events(world, client)).toEqual({ activeOpens: 1, TCPOrigDataSent: 2, TW: 1 });
    const [one, other] = [counted(world, client), counted(world, web)];
    expect(one).toMatchObject({ outSegs: other.inSegs, inSegs: other.outSegs });
  });

  it('that waits for nothing in FIN-WAIT-2 ends as one in TIME-WAIT does', () => {
    const world = clientAndWeb({
      listen: [{ port: 80, answersClose: false }],
      actions: [plainConnect, closeAt100],
    });
    world.runUntil(100_000);
    expect(events(world, client)).toEqual({ activeOpens: 1, TCPOrigDataSent: 1, TW: 1 });
  });

  it('in TIME-WAIT that gives way to a new one is recycled', () => {
    const { localPort: _, ...anyPort } = plainConnect;
    const world = clientAndWeb({
      sysctl: { 'net.ipv4.ip_local_port_range': '50000 50000', 'net.ipv4.tcp_tw_reuse': '1' },
      actions: [anyPort, closeAt100, { ...anyPort, atMs: 5000, as: 'again' }],
    });
    world.runUntil(6000);
    expect(events(world, client)).toMatchObject({ activeOpens: 2, TWRecycled: 1 });
  });

  it('beyond the most that may wait in TIME-WAIT is counted as such', () => {
    const world = clientAndWeb({
      sysctl: { 'net.ipv4.tcp_max_tw_buckets': '0' },
      actions: [plainConnect, closeAt100],
    });
    world.runUntil(200);
    expect(events(world, client)).toMatchObject({ TCPTimeWaitOverflow: 1 });
    expect(socketOf(world, client)).toBe(undefined);
  });
});

describe('an attempt', () => {
  it('that is refused has failed; the refusal is a reset sent', () => {
    const world = clientAndWeb({ listen: [], actions: [plainConnect] });
    world.runToEnd();
    expect(counted(world, client)).toEqual({
      activeOpens: 1,
      attemptFails: 1,
      outSegs: 1,
      inSegs: 1,
    });
    expect(counted(world, web)).toEqual({ outSegs: 1, outRsts: 1, inSegs: 1 });
  });

  it('that nobody answers is repeated, which is no segment sent, until it fails', () => {
    const world = clientAndWeb({ actions: [plainConnect] });
    hostOf(world, web).setFirewall({ ...filter, policyIn: 'drop' });
    world.runToEnd();
    // tcp_syn_linear_timeouts is 4 and tcp_syn_retries 6; one time-out more ends it.
    expect(counted(world, client)).toEqual({
      activeOpens: 1,
      attemptFails: 1,
      outSegs: 1,
      retransSegs: 10,
      TCPSynRetrans: 10,
      TCPTimeouts: 11,
      TCPAbortOnTimeout: 1,
    });
    expect(counted(world, web)).toEqual({});
  });

  it('that a router or a filter says no to has failed', () => {
    const world = clientAndWeb({ actions: [plainConnect] });
    hostOf(world, web).setFirewall({
      ...filter,
      rules: [{ chain: 'in', action: 'reject', rejectWith: 'icmp-port-unreachable' }],
    });
    world.runToEnd();
    expect(events(world, client)).toEqual({ activeOpens: 1, attemptFails: 1 });
  });

  it('of which only half is open repeats its answer, and nobody counts its time-outs', () => {
    const world = clientAndWeb({ actions: [plainConnect] });
    world.runUntil(5);
    hostOf(world, client).setFirewall({ ...filter, policyIn: 'drop', policyOut: 'drop' });
    world.runToEnd();
    // tcp_synack_retries is 5 (net/ipv4/inet_connection_sock.c: reqsk_timer_handler).
    expect(counted(world, web)).toEqual({
      inSegs: 1,
      outSegs: 1,
      retransSegs: 5,
      TCPSynRetrans: 5,
    });
  });

  it('that is reset while half open has failed, and is an embryonic reset of a listener', () => {
    const world = at(15);
    arrive(world, web, RST);
    expect(events(world, web)).toEqual({ attemptFails: 1, EmbryonicRsts: 1 });
  });

  it('made from both sides at once that is reset has failed without a listener', () => {
    const world = at(5);
    arrive(world, client, SYN, { sender: 99 });
    expect(socketOf(world, client)?.state).toBe('SYN-RECEIVED');
    arrive(world, client, RST);
    expect(events(world, client)).toEqual({ activeOpens: 1, attemptFails: 1 });
  });

  it('of a listener whose queue is full overflows it, with the SYN and with the last ACK', () => {
    const one = { ...plainConnect, localPort: undefined, atMs: 0, count: 3, everyMs: 100 };
    const world = clientAndWeb({
      listen: [{ port: 80, accepts: false, backlog: 0 }],
      actions: [one],
    });
    world.runUntil(250);
    expect(events(world, web)).toMatchObject({
      passiveOpens: 1,
      ListenOverflows: 2,
      ListenDrops: 2,
    });
    // Both SYNs, and in the other world both ACKs: the SYNs came before the queue was full.
    const atOnce = clientAndWeb({
      listen: [{ port: 80, accepts: false, backlog: 0 }],
      actions: [{ ...one, everyMs: 0 }],
    });
    atOnce.runUntil(50);
    expect(events(atOnce, web)).toEqual({ passiveOpens: 1, ListenOverflows: 2, ListenDrops: 2 });
  });
});

describe('an open connection', () => {
  it('that a program resets is a connection reset on both sides, and one reset sent', () => {
    const world = at(50);
    hostOf(world, client).reset(idOf(world, client));
    world.runUntil(100);
    expect(events(world, client)).toEqual({ activeOpens: 1, estabResets: 1, outRsts: 1 });
    expect(events(world, web)).toEqual({ passiveOpens: 1, estabResets: 1 });
  });

  it('is reset, too, where one side has already closed', () => {
    const world = clientAndWeb({
      listen: [{ port: 80, answersClose: false }],
      actions: [plainConnect, closeAt100],
    });
    world.runUntil(150);
    expect(socketOf(world, web)?.state).toBe('CLOSE-WAIT');
    hostOf(world, web).reset(idOf(world, web));
    world.runUntil(200);
    expect(events(world, web)).toEqual({ passiveOpens: 1, estabResets: 1, outRsts: 1 });
    // From FIN-WAIT-2 it only ends.
    expect(events(world, client)).toEqual({ activeOpens: 1, TCPOrigDataSent: 1 });
  });

  it('whose data nobody acknowledges repeats it, and is given up', () => {
    const world = at(50);
    const sender = hostOf(world, client);
    sender.setFirewall({ ...filter, policyIn: 'drop' });
    sender.send(idOf(world, client), 5);
    world.runUntil(1000);
    expect(events(world, client)).toEqual({
      activeOpens: 1,
      TCPOrigDataSent: 1,
      TCPTimeouts: 2,
      retransSegs: 2,
    });
    world.runToEnd();
    // tcp_retries2 is 15; it was an open connection, and no attempt.
    expect(events(world, client)).toEqual({
      activeOpens: 1,
      TCPOrigDataSent: 1,
      TCPTimeouts: 16,
      retransSegs: 15,
      TCPAbortOnTimeout: 1,
      estabResets: 1,
    });
  });

  it('whose FIN nobody acknowledges repeats that, which is no original data', () => {
    const world = at(105, [closeAt100]);
    hostOf(world, client).setFirewall({ ...filter, policyIn: 'drop' });
    world.runUntil(1000);
    expect(events(world, client)).toEqual({
      activeOpens: 1,
      TCPOrigDataSent: 1,
      TCPTimeouts: 2,
      retransSegs: 2,
    });
  });

  it('answers what does not fit with a challenge', () => {
    const world = at(50);
    expect(arrive(world, client, ACK, { ack: 1 })).toEqual(['ACK']);
    expect(events(world, client)).toEqual({ activeOpens: 1, TCPChallengeACK: 1 });
  });

  it('whose program is gone ends where data comes', () => {
    const world = clientAndWeb({
      listen: [{ port: 80, answersClose: false }],
      actions: [plainConnect, closeAt100],
    });
    world.runUntil(150);
    arrive(world, client, ACK | PSH, { bytes: 5 });
    expect(events(world, client)).toMatchObject({ TCPAbortOnData: 1, outRsts: 1 });
  });
});

describe('of one socket (tcp_info)', () => {
  const traffic = (world: World, end: End) => hostOf(world, end).traffic(idOf(world, end));

  it('segments with and without data are counted, and bytes in either direction', () => {
    const world = clientAndWeb({ actions: [{ ...plainConnect, request: 20, response: 30 }] });
    world.runUntil(90);
    // SYN, ACK, request, ACK; of the other side the SYN,ACK came before there was a socket.
    expect(traffic(world, client)).toMatchObject({
      segmentsSent: 4,
      segmentsReceived: 2,
      dataSegmentsSent: 1,
      dataSegmentsReceived: 1,
      bytesSent: 20,
      bytesAcknowledged: 21,
      bytesReceived: 30,
      lastSentMs: 20,
      lastReceivedMs: 40,
      lastAcknowledgedMs: 40,
      unacknowledged: 0,
    });
    expect(traffic(world, web)).toMatchObject({
      segmentsSent: 1,
      segmentsReceived: 4,
      dataSegmentsSent: 1,
      dataSegmentsReceived: 1,
      bytesSent: 30,
      bytesAcknowledged: 30,
      bytesReceived: 20,
      lastSentMs: 30,
      lastReceivedMs: 30,
      lastAcknowledgedMs: 50,
    });
  });

  it('a FIN counts as a byte that was received', () => {
    const world = clientAndWeb({
      listen: [{ port: 80, answersClose: false }],
      actions: [plainConnect, closeAt100],
    });
    world.runUntil(150);
    expect(traffic(world, web)).toMatchObject({ bytesReceived: 1, dataSegmentsReceived: 0 });
  });

  it('segments on their way are those not acknowledged, FIN and SYN among them', () => {
    const unacknowledged = (untilMs: number, ...more: Readonly<Record<string, unknown>>[]) =>
      traffic(at(untilMs, more), client)?.unacknowledged;
    expect([unacknowledged(5), unacknowledged(20)]).toEqual([1, 0]);
    expect([unacknowledged(105, closeAt100), unacknowledged(120, closeAt100)]).toEqual([1, 0]);
    const world = at(50);
    const id = idOf(world, client);
    for (const bytes of [5, 6, 7]) hostOf(world, client).send(id, bytes);
    expect(traffic(world, client)).toMatchObject({ unacknowledged: 3, bytesSent: 18 });
    // An acknowledgement of the first two.
    arrive(world, client, ACK, { ack: -7 });
    expect(traffic(world, client)).toMatchObject({ unacknowledged: 1, bytesAcknowledged: 12 });
    world.runUntil(80);
    expect(traffic(world, client)).toMatchObject({ unacknowledged: 0, bytesAcknowledged: 19 });
  });

  it('a round trip is measured by what was sent once, and not by what was repeated', () => {
    const world = at(50);
    const { roundTrips = NaN } = traffic(world, client) ?? {};
    const sender = hostOf(world, client);
    sender.send(idOf(world, client), 5);
    world.runUntil(100);
    expect(traffic(world, client)?.roundTrips).toBe(roundTrips + 1);
    sender.setFirewall({ ...filter, policyIn: 'drop' });
    sender.send(idOf(world, client), 5);
    world.runUntil(400);
    sender.setFirewall(null);
    world.runUntil(2000);
    expect(traffic(world, client)).toMatchObject({ roundTrips: roundTrips + 1, unacknowledged: 0 });
    expect(traffic(world, client)).toMatchObject({ retransmissions: 2, bytesRetransmitted: 10 });
  });
});
