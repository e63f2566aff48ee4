/** Where an envelope may end, as a word: `web.tcp.80` is a listener, `web.refused` its machine's refusal. */

import type { Protocol } from '../../network/protocol.ts';

export type Outcome =
  | { readonly kind: 'delivered'; readonly host: string; readonly program: string }
  | { readonly kind: 'refused'; readonly host: string }
  /** `seconds`: when the sender learns that nobody has the address; null for UDP, which never does. */
  | { readonly kind: 'unanswered'; readonly seconds: number | null };

/** No machine has the address. */
export const nowhere = 'unanswered';

export function portDestination(host: string, protocol: Protocol, port: number): string {
  return `${host}.${protocol}.${port}`;
}

export function refusalDestination(host: string): string {
  return `${host}.refused`;
}

/** Where an envelope to this transport and port ended. */
export function destinationOf(outcome: Outcome, protocol: Protocol, port: number): string {
  if (outcome.kind === 'unanswered') return nowhere;
  return outcome.kind === 'refused'
    ? refusalDestination(outcome.host)
    : portDestination(outcome.host, protocol, port);
}
