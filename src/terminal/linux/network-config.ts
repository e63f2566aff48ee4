/**
 * The machine's interfaces and routes, as a host that DHCP has set up has them: loopback, one
 * Ethernet interface, a default route. They are fixed; the engine knows addresses, not links.
 */

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

export function interfacesOf(address: string): readonly Interface[] {
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
    },
    {
      index: 2,
      name: 'eth0',
      flags: 'BROADCAST,MULTICAST,UP,LOWER_UP',
      mtu: 1500,
      qdisc: 'mq',
      state: 'UP',
      kind: 'ether',
      mac: '06:0a:00:00:00:02',
      broadcastMac: 'ff:ff:ff:ff:ff:ff',
      address,
      prefix: 24,
      broadcast: `${network}.255`,
      scope: 'global',
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

function networkOf(address: string): string {
  return address.split('.').slice(0, 3).join('.');
}
