/** What a packet filter does with a stranger's first packet. */

import { isPortMatch } from '../../network/kernel/firewall.ts';
import type { FirewallSpec } from '../../network/scenario/scenario.ts';

/** Whether a new TCP connection from anywhere may come in to the port. */
export function letsIn(firewall: FirewallSpec | null, port: number): boolean {
  if (firewall === null) return true;
  for (const rule of firewall.rules) {
    if (rule.chain !== 'in' || rule.state === 'established') continue;
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
