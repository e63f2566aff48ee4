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
import { plainPortSettings, type OsProfile, type Trait } from './profile.ts';
import { rangeKeys, rangeOfKeys } from './range-keys.ts';

const low = 'net.inet.ip.portrange.first';
const high = 'net.inet.ip.portrange.last';

const xnu = (source: string): Trait => ({
  evidence: 'source-code',
  source: `xnu-11417, ${source}`,
});

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
    textKey('kern.hostname', 'localhost'),
  ],
  // Twice an MSL of 15 s (TCPTV_MSL).
  timers: { timeWaitMs: 30_000 },
  exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRNOTAVAIL', udpConnect: 'EADDRNOTAVAIL' },
  boundUntilEmpty: false,
  connectSharesPorts: false,
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
      () => settings.get(key) ?? '0',
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
    errors: xnu('bsd/netinet/in_pcb.c:in_pcbbind'),
  },
  commands: [
    { does: 'show-range', command: 'sysctl net.inet.ip.portrange' },
    { does: 'set-range', command: 'sudo sysctl -w net.inet.ip.portrange.first=40000' },
    { does: 'show-sockets', command: 'netstat -an -p tcp' },
  ],
};
