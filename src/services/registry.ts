/**
 * The registry in the browser: looked up by number, searched by words. Search is a plain scan over
 * some seven thousand rows whose lower-cased text is made once, when it is first asked for: well below
 * a frame. The rows are sorted by their first port, so a page that only shows some finds them without an
 * index of all.
 */

import { highestPort, isPort } from '../network/port-ranges.ts';
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

interface SearchedRow {
  readonly entry: RegistryEntry;
  readonly name: string;
  readonly text: string;
  readonly story: string;
  readonly order: number;
}

const PORTS = highestPort + 1;

/** What any row of a port says counts for more, the later it is in this list. */
export const STATUSES: readonly RegistryStatus[] = ['unassigned', 'reserved', 'assigned'];

export class Registry {
  readonly entries: readonly RegistryEntry[];
  readonly #stories: readonly PortStory[];
  /** The few rows of several ports. */
  readonly #wide: readonly RegistryEntry[];
  /** By port, a place in `STATUSES`. */
  readonly statuses = new Uint8Array(PORTS);
  #texts: readonly SearchedRow[] | null = null;

  /**
   * @param entries sorted by `low`; those of one port with its primary name first
   * @param stories searched too, and what they find comes early. Each belongs to the row that gives
   *   its port and transport their primary name, not to others of the same number.
   */
  constructor(entries: readonly RegistryEntry[], stories: readonly PortStory[] = []) {
    this.entries = entries;
    this.#stories = stories;
    const wide: RegistryEntry[] = [];
    for (const entry of entries) {
      const { low, high, status } = entry;
      if (low !== high) wide.push(entry);
      const rank = STATUSES.indexOf(status);
      for (let port = low; port <= high; port += 1)
        if (rank > (this.statuses[port] ?? 0)) this.statuses[port] = rank;
    }
    this.#wide = wide;
  }

  /** All rows of a port, primary name first; empty where the registry lists nothing. */
  lookUp(port: number, transport?: Transport): readonly RegistryEntry[] {
    if (!isPort(port)) return [];
    const rows = [
      ...this.#wide.filter(({ low, high }) => low < port && port <= high),
      ...this.entries.slice(this.#firstFrom(port), this.#firstFrom(port + 1)),
    ];
    return transport ? rows.filter((row) => row.transports.includes(transport)) : rows;
  }

  /** The place of the first row that begins at this port or a higher one. */
  #firstFrom(port: number): number {
    let [from, to] = [0, this.entries.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.entries[middle]?.low ?? 0) < port) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** A port is assigned where any row says so, else reserved, else unassigned (listed or not). */
  status(port: number, transport?: Transport): RegistryStatus {
    if (!transport) return STATUSES[this.statuses[port] ?? 0] ?? 'unassigned';
    const rows = this.lookUp(port, transport);
    if (rows.some((row) => row.status === 'assigned')) return 'assigned';
    return rows.some((row) => row.status === 'reserved') ? 'reserved' : 'unassigned';
  }

  /** How many numbers of an inclusive range are assigned to somebody. */
  countAssigned(low: number, high: number): number {
    const assigned = STATUSES.indexOf('assigned');
    let count = 0;
    for (const status of this.statuses.subarray(Math.max(low, 0), Math.max(high + 1, 0)))
      if (status === assigned) count += 1;
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
    const found: { row: SearchedRow; rank: number }[] = [];
    for (const row of this.#searched()) {
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

  /** Does what the first search would have to do before it begins. */
  prepareSearch(): void {
    this.#searched();
  }

  /** All rows as they are searched. */
  #searched(): readonly SearchedRow[] {
    if (this.#texts !== null) return this.#texts;
    const storyOf = new Map(
      this.#stories.map(({ port, transport, text }) => [
        this.lookUp(port, transport)[0],
        text.toLowerCase(),
      ]),
    );
    this.#texts = this.entries.map((entry, order) => ({
      entry,
      name: entry.name.toLowerCase(),
      text: `${entry.name} ${entry.description}`.toLowerCase(),
      story: storyOf.get(entry) ?? '',
      order,
    }));
    return this.#texts;
  }
}

/** Smaller is better: the number itself, then the exact name, a name that begins so, any other. */
function rankOf(row: SearchedRow, words: readonly string[], isInRange: boolean): number {
  if (isInRange && words.length === 0) return 0;
  if (words.length === 0) return 4;
  if (words.includes(row.name)) return 1;
  if (words.some((word) => row.name.startsWith(word))) return 2;
  if (words.some((word) => row.story.includes(word))) return 2;
  return words.some((word) => row.name.includes(word)) ? 3 : 5;
}
