/**
 * What the rules of Linux' own tools see of a packet, packet by packet: conntrack's states
 * (net/netfilter/nf_conntrack_proto_tcp.c, nf_conntrack_proto_icmp.c), protocols, chains of their own,
 * lists of senders (net/netfilter/xt_recent.c).
 */

import { describe, expect, it } from 'vitest';
import { parseAddress } from '../addresses.ts';
import { clientAndWeb, plainConnect } from '../world-fixtures.ts';
import type { FilterRule, FilterSpec, FlowState } from './filter-rule.ts';
import { Firewall, type FirewallChain } from './firewall.ts';
import { ACK, FIN, Packet, PSH, RST, SYN } from './packet.ts';

const policies = { policyIn: 'accept', policyOut: 'accept' } as const;

/** From the client 10.0.0.2:50000 to this host's 10.0.0.10:80, or what differs from that. */
function packetOf(kind: Packet['kind'], difference: Partial<Packet> = {}): Packet {
  const ends = {
    sourceAddress: parseAddress('10.0.0.2') ?? 0,
    sourcePort: 50_000,
    destinationAddress: parseAddress('10.0.0.10') ?? 0,
    destinationPort: 80,
  };
  return Object.assign(new Packet(kind), ends, difference);
}

const syn = packetOf('segment', { flags: SYN });
const echo = packetOf('icmp', { message: 'echo-request', about: 'icmp' });
const echoReply = packetOf('icmp', { message: 'echo-reply', about: 'icmp' });
const refusal = packetOf('icmp', { message: 'port-unreachable', about: 'udp' });

function ruleFor(
  rules: readonly FilterRule[],
  packet: Packet,
  chain: FirewallChain = 'in',
): number | null {
  return new Firewall({ ...policies, rules }, null).decide(chain, packet, 1, false, 0).rule;
}

describe('conntrack’s state', () => {
  const states: readonly FlowState[] = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID'];
  const rules = states.map((state): FilterRule => ({
    chain: 'in',
    action: 'drop',
    states: [state],
  }));
  const stateOf = (packet: Packet): FlowState | undefined => states[ruleFor(rules, packet) ?? -1];

  it.each([
    ['NEW', 'SYN', SYN],
    ['NEW', 'ACK, for a connection may be picked up midway', ACK],
    ['NEW', 'PSH ACK', PSH | ACK],
    ['INVALID', 'SYN ACK', SYN | ACK],
    ['INVALID', 'FIN ACK', FIN | ACK],
    ['INVALID', 'FIN', FIN],
    ['INVALID', 'RST', RST],
    ['INVALID', 'RST ACK', RST | ACK],
  ] as const)('is %s of a first segment %s', (state, _, flags) => {
    expect(stateOf(packetOf('segment', { flags }))).toBe(state);
  });

  it.each([
    ['NEW', 'datagram', packetOf('datagram')],
    ['NEW', 'echo', echo],
    ['INVALID', 'answer to an echo', echoReply],
    ['INVALID', 'message about something unknown', refusal],
  ] as const)('is %s of a first %s', (state, _, packet) => {
    expect(stateOf(packet)).toBe(state);
  });

  it.each([
    ['ESTABLISHED', 'segment', packetOf('segment', { flags: SYN | ACK })],
    ['ESTABLISHED', 'datagram', packetOf('datagram')],
    ['ESTABLISHED', 'answer to an echo', echoReply],
    ['RELATED', 'message about it', refusal],
  ] as const)('is %s of a %s after what was let out', (state, _, packet) => {
    const firewall = new Firewall({ ...policies, rules }, null);
    firewall.decide('out', syn, 1, false, 0);
    expect(states[firewall.decide('in', packet, 1, false, 10).rule ?? -1]).toBe(state);
  });
});

describe('a rule', () => {
  const drop = { chain: 'in', action: 'drop' } as const;
  const words: readonly string[] = [];

  it.each([
    ['tcp', [0, null, null, null, null]],
    ['udp', [null, 0, null, null, null]],
    // A message is of ICMP, whatever it is about; a scenario's rule for TCP has its messages as well.
    ['icmp', [null, null, 0, 0, 0]],
    [6, [0, null, null, null, null]],
    [17, [null, 0, null, null, null]],
    [1, [null, null, 0, 0, 0]],
    [47, [null, null, null, null, null]],
  ] as const)('of the protocol %s', (protocol, expected) => {
    const packets = [syn, packetOf('datagram'), echo, echoReply, refusal];
    expect(packets.map((packet) => ruleFor([{ ...drop, protocol, words }], packet))).toEqual(
      expected,
    );
  });

  it.each([
    [0, [false, true, false]],
    [3, [false, false, true]],
    [8, [true, false, false]],
  ] as const)('of ICMP type %i', (icmpType, expected) => {
    const matches = (not: FilterRule['not']) =>
      [echo, echoReply, refusal].map(
        (packet) => ruleFor([{ ...drop, icmpType, ...(not && { not }) }], packet) === 0,
      );
    expect(matches(undefined)).toEqual(expected);
    expect(matches(['icmpType'])).toEqual(expected.map((is) => !is));
  });

  it.each<Partial<FilterRule>>([
    { flags: [SYN | ACK, SYN] },
    { remotePort: 50_000 },
    { remotePorts: [50_000] },
    { local: '10.0.0.10' },
    { interface: 'eth0' },
  ])('%o, and its opposite', (fields) => {
    const not = Object.keys(fields) as FilterRule['not'] & {};
    expect(ruleFor([{ ...drop, ...fields }], syn)).toBe(0);
    expect(ruleFor([{ ...drop, ...fields, not }], syn)).toBe(null);
  });

  it('of interfaces whose names begin as it says', () => {
    const names = ['e+', 'eth+', 'eth0+', 'ens+', 'eth', 'eth1+'];
    expect(names.map((name) => ruleFor([{ ...drop, interface: name }], syn) === 0)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('a chain of the filter’s own', () => {
  const web: FilterRule = { chain: ':web', action: 'drop', localPort: 80 };

  it('has the host’s side on its own side, whichever way the packet goes', () => {
    const back = packetOf('segment', { sourcePort: 80, destinationPort: 50_000 });
    const jump = (chain: FirewallChain): FilterRule => ({ chain, action: 'jump', to: ':web' });
    expect(ruleFor([jump('in'), web], syn)).toBe(1);
    expect(ruleFor([jump('in'), web], back)).toBe(null);
    // ufw's and iptables' chains are written for what comes in: --dport is the port of what goes there.
    expect(ruleFor([jump('out'), web], syn, 'out')).toBe(1);
    expect(ruleFor([jump('out'), web], back, 'out')).toBe(null);
    const from: FilterRule = { chain: ':web', action: 'drop', remote: '10.0.0.2' };
    expect(ruleFor([jump('out'), from], syn, 'out')).toBe(1);
    const to: FilterRule = {
      chain: ':web',
      action: 'drop',
      local: '10.0.0.10',
      remotePort: 50_000,
    };
    expect(ruleFor([jump('out'), to], syn, 'out')).toBe(1);
  });

  it('that is not there decides nothing', () => {
    const jump: FilterRule = { chain: 'in', action: 'jump' };
    expect(ruleFor([jump, { chain: 'in', action: 'drop' }], syn)).toBe(1);
  });
});

describe('a list of senders', () => {
  const spec = (hits: number, more: Partial<FilterRule> = {}): FilterSpec => ({
    ...policies,
    rules: [
      { chain: 'in', action: 'continue', recent: { does: 'set', list: 'seen' } },
      {
        chain: 'in',
        action: 'drop',
        recent: { does: 'update', list: 'seen', seconds: 30, hits },
        ...more,
      },
    ],
  });
  const from = (text: string): Packet =>
    packetOf('segment', { flags: SYN, sourceAddress: parseAddress(text) ?? 0 });

  it('counts each sender by itself', () => {
    const firewall = new Firewall(spec(2), null);
    const dropped = ['10.0.0.2', '10.0.0.3', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map(
      (text) => firewall.decide('in', from(text), 1, false, 0).action === 'drop',
    );
    expect(dropped).toEqual([false, false, true, true, false]);
  });

  it('is another than the list of another name', () => {
    const other = { does: 'update', list: 'others', hits: 1 } as const;
    const firewall = new Firewall(spec(1, { recent: other }), null);
    for (let time = 0; time < 3; time++)
      expect(firewall.decide('in', syn, 1, false, 0).action).toBe('accept');
  });

  it('takes in what came exactly so many seconds ago, and nothing older', () => {
    const at = (...times: readonly number[]): string | undefined => {
      const firewall = new Firewall(spec(2), null);
      return times.map((ms) => firewall.decide('in', syn, 1, false, ms).action).at(-1);
    };
    expect([at(0, 30_000), at(0, 30_001)]).toEqual(['drop', 'accept']);
  });

  it('remembers twenty times of each, as ip_pkt_list_tot has it', () => {
    const often = (hits: number): string | undefined => {
      const firewall = new Firewall(spec(hits), null);
      const times = Array.from({ length: 30 }, (_, i) => i);
      return times.map((ms) => firewall.decide('in', syn, 1, false, ms).action).at(-1);
    };
    expect([often(20), often(21)]).toEqual(['drop', 'accept']);
  });
});

describe('a later filter', () => {
  const drop = { chain: 'in', action: 'drop', id: 1 } as const;

  it('is not asked about what the first has stopped', () => {
    const later = { ...policies, rules: [{ ...drop, action: 'accept', id: 2 }] } as const;
    const first = new Firewall({ ...policies, rules: [drop], later }, null);
    expect(first.decide('in', syn, 1, false, 0)).toMatchObject({ action: 'drop', rule: 0 });
  });

  it('keeps what its lists have noted when the filters are changed', () => {
    const recent = (does: 'set' | 'update'): FilterSpec => ({
      ...policies,
      rules: [{ ...drop, recent: { does, list: 'l' } }],
    });
    const before = new Firewall({ ...policies, rules: [], later: recent('set') }, null);
    before.decide('in', syn, 1, false, 0);
    const after = new Firewall({ ...policies, rules: [], later: recent('update') }, before);
    expect(after.decide('in', syn, 1, false, 1).action).toBe('drop');
    const anew = new Firewall({ ...policies, rules: [], later: recent('update') }, null);
    expect(anew.decide('in', syn, 1, false, 1).action).toBe('accept');
  });

  it('and the first are both of a family, or of either: what concerns neither is not told', () => {
    const of = (family?: 'ipv4' | 'ipv6', later?: FilterSpec): boolean =>
      new Firewall(
        { ...policies, rules: [], ...(family && { family }), ...(later && { later }) },
        null,
      ).concerns(syn);
    const six: FilterSpec = { ...policies, rules: [], family: 'ipv6' };
    expect([of(), of('ipv4'), of('ipv6'), of('ipv6', six)]).toEqual([true, true, false, false]);
    expect(of('ipv6', { ...six, family: 'ipv4' })).toBe(true);
    const world = clientAndWeb({ actions: [plainConnect] });
    world.host('web')?.setFirewall({ ...six, filtersOwn: true });
    world.runUntil(100);
    expect(world.trace.some(({ event }) => event === 'firewall')).toBe(false);
  });
});

describe('a count', () => {
  it('goes on under its number through a change, a policy’s too', () => {
    const numbered = { ...policies, policyInId: 7, rules: [] };
    const before = new Firewall(numbered, null);
    before.decide('in', syn, 1, false, 0);
    const after = new Firewall(numbered, before);
    expect(after.count(7)).toEqual({ packets: 1, bytes: 60 });
    after.decide('in', syn, 1, false, 0);
    expect(after.count(7)).toEqual({ packets: 2, bytes: 120 });
    expect(before.count(undefined)).toEqual({ packets: 0, bytes: 0 });
    const without = new Firewall({ ...policies, rules: [] }, before);
    expect(without.count(7)).toEqual({ packets: 0, bytes: 0 });
  });
});
