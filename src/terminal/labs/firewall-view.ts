/** What a packet filter does with a stranger's packets. */

import { isPortMatch } from '../../network/scenario/port-match.ts';
import type { FirewallSpec } from '../../network/scenario/scenario.ts';

/**
 * Whether a TCP packet from anywhere may come in to the port: one that asks for a `new` connection,
 * or one of a connection that is `established` already.
 */
export function letsIn(
  firewall: FirewallSpec | null,
  port: number,
  state: 'new' | 'established' = 'new',
): boolean {
  if (firewall === null) return true;
  for (const rule of firewall.rules) {
    if (rule.chain !== 'in' || (rule.state ?? state) !== state) continue;
    if (rule.protocol !== undefined && rule.protocol !== 'tcp') continue;
    if (rule.remote !== undefined || rule.remotePort !== undefined) continue;
    const { localPort } = rule;
    if (localPort !== undefined && isPortMatch(localPort)) {
      const [low = 0, high = low] = String(localPort).split('-').map(Number);
      if (port < low || port > high) continue;
    }
    return rule.action === 'accept';
  }
  return firewall.policyIn === 'accept';
}
