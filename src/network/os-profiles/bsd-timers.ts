/** The timers that OpenBSD and NetBSD have kept from 4.4BSD, with their own first wait. */

import { doubling, type ProfileTimers } from './timers.ts';

/**
 * sys/netinet/tcp_timer.h and tcp_timer.c of both; `firstMs` is the first wait for an answer to a SYN,
 * `synAckMs` to a SYN,ACK.
 */
export function bsdTimers(firstMs: number, synAckMs: number): ProfileTimers {
  // TCPTV_REXMTMAX, TCP_MAXRXTSHIFT, TCPTV_KEEP_INIT.
  const opening = { mostMs: 64_000, most: 12, giveUpAfterMs: 75_000 };
  const data = doubling({
    // TCPTV_MIN.
    firstMs: (roundTripMs) => Math.max(1000, roundTripMs),
    mostMs: 64_000,
    most: 12,
  });
  return {
    // Twice TCPTV_MSL of 30 s.
    timeWaitMs: 60_000,
    // TCPTV_KEEPCNT of TCPTV_KEEPINTVL: 8 times 75 s.
    finWait2Ms: 600_000,
    syn: doubling({ ...opening, firstMs }),
    synAck: doubling({ ...opening, firstMs: synAckMs }),
    data,
    orphan: data,
  };
}
