/**
 * What speaks for and against a number for a service, pure: the ranges, the registry, the system's
 * automatic range, the listeners of the server and the browsers' list, each as a finding.
 */

import type { SystemRange } from '../../network/os-profiles/system-ranges.ts';
import { rangeOf } from '../../network/port-ranges.ts';
import type { Registry } from '../../services/registry.ts';

export type Level = 'bad' | 'care' | 'good' | 'note';

export interface Finding {
  readonly kind:
    | 'listening'
    | 'free'
    | 'wellKnown'
    | 'assigned'
    | 'assignedBare'
    | 'reserved'
    | 'unassigned'
    | 'dynamic'
    | 'inRange'
    | 'outOfRange'
    | 'privileged'
    | 'unprivileged'
    | 'anyone'
    | 'browser'
    | 'guessable';
  readonly level: Level;
  readonly values: Readonly<Record<string, string | number>>;
}

export interface PlannedServer {
  readonly system: SystemRange;
  /** What listens already, by port. */
  readonly listening: ReadonlyMap<number, string>;
  /** The first port that needs no privilege; 0 where none does. */
  readonly firstUnprivileged: number;
}

/** Ports that browsers refuse to open: WHATWG Fetch, "port blocking". */
const browserBlockedPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
  103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
  512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
  995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
  6669, 6679, 6697, 10080,
]);

/**
 * @param port 1–65535.
 * @param registry null while it is not loaded: its findings are left out.
 * @returns what speaks against it first, then what asks for care, then the rest.
 */
export function findingsFor(
  port: number,
  server: PlannedServer,
  registry: Registry | null,
): readonly Finding[] {
  const { system, listening, firstUnprivileged } = server;
  const findings: Finding[] = [];
  const add = (kind: Finding['kind'], level: Level, values: Finding['values'] = {}): void => {
    findings.push({ kind, level, values });
  };
  const program = listening.get(port);
  const range = rangeOf(port);

  if (program === undefined) add('free', 'good', { port });
  else add('listening', 'bad', { port, program });

  if (range === 'well-known') add('wellKnown', 'bad');
  if (range === 'ephemeral') add('dynamic', 'bad');
  else if (registry) addRegistry(port, registry, add);

  const { low, high, name } = system;
  if (port >= low && port <= high) add('inRange', 'bad', { port, low, high, system: name });
  else add('outOfRange', 'good', { port, low, high, system: name });

  if (firstUnprivileged > 0) {
    if (port < firstUnprivileged) add('privileged', 'note', { limit: firstUnprivileged });
    else add('unprivileged', 'care');
  } else if (range === 'well-known') add('anyone', 'note', { system: name });
  if (String(port).endsWith('22') && port !== 22) add('guessable', 'note');
  if (browserBlockedPorts.has(port)) add('browser', 'note');

  const order: readonly Level[] = ['bad', 'care', 'good', 'note'];
  return findings.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

function addRegistry(
  port: number,
  registry: Registry,
  add: (kind: Finding['kind'], level: Level, values?: Finding['values']) => void,
): void {
  const row = registry.lookUp(port, 'tcp').find(({ name }) => name !== '');
  if (row) {
    const { name, description } = row;
    if (description) add('assigned', 'bad', { name, description });
    else add('assignedBare', 'bad', { name });
  } else if (registry.status(port, 'tcp') === 'reserved') add('reserved', 'bad');
  else add('unassigned', 'good');
}

/** The verdict as a whole: any finding against it outweighs all others. */
export function verdictOf(findings: readonly Finding[]): 'good' | 'care' | 'bad' {
  if (findings.some(({ level }) => level === 'bad')) return 'bad';
  return findings.some(({ level }) => level === 'care') ? 'care' : 'good';
}
