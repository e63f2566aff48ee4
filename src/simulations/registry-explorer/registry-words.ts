/** What the explorer needs from the page: its words, and facts that are known at build time. */

import type { Messages } from '../../i18n/messages.ts';
import type { Transport } from '../../services/registry-entry.ts';

export type ExplorerWords = Messages['ports'];

export interface FamousPort {
  readonly port: number;
  readonly transport: Transport;
  readonly name: string;
  readonly purpose: string;
  readonly sibling: number | null;
  /** Where the words are of another language than the page's. */
  readonly lang?: string | undefined;
}
