/** What a packet filter does with a stranger's packets. */

import type { FilterSpec } from '../../network/kernel/filter-rule.ts';
import { Firewall } from '../../network/kernel/firewall.ts';
import { ACK, Packet, SYN } from '../../network/kernel/packet.ts';
import { parseAddress } from '../../network/addresses.ts';

/** RFC 5737: an address that nobody has. */
const strangersAddress = '203.0.113.77';
const strangersPort = 50_000;

/** A TCP packet that comes in. */
export interface Incoming {
  readonly port: number;
  /** The machine's own address, which the packet is for. */
  readonly to: string;
  /** It asks for a `new` connection (so by default), or is of one that is `established` already. */
  readonly state?: 'new' | 'established';
  /** The other side's address; a stranger's where absent. */
  readonly from?: string;
}

/** Whether such a packet may come in; without a filter, any may. */
export function letsIn(firewall: FilterSpec | null, incoming: Incoming): boolean {
  const { port, to, state = 'new', from = strangersAddress } = incoming;
  if (firewall === null) return true;
  const isOpen = state === 'established';
  const packet = new Packet('segment');
  packet.sourceAddress = parseAddress(from) ?? 0;
  packet.sourcePort = strangersPort;
  packet.destinationAddress = parseAddress(to) ?? 0;
  packet.destinationPort = port;
  packet.flags = isOpen ? ACK : SYN;
  return new Firewall(firewall, null).decide('in', packet, 0, isOpen, 0).action === 'accept';
}
