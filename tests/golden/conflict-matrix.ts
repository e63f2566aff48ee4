/**
 * Every pair of sockets on one port, by state, address, SO_REUSEADDR, SO_REUSEPORT and user; then what
 * connect() and bind() to port 0 make of the port. Nothing is left to chance.
 */

import type { BindOptions, Command, ConnectOptions } from './machine.ts';

const port = 40_000;
const range = 'net.ipv4.ip_local_port_range';
const yesNo = [false, true];

type FirstState = 'bound' | 'listening' | 'bound-connected' | 'connected';

function* firstSockets(): Generator<readonly Command[]> {
  const states: readonly FirstState[] = ['bound', 'listening', 'bound-connected', 'connected'];
  for (const state of states) {
    for (const address of state === 'connected' ? [''] : ['0.0.0.0', '127.0.0.1', '127.0.0.2']) {
      for (const reuseAddress of yesNo) {
        for (const reusePort of yesNo) {
          for (const uid of [0, 1000]) {
            const flags = { as: 'a', reuseAddress, reusePort, uid };
            const bound: BindOptions = { ...flags, address, port };
            const to: ConnectOptions = { to: '127.0.0.1', port: 8080 };
            if (state === 'connected') yield [['connect', { ...flags, ...to }]];
            else if (state !== 'bound-connected') {
              yield [['bind', { ...bound, listen: state === 'listening' }]];
            } else {
              yield [
                ['bind', bound],
                ['connect', { socket: 'a', ...to }],
              ];
            }
          }
        }
      }
    }
  }
}

function* secondSockets(): Generator<BindOptions> {
  for (const address of ['0.0.0.0', '127.0.0.1']) {
    for (const reuseAddress of yesNo) {
      for (const reusePort of yesNo) {
        for (const uid of [0, 1000]) {
          for (const listen of yesNo) yield { address, reuseAddress, reusePort, uid, listen };
        }
      }
    }
  }
}

/** What a socket can be bound to, of both families. */
const addresses: readonly BindOptions[] = [
  { address: '0.0.0.0' },
  { address: '127.0.0.1' },
  { address: '::' },
  { address: '::', ipv6Only: true },
  { address: '::1' },
  { address: 'fd00:99::1' },
  { address: '::ffff:127.0.0.1' },
  { address: '::ffff:0.0.0.0' },
];

/** A socket on the port: bound, listening, connected from it, or what a listener has left behind. */
function* firstOfBoth(): Generator<readonly Command[]> {
  for (const reuseAddress of yesNo) {
    for (const reusePort of yesNo) {
      const flags = { as: 'a', reuseAddress, reusePort };
      for (const address of addresses) {
        yield [['bind', { ...flags, ...address, port }]];
        yield [['bind', { ...flags, ...address, port, listen: true }]];
      }
      for (const [listener, to] of [
        [{ address: '::' }, '::1'],
        [{ address: '::' }, '127.0.0.1'],
        [{ address: '::', ipv6Only: true }, '::1'],
        [{ address: '127.0.0.1' }, '127.0.0.1'],
        [{ address: '::1' }, '::1'],
      ] as const) {
        yield [
          ['bind', { ...flags, ...listener, port, listen: true }],
          ['connect', { as: 'peer', to, port, fromPort: port + 1 }],
          ['accept', { socket: 'a', as: 'child' }],
          ['reset', { socket: 'a' }],
        ];
      }
    }
  }
  for (const to of ['127.0.0.1', '::1', 'fd00:99::1', '::ffff:127.0.0.1'])
    yield [['connect', { as: 'a', to, port: 8080 }]];
  yield [['connect', { as: 'a', to: '::1', port: 8080, ipv6Only: true }]];
}

/**
 * Every pair of sockets of both families on one port, in the same manner: bound, listening, connected,
 * or accepted by a listener that is gone.
 */
export function conflictsOfFamilies(): Command[] {
  const server: Command = ['bind', { as: 'server', address: '::', port: 8080, listen: true }];
  const commands: Command[] = [
    ['address', { address: 'fd00:99::1' }],
    ['set', { key: range, value: `${port} ${port}` }],
  ];
  for (const first of firstOfBoth()) {
    for (const address of addresses) {
      for (const reuseAddress of yesNo) {
        for (const reusePort of yesNo) {
          for (const listen of yesNo) {
            const second = { ...address, reuseAddress, reusePort };
            commands.push(
              server,
              ...first,
              ['bind', { as: 'b', ...second, port, listen }],
              ['connect', { as: 'c', to: '::1', port: 8080 }],
              ['connect', { as: 'd', to: '127.0.0.9', port: 8080 }],
              ['bind', { as: 'e', ...second, port: 0 }],
              ['reset-all', {}],
            );
          }
        }
      }
    }
  }
  return commands;
}

/** Pairs of UDP sockets of both families. */
export function datagramsOfFamilies(): Command[] {
  const commands: Command[] = [
    ['address', { address: 'fd00:99::1' }],
    ['set', { key: range, value: `${port} ${port}` }],
  ];
  const firsts: Command[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].flatMap((to) =>
    [false, true].map((send): Command => ['connect', { as: 'a', to, port: 9999, udp: true, send }]),
  );
  for (const reuseAddress of yesNo) {
    for (const reusePort of yesNo) {
      for (const address of addresses)
        firsts.push(['bind', { as: 'a', ...address, reuseAddress, reusePort, port, udp: true }]);
    }
  }
  for (const first of firsts) {
    for (const address of addresses) {
      for (const reuseAddress of yesNo) {
        for (const reusePort of yesNo) {
          const second = { ...address, reuseAddress, reusePort, udp: true };
          commands.push(
            first,
            ['bind', { as: 'b', ...second, port }],
            ['bind', { as: 'c', ...second, port: 0 }],
            ['connect', { as: 'd', to: '::1', port: 9999, udp: true }],
            ['connect', { as: 'e', to: '127.0.0.1', port: 9999, udp: true }],
            ['reset-all', {}],
          );
        }
      }
    }
  }
  return commands;
}

/** All calls in order: some thirty thousand. */
export function conflictMatrix(): Command[] {
  const server: Command = ['bind', { as: 'server', port: 8080, listen: true, reuseAddress: true }];
  const commands: Command[] = [['set', { key: range, value: `${port} ${port}` }]];
  for (const first of firstSockets()) {
    for (const { listen = false, ...second } of secondSockets()) {
      commands.push(
        server,
        ...first,
        ['bind', { as: 'b', ...second, port, listen }],
        ['connect', { as: 'c', to: '127.0.0.9', port: 8080 }],
        ['bind', { as: 'd', ...second, port: 0 }],
        ['set', { key: 'net.ipv4.ip_autobind_reuse', value: '1' }],
        ['bind', { as: 'e', ...second, port: 0 }],
        ['set', { key: 'net.ipv4.ip_autobind_reuse', value: '0' }],
        ['reset-all', {}],
      );
    }
  }
  return commands;
}
