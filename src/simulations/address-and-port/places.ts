/** Where an envelope may end, as a word: `web.tcp.80` is a door, `web.refused` none of its doors. */

import type { Protocol } from '../../network/protocol.ts';

export type Outcome =
  | { readonly kind: 'delivered'; readonly host: string; readonly program: string }
  | { readonly kind: 'refused'; readonly host: string }
  /** `seconds`: when the sender learns that nobody has the address; null for UDP, which never does. */
  | { readonly kind: 'unanswered'; readonly seconds: number | null };

/** No machine has the address. */
export const nowhere = 'unanswered';

export function doorOf(host: string, protocol: Protocol, port: number): string {
  return `${host}.${protocol}.${port}`;
}

export function refusalOf(host: string): string {
  return `${host}.refused`;
}

/** Where an envelope to this transport and port ended. */
export function placeOf(outcome: Outcome, protocol: Protocol, port: number): string {
  if (outcome.kind === 'unanswered') return nowhere;
  return outcome.kind === 'refused'
    ? refusalOf(outcome.host)
    : doorOf(outcome.host, protocol, port);
}
