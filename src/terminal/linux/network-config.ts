/**
 * The machine's interfaces and routes, as a host that DHCP has set up has them: loopback, one
 * Ethernet interface, a default route. They are fixed; the engine knows addresses, not links.
 */

import { addressWords, formatAddress, parseAddress } from '../../network/addresses.ts';
import { linkLocalOf } from './address-texts.ts';

export interface Interface {
  readonly index: number;
  readonly name: string;
  readonly flags: string;
  readonly mtu: number;
  readonly qdisc: string;
  readonly state: string;
  readonly kind: 'loopback' | 'ether';
  readonly mac: string;
  readonly broadcastMac: string;
  readonly address: string;
  readonly prefix: number;
  /** Absent on loopback. */
  readonly broadcast?: string;
  readonly scope: 'host' | 'global';
  /** None where IPv6 is turned off. */
  readonly ipv6: readonly Ipv6Address[];
}

export interface Ipv6Address {
  readonly address: string;
  readonly prefix: number;
  readonly scope: 'host' | 'global' | 'link';
}

/** The addresses of a machine's one Ethernet interface. */
export interface OwnAddresses {
  readonly address: string;
  /** Absent where IPv6 is turned off. */
  readonly ipv6?: { readonly address?: string };
}

const hardwareAddress = '06:0a:00:00:00:02';

function ipv6Addresses({ ipv6 }: OwnAddresses, isLoopback: boolean): readonly Ipv6Address[] {
  if (ipv6 === undefined) return [];
  if (isLoopback) return [{ address: '::1', prefix: 128, scope: 'host' }];
  const own = ipv6.address;
  return [
    ...(own === undefined ? [] : [{ address: own, prefix: 64, scope: 'global' } as const]),
    { address: linkLocalOf(hardwareAddress), prefix: 64, scope: 'link' },
  ];
}

export interface Route {
  /** `default`, or a network with its prefix. */
  readonly destination: string;
  readonly network: string;
  readonly mask: string;
  readonly gateway: string | undefined;
  readonly device: string;
  readonly source: string | undefined;
}

export function interfacesOf(own: OwnAddresses): readonly Interface[] {
  const { address } = own;
  const network = networkOf(address);
  return [
    {
      index: 1,
      name: 'lo',
      flags: 'LOOPBACK,UP,LOWER_UP',
      mtu: 65_536,
      qdisc: 'noqueue',
      state: 'UNKNOWN',
      kind: 'loopback',
      mac: '00:00:00:00:00:00',
      broadcastMac: '00:00:00:00:00:00',
      address: '127.0.0.1',
      prefix: 8,
      scope: 'host',
      ipv6: ipv6Addresses(own, true),
    },
    {
      index: 2,
      name: 'eth0',
      flags: 'BROADCAST,MULTICAST,UP,LOWER_UP',
      mtu: 1500,
      qdisc: 'mq',
      state: 'UP',
      kind: 'ether',
      mac: hardwareAddress,
      broadcastMac: 'ff:ff:ff:ff:ff:ff',
      address,
      prefix: 24,
      broadcast: `${network}.255`,
      scope: 'global',
      ipv6: ipv6Addresses(own, false),
    },
  ];
}

export function routesOf(address: string): readonly Route[] {
  const network = networkOf(address);
  return [
    {
      destination: 'default',
      network: '0.0.0.0',
      mask: '0.0.0.0',
      gateway: `${network}.1`,
      device: 'eth0',
      source: undefined,
    },
    {
      destination: `${network}.0/24`,
      network: `${network}.0`,
      mask: '255.255.255.0',
      gateway: undefined,
      device: 'eth0',
      source: address,
    },
  ];
}

/** As `ip -6 route` prints them; the router has told of itself. */
export function ipv6RoutesOf({ ipv6 }: OwnAddresses): readonly Ipv6Route[] {
  if (ipv6 === undefined) return [];
  const kernel = 'proto kernel metric 256 pref medium';
  const own =
    ipv6.address === undefined
      ? []
      : [{ destination: `${ipv6NetworkOf(ipv6.address)}/64`, words: kernel }];
  const link = { destination: 'fe80::/64', words: kernel };
  if (own.length === 0) return [link];
  const router = { gateway: 'fe80::1', words: 'proto ra metric 1024 pref medium' };
  return [...own, link, { destination: 'default', ...router }];
}

export interface Ipv6Route {
  readonly destination: string;
  readonly gateway?: string;
  /** What follows the device. */
  readonly words: string;
}

/** Of a prefix of 64 bits. */
function ipv6NetworkOf(address: string): string {
  const words = addressWords(parseAddress(address) ?? 0).slice(0, 2);
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  const number = parseAddress(`${groups.map((group) => group.toString(16)).join(':')}::`);
  return number === undefined ? '::' : formatAddress(number);
}

function networkOf(address: string): string {
  return address.split('.').slice(0, 3).join('.');
}
