/** RFC 9293 figure 5 as rows and columns of a grid: where each state is, and the ways between them. */

import type { TcpState } from '../../network/trace/trace.ts';

/** CLOSED is there twice: before a connection and after it. */
export type Cell = TcpState | 'GONE';

/** Column and row, from 1. */
export const cells: readonly (readonly [cell: Cell, column: number, row: number])[] = [
  ['CLOSED', 2, 1],
  ['LISTEN', 1, 2],
  ['SYN-SENT', 3, 2],
  ['SYN-RECEIVED', 1, 3],
  ['ESTABLISHED', 2, 4],
  ['FIN-WAIT-1', 1, 5],
  ['CLOSE-WAIT', 3, 5],
  ['FIN-WAIT-2', 1, 6],
  ['CLOSING', 2, 6],
  ['LAST-ACK', 3, 6],
  ['TIME-WAIT', 2, 7],
  ['GONE', 3, 8],
];

export const COLUMNS = 3;
export const ROWS = 8;

/** The ways drawn; a reset leads from anywhere to the end and is not. */
export const ways: readonly string[] = [
  'CLOSED>LISTEN',
  'CLOSED>SYN-SENT',
  'LISTEN>SYN-RECEIVED',
  'SYN-SENT>SYN-RECEIVED',
  'SYN-SENT>ESTABLISHED',
  'SYN-RECEIVED>ESTABLISHED',
  'ESTABLISHED>FIN-WAIT-1',
  'ESTABLISHED>CLOSE-WAIT',
  'FIN-WAIT-1>FIN-WAIT-2',
  'FIN-WAIT-1>CLOSING',
  'FIN-WAIT-2>TIME-WAIT',
  'CLOSING>TIME-WAIT',
  'CLOSE-WAIT>LAST-ACK',
  'LAST-ACK>CLOSED',
  'TIME-WAIT>CLOSED',
];

const at = new Map(cells.map(([cell, column, row]) => [cell, [column, row] as const]));

/** Both ends of a way, in units of one cell. */
export function lineOf(way: string): readonly [x1: number, y1: number, x2: number, y2: number] {
  const [from = '', to = ''] = way.split('>');
  const [c1, r1] = at.get(from as Cell) ?? [0, 0];
  const [c2, r2] = at.get((to === 'CLOSED' ? 'GONE' : to) as Cell) ?? [0, 0];
  return [c1 - 0.5, r1 - 0.5, c2 - 0.5, r2 - 0.5];
}

/** Where an end is to be shown: CLOSED after something has happened to it is the end. */
export function cellOf(state: TcpState, waysTaken: readonly string[]): Cell {
  return state === 'CLOSED' && waysTaken.length > 0 ? 'GONE' : state;
}
