import { describe, expect, it } from 'vitest';
import { parseScenario, ScenarioError } from './scenario-parser.ts';

type Fields = Readonly<Record<string, unknown>>;

const client = { name: 'client', os: 'linux', address: '10.0.0.2' };
const web = { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }] };
const base = { version: 1, hosts: [client, web] };
const connect = { atMs: 0, do: 'connect', from: 'client', to: '10.0.0.10:80' };

const scenario = (changes: Fields): Fields => ({ ...base, ...changes });
const host = (changes: Fields): Fields => scenario({ hosts: [{ ...client, ...changes }, web] });
const listen = (changes: Fields): Fields => host({ listen: [{ port: 80, ...changes }] });
const sysctl = (key: string, value: unknown): Fields => host({ sysctl: { [key]: value } });
const act = (...actions: unknown[]): Fields => scenario({ actions });
const rule = (changes: Fields): Fields =>
  host({ firewall: { rules: [{ action: 'drop', ...changes }] } });
const nat = (changes: Fields): Fields =>
  scenario({ nats: [{ name: 'router', inside: ['client'], address: '198.51.100.7', ...changes }] });
const RULE = 'hosts[0].firewall.rules[0]';
const RANGE = 'net.ipv4.ip_local_port_range';
const RESERVED = 'net.ipv4.ip_local_reserved_ports';

/** What is wrong; the input; the place; what was expected; what was found. */
type Invalid = readonly [
  name: string,
  input: unknown,
  path: string,
  expected: string,
  found: string,
];

const invalid: readonly Invalid[] = [
  ['no object but null', null, '', 'object', 'null'],
  ['no object but a list', [], '', 'object', '[]'],
  ['no object but a word', 'scenario', '', 'object', '"scenario"'],
  ['version missing', { hosts: [] }, 'version', 'version-1', 'nothing'],
  ['another version', scenario({ version: 2 }), 'version', 'version-1', '2'],
  ['version as a word', scenario({ version: '1' }), 'version', 'version-1', '"1"'],
  ['an unknown field', scenario({ speed: 3 }), 'speed', 'known-key', '"speed"'],
  ['a negative seed', scenario({ seed: -1 }), 'seed', 'seed', '-1'],
  ['a seed of more than 32 bits', scenario({ seed: 4_294_967_296 }), 'seed', 'seed', '4294967296'],
  ['a broken seed', scenario({ seed: 1.5 }), 'seed', 'seed', '1.5'],
  ['a negative latency', scenario({ latencyMs: -1 }), 'latencyMs', 'time', '-1'],
  ['a latency without end', scenario({ latencyMs: Infinity }), 'latencyMs', 'time', 'Infinity'],
  ['latency null', scenario({ latencyMs: null }), 'latencyMs', 'time', 'null'],
  ['an end before the beginning', scenario({ untilMs: -5 }), 'untilMs', 'time', '-5'],
  ['an end that is no number', scenario({ untilMs: NaN }), 'untilMs', 'time', 'NaN'],
  ['hosts missing', { version: 1 }, 'hosts', 'array', 'nothing'],
  ['hosts no list', scenario({ hosts: {} }), 'hosts', 'array', '{}'],
  ['a host no object', scenario({ hosts: ['client'] }), 'hosts[0]', 'object', '"client"'],
  [
    'too many hosts',
    scenario({
      hosts: Array.from({ length: 1001 }, (_, i) => ({
        ...client,
        name: `h${i}`,
        address: `10.1.${i >> 8}.${i & 255}`,
      })),
    }),
    'hosts',
    'fewer-hosts',
    '1001',
  ],
  ['a host without a name', host({ name: undefined }), 'hosts[0].name', 'name', 'nothing'],
  ['an empty name', host({ name: '' }), 'hosts[0].name', 'name', '""'],
  ['a name of two words', host({ name: 'my client' }), 'hosts[0].name', 'name', '"my client"'],
  [
    'a name too long',
    host({ name: 'x'.repeat(65) }),
    'hosts[0].name',
    'name',
    `"${'x'.repeat(58)}…`,
  ],
  ['two hosts of one name', host({ name: 'web' }), 'hosts[1].name', 'new-name', '"web"'],
  ['an unknown system', host({ os: 'beos' }), 'hosts[0].os', 'known-os', '"beos"'],
  ['no system', host({ os: undefined }), 'hosts[0].os', 'known-os', 'nothing'],
  ['no address', host({ address: undefined }), 'hosts[0].address', 'host-address', 'nothing'],
  [
    'address and addresses',
    host({ addresses: ['10.0.0.3'] }),
    'hosts[0].address',
    'known-key',
    '"address"',
  ],
  [
    'no address among addresses',
    host({ address: undefined, addresses: [] }),
    'hosts[0].addresses',
    'host-address',
    '[]',
  ],
  [
    'loopback among addresses',
    host({ address: undefined, addresses: ['10.0.0.2', '127.0.0.1'] }),
    'hosts[0].addresses[1]',
    'host-address',
    '"127.0.0.1"',
  ],
  [
    'an address of three parts',
    host({ address: '10.0.2' }),
    'hosts[0].address',
    'host-address',
    '"10.0.2"',
  ],
  [
    'an address above 255',
    host({ address: '10.0.0.256' }),
    'hosts[0].address',
    'host-address',
    '"10.0.0.256"',
  ],
  [
    'an address with leading zeros',
    host({ address: '10.0.0.02' }),
    'hosts[0].address',
    'host-address',
    '"10.0.0.02"',
  ],
  [
    'the wildcard as address',
    host({ address: '0.0.0.0' }),
    'hosts[0].address',
    'host-address',
    '"0.0.0.0"',
  ],
  [
    'loopback as address',
    host({ address: '127.0.0.1' }),
    'hosts[0].address',
    'host-address',
    '"127.0.0.1"',
  ],
  [
    'multicast as address',
    host({ address: '224.0.0.1' }),
    'hosts[0].address',
    'host-address',
    '"224.0.0.1"',
  ],
  ...['::', '::1', 'ff02::1', 'fe80::1', '::ffff:10.0.0.2', 'fd00::2%eth0'].map(
    (address): Invalid => [
      `${address} as address`,
      host({ address }),
      'hosts[0].address',
      'host-address',
      `"${address}"`,
    ],
  ),
  [
    'two hosts at one address, written in two ways',
    {
      version: 1,
      hosts: [
        { name: 'a', os: 'linux', address: 'fd00::a' },
        { name: 'b', os: 'linux', addresses: ['10.0.0.3', 'FD00:0::A'] },
      ],
    },
    'hosts[1].addresses',
    'new-address',
    '"FD00:0::A"',
  ],
  [
    'two hosts at one address',
    host({ address: '10.0.0.10' }),
    'hosts[1].addresses',
    'new-address',
    '"10.0.0.10"',
  ],
  ['an unknown field of a host', host({ adress: 'x' }), 'hosts[0].adress', 'known-key', '"adress"'],
  [
    'an unknown setting',
    sysctl('net.ipv4.nonsense', '1'),
    'hosts[0].sysctl["net.ipv4.nonsense"]',
    'sysctl-key',
    '"1"',
  ],
  [
    'a range backwards',
    sysctl(RANGE, '60999 32768'),
    `hosts[0].sysctl["${RANGE}"]`,
    'sysctl-value',
    '"60999 32768"',
  ],
  [
    'a range with a comma',
    sysctl(RANGE, '32768,60999'),
    `hosts[0].sysctl["${RANGE}"]`,
    'sysctl-value',
    '"32768,60999"',
  ],
  [
    'a reserved list with a space',
    sysctl(RESERVED, '40000, 40002'),
    `hosts[0].sysctl["${RESERVED}"]`,
    'sysctl-value',
    '"40000, 40002"',
  ],
  [
    'a setting as a number',
    sysctl('net.ipv4.tcp_fin_timeout', 5),
    'hosts[0].sysctl["net.ipv4.tcp_fin_timeout"]',
    'string',
    '5',
  ],
  ['settings no object', host({ sysctl: 'x' }), 'hosts[0].sysctl', 'object', '"x"'],
  ['listeners no list', host({ listen: 80 }), 'hosts[0].listen', 'array', '80'],
  [
    'a listener without a port',
    listen({ port: undefined }),
    'hosts[0].listen[0].port',
    'port',
    'nothing',
  ],
  ['a port above 65535', listen({ port: 65_536 }), 'hosts[0].listen[0].port', 'port', '65536'],
  ['a negative port', listen({ port: -1 }), 'hosts[0].listen[0].port', 'port', '-1'],
  ['a port as a word', listen({ port: '80' }), 'hosts[0].listen[0].port', 'port', '"80"'],
  [
    'an unknown protocol',
    listen({ protocol: 'sctp' }),
    'hosts[0].listen[0].protocol',
    'protocol',
    '"sctp"',
  ],
  [
    'a listener at a name',
    listen({ address: 'localhost' }),
    'hosts[0].listen[0].address',
    'address',
    '"localhost"',
  ],
  ['a negative backlog', listen({ backlog: -1 }), 'hosts[0].listen[0].backlog', 'backlog', '-1'],
  [
    'accepts as a word',
    listen({ accepts: 'yes' }),
    'hosts[0].listen[0].accepts',
    'boolean',
    '"yes"',
  ],
  [
    'an unknown field of a listener',
    listen({ ports: 1 }),
    'hosts[0].listen[0].ports',
    'known-key',
    '"ports"',
  ],
  ['actions no list', scenario({ actions: {} }), 'actions', 'array', '{}'],
  [
    'too many actions',
    scenario({ actions: new Array(100_001).fill(connect) }),
    'actions',
    'fewer-actions',
    '100001',
  ],
  ['an action no object', act(7), 'actions[0]', 'object', '7'],
  [
    'an action without a time',
    act({ ...connect, atMs: undefined }),
    'actions[0].atMs',
    'time',
    'nothing',
  ],
  [
    'an action before the beginning',
    act({ ...connect, atMs: -0.5 }),
    'actions[0].atMs',
    'time',
    '-0.5',
  ],
  ['an action at no time', act({ ...connect, atMs: NaN }), 'actions[0].atMs', 'time', 'NaN'],
  [
    'an action at the end of time',
    act({ ...connect, atMs: 1e300 }),
    'actions[0].atMs',
    'time',
    '1e+300',
  ],
  ['an unknown action', act({ atMs: 0, do: 'ping' }), 'actions[0].do', 'action', '"ping"'],
  ['no action', act({ atMs: 0 }), 'actions[0].do', 'action', 'nothing'],
  [
    'an unknown field of an action',
    act({ ...connect, timeout: 1 }),
    'actions[0].timeout',
    'known-key',
    '"timeout"',
  ],
  [
    'a field of another action',
    act({ ...connect, key: 'x' }),
    'actions[0].key',
    'known-key',
    '"key"',
  ],
  [
    'from an unknown host',
    act({ ...connect, from: 'laptop' }),
    'actions[0].from',
    'known-host',
    '"laptop"',
  ],
  ['from nobody', act({ ...connect, from: undefined }), 'actions[0].from', 'known-host', 'nothing'],
  ['to nowhere', act({ ...connect, to: undefined }), 'actions[0].to', 'endpoint', 'nothing'],
  [
    'to an address without a port',
    act({ ...connect, to: '10.0.0.10' }),
    'actions[0].to',
    'endpoint',
    '"10.0.0.10"',
  ],
  ['to a name', act({ ...connect, to: 'web:80' }), 'actions[0].to', 'endpoint', '"web:80"'],
  [
    'to a port above 65535',
    act({ ...connect, to: '10.0.0.10:70000' }),
    'actions[0].to',
    'endpoint',
    '"10.0.0.10:70000"',
  ],
  [
    'an unknown protocol to connect',
    act({ ...connect, protocol: 'TCP' }),
    'actions[0].protocol',
    'protocol',
    '"TCP"',
  ],
  [
    'a local port above 65535',
    act({ ...connect, localPort: 1e6 }),
    'actions[0].localPort',
    'port',
    '1000000',
  ],
  [
    'a local address that is none',
    act({ ...connect, localAddress: '::1%lo' }),
    'actions[0].localAddress',
    'address',
    '"::1%lo"',
  ],
  [
    'a name with the counting sign',
    act({ ...connect, as: 'a#1' }),
    'actions[0].as',
    'name',
    '"a#1"',
  ],
  [
    'two connections of one name',
    act({ ...connect, as: 'a' }, { ...connect, as: 'a' }),
    'actions[1].as',
    'new-name',
    '"a"',
  ],
  [
    'a socket named as a connection',
    act({ ...connect, as: 'a' }, { atMs: 0, do: 'bind', host: 'web', as: 'a' }),
    'actions[1].as',
    'new-name',
    '"a"',
  ],
  ['a count of none', act({ ...connect, count: 0 }), 'actions[0].count', 'count', '0'],
  ['a count of a half', act({ ...connect, count: 2.5 }), 'actions[0].count', 'count', '2.5'],
  [
    'a count without bound',
    act({ ...connect, count: 1_000_001 }),
    'actions[0].count',
    'count',
    '1000001',
  ],
  [
    'too many connections in all',
    act({ ...connect, count: 600_000 }, { ...connect, count: 600_000 }),
    'actions[1].count',
    'fewer-connections',
    '600000',
  ],
  [
    'a negative interval',
    act({ ...connect, count: 2, everyMs: -1 }),
    'actions[0].everyMs',
    'time',
    '-1',
  ],
  [
    'a request too large',
    act({ ...connect, request: 70_000 }),
    'actions[0].request',
    'bytes',
    '70000',
  ],
  [
    'close of nothing',
    act({ atMs: 0, do: 'close' }),
    'actions[0]',
    'one-of-connection-or-connections',
    '{"atMs":0,"do":"close"}',
  ],
  [
    'close of one and all',
    act({ atMs: 0, do: 'close', connection: 'a', connections: 'all' }),
    'actions[0]',
    'one-of-connection-or-connections',
    '{"atMs":0,"do":"close","connection":"a","connections":"all"}',
  ],
  [
    'close of some',
    act({ atMs: 0, do: 'close', connections: 'some' }),
    'actions[0].connections',
    'all',
    '"some"',
  ],
  [
    'close by an unknown host',
    act({ atMs: 0, do: 'close', connection: 'a', by: 'x' }),
    'actions[0].by',
    'known-host',
    '"x"',
  ],
  ['reset of nothing', act({ atMs: 0, do: 'reset' }), 'actions[0].connection', 'name', 'nothing'],
  [
    'bind on an unknown host',
    act({ atMs: 0, do: 'bind', host: 'x', port: 0 }),
    'actions[0].host',
    'known-host',
    '"x"',
  ],
  [
    'bind to no port',
    act({ atMs: 0, do: 'bind', host: 'web', port: 1.5 }),
    'actions[0].port',
    'port',
    '1.5',
  ],
  ['release of nothing', act({ atMs: 0, do: 'release' }), 'actions[0].as', 'name', 'nothing'],
  [
    'unlisten without a port',
    act({ atMs: 0, do: 'unlisten', host: 'web' }),
    'actions[0].port',
    'port',
    'nothing',
  ],
  [
    'a setting without a value',
    act({ atMs: 0, do: 'sysctl', host: 'web', key: RANGE }),
    'actions[0].value',
    'string',
    'nothing',
  ],
  [
    'a setting without a key',
    act({ atMs: 0, do: 'sysctl', host: 'web', value: '1' }),
    'actions[0].key',
    'string',
    'nothing',
  ],
  ['a firewall no object', host({ firewall: 'on' }), 'hosts[0].firewall', 'object', '"on"'],
  [
    'a policy to reject',
    host({ firewall: { policyIn: 'reject' } }),
    'hosts[0].firewall.policyIn',
    'policy',
    '"reject"',
  ],
  ['rules no list', host({ firewall: { rules: {} } }), 'hosts[0].firewall.rules', 'array', '{}'],
  [
    'an unknown field of a firewall',
    host({ firewall: { default: 'drop' } }),
    'hosts[0].firewall.default',
    'known-key',
    '"default"',
  ],
  ['a rule without a verdict', rule({ action: undefined }), `${RULE}.action`, 'verdict', 'nothing'],
  ['a rule for another chain', rule({ chain: 'forward' }), `${RULE}.chain`, 'chain', '"forward"'],
  ['a rule for a name', rule({ remote: 'client' }), `${RULE}.remote`, 'prefix', '"client"'],
  [
    'a prefix of 33 bits',
    rule({ remote: '10.0.0.0/33' }),
    `${RULE}.remote`,
    'prefix',
    '"10.0.0.0/33"',
  ],
  [
    'a range of ports backwards',
    rule({ localPort: '90-80' }),
    `${RULE}.localPort`,
    'port-match',
    '"90-80"',
  ],
  [
    'a rule for port 65536',
    rule({ remotePort: 65_536 }),
    `${RULE}.remotePort`,
    'port-match',
    '65536',
  ],
  ['a state that is none', rule({ state: 'related' }), `${RULE}.state`, 'flow-state', '"related"'],
  [
    'a rejection that is none',
    rule({ rejectWith: 'fire' }),
    `${RULE}.rejectWith`,
    'rejection',
    '"fire"',
  ],
  [
    'a firewall action without one',
    act({ atMs: 0, do: 'firewall', host: 'web' }),
    'actions[0].firewall',
    'object',
    'nothing',
  ],
  ['routers no list', scenario({ nats: {} }), 'nats', 'array', '{}'],
  [
    'a router without an address',
    nat({ address: undefined }),
    'nats[0].address',
    'ipv4-host-address',
    'nothing',
  ],
  [
    "a router at a host's address",
    nat({ address: '10.0.0.10' }),
    'nats[0].address',
    'new-address',
    '"10.0.0.10"',
  ],
  ["a router with a host's name", nat({ name: 'web' }), 'nats[0].name', 'new-name', '"web"'],
  [
    'a router before an unknown host',
    nat({ inside: ['tv'] }),
    'nats[0].inside[0]',
    'known-host',
    '"tv"',
  ],
  [
    'a host behind a router twice',
    nat({ inside: ['client', 'client'] }),
    'nats[0].inside[1]',
    'host-not-behind-another',
    '"client"',
  ],
  [
    'a mapping that is none',
    nat({ mapping: 'symmetric' }),
    'nats[0].mapping',
    'dependence',
    '"symmetric"',
  ],
  ['a filtering that is none', nat({ filtering: true }), 'nats[0].filtering', 'dependence', 'true'],
  ['a pool with port 0', nat({ ports: '0-10' }), 'nats[0].ports', 'port-pool', '"0-10"'],
  ['a pool as a number', nat({ ports: 40_000 }), 'nats[0].ports', 'port-pool', '40000'],
  [
    'an unknown time-out',
    nat({ timeouts: { sctpMs: 1 } }),
    'nats[0].timeouts.sctpMs',
    'known-key',
    '"sctpMs"',
  ],
  ['a negative time-out', nat({ timeouts: { udpMs: -1 } }), 'nats[0].timeouts.udpMs', 'time', '-1'],
  [
    'a full router that waits',
    nat({ whenFull: 'wait' }),
    'nats[0].whenFull',
    'when-full',
    '"wait"',
  ],
];

describe('an invalid scenario', () => {
  it.each(invalid)('is refused: %s', (_what, input, path, expected, found) => {
    let thrown: unknown;
    try {
      parseScenario(input);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ScenarioError);
    expect(thrown).toMatchObject({ path, expected, found });
  });
});

describe('a scenario', () => {
  it('gets the defaults of what it leaves out', () => {
    expect(parseScenario(act(connect, { atMs: 1, do: 'bind', host: 'web' }))).toEqual({
      version: 1,
      seed: 1,
      latencyMs: 10,
      hosts: [
        { name: 'client', os: 'linux', addresses: ['10.0.0.2'], sysctl: {}, listen: [] },
        {
          name: 'web',
          os: 'linux',
          addresses: ['10.0.0.10'],
          sysctl: {},
          listen: [{ protocol: 'tcp', port: 80, address: '0.0.0.0' }],
        },
      ],
      actions: [
        { ...connect, protocol: 'tcp', as: 'connection-1', everyMs: 0 },
        {
          atMs: 1,
          do: 'bind',
          host: 'web',
          protocol: 'tcp',
          port: 0,
          address: '0.0.0.0',
          as: 'socket-2',
        },
      ],
    });
  });

  it('keeps what is given, and never makes up a name that is', () => {
    const { actions } = parseScenario(act({ ...connect, as: 'connection-1' }, connect));
    expect(actions.map((action) => 'as' in action && action.as)).toEqual([
      'connection-1',
      'connection-2',
    ]);
  });

  it('has its actions in order of time, at one moment in the order written', () => {
    const at = (atMs: number, as: string): Fields => ({ ...connect, atMs, as });
    const { actions } = parseScenario(act(at(5, 'a'), at(0, 'b'), at(5, 'c'), at(2.5, 'd')));
    expect(actions.map((action) => 'as' in action && action.as)).toEqual(['b', 'd', 'a', 'c']);
  });

  it('may name connections that never come to be, and may end before its last action', () => {
    const input = act({ atMs: 50, do: 'close', connection: 'burst#3' }, { ...connect, atMs: 9 });
    expect(() => parseScenario({ ...input, untilMs: 1 })).not.toThrow();
  });

  it('may be parsed twice: what comes out is not read back, but the same input gives the same', () => {
    const input = act(connect);
    expect(parseScenario(input)).toEqual(parseScenario(structuredClone(input)));
  });
});
