/**
 * No system, but the book: RFC 6335's Dynamic range and RFC 6056's first algorithm, with TCP's
 * TIME-WAIT of two times two minutes (RFC 9293 §3.4.2, §3.6.1).
 */

import { createRfc6056First } from '../port-selection/rfc6056-1.ts';
import { numberKey } from '../sysctl/numbers.ts';
import type { OsProfile } from './profile.ts';

export const iana: OsProfile = {
  id: 'iana',
  name: 'IANA',
  settings: [numberKey('range.low', 49152, 1, 65535), numberKey('range.high', 65535, 1, 65535)],
  timers: { timeWaitMs: 240_000 },
  exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRINUSE', udpConnect: 'EADDRNOTAVAIL' },
  boundPortsAreExclusive: true,
  boundUntilEmpty: false,
  portSettings: () => ({
    low: 49152,
    high: 65535,
    reserved: [],
    reservedBlocksBind: false,
    firstUnprivileged: 0,
    timeWaitReuse: 'off',
    timeWaitReuseDelayMs: 1000,
    autobindReuse: false,
  }),
  algorithms: (random) => ({
    connect: createRfc6056First(random.fork('connect')),
    bind: createRfc6056First(random.fork('bind')),
  }),
  traits: {},
  commands: [],
};
