/** Why a choice is right or wrong, as codes; compares the packet's numbers with the socket's. */

import type { Arrival, ServerSocket } from './arrivals.ts';

export type Truth = 'connection' | 'listener' | 'datagram' | 'nobodyTcp' | 'nobodyUdp';
export type Mistake = 'protocol' | 'localPort' | 'peer' | 'listener' | 'nobody';

/** What the right answer is an example of. */
export function truthOf(arrival: Arrival): Truth {
  const receiver = arrival.sockets.find(({ id }) => id === arrival.receiver);
  if (!receiver) return arrival.protocol === 'tcp' ? 'nobodyTcp' : 'nobodyUdp';
  if (receiver.protocol === 'udp') return 'datagram';
  return receiver.state === 'LISTEN' ? 'listener' : 'connection';
}

/** @returns null where the choice is right; `chosen` null means nobody. */
export function mistakeOf(arrival: Arrival, chosen: ServerSocket | null): Mistake | null {
  if ((chosen?.id ?? null) === arrival.receiver) return null;
  if (chosen === null) return 'nobody';
  if (chosen.protocol !== arrival.protocol) return 'protocol';
  if (chosen.localPort !== arrival.destinationPort) return 'localPort';
  return chosen.state === 'LISTEN' ? 'listener' : 'peer';
}
