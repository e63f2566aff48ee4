/**
 * A client's own range drawn wide: which of its numbers are in use (open), which wait in TIME-WAIT.
 * Few ports are marks with labels; thousands become columns as high as they are full.
 */

import type { ReplaySocket } from '../../network/trace/replay.ts';
import {
  densityOfPorts,
  positionOfPort,
  scaleTrue,
} from '../../simulation-kit/number-line-geometry.ts';

export interface StripMark {
  readonly port: number;
  /** 0–1 */
  readonly position: number;
  readonly isOpen: boolean;
  /** The line of labels that its number is on, 0 the nearest; null: no room. */
  readonly labelled: Readonly<Record<StripWidth, number | null>>;
}

/** How wide the strip is drawn: on a phone, or in a column of text and wider. */
export type StripWidth = 'narrow' | 'wide';

export interface PortStrip {
  readonly marks: readonly StripMark[];
  /** Instead of marks when there are many: SVG paths in 1000 × 100 units, upright from the base. */
  readonly openColumns: string;
  readonly waitingColumns: string;
  /** Distinct ports. */
  readonly open: number;
  readonly waiting: number;
}

const MOST_MARKS = 60;
/** Of the strip's width: five digits and a little room beside them. */
const LABEL_BREADTH: Readonly<Record<StripWidth, number>> = { narrow: 0.17, wide: 0.075 };
const LABEL_LINES = 2;
const COLUMNS = 250;

function columns(counts: Uint32Array, below: Uint32Array | null, full: number): string {
  let path = '';
  const width = 1000 / COLUMNS;
  for (let column = 0; column < COLUMNS; column += 1) {
    const count = counts[column] ?? 0;
    if (count === 0) continue;
    const base = 100 - (100 * (below?.[column] ?? 0)) / full;
    const height = Math.max((100 * count) / full, 6);
    path += `M${String(column * width)} ${base.toFixed(1)}v${(-height).toFixed(1)}h${String(width)}v${height.toFixed(1)}z`;
  }
  return path;
}

/** Gives each place, in this order, the first line with room for its label. */
function linesFor(positions: readonly number[], breadth: number): (number | null)[] {
  const lines: number[][] = Array.from({ length: LABEL_LINES }, () => []);
  return positions.map((position) => {
    const line = lines.findIndex((taken) =>
      taken.every((other) => Math.abs(other - position) >= breadth),
    );
    lines[line]?.push(position);
    return line < 0 ? null : line;
  });
}

/** The strip of one client at a moment. `sockets` in the order they came to be. */
export function stripOf(sockets: readonly ReplaySocket[], low: number, high: number): PortStrip {
  const scale = scaleTrue(low, high);
  const openPorts = new Set<number>();
  const waitingPorts = new Set<number>();
  const newest = new Map<number, number>();
  for (const socket of sockets) {
    if (socket.localPort < low || socket.localPort > high || socket.state === 'CLOSED') continue;
    (socket.state === 'TIME-WAIT' ? waitingPorts : openPorts).add(socket.localPort);
    newest.set(socket.localPort, socket.id);
  }
  for (const port of openPorts) waitingPorts.delete(port);
  const count = openPorts.size + waitingPorts.size;
  const result = { open: openPorts.size, waiting: waitingPorts.size };
  if (count > MOST_MARKS) {
    const open = densityOfPorts(scale, openPorts, COLUMNS);
    const waiting = densityOfPorts(scale, waitingPorts, COLUMNS);
    let full = 4;
    for (let column = 0; column < COLUMNS; column += 1) {
      full = Math.max(full, (open[column] ?? 0) + (waiting[column] ?? 0));
    }
    return {
      ...result,
      marks: [],
      openColumns: columns(open, null, full),
      waitingColumns: columns(waiting, open, full),
    };
  }
  const ports = [...newest].sort((a, b) => b[1] - a[1]).map(([port]) => port);
  const positions = ports.map((port) => positionOfPort(scale, port) ?? 0);
  const narrow = linesFor(positions, LABEL_BREADTH.narrow);
  const wide = linesFor(positions, LABEL_BREADTH.wide);
  const marks = ports.map((port, index) => ({
    port,
    position: positions[index] ?? 0,
    isOpen: openPorts.has(port),
    labelled: { narrow: narrow[index] ?? null, wide: wide[index] ?? null },
  }));
  return { ...result, marks, openColumns: '', waitingColumns: '' };
}
