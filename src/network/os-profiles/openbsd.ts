/**
 * OpenBSD: 1024–49151, a drawn start and then upwards, leaving out a list of ports that are bad to
 * take ("baddynamic"). An automatic port is not shared between destinations.
 */

import { createRfc6056First } from '../port-selection/rfc6056-1.ts';
import { portListKey, readPortList } from '../sysctl/linux-ports.ts';
import { textKey } from '../sysctl/text.ts';
import { bsdTimers } from './bsd-timers.ts';
import { plainPortSettings, type OsProfile, type Trait } from './profile.ts';
import { rangeKeys, rangeOfKeys } from './range-keys.ts';

const low = 'net.inet.ip.portfirst';
const high = 'net.inet.ip.portlast';

/** DEFBADDYNAMICPORTS_TCP and _UDP, sys/netinet/in_pcb.h. */
const badTcp = '587,749-751,853,871,2049,6000-6010';
const badUdp = '623,664,749-751,2049,3784-3785,7784';

/** A list of ports; the real key prints single ports and takes +port and -port too. */
const badDynamic = (protocol: string): string => `net.inet.${protocol}.baddynamic`;

const source = (file: string): Trait => ({ evidence: 'source-code', source: file });

export const openbsd: OsProfile = {
  id: 'openbsd',
  name: 'OpenBSD',
  settings: [
    ...rangeKeys(low, 1024, high, 49151),
    ...rangeKeys('net.inet.ip.porthifirst', 49152, 'net.inet.ip.porthilast', 65535),
    portListKey(badDynamic('tcp'), badTcp),
    portListKey(badDynamic('udp'), badUdp),
    textKey('kern.hostname', 'localhost'),
  ],
  // TCPTV_SRTTDFLT of 1.5 s: twice that for a SYN (tcp_subr.c:tcp_newtcpcb), once for a SYN,ACK.
  timers: () => bsdTimers(3000, 1500),
  exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRNOTAVAIL', udpConnect: 'EADDRNOTAVAIL' },
  boundUntilEmpty: false,
  connectSharesPorts: false,
  ipv6Only: () => 'always',
  portSettings: (settings, protocol) => ({
    ...plainPortSettings,
    ...rangeOfKeys(settings, low, high),
    reserved: readPortList(settings, badDynamic(protocol)),
    firstUnprivileged: 1024,
  }),
  algorithms: (random) => {
    const algorithm = createRfc6056First(random);
    return { connect: algorithm, bind: algorithm };
  },
  traits: {
    range: source('sys/netinet/in.h: IPPORT_RESERVED, IPPORT_USERRESERVED'),
    'tcp-choice': source('sys/netinet/in_pcb.c:in_pcbpickport; RFC 6056 A.4'),
    'udp-choice': source('sys/netinet/in_pcb.c:in_pcbpickport'),
    'bind-choice': source('sys/netinet/in_pcb.c:in_pcbpickport'),
    sharing: source('sys/netinet/in_pcb.c:in_pcbpickport asks for the local port'),
    'time-wait': source('sys/netinet/tcp_timer.h: TCPTV_MSL of 30 s; tcp_input.c arms twice that'),
    'fin-wait': source('sys/netinet/tcp_timer.c:tcp_timer_2msl; tcp_maxidle'),
    opening: source('sys/netinet/tcp_subr.c:tcp_newtcpcb; tcp_timer.h: TCPTV_KEEP_INIT'),
    retransmission: source('sys/netinet/tcp_timer.c:tcp_timer_rexmt, tcp_backoff'),
    errors: source('sys/netinet/in_pcb.c:in_pcbpickport'),
    'dual-stack': { evidence: 'documented', source: 'ip6(4): IPV6_V6ONLY is always set' },
  },
  commands: [
    { does: 'show-range', command: 'sysctl net.inet.ip.portfirst net.inet.ip.portlast' },
    { does: 'set-range', command: 'sysctl net.inet.ip.portfirst=10000' },
    { does: 'show-reserved', command: 'sysctl net.inet.tcp.baddynamic' },
    { does: 'set-reserved', command: 'sysctl net.inet.tcp.baddynamic=+20022' },
    { does: 'show-sockets', command: 'netstat -an -p tcp' },
  ],
};
