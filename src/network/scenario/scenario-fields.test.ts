/**
 * Field by field: what docs/scenario-contract.md allows there is kept as it is, and what it does
 * not is refused at its place, with what was expected.
 */

import { describe, expect, it } from 'vitest';
import { parseScenario, ScenarioError } from './scenario-parser.ts';
import { SCENARIO_LIMITS } from './scenario-reader.ts';

type Fields = Readonly<Record<string, unknown>>;
/** A field, what it should be, values that are taken and values that are not. */
type Rule = readonly [
  key: string,
  expected: string,
  good: readonly unknown[],
  bad: readonly unknown[],
];

const client = { name: 'client', os: 'linux', address: '10.0.0.2' };
const web = { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }] };
const base = { version: 1, hosts: [client, web] };

const notWords = [3, null, true, {}, []];
const notTruths = [0, 1, 'true', null];
const notNumbers = ['1', null, true, NaN];

const protocol: Rule = ['protocol', 'protocol', ['tcp', 'udp'], ['TCP', 'sctp', '', ...notWords]];
const address: Rule = [
  'address',
  'address',
  ['0.0.0.0', '10.0.0.2', '::', '::1', '::ffff:10.0.0.2'],
  ['10.0.0', 'web', '[::1]', ':::', ...notWords],
];
const port: Rule = ['port', 'port', [0, 1, 65_535], [-1, 65_536, 1.5, ...notNumbers]];
const truth = (key: string): Rule => [key, 'boolean', [true, false], notTruths];
const words = (key: string, expected: string, ...good: string[]): Rule => [
  key,
  expected,
  good,
  ['', `${good[0]} `, 'else', ...notWords],
];
const time = (key: string): Rule => [
  key,
  'time',
  [0, 0.5, 2 ** 45],
  [-1, 2 ** 45 + 1, Infinity, ...notNumbers],
];
const bytes = (key: string): Rule => [key, 'bytes', [0, 65_535], [-1, 65_536, 0.5, ...notNumbers]];
const portMatch = (key: string): Rule => [
  key,
  'port-match',
  [0, 65_535, '1000-2000'],
  [-1, 65_536, '2000-1000', '', null, {}],
];

const listenRules: readonly Rule[] = [
  protocol,
  port,
  address,
  truth('ipv6Only'),
  ['backlog', 'backlog', [0, 65_535], [-1, 65_536, ...notNumbers]],
  truth('accepts'),
  truth('responds'),
  truth('answersClose'),
  truth('reuseAddress'),
  truth('reusePort'),
];

interface Place {
  readonly what: string;
  readonly path: string;
  /** A scenario in which that object has these fields too. */
  readonly with: (fields: Fields) => Fields;
  /** The object, as it comes out. */
  readonly in: (scenario: ReturnType<typeof parseScenario>) => unknown;
  readonly rules: readonly Rule[];
}

const action = (fields: Fields, rules: readonly Rule[]): Place => ({
  what: `the action ${String(fields['do'])}`,
  path: 'actions[0]',
  with: (more) => ({ ...base, actions: [{ atMs: 0, ...fields, ...more }] }),
  in: ({ actions }) => actions[0],
  rules: [time('atMs'), ...rules],
});

const knownHost = (key: string): Rule => [
  key,
  'known-host',
  ['client', 'web'],
  ['nobody', '', 'Client', ...notWords],
];

const places: readonly Place[] = [
  {
    what: 'a listener',
    path: 'hosts[0].listen[0]',
    with: (fields) => ({ ...base, hosts: [{ ...client, listen: [{ port: 80, ...fields }] }, web] }),
    in: ({ hosts }) => hosts[0]?.listen[0],
    rules: listenRules,
  },
  {
    what: 'a Linux host',
    path: 'hosts[0]',
    with: (host) => ({ ...base, hosts: [{ ...client, ...host }, web] }),
    in: ({ hosts }) => hosts[0],
    rules: [
      ['prefixLength', 'prefix-length', [0, 32], [-1, 33, 0.5, ...notNumbers]],
      ['ipv6PrefixLength', 'ipv6-prefix-length', [0, 128], [-1, 129, ...notNumbers]],
      ['timerHz', 'timer-hz', [100, 250, 1000], [99, 1001, 250.5, ...notNumbers]],
    ],
  },
  {
    what: 'a packet filter',
    path: 'hosts[0].firewall',
    with: (firewall) => ({ ...base, hosts: [{ ...client, firewall }, web] }),
    in: ({ hosts }) => hosts[0]?.firewall,
    rules: [
      words('family', 'address-family', 'ipv4', 'ipv6'),
      words('policyIn', 'policy', 'accept', 'drop'),
      words('policyOut', 'policy', 'accept', 'drop'),
      ['rules', 'array', [[]], ['drop', {}, null, 1]],
    ],
  },
  {
    what: 'a rule of a packet filter',
    path: 'hosts[0].firewall.rules[0]',
    with: (rule) => ({
      ...base,
      hosts: [{ ...client, firewall: { rules: [{ action: 'drop', ...rule }] } }, web],
    }),
    in: ({ hosts }) => hosts[0]?.firewall?.rules[0],
    rules: [
      words('chain', 'chain', 'in', 'out'),
      protocol,
      [
        'remote',
        'prefix',
        ['10.0.0.2', '10.0.0.0/8', 'fd00::/8', '::1'],
        ['10.0.0.0/33', 'fd00::/129', 'web', '', ...notWords],
      ],
      portMatch('localPort'),
      portMatch('remotePort'),
      words('state', 'flow-state', 'new', 'established'),
      words('action', 'verdict', 'accept', 'drop', 'reject'),
      words(
        'rejectWith',
        'rejection',
        'icmp-port-unreachable',
        'icmp-admin-prohibited',
        'tcp-reset',
      ),
    ],
  },
  {
    what: 'a router',
    path: 'nats[0]',
    with: (fields) => ({
      ...base,
      nats: [{ name: 'router', inside: ['client'], address: '198.51.100.7', ...fields }],
    }),
    in: ({ nats }) => nats?.[0],
    rules: [
      ['name', 'name', ['home', 'r_1'], ['', 'two words', ...notWords]],
      ['inside', 'array', [[], ['web']], ['client', {}, null]],
      [
        'address',
        'ipv4-host-address',
        ['203.0.113.9'],
        ['127.0.0.1', '0.0.0.0', 'home', 'fd00::1', ...notWords],
      ],
      words('mapping', 'dependence', 'endpoint-independent', 'address-and-port-dependent'),
      words('filtering', 'dependence', 'endpoint-independent', 'address-and-port-dependent'),
      ['ports', 'port-pool', ['1024-65535', '5000-5000'], ['0-100', '9-8', '', 'all', ...notWords]],
      truth('preservePort'),
      truth('preserveParity'),
      ['timeouts', 'object', [], [300, 'long', null, []]],
      words('whenFull', 'when-full', 'drop', 'icmp'),
    ],
  },
  {
    what: 'a Linux router',
    path: 'nats[0]',
    with: (fields) => ({
      ...base,
      nats: [
        {
          name: 'router',
          inside: ['client'],
          address: '198.51.100.7',
          behaviour: 'linux',
          ...fields,
        },
      ],
    }),
    in: ({ nats }) => nats?.[0],
    rules: [
      words('input', 'policy', 'drop', 'accept'),
      ['maxEntries', 'count', [1, 1_000_000], [0, 1_000_001, 1.5, ...notNumbers]],
    ],
  },
  {
    what: 'a router’s timeouts',
    path: 'nats[0].timeouts',
    with: (timeouts) => ({
      ...base,
      nats: [{ name: 'router', inside: ['client'], address: '198.51.100.7', timeouts }],
    }),
    in: ({ nats }) => nats?.[0]?.timeouts,
    rules: [time('udpMs'), time('tcpEstablishedMs'), time('tcpTransitoryMs')],
  },
  action({ do: 'listen', host: 'web', port: 8080 }, [knownHost('host'), ...listenRules]),
  action({ do: 'unlisten', host: 'web', port: 80 }, [knownHost('host'), protocol, port, address]),
  action({ do: 'connect', from: 'client', to: '10.0.0.10:80' }, [
    knownHost('from'),
    [
      'to',
      'endpoint',
      ['10.0.0.10:443', '10.0.0.10:0', '[fd00::10]:443'],
      ['10.0.0.10', 'web:80', 'fd00::10', '::1:80', '', ...notWords],
    ],
    protocol,
    ['localAddress', 'address', ['10.0.0.2'], ['here', ...notWords]],
    ['localPort', 'port', [0, 65_535], [-1, 65_536, ...notNumbers]],
    truth('ipv6Only'),
    ['as', 'name', ['page', 'a.b:c-d'], ['', 'page#1', 'two words', ...notWords]],
    ['count', 'count', [1, 1_000_000], [0, 1_000_001, 1.5, ...notNumbers]],
    time('everyMs'),
    bytes('request'),
    bytes('response'),
    time('closeAfterMs'),
    truth('reuseAddress'),
    truth('reusePort'),
  ]),
  action({ do: 'bind', host: 'client' }, [
    knownHost('host'),
    protocol,
    port,
    address,
    truth('ipv6Only'),
    ['as', 'name', ['mine'], ['', 'mine#1', ...notWords]],
    ['count', 'count', [1, 3], [0, ...notNumbers]],
    truth('reuseAddress'),
    truth('reusePort'),
  ]),
  action({ do: 'close', connection: 'page' }, [
    ['connection', 'name', ['page#1', 'other'], ['', 'page#', 'page#x', ...notWords]],
    knownHost('by'),
  ]),
  action({ do: 'close', connections: 'all' }, [
    ['connections', 'all', ['all'], ['ALL', 'page', ...notWords]],
    knownHost('by'),
  ]),
  action({ do: 'reset', connection: 'page' }, [
    ['connection', 'name', ['page#12'], ['', ...notWords]],
    knownHost('by'),
  ]),
  action({ do: 'release', as: 'mine' }, [['as', 'name', ['mine#2'], ['', 'my own', ...notWords]]]),
  action({ do: 'firewall', host: 'web', firewall: {} }, [
    knownHost('host'),
    ['firewall', 'object', [], ['drop', null, []]],
  ]),
  action({ do: 'sysctl', host: 'web', key: 'net.ipv4.tcp_fin_timeout', value: '30' }, [
    knownHost('host'),
    ['key', 'string', ['no.such.key'], [3, null, {}]],
    ['value', 'string', ['5', ''], [5, null, {}]],
  ]),
];

function refusal(input: unknown): unknown {
  try {
    parseScenario(input);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return [error.path, error.expected];
  }
  return 'taken';
}

const cases = places.flatMap((place) =>
  place.rules.map((rule) => [place.what, rule[0], place, rule] as const),
);

describe.each(cases)('%s: %s', (_what, _key, place, [key, expected, good, bad]) => {
  it('is kept as it is written', () => {
    for (const value of good) {
      expect(place.in(parseScenario(place.with({ [key]: value })))).toMatchObject({ [key]: value });
    }
  });

  it('is refused at its place, with what should be there', () => {
    for (const value of bad) {
      expect([value, refusal(place.with({ [key]: value }))]).toEqual([
        value,
        [`${place.path}.${key}`, expected],
      ]);
    }
  });
});

it.each(places)('$what has no other fields', (place) => {
  expect(refusal(place.with({ colour: 'red' }))).toEqual([`${place.path}.colour`, 'known-key']);
});

describe('a scenario as large as it may be', () => {
  const many = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const hosts = (count: number): Fields => ({
    version: 1,
    hosts: many(count, (i) => ({ ...client, name: `h${i}`, address: `10.1.${i >> 8}.${i & 255}` })),
  });
  const nats = (count: number): Fields => ({
    ...base,
    nats: many(count, (i) => ({ name: `n${i}`, inside: [], address: `10.2.${i >> 8}.${i & 255}` })),
  });
  const actions = (count: number): Fields => ({
    ...base,
    actions: many(count, () => ({ atMs: 0, do: 'release', as: 'mine' })),
  });
  const connections = (...counts: number[]): Fields => ({
    ...base,
    actions: counts.map((count) => ({ atMs: 0, do: 'bind', host: 'web', count })),
  });

  it('is taken', () => {
    expect(refusal(hosts(SCENARIO_LIMITS.hosts))).toBe('taken');
    expect(refusal(nats(SCENARIO_LIMITS.hosts))).toBe('taken');
    expect(refusal(actions(SCENARIO_LIMITS.actions))).toBe('taken');
    expect(refusal(connections(SCENARIO_LIMITS.connections - 1, 1))).toBe('taken');
  });

  it('is refused if it has one thing more', () => {
    expect(refusal(hosts(SCENARIO_LIMITS.hosts + 1))).toEqual(['hosts', 'fewer-hosts']);
    expect(refusal(nats(SCENARIO_LIMITS.hosts + 1))).toEqual(['nats', 'fewer-nats']);
    expect(refusal(actions(SCENARIO_LIMITS.actions + 1))).toEqual(['actions', 'fewer-actions']);
    expect(refusal(connections(SCENARIO_LIMITS.connections, 1))).toEqual([
      'actions[1].count',
      'fewer-connections',
    ]);
  });
});

describe('routers', () => {
  const router = { name: 'router', inside: ['client'], address: '198.51.100.7' };
  const other = { name: 'other', inside: ['web'], address: '198.51.100.8' };
  const refusalOf = (second: Fields): unknown =>
    refusal({ ...base, nats: [router, { ...other, ...second }] });

  it('may be several, each with hosts of its own', () => {
    expect(refusalOf({})).toBe('taken');
  });

  it.each([
    [{ name: 'router' }, 'nats[1].name', 'new-name'],
    [{ name: 'web' }, 'nats[1].name', 'new-name'],
    [{ address: '198.51.100.7' }, 'nats[1].address', 'new-address'],
    [{ address: '10.0.0.10' }, 'nats[1].address', 'new-address'],
    [{ inside: ['client'] }, 'nats[1].inside[0]', 'host-not-behind-another'],
    [{ inside: ['web', 'web'] }, 'nats[1].inside[1]', 'host-not-behind-another'],
    [{ inside: ['web', 'router'] }, 'nats[1].inside[1]', 'known-host'],
    [{ inside: [3] }, 'nats[1].inside[0]', 'known-host'],
    [{ inside: [null] }, 'nats[1].inside[0]', 'known-host'],
  ])('are refused where %o is in the way of another', (second, path, expected) => {
    expect(refusalOf(second)).toEqual([path, expected]);
  });
});

describe('what is not written', () => {
  it('is this, for a router', () => {
    const nat = { name: 'router', inside: ['client'], address: '198.51.100.7' };
    expect(parseScenario({ ...base, nats: [nat] }).nats).toEqual([
      {
        ...nat,
        mapping: 'address-and-port-dependent',
        filtering: 'address-and-port-dependent',
        ports: '1024-65535',
        preservePort: true,
        preserveParity: false,
        timeouts: { udpMs: 300_000, tcpEstablishedMs: 7_440_000, tcpTransitoryMs: 240_000 },
        whenFull: 'drop',
      },
    ]);
  });

  it('is this, for a packet filter and its rule', () => {
    const firewall = { rules: [{ action: 'accept' }] };
    const scenario = parseScenario({ ...base, hosts: [{ ...client, firewall }, web] });
    expect(scenario.hosts[0]?.firewall).toEqual({
      policyIn: 'accept',
      policyOut: 'accept',
      rules: [{ chain: 'in', action: 'accept' }],
    });
  });

  it('is no router at all', () => {
    expect(parseScenario(base)).not.toHaveProperty('nats');
  });
});

it.each(['windows', 'linux-4.2-to-4.5', 'iana'])('%s has no timer wheel to be set', (os) => {
  const host = { ...client, os, timerHz: 250 };
  expect(() => parseScenario({ ...base, hosts: [host, web] })).toThrow(
    'hosts[0].timerHz: known-key: "timerHz"',
  );
});
