/** A row of the table of eighteen, as a page shows it. */

import type { Transport } from '../../services/registry-entry.ts';

export interface ServiceRow {
  readonly port: number;
  readonly transport: Transport;
  readonly name: string;
  readonly purpose: string;
  /** Where the same service is met encrypted from the first byte. */
  readonly sibling: number | null;
  readonly isByHeart: boolean;
  /** Where the words are of another language than the page's. */
  readonly lang?: string | undefined;
}

/** Services that are encrypted from the first byte themselves (RFC 8314 for mail). */
export const encryptedPorts: ReadonlySet<number> = new Set([22, 443, 465, 993, 995]);
