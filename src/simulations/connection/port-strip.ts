/**
 * A client's own range drawn wide: which of its numbers are in use (open), which wait in TIME-WAIT.
 * Few ports are marks with labels; thousands become columns as high as they are full.
 */

import type { ReplaySocket } from '../../network/replay.ts';
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
  readonly hasLabel: boolean;
}

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
const MOST_LABELS = 6;
const LABEL_BREADTH = 0.12;
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
  const labelled: number[] = [];
  const marks = [...newest]
    .sort((a, b) => b[1] - a[1])
    .map(([port]) => {
      const position = positionOfPort(scale, port) ?? 0;
      const hasLabel =
        labelled.length < MOST_LABELS &&
        labelled.every((other) => Math.abs(other - position) >= LABEL_BREADTH);
      if (hasLabel) labelled.push(position);
      return { port, position, isOpen: openPorts.has(port), hasLabel };
    });
  return { ...result, marks, openColumns: '', waitingColumns: '' };
}
