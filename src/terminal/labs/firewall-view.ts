/** What a packet filter does with a stranger's packets. */

import type { FilterSpec } from '../../network/kernel/filter-rule.ts';
import { Firewall } from '../../network/kernel/firewall.ts';
import { ACK, Packet, SYN } from '../../network/kernel/packet.ts';
import { parseAddress } from '../../network/addresses.ts';

/** RFC 5737: an address that nobody has. */
const strangersAddress = '203.0.113.77';
const strangersPort = 50_000;

/**
 * Whether a TCP packet may come in to the port: one that asks for a `new` connection, or one of a
 * connection that is `established` already.
 * @param from the other side's address; a stranger's where absent.
 */
export function letsIn(
  firewall: FilterSpec | null,
  port: number,
  state: 'new' | 'established' = 'new',
  from = strangersAddress,
): boolean {
  if (firewall === null) return true;
  const isOpen = state === 'established';
  const packet = new Packet('segment');
  packet.sourceAddress = parseAddress(from) ?? 0;
  packet.sourcePort = strangersPort;
  packet.destinationPort = port;
  packet.flags = isOpen ? ACK : SYN;
  return new Firewall(firewall, null).decide('in', packet, 0, isOpen, 0).action === 'accept';
}
