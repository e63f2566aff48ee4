/** Computed keys against the figures of the fact sheet and of measured runs. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { computeAnswer, computedKeys } from './computed-keys.ts';

const reply = {
  version: 1,
  seed: 7,
  hosts: [
    { name: 'client', os: 'linux', addresses: ['10.0.0.2'] },
    {
      name: 'web',
      os: 'linux',
      addresses: ['10.0.0.10'],
      listen: [{ protocol: 'tcp', port: 443 }],
    },
  ],
  actions: [
    { atMs: 0, do: 'connect', from: 'client', to: '10.0.0.10:443', localPort: 51514, as: 'one' },
  ],
};

const guarded = {
  listen: [{ port: 22 }, { port: 443 }, { port: 3306 }],
  firewall: {
    policyIn: 'drop',
    rules: [
      { chain: 'in', localPort: 22, action: 'accept' },
      { chain: 'in', localPort: 443, action: 'reject', rejectWith: 'tcp-reset' },
      { chain: 'in', localPort: 8080, action: 'accept' },
    ],
  },
};

const known: [string, object, unknown][] = [
  ['range-size', { os: 'linux' }, 28232],
  ['range-size', { os: 'windows' }, 16384],
  ['range-size', { os: 'freebsd' }, 55536],
  ['range-size', { range: 'ephemeral' }, 16384],
  ['range-size', { range: 'well-known' }, 1024],
  ['range-low', { os: 'linux' }, 32768],
  ['range-high', { os: 'linux' }, 60999],
  ['range-high', { range: 'registered' }, 49151],
  ['range-of', { port: 8080 }, 'registered'],
  ['may-pick', { os: 'linux', port: 61000 }, 'no'],
  ['may-pick', { os: 'linux', port: 60999 }, 'yes'],
  [
    'systems-that-pick',
    { port: 40000, among: ['windows', 'linux', 'freebsd'] },
    ['linux', 'freebsd'],
  ],
  [
    'systems-by-range-size',
    { among: ['freebsd', 'windows', 'openbsd', 'linux'] },
    ['windows', 'linux', 'openbsd', 'freebsd'],
  ],
  ['first-unprivileged', { os: 'linux' }, 1024],
  ['time-wait-seconds', { os: 'linux' }, 60],
  ['connects-per-second', { os: 'linux' }, 470],
  ['port-after-block', { os: 'linux', low: 32768, high: 60500 }, 60502],
  ['port-after-block', { os: 'linux', low: 32768, high: 60501 }, 60502],
  ['reply-port', { scenario: reply, side: 'source' }, 443],
  ['reply-port', { scenario: reply, side: 'destination' }, 51514],
  ['seen-from-outside', { ...guarded, port: 22 }, 'open'],
  ['seen-from-outside', { ...guarded, port: 8080 }, 'closed'],
  [
    'seen-from-outside',
    { ...guarded, ports: { runs: 22, refused: 443, idle: 8080, rest: 3306 } },
    { runs: 'open', refused: 'closed', idle: 'closed', rest: 'filtered' },
  ],
  [
    'seen-from-outside',
    {
      listen: [{ port: 631, address: '127.0.0.1' }, { port: 3306 }],
      ports: { lo: 631, any: 3306 },
    },
    { lo: 'closed', any: 'open' },
  ],
  ['listen-outcome', { os: 'linux', holds: '127.0.0.1:8080', wants: '0.0.0.0:8080' }, 'eaddrinuse'],
  ['listen-outcome', { os: 'linux', holds: '127.0.0.1:8080', wants: '10.0.0.10:8080' }, 'ok'],
  ['listen-outcome', { os: 'linux', wants: '0.0.0.0:1023' }, 'eacces'],
  ['listen-outcome', { os: 'macos', wants: '0.0.0.0:1023' }, 'ok'],
  ['listen-outcome', { os: 'linux', wants: '10.10.10.10:8080' }, 'eaddrnotavail'],
  [
    'calls-connected',
    {
      os: 'linux',
      listens: '127.0.0.1:25',
      calls: {
        inside: { from: 'own', to: '127.0.0.1:25' },
        outside: { from: 'other', to: '127.0.0.1:25' },
      },
    },
    ['inside'],
  ],
  [
    'calls-connected',
    {
      os: 'linux',
      listens: '10.0.0.10:25',
      calls: {
        outside: { from: 'other', to: '10.0.0.10:25' },
        inside: { from: 'own', to: '10.0.0.10:25' },
        loopback: { from: 'own', to: '127.0.0.1:25' },
        elsewhere: { from: 'other', to: '10.0.0.10:26' },
      },
    },
    ['outside', 'inside'],
  ],
];

it.each(known)('%s %j is %j', (name, params, answer) => {
  expect(computeAnswer(name, { ...params })).toEqual(answer);
});

const refused: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  ['range', {}, 'there is no computed key "range". Use one of: range-size'],
  ['constructor', {}, 'there is no computed key'],
  ['range-size', {}, '"os" is one of linux'],
  ['range-size', { os: 'beos' }, '"os" is one of linux'],
  ['range-size', { range: 'private' }, '"range" is one of well-known'],
  ['range-of', { port: 70000 }, '"port" is missing or no port'],
  ['range-of', {}, 'write port: 8080'],
  ['range-of', { port: 65536 }, '"port" is missing or no port'],
  ['range-of', { port: -1 }, '"port" is missing or no port'],
  ['range-of', { port: 80.5 }, '"port" is missing or no port'],
  ['range-of', { port: '80' }, '"port" is missing or no port'],
  ['systems-that-pick', { port: 40000, among: [] }, '"among" is a list of systems'],
  ['systems-that-pick', { port: 40000 }, '"among" is a list of systems'],
  ['systems-by-range-size', { among: ['macos', 'windows'] }, 'the same size'],
  ['listen-outcome', { os: 'linux', wants: '8080' }, '"wants" is an address and a port'],
  [
    'listen-outcome',
    { os: 'linux', holds: '10.9.9.9:80', wants: '0.0.0.0:80' },
    '"holds": EADDRNOTAVAIL',
  ],
  ['calls-connected', { os: 'linux', listens: '0.0.0.0:25' }, '"calls" is a list'],
  [
    'calls-connected',
    { os: 'linux', listens: '0.0.0.0:25', calls: { one: { from: 'moon', to: '10.0.0.10:25' } } },
    'from is own or other',
  ],
  [
    'calls-connected',
    { os: 'linux', listens: '0.0.0.0:25', calls: { one: 'own' } },
    '"calls": one: from is own or other.',
  ],
  [
    'calls-connected',
    { os: 'linux', listens: '0.0.0.0:25', calls: { one: { from: 'own', to: '25' } } },
    '"calls: one: to" is an address and a port',
  ],
  ...['x', null, ['one']].map(
    (calls) =>
      [
        'calls-connected',
        { os: 'linux', listens: '0.0.0.0:25', calls },
        '"calls" is a list',
      ] as const,
  ),
  ...['x127.0.0.1:80', '127.0.0.1:80x', '127.0.0.1:801234'].map(
    (wants) =>
      ['listen-outcome', { os: 'linux', wants }, '"wants" is an address and a port'] as const,
  ),
  ['port-after-block', { os: 'linux', low: 100, high: 200 }, 'a block inside the range'],
  ['seen-from-outside', { listen: [], ports: { one: 'two' } }, '"one" is missing or no port'],
];

it.each(refused)('%s %j says what is wrong', (name, params, message) => {
  expect(() => computeAnswer(name, params)).toThrow(message);
});

it('counts 0 and 65535 among the ports', () => {
  expect(computeAnswer('range-of', { port: 0 })).toBe(computeAnswer('range-of', { port: 1 }));
  expect(computeAnswer('range-of', { port: 65535 })).toBe(
    computeAnswer('range-of', { port: 65534 }),
  );
});

it('lists what there is where a name is unknown', () => {
  expect(() => computeAnswer('range', {})).toThrow(
    `Use one of: ${Object.keys(computedKeys).join(', ')}.`,
  );
  expect(() => computeAnswer('range-size', { os: 'beos' })).toThrow('linux, ');
  expect(() => computeAnswer('range-size', { range: 'x' })).toThrow(
    '"range" is one of well-known, registered, ephemeral.',
  );
});

it('every key has a test above', () => {
  expect([...new Set(known.map(([name]) => name))]).toEqual(Object.keys(computedKeys));
});

it('every key is named in the guide for authors', () => {
  const guide = readFileSync(new URL('../../../docs/authoring.md', import.meta.url), 'utf8');
  for (const name of Object.keys(computedKeys)) expect(guide).toContain(`\`${name}\``);
});
