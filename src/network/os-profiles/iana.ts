/**
 * No system, but the book: RFC 6335's Dynamic range and RFC 6056's first algorithm, with TCP's
 * TIME-WAIT of two times two minutes (RFC 9293 §3.4.2, §3.6.1).
 */

import { createRfc6056First } from '../port-selection/rfc6056-1.ts';
import { plainPortSettings, type OsProfile, type Trait } from './profile.ts';
import { doubling } from './timers.ts';

const book = (source: string): Trait => ({ evidence: 'documented', source });

export const iana: OsProfile = {
  id: 'iana',
  name: 'IANA',
  settings: [],
  timers: () => {
    // RFC 6298 §2.1, §2.4, §2.5: one second at first, never less, and a limit of at least 60 s allowed.
    const opening = { firstMs: 1000, mostMs: 60_000 };
    const data = doubling({
      ...opening,
      firstMs: (roundTripMs) => Math.max(1000, roundTripMs),
      // RFC 9293 §3.8.3, SHLD-11.
      giveUpAfterMs: 100_000,
    });
    // RFC 9293 §3.8.3, MUST-23.
    const syn = doubling({ ...opening, giveUpAfterMs: 180_000 });
    return { timeWaitMs: 240_000, finWait2Ms: null, syn, synAck: syn, data, orphan: data };
  },
  exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRINUSE', udpConnect: 'EADDRNOTAVAIL' },
  boundUntilEmpty: false,
  connectSharesPorts: true,
  ipv6Only: () => 'off',
  portSettings: () => ({ low: 49152, high: 65535, ...plainPortSettings }),
  algorithms: (random) => ({
    connect: createRfc6056First(random.fork('connect')),
    bind: createRfc6056First(random.fork('bind')),
  }),
  traits: {
    range: book('RFC 6335 §6'),
    'tcp-choice': book('RFC 6056 §3.3.1'),
    'udp-choice': book('RFC 6056 §3.3.1'),
    'bind-choice': book('RFC 6056 §3.3.1'),
    sharing: book('RFC 6056 §3.1: only the five-tuple has to be unused'),
    'time-wait': book('RFC 9293 §3.4.2 (MSL of two minutes), §3.6.1 (two of them)'),
    'fin-wait': book('RFC 9293 §3.3.2, §3.6: nothing ends FIN-WAIT-2 but the other side’s FIN'),
    opening: book('RFC 6298 §2; RFC 9293 §3.8.3: a SYN is repeated for three minutes at least'),
    retransmission: book('RFC 6298 §2; RFC 9293 §3.8.3: data for 100 seconds at least'),
    errors: { evidence: 'assumed', source: 'RFC 6056 says "error"; the names are POSIX’' },
    'dual-stack': { evidence: 'documented', source: 'RFC 3493, section 5.3' },
  },
  commands: [],
};
