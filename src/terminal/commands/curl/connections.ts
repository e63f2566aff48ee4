/** The connections of one run of curl: what is left open is used again for the same host and port. */

import { waitUntil, type CommandContext } from '../command.ts';

export interface KeptConnection {
  readonly id: number;
  /** Its number in this run, counted from 0. */
  readonly number: number;
}

export class Connections {
  /** How many there have been; the next one's number. */
  count = 0;
  private readonly open = new Map<string, KeptConnection>();
  private readonly looked = new Set<string>();

  /** Whether a name was looked up before in this run. */
  knows(host: string): boolean {
    const isKnown = this.looked.has(host);
    this.looked.add(host);
    return isKnown;
  }

  keep(key: string, id: number, number: number): void {
    this.open.set(key, { id, number });
  }

  /** A connection that is still open at both ends. */
  take(context: CommandContext, key: string): KeptConnection | undefined {
    const kept = this.open.get(key);
    this.open.delete(key);
    return kept !== undefined && context.host.socket(kept.id)?.state === 'ESTABLISHED'
      ? kept
      : undefined;
  }

  /** At curl's end: it closes what is open, and then has the TIME-WAIT. */
  async closeAll(context: CommandContext): Promise<void> {
    const { host, machine } = context;
    for (const { id } of this.open.values()) if (host.socket(id) !== undefined) host.close(id);
    if (this.open.size === 0) return;
    const settled = machine.world.nowMs + 6;
    await waitUntil(context, () => machine.world.nowMs >= settled, 6);
  }
}
