/** Questions about listening and knocking: who may listen where, and what a caller finds. */

import { listeningKeys } from '../engine/listening-keys.ts';
import { seenFromOutside } from '../engine/seen-from-outside.ts';
import type { Random } from '../../time-and-chance/random.ts';
import { between, choiceInOrder, item, oneOf, phrase } from './drawing.ts';
import type { Generator, VariantOption } from './variant.ts';

/** The engine's server of `listen-outcome` has this address and loopback. */
const OWN = '10.0.0.10';
const ADDRESSES = ['0.0.0.0', '127.0.0.1', OWN] as const;

interface ListenCase {
  readonly os: string;
  readonly holds: string | undefined;
  readonly wants: string;
  readonly port: number;
}

type Drawer = (random: Random) => ListenCase;

const highPort = (random: Random): number => oneOf(random, [3000, 5000, 8000, 8080, 8443, 9000]);

const LISTEN_ITEMS: Readonly<Record<string, Drawer>> = {
  'same-address': (random) => {
    const port = highPort(random);
    const address = oneOf(random, ADDRESSES);
    return {
      os: 'linux',
      port,
      holds: `${address}:${String(port)}`,
      wants: `${address}:${String(port)}`,
    };
  },
  'wildcard-and-one': (random) => {
    const port = highPort(random);
    const one = oneOf(random, ['127.0.0.1', OWN]);
    const pair = random.below(2) === 0 ? ['0.0.0.0', one] : [one, '0.0.0.0'];
    return {
      os: 'linux',
      port,
      holds: `${pair[0] ?? ''}:${String(port)}`,
      wants: `${pair[1] ?? ''}:${String(port)}`,
    };
  },
  'two-addresses': (random) => {
    const port = highPort(random);
    const pair = random.below(2) === 0 ? ['127.0.0.1', OWN] : [OWN, '127.0.0.1'];
    return {
      os: 'linux',
      port,
      holds: `${pair[0] ?? ''}:${String(port)}`,
      wants: `${pair[1] ?? ''}:${String(port)}`,
    };
  },
  'other-port': (random) => {
    const port = highPort(random);
    return {
      os: 'linux',
      port,
      holds: `0.0.0.0:${String(port + 1)}`,
      wants: `0.0.0.0:${String(port)}`,
    };
  },
  'below-1024-linux': (random) => {
    const port = oneOf(random, [80, 443, 25, 1023, 1024]);
    return { os: 'linux', port, holds: undefined, wants: `0.0.0.0:${String(port)}` };
  },
  'below-1024-elsewhere': (random) => {
    const port = oneOf(random, [80, 443, 1023]);
    const address = oneOf(random, ['0.0.0.0', OWN]);
    return {
      os: oneOf(random, ['windows', 'macos']),
      port,
      holds: undefined,
      wants: `${address}:${String(port)}`,
    };
  },
};

/** An ordinary user's program wants to listen: what does it hear? */
export const canListen: Generator = {
  name: 'can-listen',
  items: () =>
    Object.keys(LISTEN_ITEMS).map((name) =>
      name.startsWith('below')
        ? item(`can-listen/${name}`, '20-well-known-ports', 'three-systems')
        : item(`can-listen/${name}`, '30-listening', 'overlap'),
    ),
  draw: (name, random) => {
    const drawCase = LISTEN_ITEMS[name];
    if (!drawCase) throw new RangeError(`there is no item "${name}".`);
    const { os, holds, wants, port } = drawCase(random);
    const right = listeningKeys['listen-outcome']({
      os,
      wants,
      ...(holds === undefined ? {} : { holds }),
    });
    const values = { port, wants, system: { system: os } };
    const mistaken: Readonly<Record<string, string>> = {
      ok: holds === undefined ? 'no-privilege-needed' : 'wildcard-beside-one',
      eaddrinuse: holds === undefined ? 'two-errors-same' : 'port-is-one-for-all-addresses',
      eacces: 'below-1024-root-everywhere',
    };
    const option = (id: 'ok' | 'eaddrinuse' | 'eacces'): VariantOption => ({
      id,
      label: phrase(id),
      feedback: phrase(id === right ? `right-${name}-${id}` : `wrong-${id}`, values),
      ...(id === right ? {} : { misconception: mistaken[id] ?? 'two-errors-same' }),
    });
    return {
      prompt: phrase(holds === undefined ? 'prompt-free' : 'prompt-held', {
        ...values,
        ...(holds === undefined ? {} : { holds }),
      }),
      asked: choiceInOrder([option('ok'), option('eaddrinuse'), option('eacces')], right),
      because: phrase(`right-${name}-${right}`, values),
    };
  },
};

interface PortCase {
  readonly listens: string | undefined;
  readonly rule: 'none' | 'accept' | 'drop' | 'reset';
}

const PORT_CASES: Readonly<Record<string, PortCase>> = {
  open: { listens: '0.0.0.0', rule: 'none' },
  'loopback-only': { listens: '127.0.0.1', rule: 'none' },
  'nobody-listens': { listens: undefined, rule: 'none' },
  'dropped-in-front': { listens: '0.0.0.0', rule: 'drop' },
  'let-through-to-nobody': { listens: undefined, rule: 'accept' },
  'refused-in-front': { listens: '0.0.0.0', rule: 'reset' },
};

/** What does a caller from another machine find at this port? */
export const knock: Generator = {
  name: 'knock',
  items: () =>
    Object.keys(PORT_CASES).map((name) =>
      item(`knock/${name}`, '120-doors-and-guards', 'five-doors'),
    ),
  draw: (name, random) => {
    const portCase = PORT_CASES[name];
    if (!portCase) throw new RangeError(`there is no item "${name}".`);
    const port = oneOf(random, [22, 25, 80, 443, 3306, 5432, 6379, 8080]);
    const other = oneOf(
      random,
      [22, 443].filter((one) => one !== port),
    );
    const policyIn = name === 'let-through-to-nobody' ? 'drop' : 'accept';
    const rules =
      portCase.rule === 'none'
        ? []
        : [
            {
              chain: 'in',
              protocol: 'tcp',
              localPort: port,
              ...(portCase.rule === 'reset'
                ? { action: 'reject', rejectWith: 'tcp-reset' }
                : { action: portCase.rule }),
            },
          ];
    const listen = [
      { port: other },
      ...(portCase.listens === undefined ? [] : [{ port, address: portCase.listens }]),
    ];
    const [right] = seenFromOutside(listen, { policyIn, rules }, [port]);
    if (right === undefined) throw new RangeError('nothing was found.');
    const values = { port };
    const mistaken: Readonly<Record<string, string>> = {
      open: portCase.rule === 'accept' ? 'firewall-opens' : 'listening-means-reachable',
      closed: 'silence-is-a-refusal',
      filtered: 'refused-means-firewall',
    };
    const option = (id: 'open' | 'closed' | 'filtered'): VariantOption => ({
      id,
      label: phrase(id),
      feedback: phrase(id === right ? `right-${name}` : `wrong-${id}`, values),
      ...(id === right ? {} : { misconception: mistaken[id] ?? 'firewall-opens' }),
    });
    const screen = [
      ...listen.map(
        (one) => `LISTEN  ${'address' in one ? one.address : '0.0.0.0'}:${String(one.port)}`,
      ),
      ...(portCase.rule === 'none'
        ? []
        : [`-P INPUT ${policyIn.toUpperCase()}`, ruleLine(port, portCase.rule)]),
    ];
    return {
      prompt: phrase('prompt', values),
      screen,
      asked: choiceInOrder([option('open'), option('closed'), option('filtered')], right),
      because: phrase(`right-${name}`, values),
    };
  },
};

/** The rule as `iptables -S` writes it. */
function ruleLine(port: number, rule: Exclude<PortCase['rule'], 'none'>): string {
  const target = { accept: 'ACCEPT', drop: 'DROP', reset: 'REJECT --reject-with tcp-reset' }[rule];
  return `-A INPUT -p tcp -m tcp --dport ${String(port)} -j ${target}`;
}

const SPANS = [
  ['127.0.0.1', 'this'],
  ['0.0.0.0', 'all'],
  [OWN, 'network'],
] as const;

/** Who can reach a server that listens on this address? */
export const whoReaches: Generator = {
  name: 'who-reaches',
  items: () => [
    item('who-reaches/from-outside', '30-listening', 'who-hears'),
    item('who-reaches/from-itself', '30-listening', 'who-hears'),
  ],
  draw: (name, random) => {
    if (name !== 'from-outside' && name !== 'from-itself') {
      throw new RangeError(`there is no item "${name}".`);
    }
    const [address] = oneOf(random, SPANS);
    const port = between(random, 3000, 9999);
    const from = name === 'from-outside' ? 'other' : 'own';
    const to = from === 'other' ? OWN : oneOf(random, ['127.0.0.1', OWN]);
    const listens = `${address}:${String(port)}`;
    const connected = listeningKeys['calls-connected']({
      os: 'linux',
      listens,
      calls: { it: { from, to: `${to}:${String(port)}` } },
    });
    const isHeard = connected.includes('it');
    const values = { listens, to: `${to}:${String(port)}`, own: OWN };
    const words = `${isHeard ? 'heard' : 'unheard'}-${from}`;
    const option = (id: 'yes' | 'no'): VariantOption => ({
      id,
      label: phrase(id),
      feedback: phrase(words, values),
      ...((id === 'yes') === isHeard
        ? {}
        : {
            misconception:
              id === 'yes' ? 'listening-means-reachable' : 'port-is-one-for-all-addresses',
          }),
    });
    return {
      prompt: phrase(`prompt-${from}`, values),
      screen: [`LISTEN  ${listens}`],
      asked: choiceInOrder([option('yes'), option('no')], isHeard ? 'yes' : 'no'),
      because: phrase(words, values),
    };
  },
};
