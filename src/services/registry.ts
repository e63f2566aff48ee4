/**
 * The registry in the browser: looked up by number, searched by words. Search is a plain scan over
 * some seven thousand rows whose lower-cased text is made once, when it is first asked for: well below
 * a frame. The rows of all numbers lie in one array, port after port, so that a page that only shows
 * them does not wait for thousands of small lists.
 */

import { highestPort } from '../network/port-ranges.ts';
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
const STATUSES: readonly RegistryStatus[] = ['unassigned', 'reserved', 'assigned'];

export class Registry {
  readonly entries: readonly RegistryEntry[];
  readonly #stories: readonly PortStory[];
  /** Places in `entries`, port after port, in their order. */
  readonly #rowsOfPorts: Uint16Array;
  /** Where the rows of a port begin in it; they end where the next port's begin. */
  readonly #begin = new Uint32Array(PORTS + 1);
  /** By port, a place in `STATUSES`. */
  readonly #status = new Uint8Array(PORTS);
  /** How many ports below this one are assigned. */
  readonly #assignedBelow = new Uint32Array(PORTS + 1);
  #texts: readonly SearchedRow[] | null = null;

  /**
   * @param stories searched too, and what they find comes early. Each belongs to the row that gives
   *   its port and transport their primary name, not to others of the same number.
   */
  constructor(entries: readonly RegistryEntry[], stories: readonly PortStory[] = []) {
    this.entries = entries;
    this.#stories = stories;
    const begin = this.#begin;
    for (const { low, high, status } of entries) {
      const rank = STATUSES.indexOf(status);
      for (let port = low; port <= high; port += 1) {
        // So far the rows of each port, one place later: below they are added up.
        begin[port + 1] = (begin[port + 1] ?? 0) + 1;
        if (rank > (this.#status[port] ?? 0)) this.#status[port] = rank;
      }
    }
    for (let port = 0; port < PORTS; port += 1) {
      begin[port + 1] = (begin[port + 1] ?? 0) + (begin[port] ?? 0);
      const isAssigned = this.#status[port] === STATUSES.indexOf('assigned');
      this.#assignedBelow[port + 1] = (this.#assignedBelow[port] ?? 0) + (isAssigned ? 1 : 0);
    }
    this.#rowsOfPorts = new Uint16Array(begin[PORTS] ?? 0);
    const next = begin.slice(0, PORTS);
    for (const [row, { low, high }] of entries.entries()) {
      for (let port = low; port <= high; port += 1) {
        const place = next[port] ?? 0;
        this.#rowsOfPorts[place] = row;
        next[port] = place + 1;
      }
    }
  }

  /** All rows of a port, primary name first; empty where the registry lists nothing. */
  lookUp(port: number, transport?: Transport): readonly RegistryEntry[] {
    const rows = Array.from(
      this.#rowsOfPorts.subarray(this.#begin[port] ?? 0, this.#begin[port + 1] ?? 0),
      (row) => this.entries[row],
    ).filter((row) => row !== undefined);
    return transport ? rows.filter((row) => row.transports.includes(transport)) : rows;
  }

  /** A port is assigned where any row says so, else reserved, else unassigned (listed or not). */
  status(port: number, transport?: Transport): RegistryStatus {
    if (!transport) return STATUSES[this.#status[port] ?? 0] ?? 'unassigned';
    const rows = this.lookUp(port, transport);
    if (rows.some((row) => row.status === 'assigned')) return 'assigned';
    return rows.some((row) => row.status === 'reserved') ? 'reserved' : 'unassigned';
  }

  /** How many numbers of an inclusive range are assigned to somebody. */
  countAssigned(low: number, high: number): number {
    const below = (port: number): number =>
      this.#assignedBelow[Math.min(Math.max(port, 0), PORTS)] ?? 0;
    return below(high + 1) - below(low);
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
