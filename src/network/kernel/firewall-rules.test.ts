/** What a packet filter's rules match, packet by packet: netfilter's words, see firewall.ts. */

import { describe, expect, it } from 'vitest';
import { isWithin, parseAddress, parsePrefix } from '../addresses.ts';
import { Firewall, type FirewallChain } from './firewall.ts';
import { isPortMatch } from '../scenario/port-match.ts';
import { ACK, FIN, Packet, RST, SYN } from './packet.ts';
import type { FirewallRule, FirewallSpec } from '../scenario/scenario.ts';

const address = (text: string): number => parseAddress(text) ?? 0;

/** From the client 10.0.0.2:50000 to the server 10.0.0.10:80, or what differs from that. */
function packetOf(kind: Packet['kind'] = 'segment', difference: Partial<Packet> = {}): Packet {
  return Object.assign(
    new Packet(kind),
    {
      sourceAddress: address('10.0.0.2'),
      sourcePort: 50_000,
      destinationAddress: address('10.0.0.10'),
      destinationPort: 80,
      flags: SYN,
    },
    difference,
  );
}

function firewallOf(rules: readonly FirewallRule[], policy: Partial<FirewallSpec> = {}): Firewall {
  return new Firewall({ policyIn: 'accept', policyOut: 'accept', ...policy, rules }, null);
}

function decide(
  firewall: Firewall,
  chain: FirewallChain = 'in',
  packet = packetOf(),
  nowMs = 0,
  hasSocket = false,
): { action: string; rule: number | null; isEstablished: boolean } {
  const { action, rule, isEstablished } = firewall.decide(chain, packet, 1, hasSocket, nowMs);
  return { action, rule, isEstablished };
}

const drop = (match: Partial<FirewallRule> = {}): FirewallRule => ({
  chain: 'in',
  action: 'drop',
  ...match,
});

describe('a prefix', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0', '10.255.255.255'],
    ['10.1.2.3/8', '10.0.0.0', '10.255.255.255'],
    ['192.168.1.7', '192.168.1.7', '192.168.1.7'],
    ['192.168.1.7/32', '192.168.1.7', '192.168.1.7'],
    ['10.0.0.3/31', '10.0.0.2', '10.0.0.3'],
    ['200.1.2.3/1', '128.0.0.0', '255.255.255.255'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['10.0.0.0/29', '10.0.0.0', '10.0.0.7'],
  ])('%s is from %s to %s', (text, lowest, highest) => {
    const prefix = parsePrefix(text) ?? { network: 0, length: NaN };
    const [low, high] = [address(lowest), address(highest)];
    const inside = [low, high].map((one) => isWithin(prefix, one));
    const outside = [low - 1, high + 1].filter((one) => one >= 0 && one < 2 ** 32);
    expect(inside).toEqual([true, true]);
    for (const one of outside) expect(isWithin(prefix, one)).toBe(false);
    expect(isWithin(prefix, address('::'))).toBe(false);
  });

  it.each([
    ['fd00::/8', 'fd00::1', 'fdff:ffff::', 'fe00::', 'fc00::'],
    ['2001:db8::/33', '2001:db8::1', '2001:db8:7fff::', '2001:db8:8000::', '2001:db9::'],
    ['fd00::a/127', 'fd00::a', 'fd00::b', 'fd00::9', 'fd00::c'],
    ['fd00::a', 'fd00::a', 'fd00:0:0::a', 'fd00::b', '10.0.0.1'],
    ['::/0', '::', 'ffff::', '10.0.0.1', '0.0.0.0'],
  ])('%s has %s and %s, not %s or %s', (text, first, second, third, fourth) => {
    const prefix = parsePrefix(text) ?? { network: 0, length: NaN };
    const asked = [first, second, third, fourth].map((one) => isWithin(prefix, address(one)));
    expect(asked).toEqual([true, true, false, false]);
  });

  it.each([
    '',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/40',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/8x',
    '10.0.0.0/x8',
    '10.0.0/8',
    '/8',
    '10.0.0.0/08',
    'fd00::/129',
    'fd00::/',
    'fd00:/8',
    '[fd00::]/8',
  ])('is not written %j', (text) => {
    expect(parsePrefix(text)).toBe(undefined);
  });
});

describe('ports to match', () => {
  it.each([0, 80, 65_535, '0-0', '80-80', '1000-2000', '0-65535'])('are written %j', (value) => {
    expect(isPortMatch(value)).toBe(true);
  });

  it.each([
    -1,
    65_536,
    1.5,
    Number.NaN,
    null,
    undefined,
    [80],
    '80',
    '2000-1000',
    '1-65536',
    '1-',
    '-1',
    '1-2-3',
    ' 1-2',
    '1-2 ',
    'a-b',
    '000001-2',
    '1-000002',
  ])('are not written %j', (value) => {
    expect(isPortMatch(value)).toBe(false);
  });
});

describe('a rule', () => {
  it('without matches matches everything of its chain; the policy decides the rest', () => {
    const firewall = firewallOf([drop()], { policyOut: 'drop' });
    expect(decide(firewall)).toMatchObject({ action: 'drop', rule: 0 });
    expect(decide(firewall, 'out')).toMatchObject({ action: 'drop', rule: null });
    expect(decide(firewallOf([]))).toMatchObject({ action: 'accept', rule: null });
    expect(decide(firewallOf([], { policyIn: 'drop' }))).toMatchObject({
      action: 'drop',
      rule: null,
    });
    expect(decide(firewallOf([], { policyIn: 'drop' }), 'out')).toMatchObject({ action: 'accept' });
  });

  it.each([
    ['segment', 'tcp', 'tcp', true],
    ['segment', 'tcp', 'udp', false],
    ['datagram', 'tcp', 'udp', true],
    ['datagram', 'udp', 'tcp', false],
    ['icmp', 'tcp', 'tcp', true],
    ['icmp', 'udp', 'tcp', false],
    ['icmp', 'udp', 'udp', true],
  ] as const)('%s about %s is of protocol %s: %s', (kind, about, protocol, matches) => {
    const firewall = firewallOf([drop({ protocol })]);
    expect(decide(firewall, 'in', packetOf(kind, { about })).rule).toBe(matches ? 0 : null);
  });

  it.each([
    [{ remote: '10.0.0.2' }, true, false],
    [{ remote: '10.0.0.10' }, false, true],
    [{ remote: '10.0.0.0/30' }, true, false],
    [{ localPort: 80 }, true, false],
    [{ localPort: 50_000 }, false, true],
    [{ remotePort: 50_000 }, true, false],
    [{ remotePort: 80 }, false, true],
  ] as const)(
    '%o matches a packet on its way in: %s, and the same on its way out: %s',
    (match, isIn, isOut) => {
      const rules = [drop(match), drop({ ...match, chain: 'out' })];
      expect(decide(firewallOf(rules), 'in').rule).toBe(isIn ? 0 : null);
      expect(decide(firewallOf(rules), 'out').rule).toBe(isOut ? 1 : null);
    },
  );

  it.each(['localPort', 'remotePort'] as const)(
    'with a range of %s matches both its ends, and nothing beside',
    (key) => {
      const firewall = firewallOf([drop({ [key]: '1000-2000' })]);
      const field = key === 'localPort' ? 'destinationPort' : 'sourcePort';
      const matched = [999, 1000, 1500, 2000, 2001].map(
        (port) => decide(firewall, 'in', packetOf('segment', { [field]: port })).rule,
      );
      expect(matched).toEqual([null, 0, 0, 0, null]);
    },
  );

  it('matches high addresses as well', () => {
    const firewall = firewallOf([drop({ remote: '203.0.113.0/24' })]);
    const from = (text: string): Packet => packetOf('segment', { sourceAddress: address(text) });
    expect(decide(firewall, 'in', from('203.0.113.9')).rule).toBe(0);
    expect(decide(firewall, 'in', from('203.0.114.9')).rule).toBe(null);
  });

  it('rejects by what it names, or by port-unreachable', () => {
    const reject = (rejectWith?: 'tcp-reset'): string => {
      const rule = { chain: 'in', action: 'reject', ...(rejectWith && { rejectWith }) } as const;
      return firewallOf([rule]).decide('in', packetOf(), 1, false, 0).rejectWith;
    };
    expect([reject(), reject('tcp-reset')]).toEqual(['icmp-port-unreachable', 'tcp-reset']);
  });
});

describe('what belongs to something let through before', () => {
  const onlyNew = [drop({ state: 'new' })];

  it.each([
    [SYN, false],
    [SYN | ACK, true],
    [ACK, true],
    [FIN | ACK, true],
    [RST, true],
  ])(
    'a segment with the flags %i, of a connection that is open here: %s',
    (flags, isEstablished) => {
      const packet = packetOf('segment', { flags });
      expect(decide(firewallOf([]), 'in', packet, 0, true).isEstablished).toBe(isEstablished);
      expect(decide(firewallOf([]), 'in', packet, 0, false).isEstablished).toBe(false);
    },
  );

  it('a segment, once one of its connection was let through; not where it was dropped', () => {
    for (const policyIn of ['accept', 'drop'] as const) {
      const firewall = firewallOf([], { policyIn });
      decide(firewall);
      const answer = decide(firewall, 'in', packetOf('segment', { flags: ACK }), 1_000_000);
      expect(answer.isEstablished).toBe(policyIn === 'accept');
    }
  });

  it('a datagram, for thirty seconds after the last', () => {
    const firewall = firewallOf([]);
    const at = (nowMs: number): boolean =>
      decide(firewall, 'in', packetOf('datagram'), nowMs).isEstablished;
    expect([at(0), at(30_000), at(60_000), at(90_001)]).toEqual([false, true, true, false]);
  });

  it('stays known when the filter is replaced', () => {
    const before = firewallOf([]);
    decide(before, 'out');
    const after = new Firewall({ policyIn: 'drop', policyOut: 'drop', rules: onlyNew }, before);
    expect(decide(after, 'in', packetOf('segment', { flags: ACK })).isEstablished).toBe(true);
  });

  it('`new` and `established` are one or the other', () => {
    const rules = [drop({ state: 'established' }), drop({ state: 'new' })];
    expect(decide(firewallOf(rules)).rule).toBe(1);
    expect(decide(firewallOf(rules), 'in', packetOf('segment', { flags: ACK }), 0, true).rule).toBe(
      0,
    );
  });

  it('of 65,536 at most; the one longest unused is forgotten first', () => {
    const firewall = firewallOf([]);
    const see = (key: number, flags: number): boolean =>
      firewall.decide('in', packetOf('segment', { flags }), key, false, 0).isEstablished;
    for (let key = 1; key <= 65_536; key++) see(key, SYN);
    expect(see(1, ACK)).toBe(true);
    see(70_000, SYN);
    // 1 was used since, so 2 is the oldest.
    expect([see(1, ACK), see(3, ACK), see(2, ACK)]).toEqual([true, true, false]);
  });
});
