/**
 * Questions about who speaks from which port to which: the reply's ports, which socket a segment
 * belongs to, whether two four-tuples are one connection, which end is the client's.
 */

import type { Random } from '../../time-and-chance/random.ts';
import {
  between,
  choiceInOrder,
  choiceOf,
  item,
  oneOf,
  phrase,
  shuffled,
  twoAddresses,
} from './drawing.ts';
import { hostOf, portOf, segmentsSent, worldAfter } from './small-world.ts';
import type { Generator, Value, Variant, VariantOption } from './variant.ts';

const SERVER_PORTS = [22, 25, 80, 143, 443, 993, 3306, 5432, 8080] as const;

const endpoint = (address: string, port: number): string => `${address}:${String(port)}`;
const arrow = (from: string, to: string): string => `${from} → ${to}`;

/** Which ports does the first reply carry? */
export const replyPorts: Generator = {
  name: 'reply-ports',
  items: () => [
    item('reply-ports/both', '50-ephemeral-ports', 'exchanged'),
    item('reply-ports/across-a-wildcard', '50-ephemeral-ports', 'exchanged'),
  ],
  draw: (name, random) => {
    const [clientAddress, serverAddress] = twoAddresses(random);
    const serverPort = oneOf(random, SERVER_PORTS);
    const os = oneOf(random, ['linux', 'windows', 'macos', 'freebsd']);
    const isWildcard = name === 'across-a-wildcard';
    if (!isWildcard && name !== 'both') throw new RangeError(`there is no item "${name}".`);
    const world = worldAfter({
      seed: random.uint32(),
      hosts: [
        { name: 'client', os, address: clientAddress },
        {
          name: 'server',
          os: 'linux',
          address: serverAddress,
          listen: [{ port: serverPort, address: isWildcard ? '0.0.0.0' : serverAddress }],
        },
      ],
      actions: [
        {
          atMs: 0,
          do: 'connect',
          from: 'client',
          to: endpoint(serverAddress, serverPort),
          as: 'it',
        },
      ],
      untilMs: 1000,
    });
    const [first, second] = segmentsSent(world);
    if (!first || !second) throw new RangeError('nothing came back.');
    const client = portOf(first.from);
    const right = arrow(second.from, second.to);
    const values = { client, server: serverPort, first: arrow(first.from, first.to) };
    const newPort = freshPort(random, [client, serverPort]);
    const options: VariantOption[] = [
      {
        id: 'unchanged',
        label: arrow(first.from, first.to),
        feedback: phrase('unchanged', values),
        misconception: 'reply-repeats-the-ports',
      },
      {
        id: 'new-port',
        label: arrow(endpoint(serverAddress, newPort), first.from),
        feedback: phrase('new-port', { ...values, fresh: newPort }),
        misconception: 'reply-from-new-port',
      },
      isWildcard
        ? {
            id: 'from-wildcard',
            label: arrow(endpoint('0.0.0.0', serverPort), first.from),
            feedback: phrase('from-wildcard', { ...values, address: serverAddress }),
            misconception: 'wildcard-answers-as-wildcard',
          }
        : {
            id: 'to-server-port',
            label: arrow(endpoint(serverAddress, serverPort), endpoint(clientAddress, serverPort)),
            feedback: phrase('to-server-port', values),
            misconception: 'client-uses-server-port',
          },
    ];
    return {
      prompt: phrase(isWildcard ? 'prompt-wildcard' : 'prompt', { port: serverPort }),
      screen: [arrow(first.from, first.to)],
      asked: choiceOf(
        random,
        { id: 'exchanged', label: right, feedback: phrase('exchanged', values) },
        options,
      ),
      because: phrase('exchanged', values),
    };
  },
};

/** A port in the upper part of the range that is none of those given. */
function freshPort(random: Random, taken: readonly number[]): number {
  for (;;) {
    const port = between(random, 32_768, 60_999);
    if (!taken.includes(port)) return port;
  }
}

/** A segment arrives: which of the server's sockets gets it? */
export const whichSocket: Generator = {
  name: 'which-socket',
  items: () => [
    item('which-socket/connected', '10-what-a-port-is', 'best-match'),
    item('which-socket/new-caller', '10-what-a-port-is', 'when-listening'),
    item('which-socket/nobody', '10-what-a-port-is', 'common-ones'),
  ],
  draw: (name, random) => {
    if (!['connected', 'new-caller', 'nobody'].includes(name)) {
      throw new RangeError(`there is no item "${name}".`);
    }
    const [clientAddress, serverAddress] = twoAddresses(random);
    const otherAddress = clientAddress.replace(/\d+$/, String(between(random, 251, 254)));
    const [servicePort, otherPort] = shuffled(random, [22, 80, 443, 3306, 8080]);
    if (servicePort === undefined || otherPort === undefined) throw new RangeError('no ports.');
    const [firstPort, secondPort, thirdPort] = shuffled(
      random,
      [40_112, 51_514, 33_062, 60_020, 47_806],
    );
    if (firstPort === undefined || secondPort === undefined || thirdPort === undefined) {
      throw new RangeError('no ports.');
    }
    const local = endpoint(serverAddress, servicePort);
    const rows = {
      listener: `LISTEN  0.0.0.0:${String(servicePort)}  0.0.0.0:*`,
      other: `LISTEN  0.0.0.0:${String(otherPort)}  0.0.0.0:*`,
      first: `ESTAB   ${local}  ${endpoint(clientAddress, firstPort)}`,
      second: `ESTAB   ${local}  ${endpoint(clientAddress, secondPort)}`,
    } as const;
    const from =
      name === 'connected'
        ? endpoint(clientAddress, secondPort)
        : endpoint(random.below(2) === 0 ? clientAddress : otherAddress, thirdPort);
    const closedPort = (freshPort(random, [servicePort, otherPort]) % 1000) + 9000;
    const to = endpoint(serverAddress, name === 'nobody' ? closedPort : servicePort);
    const right = name === 'connected' ? 'second' : name === 'new-caller' ? 'listener' : 'none';
    const values = { from, to, port: servicePort };
    const feedbackOf = (id: string): VariantOption => {
      const isRight = id === right;
      const words = isRight ? `right-${name}` : `wrong-${id}`;
      const mistaken: Readonly<Record<string, string>> = {
        listener: 'listener-gets-all',
        other: 'any-listener-will-do',
        first: 'one-socket-per-port',
        second: 'one-socket-per-port',
        none: 'new-port-per-connection',
      };
      return {
        id,
        label: id === 'none' ? phrase('none') : rows[id as keyof typeof rows],
        feedback: phrase(words, values),
        ...(isRight ? {} : { misconception: mistaken[id] ?? 'one-socket-per-port' }),
      };
    };
    return {
      prompt: phrase('prompt', { from, to }),
      screen: [rows.listener, rows.other, rows.first, rows.second],
      asked: choiceInOrder(['listener', 'other', 'first', 'second', 'none'].map(feedbackOf), right),
      because: phrase(`right-${name}`, values),
    };
  },
};

/** Two lines of a socket table: one connection, or two? */
export const sameConnection: Generator = {
  name: 'same-connection',
  items: () => [
    item('same-connection/client-port', '50-ephemeral-ports', 'four-tuple'),
    item('same-connection/server', '50-ephemeral-ports', 'shared-local'),
    item('same-connection/mirrored', '50-ephemeral-ports', 'known-by-four'),
  ],
  draw: (name, random) => {
    const [client, server] = twoAddresses(random);
    const port = between(random, 32_768, 60_999);
    const service = oneOf(random, SERVER_PORTS);
    const elsewhere = server.replace(/\d+$/, String(between(random, 251, 254)));
    const here = `TCP  ${endpoint(client, port)}  ${endpoint(server, service)}`;
    const there: Readonly<Record<string, string>> = {
      'client-port': `TCP  ${endpoint(client, port === 60_999 ? port - 2 : port + 1)}  ${endpoint(server, service)}`,
      server: `TCP  ${endpoint(client, port)}  ${endpoint(elsewhere, service)}`,
      mirrored: `TCP  ${endpoint(server, service)}  ${endpoint(client, port)}`,
    };
    const second = there[name];
    if (second === undefined) throw new RangeError(`there is no item "${name}".`);
    const isOne = name === 'mirrored';
    const values = { port, service };
    const option = (id: 'one' | 'two' | 'impossible'): VariantOption => {
      const isRight = id === (isOne ? 'one' : 'two');
      const mistaken = {
        one: 'port-names-the-connection',
        two: 'each-end-is-a-connection',
        impossible: 'source-port-exclusive',
      } as const;
      return {
        id,
        label: phrase(id),
        feedback: phrase(isRight ? `right-${name}` : `wrong-${name}`, values),
        ...(isRight ? {} : { misconception: mistaken[id] }),
      };
    };
    return {
      prompt: phrase(isOne ? 'prompt-two-hosts' : 'prompt-one-host'),
      screen: [here, second],
      asked: choiceInOrder(
        [option('one'), option('two'), option('impossible')],
        isOne ? 'one' : 'two',
      ),
      because: phrase(`right-${name}`, values),
    };
  },
};

/** How `ss`, `lsof` and `netstat` write an established connection, seen from one of its ends. */
const WRITTEN: Readonly<Record<string, (local: string, remote: string) => string>> = {
  ss: (local, remote) => `ESTAB  0  0  ${local}  ${remote}`,
  lsof: (local, remote) => `TCP ${local}->${remote} (ESTABLISHED)`,
  netstat: (local, remote) => `tcp  0  0 ${local}  ${remote}  ESTABLISHED`,
};

/** One line of a tool: is this machine the client or the server of it, and of which service? */
export const readLine: Generator = {
  name: 'read-line',
  items: () => [
    item('read-line/ss', '30-listening', 'two-callers'),
    item('read-line/lsof', '70-linux-lab-range', 'say-and-ask'),
    item('read-line/netstat', '50-ephemeral-ports', 'your-line-again'),
  ],
  draw: (name, random): Variant => {
    const written = WRITTEN[name];
    if (!written) throw new RangeError(`there is no item "${name}".`);
    const [one, other] = twoAddresses(random);
    const services = shuffled(random, [
      [22, '22/tcp'],
      [25, '25/tcp'],
      [443, '443/tcp'],
      [3306, '3306/tcp'],
      [5432, '5432/tcp'],
      [993, '993/tcp'],
    ] as const);
    const [used, unused] = services;
    if (!used || !unused) throw new RangeError('no services.');
    // A world decides which end is which; the line is what the asked machine's own table has.
    const world = worldAfter({
      seed: random.uint32(),
      hosts: [
        { name: 'client', os: 'linux', address: one },
        { name: 'server', os: 'linux', address: other, listen: [{ port: used[0] }] },
      ],
      actions: [{ atMs: 0, do: 'connect', from: 'client', to: endpoint(other, used[0]), as: 'it' }],
      untilMs: 500,
    });
    const isServer = random.below(2) === 1;
    const socket = hostOf(world, isServer ? 'server' : 'client')
      .sockets()
      .find(({ state }) => state === 'ESTABLISHED');
    if (!socket) throw new RangeError('nothing is connected.');
    const local = endpoint(socket.localAddress, socket.localPort);
    const remote = endpoint(socket.remoteAddress, socket.remotePort);
    const values = {
      local: socket.localPort,
      remote: socket.remotePort,
      service: { service: used[1] } as Value,
    };
    const right = isServer ? 'server' : 'client';
    const option = (role: 'client' | 'server', which: readonly [number, string]): VariantOption => {
      const isRight = role === right && which === used;
      return {
        id: which === used ? role : `${role}-other`,
        label: phrase(role, { service: { service: which[1] } }),
        feedback: phrase(
          isRight ? `right-${right}` : which === used ? `not-${role}` : 'other-service',
          {
            ...values,
          },
        ),
        ...(isRight || which !== used ? {} : { misconception: 'left-is-the-client' }),
      };
    };
    return {
      prompt: phrase('prompt'),
      screen: [written(local, remote)],
      asked: choiceOf(random, option(right, used), [
        option(right === 'client' ? 'server' : 'client', used),
        option('client', unused),
        option('server', unused),
      ]),
      because: phrase(`right-${right}`, values),
    };
  },
};
