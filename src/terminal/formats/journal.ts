/** Lines of the journal, as `journalctl` and `systemctl status` print them. */

import type { ServiceSpec } from '../linux/distribution.ts';
import type { JournalEntry } from '../linux/services.ts';

/** What a line says of the machine it comes from. */
export interface JournalMachine {
  readonly epochNowMs: number;
  readonly world: { readonly nowMs: number };
  hostName(): string;
}

export type JournalForm = 'short' | 'short-iso' | 'short-precise' | 'cat';

/** The moment on the machine's calendar. */
export function dateOf(machine: JournalMachine, atMs: number): Date {
  return new Date(machine.epochNowMs - machine.world.nowMs + atMs);
}

export function journalLine(
  machine: JournalMachine,
  spec: ServiceSpec,
  entry: JournalEntry,
  form: JournalForm = 'short',
): string {
  if (form === 'cat') return entry.text;
  const iso = dateOf(machine, entry.atMs).toISOString();
  const month = dateOf(machine, entry.atMs).toUTCString().slice(8, 11);
  const fraction = form === 'short-precise' ? `.${iso.slice(20, 23)}000` : '';
  const stamp =
    form === 'short-iso'
      ? `${iso.slice(0, 19)}+0000`
      : `${month} ${iso.slice(8, 10)} ${iso.slice(11, 19)}${fraction}`;
  const speaker = entry.pid === 1 ? 'systemd' : spec.command;
  const pid = entry.pid === undefined ? '' : `[${entry.pid}]`;
  return `${stamp} ${machine.hostName()} ${speaker}${pid}: ${entry.text}`;
}
