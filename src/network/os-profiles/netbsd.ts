/**
 * NetBSD: 49152–65535, by default downwards from the top with one counter for the host. The algorithm
 * can be chosen, and the choice is RFC 6056's list.
 */

import type { Random } from '../../time-and-chance/random.ts';
import type { PortAlgorithm } from '../port-selection/algorithm.ts';
import { createRfc6056First } from '../port-selection/rfc6056-1.ts';
import { createRfc6056Second } from '../port-selection/rfc6056-2.ts';
import { createRfc6056Third } from '../port-selection/rfc6056-3.ts';
import { createRfc6056Fourth } from '../port-selection/rfc6056-4.ts';
import { createRfc6056Fifth } from '../port-selection/rfc6056-5.ts';
import { switchable } from '../port-selection/switchable.ts';
import { createTraditional } from '../port-selection/traditional-bsd.ts';
import { numberKey } from '../sysctl/numbers.ts';
import type { SysctlKey } from '../sysctl/sysctl-table.ts';
import { factKey, textKey } from '../sysctl/text.ts';
import { bsdTimers } from './bsd-timers.ts';
import { plainPortSettings, type OsProfile, type Trait } from './profile.ts';
import { rangeKeys, rangeOfKeys } from './range-keys.ts';

const ipv6OnlyKey = 'net.inet6.ip6.v6only';
const low = 'net.inet.ip.anonportmin';
const high = 'net.inet.ip.anonportmax';
const algorithmKey = 'net.inet.ip.anonportalgo.selected';

const algorithms: Readonly<Record<string, (random: Random) => PortAlgorithm>> = {
  bsd: () => createTraditional({ direction: 'down' }),
  random_start: createRfc6056First,
  random_pick: createRfc6056Second,
  hash: createRfc6056Third,
  doublehash: createRfc6056Fourth,
  randinc: createRfc6056Fifth,
};
const names = Object.keys(algorithms);

const selected: SysctlKey = {
  key: algorithmKey,
  initial: 'bsd',
  write(text) {
    const value = text.trim();
    return names.includes(value) ? { value } : null;
  },
};

const source = (file: string): Trait => ({ evidence: 'source-code', source: file });

export const netbsd: OsProfile = {
  id: 'netbsd',
  name: 'NetBSD',
  settings: [
    ...rangeKeys(low, 49152, high, 65535),
    selected,
    factKey('net.inet.ip.anonportalgo.available', names.join(' ')),
    numberKey(ipv6OnlyKey, 1, 0, 1),
    textKey('kern.hostname', 'localhost'),
  ],
  // TCPTV_SRTTDFLT of 3 s: twice that for a SYN (tcp_subr.c:tcp_newtcpcb), once for a SYN,ACK. In 2026
  // its sources have come to 1 s. TIME-WAIT is shorter between neighbours (10 s) and on loopback (2 s;
  // tcp_msl_local, tcp_msl_loop), which is left out.
  timers: () => bsdTimers(6000, 3000),
  exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRNOTAVAIL', udpConnect: 'EADDRNOTAVAIL' },
  boundUntilEmpty: false,
  connectSharesPorts: false,
  ipv6Only: (settings) => (settings.get(ipv6OnlyKey) === '1' ? 'on' : 'off'),
  portSettings: (settings) => ({
    ...plainPortSettings,
    ...rangeOfKeys(settings, low, high),
    firstUnprivileged: 1024,
  }),
  algorithms: (random, _protocol, settings) => {
    const ofThisHost = Object.entries(algorithms).map(
      ([name, create]) => [name, create(random.fork(name))] as const,
    );
    const algorithm = switchable(Object.fromEntries(ofThisHost), () =>
      String(settings.get(algorithmKey)),
    );
    return { connect: algorithm, bind: algorithm };
  },
  traits: {
    range: source('sys/netinet/in.h: IPPORT_ANONMIN, IPPORT_ANONMAX'),
    'tcp-choice': source('sys/netinet/portalgo.c:algo_bsd'),
    'udp-choice': source('sys/netinet/portalgo.c:algo_bsd'),
    'bind-choice': source('sys/netinet/portalgo.c:algo_bsd'),
    sharing: source('sys/netinet/portalgo.c:check_suitable_port'),
    'time-wait': source('sys/netinet/tcp_subr.c: tcp_msl_remote; tcp_timer.h: TCPTV_MSL of 30 s'),
    'fin-wait': source('sys/netinet/tcp_timer.c:tcp_timer_2msl; TCPTV_KEEPCNT, TCPTV_KEEPINTVL'),
    opening: source('sys/netinet/tcp_subr.c:tcp_newtcpcb; tcp_timer.h: TCPTV_KEEP_INIT'),
    retransmission: source('sys/netinet/tcp_timer.h: TCPTV_MIN, TCPTV_REXMTMAX, TCP_MAXRXTSHIFT'),
    errors: { evidence: 'assumed', source: 'as the other BSDs' },
    'dual-stack': { evidence: 'source-code', source: 'sys/netinet6/ip6_input.c: ip6_v6only' },
  },
  commands: [
    { does: 'show-range', command: 'sysctl net.inet.ip.anonportmin net.inet.ip.anonportmax' },
    { does: 'set-range', command: 'sysctl -w net.inet.ip.anonportmin=10000' },
    { does: 'show-sockets', command: 'netstat -an -f inet' },
  ],
};
