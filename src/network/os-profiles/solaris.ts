/**
 * Solaris and illumos: 32768–65535, a drawn start and then upwards. The settings are protocol
 * properties, shown here as `tcp.smallest_anon_port` and so on.
 */

import { createRfc6056First } from '../port-selection/rfc6056-1.ts';
import { numberKey } from '../sysctl/numbers.ts';
import { plainPortSettings, type OsProfile, type Trait } from './profile.ts';
import { rangeOfKeys } from './range-keys.ts';

const manual: Trait = {
  evidence: 'documented',
  source: 'Oracle Solaris 11.2 Tunable Parameters Reference Manual, TCP and UDP',
};
const choice: Trait = {
  evidence: 'source-code',
  source: 'OpenSolaris, usr/src/uts/common/inet/tcp/tcp.c:tcp_update_next_port; RFC 6056 A.5',
};
const assumed: Trait = { evidence: 'assumed', source: 'as other systems with one bind table' };

export const solaris: OsProfile = {
  id: 'solaris',
  name: 'Solaris',
  settings: ['tcp', 'udp'].flatMap((protocol) => [
    numberKey(`${protocol}.smallest_anon_port`, 32768, 1024, 65535),
    numberKey(`${protocol}.largest_anon_port`, 65535, 1024, 65535),
    numberKey(`${protocol}.smallest_nonpriv_port`, 1024, 1024, 32768),
  ]),
  // _time_wait_interval: 60,000 ms.
  timers: { timeWaitMs: 60_000 },
  exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRINUSE', udpConnect: 'EADDRNOTAVAIL' },
  boundUntilEmpty: false,
  connectSharesPorts: false,
  portSettings: (settings, protocol) => ({
    ...plainPortSettings,
    ...rangeOfKeys(settings, `${protocol}.smallest_anon_port`, `${protocol}.largest_anon_port`),
    firstUnprivileged: Number(settings.get(`${protocol}.smallest_nonpriv_port`)),
  }),
  algorithms: (random) => {
    const algorithm = createRfc6056First(random);
    return { connect: algorithm, bind: algorithm };
  },
  traits: {
    range: manual,
    'tcp-choice': choice,
    'udp-choice': choice,
    'bind-choice': choice,
    sharing: assumed,
    'time-wait': manual,
    errors: assumed,
  },
  commands: [
    {
      does: 'show-range',
      command: 'ipadm show-prop -p smallest_anon_port,largest_anon_port tcp',
    },
    { does: 'set-range', command: 'ipadm set-prop -p smallest_anon_port=49152 tcp' },
    { does: 'show-sockets', command: 'netstat -an -P tcp' },
  ],
};
