/**
 * What lies around the machine: the other hosts of its world, their names and what answers there.
 * 10.0.0.10 and 10.0.0.11 are the course's two servers; the two endpoints on 10.0.1.x are what a
 * cloud machine's agents keep talking to; the router, through which the default route leads, answers DNS.
 */

import type { Scenario } from '../../network/scenario/scenario.ts';
import { isLoopbackAddress, plainAddress } from './address-texts.ts';
import type { ServerApp } from './processes.ts';

export interface Neighbour {
  readonly host: string;
  readonly address: string;
  /** Names that resolve to it; the first is the answer to a reverse look-up. A router has none. */
  readonly names: readonly string[];
  /** The same of IPv6, where it has an address of it. Each name has an address of one family alone. */
  readonly ipv6?: { readonly address: string; readonly names: readonly string[] };
  readonly os: string;
  readonly listens: readonly {
    readonly port: number;
    readonly app: ServerApp;
    readonly protocol?: 'tcp' | 'udp';
  }[];
}

export const neighbours: readonly Neighbour[] = [
  {
    host: 'web',
    address: '10.0.0.10',
    names: ['web.example', 'web', 'www.example'],
    ipv6: { address: 'fd00:a::10', names: ['web6.example', 'web6'] },
    os: 'linux',
    listens: [
      { port: 22, app: 'ssh' },
      { port: 80, app: 'http' },
      { port: 443, app: 'http' },
    ],
  },
  {
    host: 'web2',
    address: '10.0.0.11',
    names: ['web2.example', 'web2'],
    ipv6: { address: 'fd00:a::11', names: [] },
    os: 'linux',
    listens: [
      { port: 22, app: 'ssh' },
      { port: 80, app: 'http-closing' },
      { port: 443, app: 'http' },
    ],
  },
  {
    host: 'laptop',
    address: '10.0.0.20',
    names: ['laptop.example', 'laptop'],
    ipv6: { address: 'fd00:a::20', names: [] },
    os: 'linux',
    listens: [{ port: 22, app: 'ssh' }],
  },
  {
    host: 'ssm',
    address: '10.0.1.20',
    names: ['ssm.example'],
    os: 'linux',
    listens: [{ port: 443, app: 'silent' }],
  },
  {
    host: 'codedeploy',
    address: '10.0.1.21',
    names: ['codedeploy.example'],
    os: 'linux',
    listens: [{ port: 443, app: 'silent' }],
  },
  {
    host: 'router',
    address: '10.0.0.1',
    names: [],
    os: 'linux',
    listens: [
      { port: 53, app: 'dns', protocol: 'udp' },
      { port: 53, app: 'dns' },
    ],
  },
];

/** The name of the learner's machine in the world. */
export const machineHost = 'machine';

export interface MachineSpec {
  readonly seed: number;
  readonly address: string;
  readonly ipv6Address?: string | undefined;
  readonly hostName: string;
  /** The engine's OS profile. */
  readonly os: string;
}

export function worldScenario(machine: MachineSpec): Scenario {
  const { seed, address, ipv6Address, hostName, os } = machine;
  return {
    version: 1,
    seed,
    latencyMs: 1,
    hosts: [
      {
        name: machineHost,
        os,
        addresses: ipv6Address === undefined ? [address] : [address, ipv6Address],
        sysctl: { 'kernel.hostname': hostName },
        listen: [],
      },
      ...neighbours.map((neighbour) => ({
        name: neighbour.host,
        os: neighbour.os,
        addresses: [
          neighbour.address,
          ...(neighbour.ipv6 === undefined ? [] : [neighbour.ipv6.address]),
        ],
        sysctl: {},
        listen: neighbour.listens.map((listen) => ({
          protocol: listen.protocol ?? ('tcp' as const),
          port: listen.port,
          address: neighbour.ipv6 === undefined ? '0.0.0.0' : '::',
          responds: listen.app !== 'silent',
        })),
      })),
    ],
    actions: [],
  };
}

/** Who has an address, of either family. */
export function neighbourAt(address: string): Neighbour | undefined {
  const plain = plainAddress(address);
  return neighbours.find((one) => one.address === plain || one.ipv6?.address === plain);
}

/**
 * A socket of a neighbour's as the learner's machine would see its other end: the neighbour's own
 * loopback is the neighbour.
 */
export function asSeenFromHere<Socket extends { readonly remoteAddress: string }>(
  hostName: string,
  socket: Socket,
): Socket {
  const neighbour = neighbours.find((one) => one.host === hostName);
  return neighbour !== undefined && isLoopbackAddress(socket.remoteAddress)
    ? { ...socket, remoteAddress: neighbour.address }
    : socket;
}

/** What answers at an address and port outside the machine. */
export function neighbourApp(address: string, port: number): ServerApp | undefined {
  return neighbourAt(address)?.listens.find((listen) => listen.port === port)?.app;
}
