/** Echoes: what `ping` sends, what comes back, and what a host and its packet filters count of it. */

import { describe, expect, it } from 'vitest';
import type { FilterRule, FilterSpec } from '../kernel/filter-rule.ts';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { World } from '../world.ts';

const echo = { identifier: 7, number: 1, bytes: 56 };
const done = { ok: true, value: null };
const refused = (error: string): object => ({ ok: false, error });

/** Two hosts, ten milliseconds apart; `both`: with IPv6 as well. */
function pair({ both = false } = {}) {
  const six = (text: string) => (both ? [text] : []);
  const world = new World(
    parseScenario({
      version: 1,
      latencyMs: 10,
      hosts: [
        { name: 'client', os: 'linux', addresses: ['10.0.0.2', ...six('2001:db8::2')] },
        { name: 'web', os: 'linux', addresses: ['10.0.0.10', ...six('2001:db8::10')] },
      ],
      actions: [],
    }),
  );
  const [client, web] = [world.host('client'), world.host('web')];
  if (client === undefined || web === undefined) throw new Error('no host');
  const messages = (): string[] => {
    world.runUntil(10_000);
    return client.echoAnswers(7).map(({ atMs, from, message }) => `${atMs} ${from} ${message}`);
  };
  return { world, client, web, messages };
}

const filter = (rules: readonly FilterRule[], more: Partial<FilterSpec> = {}): FilterSpec => ({
  policyIn: 'accept',
  policyOut: 'accept',
  rules,
  ...more,
});

describe('an echo', () => {
  it('is answered, with what it carried, after the way there and back', () => {
    const { world, client } = pair();
    expect(client.echo('10.0.0.10', echo)).toEqual(done);
    expect(client.echoAnswers(7)).toEqual([]);
    world.runUntil(20);
    const answer = { number: 1, from: '10.0.0.10', atMs: 20, bytes: 56, message: 'echo-reply' };
    expect(client.echoAnswers(7)).toEqual([answer]);
    client.echo('10.0.0.10', { ...echo, number: 2 });
    world.runUntil(40);
    expect(client.echoAnswers(7)).toEqual([answer, { ...answer, number: 2, atMs: 40 }]);
    expect(client.echoAnswers(8)).toEqual([]);
  });

  it('reaches the host itself at once, under each of its addresses', () => {
    const { client, messages } = pair();
    for (const address of ['127.0.0.1', '10.0.0.2', '0.0.0.0']) client.echo(address, echo);
    expect(messages()).toEqual([
      '0 127.0.0.1 echo-reply',
      '0 10.0.0.2 echo-reply',
      '0 127.0.0.1 echo-reply',
    ]);
  });

  it('goes by IPv6 where the host has it, and by IPv4 to an IPv4-mapped address', () => {
    const { client, messages } = pair({ both: true });
    client.echo('2001:db8::10', echo);
    client.echo('::ffff:10.0.0.10', echo);
    expect(messages()).toEqual(['20 2001:db8::10 echo-reply', '20 10.0.0.10 echo-reply']);
    expect(pair().client.echo('2001:db8::10', echo)).toEqual(refused('ENETUNREACH'));
  });

  it.each([
    { identifier: -1 },
    { identifier: 65_536 },
    { identifier: 1.5 },
    { number: -1 },
    { number: 65_536 },
    { bytes: -1 },
    { bytes: 65_536 },
  ])('with %j is none', (wrong) => {
    const { world, client } = pair();
    expect(client.echo('10.0.0.10', { ...echo, ...wrong })).toEqual(refused('EINVAL'));
    expect(world.trace.at(-1)).toMatchObject({ event: 'error', do: 'echo', error: 'EINVAL' });
  });

  it('may have each number of sixteen bits', () => {
    const { client } = pair();
    for (const edge of [0, 65_535]) {
      const echo = { identifier: edge, number: edge, bytes: edge };
      expect(client.echo('10.0.0.10', echo)).toEqual(done);
    }
    expect(client.echo('nowhere', echo)).toEqual(refused('EINVAL'));
  });

  it('to a neighbour that is not there is reported by the host itself, when it gives up', () => {
    const { client, messages } = pair();
    client.echo('10.0.0.99', echo);
    expect(messages()).toEqual(['3000 10.0.0.2 host-unreachable']);
  });

  it('has its answers kept for the latest 64 identifiers', () => {
    const { world, client } = pair();
    for (let identifier = 1; identifier <= 65; identifier++)
      client.echo('10.0.0.10', { ...echo, identifier });
    world.runUntil(100);
    const kept = [1, 2, 65].map((identifier) => client.echoAnswers(identifier).length);
    expect(kept).toEqual([0, 1, 1]);
  });

  it('sent again keeps an identifier among the latest', () => {
    const { world, client } = pair();
    for (let identifier = 1; identifier <= 64; identifier++)
      client.echo('10.0.0.10', { ...echo, identifier });
    client.echo('10.0.0.10', { ...echo, identifier: 1, number: 2 });
    client.echo('10.0.0.10', { ...echo, identifier: 65 });
    world.runUntil(100);
    const kept = [1, 2, 3].map((identifier) => client.echoAnswers(identifier).length);
    expect(kept).toEqual([2, 0, 1]);
  });
});

describe('a packet filter', () => {
  const icmp = { protocol: 'icmp' } as const;

  it('that drops echoes on their way out lets the program know, and counts them', () => {
    const { world, client, messages } = pair();
    client.setFirewall(filter([{ ...icmp, chain: 'out', action: 'drop', id: 1 }]));
    expect(client.echo('10.0.0.10', echo)).toEqual(refused('EPERM'));
    expect(messages()).toEqual([]);
    const errors = world.trace.flatMap((event) =>
      event.event === 'error' ? [`${event.do} ${event.error}`] : [],
    );
    expect(errors).toEqual(['send EPERM', 'echo EPERM']);
    expect(client.firewallCount(1)).toEqual({ packets: 1, bytes: 84 });
    expect(client.firewallCount(2)).toEqual({ packets: 0, bytes: 0 });
    expect(client.counters().ip).toMatchObject({ outRequests: 1, outTransmits: 0 });
  });

  it('of a host without one counts nothing', () => {
    expect(pair().client.firewallCount(1)).toEqual({ packets: 0, bytes: 0 });
  });

  it('that drops the answers on their way in leaves the sender waiting', () => {
    const { client, messages } = pair();
    client.setFirewall(filter([{ ...icmp, chain: 'in', action: 'drop' }]));
    expect(client.echo('10.0.0.10', echo)).toEqual(done);
    expect(messages()).toEqual([]);
    expect(client.counters().ip).toMatchObject({ inReceives: 1, inDelivers: 0 });
  });

  it.each([
    ['icmp-port-unreachable', 'port-unreachable'],
    ['icmp-host-unreachable', 'host-unreachable'],
    ['icmp-admin-prohibited', 'administratively-prohibited'],
    ['icmp-host-prohibited', 'administratively-prohibited'],
  ] as const)('that rejects with %s says so to the sender', (rejectWith, message) => {
    const { client, web, messages } = pair();
    web.setFirewall(filter([{ ...icmp, chain: 'in', action: 'reject', rejectWith }]));
    client.echo('10.0.0.10', echo);
    expect(messages()).toEqual([`20 10.0.0.10 ${message}`]);
  });

  it('of the sender’s own host that rejects is not heard by the sender', () => {
    const { client, messages } = pair();
    client.setFirewall(filter([{ ...icmp, chain: 'out', action: 'reject' }]));
    client.echo('10.0.0.10', echo);
    expect(messages()).toEqual([]);
  });

  it('answers no answer with a message', () => {
    const { world, client, messages } = pair();
    client.setFirewall(filter([{ ...icmp, chain: 'in', action: 'reject' }]));
    client.echo('10.0.0.10', echo);
    expect(messages()).toEqual([]);
    const sent = world.trace.filter((event) => event.event === 'icmp' && event.phase === 'sent');
    expect(sent).toHaveLength(2);
  });
});

describe('the counters', () => {
  it('of both ends tell echoes, answers and refusals apart', () => {
    const { client, web, messages } = pair();
    client.echo('10.0.0.10', echo);
    messages();
    const nothing = { inDestUnreachs: 0, outDestUnreachs: 0 };
    expect(client.counters().icmp).toEqual({
      ...nothing,
      inMsgs: 1,
      inEchos: 0,
      inEchoReps: 1,
      outMsgs: 1,
      outEchos: 1,
      outEchoReps: 0,
    });
    expect(web.counters().icmp).toEqual({
      ...nothing,
      inMsgs: 1,
      inEchos: 1,
      inEchoReps: 0,
      outMsgs: 1,
      outEchos: 0,
      outEchoReps: 1,
    });
    client.connect('udp', '10.0.0.10', 9, { request: 1 });
    expect(client.counters().udp).toEqual({ inDatagrams: 0, noPorts: 0, outDatagrams: 1 });
  });

  it('count IP’s length, and on the card Ethernet’s header with it; loopback has none', () => {
    const { world, client, web } = pair();
    client.echo('10.0.0.10', echo);
    client.echo('127.0.0.1', echo);
    world.runUntil(100);
    const four = { inReceives: 3, inDelivers: 3, outRequests: 3, outTransmits: 3 };
    expect(client.counters().ip).toEqual({ ...four, inOctets: 252, outOctets: 252 });
    expect(client.counters().lo).toEqual({
      inPackets: 2,
      inBytes: 168,
      outPackets: 2,
      outBytes: 168,
    });
    const card = { inPackets: 1, inBytes: 98, outPackets: 1, outBytes: 98 };
    expect(client.counters().eth0).toEqual(card);
    expect(web.counters().eth0).toEqual(card);
  });

  it('have IPv6 apart', () => {
    const { world, client } = pair({ both: true });
    client.echo('2001:db8::10', echo);
    client.connect('udp', '2001:db8::10', 9, { request: 1 });
    world.runUntil(100);
    expect(client.counters().ip).toMatchObject({ outRequests: 0, inReceives: 0 });
    expect(client.counters().ip6).toMatchObject({ outRequests: 2, outTransmits: 2 });
    expect(client.counters().udp6.outDatagrams).toBe(1);
    expect(client.counters().icmp.outMsgs).toBe(0);
  });

  it('count what waits for a neighbour that is not there, though it is on no wire', () => {
    const { world, client } = pair();
    client.echo('10.0.0.99', echo);
    world.runUntil(5000);
    expect(client.counters().ip.outTransmits).toBe(1);
    expect(client.counters().eth0.outPackets).toBe(0);
  });
});
