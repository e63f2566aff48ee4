/** firewall-cmd (firewalld 1.3.3), on the machines that have it. */

import type { Command } from '../command.ts';

export const firewallCmd: Command = {
  name: 'firewall-cmd',
  async run(context) {
    const { runFirewallCmd } = await import('../firewalld-on-demand.ts');
    return runFirewallCmd(context);
  },
};
