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
import type { SysctlReader } from '../sysctl/sysctl-table.ts';
import { plainPortSettings, type OsProfile, type Trait } from './profile.ts';
import { rangeKeys, rangeOfKeys } from './range-keys.ts';
import type { ProfileTimers, Repetition } from './timers.ts';

const ipv6OnlyKey = 'net.inet6.ip6.v6only';
const low = 'net.inet.ip.portrange.first';
const high = 'net.inet.ip.portrange.last';
const randomized = 'net.inet.ip.portrange.randomized';
const reservedHigh = 'net.inet.ip.portrange.reservedhigh';

const source = (file: string): Trait => ({ evidence: 'source-code', source: file });

const most = 2 ** 31 - 1;

/** sys/netinet/tcp_timer.c and tcp_timer.h of FreeBSD 14: what is repeated waits 200 ms more (slop). */
function freebsdTimers(settings: SysctlReader): ProfileTimers {
  const number = (key: string): number => Number(settings.get(`net.inet.tcp.${key}`));
  const initial = number('rexmit_initial');
  const slop = number('rexmit_slop');
  // TCPTV_REXMTMAX; tcp_backoff doubles up to 512.
  const backedOff = (firstMs: number, nth: number): number =>
    Math.min(firstMs * 2 ** Math.min(nth, 9) + slop, 64_000);
  const opening = (nth: number): number => (nth === 0 ? initial : backedOff(initial, nth));
  const data: Repetition = {
    waitMs: (nth, roundTripMs) => Math.max(backedOff(roundTripMs, nth), number('rexmit_min')),
    // TCP_MAXRXTSHIFT.
    isOver: (repeated) => repeated >= 12,
    giveUpAfterMs: Infinity,
  };
  return {
    timeWaitMs: 2 * number('msl'),
    finWait2Ms:
      number('fast_finwait2_recycle') === 1
        ? number('finwait2_timeout')
        : number('keepcnt') * number('keepintvl'),
    syn: { ...data, waitMs: opening, giveUpAfterMs: number('keepinit') },
    synAck: { ...data, waitMs: opening, isOver: (repeated) => repeated >= 3 },
    data,
    orphan: data,
  };
}

export const freebsd: OsProfile = {
  id: 'freebsd',
  name: 'FreeBSD',
  settings: [
    ...rangeKeys(low, 10000, high, 65535),
    ...rangeKeys('net.inet.ip.portrange.hifirst', 49152, 'net.inet.ip.portrange.hilast', 65535),
    ...rangeKeys('net.inet.ip.portrange.lowfirst', 1023, 'net.inet.ip.portrange.lowlast', 600),
    numberKey(randomized, 1, 0, 1),
    numberKey(reservedHigh, 1023, 0, 65535),
    numberKey('net.inet.tcp.msl', 30_000, 1, most),
    numberKey('net.inet.tcp.keepinit', 75_000, 1, most),
    numberKey('net.inet.tcp.keepintvl', 75_000, 1, most),
    numberKey('net.inet.tcp.keepcnt', 8, 1, most),
    numberKey('net.inet.tcp.rexmit_initial', 1000, 1, most),
    numberKey('net.inet.tcp.rexmit_min', 30, 1, most),
    numberKey('net.inet.tcp.rexmit_slop', 200, 1, most),
    numberKey('net.inet.tcp.finwait2_timeout', 60_000, 1, most),
    numberKey('net.inet.tcp.fast_finwait2_recycle', 0, 0, 1),
    numberKey(ipv6OnlyKey, 1, 0, 1),
    textKey('kern.hostname', 'localhost'),
  ],
  timers: freebsdTimers,
  exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRNOTAVAIL', udpConnect: 'EADDRNOTAVAIL' },
  boundUntilEmpty: false,
  connectSharesPorts: true,
  ipv6Only: (settings) => (settings.get(ipv6OnlyKey) === '1' ? 'on' : 'off'),
  portSettings: (settings) => ({
    ...plainPortSettings,
    ...rangeOfKeys(settings, low, high),
    firstUnprivileged: Number(settings.get(reservedHigh)) + 1,
  }),
  algorithms: (random, _protocol, settings) => {
    const algorithm = switchable(
      { '0': createTraditional({ direction: 'up' }), '1': createRfc6056First(random) },
      () => String(settings.get(randomized)),
    );
    return { connect: algorithm, bind: algorithm };
  },
  traits: {
    range: source('sys/netinet/in.h: IPPORT_EPHEMERALFIRST, IPPORT_EPHEMERALLAST; RFC 6056 A.1'),
    'tcp-choice': source('sys/netinet/in_pcb.c:in_pcb_lport_dest'),
    'udp-choice': source('sys/netinet/in_pcb.c:in_pcb_lport_dest'),
    'bind-choice': source('sys/netinet/in_pcb.c:in_pcb_lport'),
    sharing: source('sys/netinet/in_pcb.c:in_pcb_lport_dest asks for the four-tuple'),
    'time-wait': source('sys/netinet/tcp_timer.h: TCPTV_MSL of 30 s, twice (tcp_timewait.c)'),
    'fin-wait': source('sys/netinet/tcp_timer.c:tcp_timer_2msl; TCPTV_KEEPCNT of TCPTV_KEEPINTVL'),
    opening: source(
      'sys/netinet/tcp_timer.c:tcp_timer_rexmt, tcp_timer_keep; tcp_syncache.c: SYNCACHE_MAXREXMTS',
    ),
    retransmission: source('sys/netinet/tcp_timer.c:tcp_timer_rexmt, tcp_backoff'),
    errors: source('sys/netinet/in_pcb.c:in_pcb_lport_dest'),
    'dual-stack': source('sys/netinet6/in6_proto.c: V_ip6_v6only'),
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
