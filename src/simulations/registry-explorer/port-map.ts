/**
 * The picture of all 65,536 ports: one cell a port, row after row. 512 columns give the well-known
 * ports the first two rows exactly.
 */

import { portRanges } from '../../network/port-ranges.ts';
import type { PortRange } from '../../network/port-ranges.ts';
import type { RegistryStatus } from '../../services/registry-entry.ts';
import { type Registry, STATUSES } from '../../services/registry.ts';

export const MAP_COLUMNS = 512;
export const MAP_ROWS = 128;

export function cellOf(port: number): { readonly x: number; readonly y: number } {
  return { x: port % MAP_COLUMNS, y: Math.floor(port / MAP_COLUMNS) };
}

/**
 * @param x,y a place in the picture, each 0–1; outside is pulled in.
 * @returns the port there.
 */
export function portAt(x: number, y: number): number {
  const column = Math.min(MAP_COLUMNS - 1, Math.max(0, Math.floor(x * MAP_COLUMNS)));
  const row = Math.min(MAP_ROWS - 1, Math.max(0, Math.floor(y * MAP_ROWS)));
  return row * MAP_COLUMNS + column;
}

/** The keys that walk the picture, and how far each goes. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -MAP_COLUMNS,
  ArrowDown: MAP_COLUMNS,
};

/** Where each range begins: Page keys jump between them. */
const LANDMARKS = [0, 1024, 49152, 65535];

/** @returns the port a key leads to from `port`, or null where the key means nothing here. */
export function portAfterKey(port: number, key: string): number | null {
  const step = STEPS[key];
  if (step !== undefined) {
    const next = port + step;
    return next >= 0 && next <= 65535 ? next : port;
  }
  if (key === 'Home') return 0;
  if (key === 'End') return 65535;
  if (key === 'PageDown') return LANDMARKS.find((mark) => mark > port) ?? 65535;
  if (key === 'PageUp') return LANDMARKS.findLast((mark) => mark < port) ?? 0;
  return null;
}

/** A colour for what a cell can show, as one number: the four bytes of a pixel. */
export type CellColours = Readonly<Record<PortRange, Readonly<Record<RegistryStatus, number>>>>;

/** @returns the pixels of all cells, row after row. */
export function paintCells(registry: Registry, colours: CellColours): Uint32Array<ArrayBuffer> {
  const pixels = new Uint32Array(MAP_COLUMNS * MAP_ROWS);
  for (const { range, low, high } of portRanges) {
    const colourOf = Uint32Array.from(STATUSES, (status) => colours[range][status]);
    for (let port = low; port <= high; port += 1)
      pixels[port] = colourOf[registry.statuses[port] ?? 0] ?? 0;
  }
  return pixels;
}
