/**
 * FreeBSD (13 and later): 10000–65535 since 8.0, a drawn start and then upwards; with
 * net.inet.ip.portrange.randomized=0 one after the other. connect() only asks that the four-tuple be
 * unused.
 */

import { createRfc6056First } from '../port-selection/rfc6056-1.ts';
import { switchable } from '../port-selection/switchable.ts';
import { createTraditional } from '../port-selection/traditional-bsd.ts';
import { numberKey } from '../sysctl/numbers.ts';
import { textKey } from '../sysctl/text.ts';
import { plainPortSettings, type OsProfile, type Trait } from './profile.ts';
import { rangeKeys, rangeOfKeys } from './range-keys.ts';

const low = 'net.inet.ip.portrange.first';
const high = 'net.inet.ip.portrange.last';
const randomized = 'net.inet.ip.portrange.randomized';
const reservedHigh = 'net.inet.ip.portrange.reservedhigh';

const source = (file: string): Trait => ({ evidence: 'source-code', source: file });

export const freebsd: OsProfile = {
  id: 'freebsd',
  name: 'FreeBSD',
  settings: [
    ...rangeKeys(low, 10000, high, 65535),
    ...rangeKeys('net.inet.ip.portrange.hifirst', 49152, 'net.inet.ip.portrange.hilast', 65535),
    ...rangeKeys('net.inet.ip.portrange.lowfirst', 1023, 'net.inet.ip.portrange.lowlast', 600),
    numberKey(randomized, 1, 0, 1),
    numberKey(reservedHigh, 1023, 0, 65535),
    numberKey('net.inet.tcp.msl', 30_000, 1, 2 ** 31 - 1),
    textKey('kern.hostname', 'localhost'),
  ],
  // Twice an MSL of 30 s (TCPTV_MSL).
  timers: { timeWaitMs: 60_000 },
  exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRNOTAVAIL', udpConnect: 'EADDRNOTAVAIL' },
  boundUntilEmpty: false,
  connectSharesPorts: true,
  portSettings: (settings) => ({
    ...plainPortSettings,
    ...rangeOfKeys(settings, low, high),
    firstUnprivileged: Number(settings.get(reservedHigh)) + 1,
  }),
  algorithms: (random, _protocol, settings) => {
    const algorithm = switchable(
      { '0': createTraditional({ direction: 'up' }), '1': createRfc6056First(random) },
      () => settings.get(randomized) ?? '1',
    );
    return { connect: algorithm, bind: algorithm };
  },
  traits: {
    range: source('sys/netinet/in.h: IPPORT_EPHEMERALFIRST, IPPORT_EPHEMERALLAST; RFC 6056 A.1'),
    'tcp-choice': source('sys/netinet/in_pcb.c:in_pcb_lport_dest'),
    'udp-choice': source('sys/netinet/in_pcb.c:in_pcb_lport_dest'),
    'bind-choice': source('sys/netinet/in_pcb.c:in_pcb_lport'),
    sharing: source('sys/netinet/in_pcb.c:in_pcb_lport_dest asks for the four-tuple'),
    'time-wait': { evidence: 'assumed', source: 'sys/netinet/tcp_timer.h: TCPTV_MSL of 30 s' },
    errors: source('sys/netinet/in_pcb.c:in_pcb_lport_dest'),
  },
  commands: [
    {
      does: 'show-range',
      command: 'sysctl net.inet.ip.portrange.first net.inet.ip.portrange.last',
    },
    { does: 'set-range', command: 'sysctl net.inet.ip.portrange.first=49152' },
    { does: 'show-sockets', command: 'sockstat -4 -P tcp' },
  ],
};
