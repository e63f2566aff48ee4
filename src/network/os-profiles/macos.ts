/**
 * macOS (xnu-11417): 49152–65535. TCP's automatic ports come one after the other from a counter that
 * the whole host shares; UDP's begin at a drawn place. net.inet.tcp.randomize_ports and its like for
 * UDP say which. An automatic port is never shared, not even between destinations.
 */

import { createRfc6056First } from '../port-selection/rfc6056-1.ts';
import { switchable } from '../port-selection/switchable.ts';
import { createTraditional } from '../port-selection/traditional-bsd.ts';
import { numberKey } from '../sysctl/numbers.ts';
import { textKey } from '../sysctl/text.ts';
import type { SysctlReader } from '../sysctl/sysctl-table.ts';
import { plainPortSettings, type OsProfile, type Trait } from './profile.ts';
import { rangeKeys, rangeOfKeys } from './range-keys.ts';
import { doubling, type ProfileTimers, type Repetition } from './timers.ts';

const low = 'net.inet.ip.portrange.first';
const high = 'net.inet.ip.portrange.last';

const xnu = (source: string): Trait => ({
  evidence: 'source-code',
  source: `xnu-11417, ${source}`,
});

/** bsd/netinet/tcp_timer.h and tcp_timer.c. */
function macosTimers(settings: SysctlReader): ProfileTimers {
  const number = (key: string): number => Number(settings.get(`net.inet.tcp.${key}`));
  const giveUpAfterMs = number('keepinit');
  // TCPTV_RTOBASE, TCPTV_REXMTMAX; tcp_syn_backoff is 1, 1, 1, 1, 1, 2, 4 …, TCP_MAXRXTSHIFT 12.
  const opening = { firstMs: 1000, mostMs: 64_000, most: 12, giveUpAfterMs };
  const data: Repetition = {
    // TCPTV_REXMTSLOP and TCPTV_REXMTMIN; tcp_backoff doubles up to 64.
    waitMs: (nth, roundTripMs) =>
      Math.min(Math.max(roundTripMs * 2 ** Math.min(nth, 6) + 200, 30), 64_000),
    isOver: (repeated) => repeated >= 12,
    giveUpAfterMs: Infinity,
  };
  return {
    timeWaitMs: 2 * number('msl'),
    finWait2Ms: number('fin_timeout'),
    syn: doubling({ ...opening, flat: 4 }),
    synAck: doubling(opening),
    data,
    orphan: data,
  };
}

export const macos: OsProfile = {
  id: 'macos',
  name: 'macOS',
  settings: [
    ...rangeKeys(low, 49152, high, 65535),
    ...rangeKeys('net.inet.ip.portrange.hifirst', 49152, 'net.inet.ip.portrange.hilast', 65535),
    ...rangeKeys('net.inet.ip.portrange.lowfirst', 1023, 'net.inet.ip.portrange.lowlast', 600),
    numberKey('net.inet.tcp.randomize_ports', 0, 0, 1),
    numberKey('net.inet.udp.randomize_ports', 1, 0, 1),
    numberKey('net.inet.tcp.msl', 15_000, 1, 2 ** 31 - 1),
    numberKey('net.inet.tcp.keepinit', 75_000, 1, 2 ** 31 - 1),
    numberKey('net.inet.tcp.fin_timeout', 60_000, 1, 2 ** 31 - 1),
    textKey('kern.hostname', 'localhost'),
  ],
  timers: macosTimers,
  exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRNOTAVAIL', udpConnect: 'EADDRNOTAVAIL' },
  boundUntilEmpty: false,
  connectSharesPorts: false,
  ipv6Only: () => 'off',
  portSettings: (settings) => ({
    ...plainPortSettings,
    ...rangeOfKeys(settings, low, high),
    // bsd/netinet/in_pcb.c:in_pcbbind asks for root with a specific address only.
    firstUnprivileged: 1024,
    wildcardNeedsNoPrivilege: true,
  }),
  algorithms: (random, protocol, settings) => {
    const key = `net.inet.${protocol}.randomize_ports`;
    const algorithm = switchable(
      { '0': createTraditional({ direction: 'up' }), '1': createRfc6056First(random) },
      () => String(settings.get(key)),
    );
    return { connect: algorithm, bind: algorithm };
  },
  traits: {
    range: xnu('bsd/netinet/in.h: IPPORT_HIFIRSTAUTO, IPPORT_HILASTAUTO'),
    'tcp-choice': xnu('bsd/netinet/in_pcb.c:in_pcbbind'),
    'udp-choice': xnu('bsd/netinet/in_pcb.c:in_pcbbind'),
    'bind-choice': xnu('bsd/netinet/in_pcb.c:in_pcbbind'),
    sharing: xnu('bsd/netinet/in_pcb.c:in_pcbconnect calls in_pcbbind'),
    'time-wait': xnu('bsd/netinet/tcp_timer.h: TCPTV_MSL'),
    'fin-wait': xnu('bsd/netinet/tcp_timer.h: TCPTV_FINWAIT2; tcp_timer.c:tcp_timers'),
    opening: xnu('bsd/netinet/tcp_timer.c: tcp_syn_backoff; tcp_timer.h: TCPTV_KEEP_INIT'),
    retransmission: xnu('bsd/netinet/tcp_timer.c:tcp_timers, tcp_backoff'),
    errors: xnu('bsd/netinet/in_pcb.c:in_pcbbind'),
    'dual-stack': { evidence: 'assumed', source: 'RFC 3493, section 5.3: IPV6_V6ONLY is off' },
  },
  commands: [
    { does: 'show-range', command: 'sysctl net.inet.ip.portrange' },
    { does: 'set-range', command: 'sudo sysctl -w net.inet.ip.portrange.first=40000' },
    { does: 'show-sockets', command: 'netstat -an -p tcp' },
  ],
};
