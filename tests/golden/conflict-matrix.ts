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
