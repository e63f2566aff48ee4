/** firewalld and its command, in one: loaded where a machine that has it starts or asks it. */

export { Firewalld } from '../firewall/firewalld.ts';
export { chainListing, tableText } from '../firewall/firewalld-table.ts';
export { runFirewallCmd } from './firewall-cmd/call.ts';
