/**
 * The registry as it is built into the site: the package's rows, equal rows of several transports
 * folded into one, corrections applied. Build time and tests only; browsers get the compact form.
 */

import { TRANSPORTS, statusOf } from './registry-entry.ts';
import type { RegistryEntry, Transport } from './registry-entry.ts';
import type { RegistryCorrection } from './registry-corrections.ts';

/** The package's shape: `80/tcp` → [name, description]. */
export type PackageRows = Readonly<Record<string, readonly string[]>>;

/**
 * @returns entries sorted by number, primary names first.
 * @throws TypeError on a key that is not `port/transport`.
 */
export function buildRegistry(
  rows: PackageRows,
  corrections: readonly RegistryCorrection[],
): readonly RegistryEntry[] {
  const folded = new Map<
    string,
    { low: number; name: string; description: string; transports: Set<Transport> }
  >();
  for (const [key, [name = '', description = '']] of Object.entries(rows)) {
    const match = /^(\d+)\/(\w+)$/.exec(key);
    const transport = TRANSPORTS.find((one) => one === match?.[2]);
    const low = Number(match?.[1]);
    if (!match || !transport || low > 65535) throw new TypeError(`not port/transport: ${key}`);
    const gone = corrections.some(
      (one) => one.place === 'instead' && one.low === low && one.transports.includes(transport),
    );
    if (gone) continue;
    const cleanDescription = description.replaceAll(/\s+/g, ' ').trim();
    const rowKey = `${low}\t${name}\t${cleanDescription}`;
    const row = folded.get(rowKey) ?? {
      low,
      name,
      description: cleanDescription,
      transports: new Set(),
    };
    row.transports.add(transport);
    folded.set(rowKey, row);
  }
  const fromPackage = [...folded.values()].map((row) => entry({ ...row, high: row.low, place: 1 }));
  const corrected = corrections.map((one) =>
    entry({ ...one, place: one.place === 'beside' ? 2 : 0 }),
  );
  return [...fromPackage, ...corrected]
    .sort((a, b) => a.entry.low - b.entry.low || a.place - b.place)
    .map((row) => row.entry);
}

function entry(row: {
  low: number;
  high: number;
  transports: Iterable<Transport>;
  name: string;
  description: string;
  place: number;
}): { entry: RegistryEntry; place: number } {
  const transports = new Set(row.transports);
  return {
    place: row.place,
    entry: {
      low: row.low,
      high: row.high,
      transports: TRANSPORTS.filter((one) => transports.has(one)),
      name: row.name,
      description: row.description,
      status: statusOf(row.name, row.description),
    },
  };
}
