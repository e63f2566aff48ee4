/**
 * The registry in the browser: looked up by number, searched by words. Search is a plain scan over
 * some seven thousand rows whose lower-cased text is made once: well below a frame.
 */

import { parsePortQuery } from './port-query.ts';
import type { PortQuery } from './port-query.ts';
import type { RegistryEntry, RegistryStatus, Transport } from './registry-entry.ts';

export interface PortSearch {
  readonly query: PortQuery;
  /** Best first; at most `limit`. */
  readonly entries: readonly RegistryEntry[];
  /** How many match in all. */
  readonly total: number;
}

/** Words of ours, in the learner's language, on the service that a port and transport are named for. */
export interface PortStory {
  readonly port: number;
  readonly transport: Transport;
  readonly text: string;
}

interface Row {
  readonly entry: RegistryEntry;
  readonly name: string;
  readonly text: string;
  readonly story: string;
  readonly order: number;
}

export class Registry {
  readonly entries: readonly RegistryEntry[];
  readonly #rows: readonly Row[];
  readonly #byPort = new Map<number, RegistryEntry[]>();

  /**
   * @param stories searched too, and what they find comes early. Each belongs to the row that gives
   *   its port and transport their primary name, not to others of the same number.
   */
  constructor(entries: readonly RegistryEntry[], stories: readonly PortStory[] = []) {
    this.entries = entries;
    for (const entry of entries) {
      for (let port = entry.low; port <= entry.high; port += 1) {
        const there = this.#byPort.get(port);
        if (there) there.push(entry);
        else this.#byPort.set(port, [entry]);
      }
    }
    const storyOf = new Map(
      stories.map(({ port, transport, text }) => [
        this.lookUp(port, transport)[0],
        text.toLowerCase(),
      ]),
    );
    this.#rows = entries.map((entry, order) => ({
      entry,
      name: entry.name.toLowerCase(),
      text: `${entry.name} ${entry.description}`.toLowerCase(),
      story: storyOf.get(entry) ?? '',
      order,
    }));
  }

  /** All rows of a port, primary name first; empty where the registry lists nothing. */
  lookUp(port: number, transport?: Transport): readonly RegistryEntry[] {
    const rows = this.#byPort.get(port) ?? [];
    return transport ? rows.filter((row) => row.transports.includes(transport)) : rows;
  }

  /** A port is assigned where any row says so, else reserved, else unassigned (listed or not). */
  status(port: number, transport?: Transport): RegistryStatus {
    const rows = this.lookUp(port, transport);
    if (rows.some((row) => row.status === 'assigned')) return 'assigned';
    return rows.some((row) => row.status === 'reserved') ? 'reserved' : 'unassigned';
  }

  /** How many numbers of an inclusive range are assigned to somebody. */
  countAssigned(low: number, high: number): number {
    let count = 0;
    for (let port = low; port <= high; port += 1) if (this.status(port) === 'assigned') count += 1;
    return count;
  }

  /**
   * @param text what was typed; empty finds nothing.
   * @param limit how many entries to return at most.
   */
  search(text: string, limit = 100): PortSearch {
    const query = parsePortQuery(text);
    const { words, transport, range, digits } = query;
    if (words.length === 0 && range === null && transport === null) {
      return { query, entries: [], total: 0 };
    }
    const found: { row: Row; rank: number }[] = [];
    for (const row of this.#rows) {
      const { entry } = row;
      if (transport && !entry.transports.includes(transport)) continue;
      const isInRange = range !== null && entry.low <= range[1] && entry.high >= range[0];
      const begins =
        !isInRange && digits !== null && words.length === 0 && String(entry.low).startsWith(digits);
      if (range !== null && !isInRange && !begins) continue;
      if (!words.every((word) => row.text.includes(word) || row.story.includes(word))) continue;
      found.push({ row, rank: rankOf(row, words, isInRange) });
    }
    found.sort((a, b) => a.rank - b.rank || a.row.order - b.row.order);
    return {
      query,
      entries: found.slice(0, limit).map(({ row }) => row.entry),
      total: found.length,
    };
  }
}

/** Smaller is better: the number itself, then the exact name, a name that begins so, any other. */
function rankOf(row: Row, words: readonly string[], isInRange: boolean): number {
  if (isInRange && words.length === 0) return 0;
  if (words.length === 0) return 4;
  if (words.includes(row.name)) return 1;
  if (words.some((word) => row.name.startsWith(word))) return 2;
  if (words.some((word) => row.story.includes(word))) return 2;
  return words.some((word) => row.name.includes(word)) ? 3 : 5;
}
