/** What is kept of a simulated machine. */

import type { LinuxHostSnapshot } from './linux/linux-host.ts';
import type { ShellSnapshot } from './shell/shell.ts';

export interface SimulatedSnapshot {
  readonly kind: 'simulated-linux';
  readonly version: 2;
  readonly distribution: string;
  readonly seed: number;
  readonly host: LinuxHostSnapshot;
  readonly shell: ShellSnapshot;
}

/** The command lines that a snapshot remembers. */
export function linesOf(snapshot: unknown): readonly string[] {
  return isSnapshot(snapshot) ? snapshot.shell.history : [];
}

export function isSnapshot(value: unknown): value is SimulatedSnapshot {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, version, distribution, seed, host, shell } = value as Record<string, unknown>;
  return (
    kind === 'simulated-linux' &&
    version === 2 &&
    typeof distribution === 'string' &&
    typeof seed === 'number' &&
    typeof host === 'object' &&
    host !== null &&
    isShell(shell)
  );
}

function isShell(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { levels, history } = value as Record<string, unknown>;
  return (
    Array.isArray(levels) &&
    Array.isArray(history) &&
    history.every((line) => typeof line === 'string')
  );
}
