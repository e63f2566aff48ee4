/**
 * Where a packet ends that is sent to an address and a port: every envelope a learner can write is
 * posted in the engine when the page is built, and the outcome read off the trace.
 */

import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import type { Protocol } from '../../network/protocol.ts';
import { World } from '../../network/world.ts';
import { portDestination, nowhere, refusalDestination, type Outcome } from './destinations.ts';

export interface Listener {
  readonly protocol: Protocol;
  readonly port: number;
  /** A proper name, the same in every language. */
  readonly program: string;
}

export interface Machine {
  readonly name: string;
  readonly address: string;
  readonly listeners: readonly Listener[];
}

export const machines: readonly Machine[] = [
  {
    name: 'web',
    address: '10.0.0.10',
    listeners: [
      { protocol: 'tcp', port: 22, program: 'sshd' },
      { protocol: 'tcp', port: 80, program: 'nginx' },
      { protocol: 'tcp', port: 443, program: 'nginx' },
    ],
  },
  {
    name: 'mail',
    address: '10.0.0.11',
    listeners: [
      { protocol: 'tcp', port: 22, program: 'sshd' },
      { protocol: 'tcp', port: 25, program: 'postfix' },
      { protocol: 'udp', port: 123, program: 'chronyd' },
    ],
  },
];

/** An address that nobody has. */
const emptyAddress = '10.0.0.99';
export const addresses: readonly string[] = [
  ...machines.map(({ address }) => address),
  emptyAddress,
];
export const transports: readonly Protocol[] = ['tcp', 'udp'];
export const ports: readonly number[] = [22, 25, 80, 123, 443];

export function envelopeKey(address: string, protocol: Protocol, port: number): string {
  return `${address} ${protocol} ${port}`;
}

/** All that an envelope may end at. */
export const destinations: readonly string[] = [
  ...machines.flatMap(({ name, listeners }) => [
    ...listeners.map(({ protocol, port }) => portDestination(name, protocol, port)),
    refusalDestination(name),
  ]),
  nowhere,
];

/** The outcome of every envelope, by `envelopeKey`. */
export function deliverAll(): Readonly<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  for (const address of addresses) {
    for (const protocol of transports) {
      for (const port of ports) {
        outcomes[envelopeKey(address, protocol, port)] = deliver(address, protocol, port);
      }
    }
  }
  return outcomes;
}

/** Posts one envelope from 10.0.0.2 and looks where it went. */
function deliver(address: string, protocol: Protocol, port: number): Outcome {
  const world = new World(
    parseScenario({
      version: 1,
      hosts: [
        { name: 'client', os: 'linux', address: '10.0.0.2' },
        ...machines.map(({ name, address: own, listeners }) => ({
          name,
          os: 'linux',
          address: own,
          listen: listeners.map((listener) => ({
            protocol: listener.protocol,
            port: listener.port,
          })),
        })),
      ],
      actions: [
        { atMs: 0, do: 'connect', from: 'client', to: `${address}:${port}`, protocol, as: 'it' },
      ],
    }),
  );
  world.runToEnd();
  const failure = world.trace.find((event) => event.event === 'error');
  const machine = machines.find((one) => one.address === address);
  const isAnswered = world.trace.some(
    (event) =>
      (event.event === 'segment' || event.event === 'datagram') &&
      event.phase === 'sent' &&
      event.from === `${address}:${port}` &&
      event.bytes > 0,
  );
  const program = machine?.listeners.find(
    (listener) => listener.protocol === protocol && listener.port === port,
  )?.program;
  if (machine && program !== undefined && isAnswered) {
    return { kind: 'delivered', host: machine.name, program };
  }
  if (machine && failure?.error === 'ECONNREFUSED') return { kind: 'refused', host: machine.name };
  const seconds = failure?.error === 'EHOSTUNREACH' ? Math.round(failure.atMs / 1000) : null;
  return { kind: 'unanswered', seconds };
}
