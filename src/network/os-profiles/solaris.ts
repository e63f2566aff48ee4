/**
 * Solaris and illumos: 32768–65535, a drawn start and then upwards. The settings are protocol
 * properties, shown here as `tcp.smallest_anon_port` and so on.
 */

import { createRfc6056First } from '../port-selection/rfc6056-1.ts';
import { numberKey } from '../sysctl/numbers.ts';
import type { SysctlReader } from '../sysctl/sysctl-table.ts';
import { plainPortSettings, type OsProfile, type Trait } from './profile.ts';
import { rangeOfKeys } from './range-keys.ts';
import { doubling, type ProfileTimers } from './timers.ts';

const manual: Trait = {
  evidence: 'documented',
  source: 'Oracle Solaris 11.2 Tunable Parameters Reference Manual, TCP and UDP',
};
const choice: Trait = {
  evidence: 'source-code',
  source: 'OpenSolaris, usr/src/uts/common/inet/tcp/tcp.c:tcp_update_next_port; RFC 6056 A.5',
};
const tunables: Trait = {
  evidence: 'source-code',
  source: 'illumos, usr/src/uts/common/inet/tcp/tcp_tunables.c: tcp_propinfo_tbl',
};
const assumed: Trait = { evidence: 'assumed', source: 'as other systems with one bind table' };

const mostMs = 2 ** 32 - 1;

function solarisTimers(settings: SysctlReader): ProfileTimers {
  const number = (key: string): number => Number(settings.get(`tcp._${key}`));
  const opening = {
    firstMs: number('rexmit_interval_initial'),
    mostMs: number('rexmit_interval_max'),
  };
  const data = doubling({
    firstMs: (roundTripMs) => Math.max(number('rexmit_interval_min'), roundTripMs),
    mostMs: opening.mostMs,
    giveUpAfterMs: number('ip_abort_interval'),
  });
  return {
    timeWaitMs: number('time_wait_interval'),
    finWait2Ms: number('fin_wait_2_flush_interval'),
    syn: doubling({ ...opening, giveUpAfterMs: number('ip_abort_cinterval') }),
    synAck: doubling({ ...opening, giveUpAfterMs: number('ip_abort_linterval') }),
    data,
    orphan: data,
  };
}

export const solaris: OsProfile = {
  id: 'solaris',
  name: 'Solaris',
  settings: [
    ...['tcp', 'udp'].flatMap((protocol) => [
      numberKey(`${protocol}.smallest_anon_port`, 32768, 1024, 65535),
      numberKey(`${protocol}.largest_anon_port`, 65535, 1024, 65535),
      numberKey(`${protocol}.smallest_nonpriv_port`, 1024, 1024, 32768),
    ]),
    // Times in ms.
    numberKey('tcp._time_wait_interval', 60_000, 1000, 600_000),
    numberKey('tcp._fin_wait_2_flush_interval', 60_000, 1000, 7_200_000),
    numberKey('tcp._ip_abort_cinterval', 180_000, 1000, mostMs),
    numberKey('tcp._ip_abort_linterval', 180_000, 1000, mostMs),
    numberKey('tcp._ip_abort_interval', 300_000, 500, mostMs),
    numberKey('tcp._rexmit_interval_initial', 1000, 1, 20_000),
    numberKey('tcp._rexmit_interval_min', 400, 1, 7_200_000),
    numberKey('tcp._rexmit_interval_max', 60_000, 1, 7_200_000),
  ],
  timers: solarisTimers,
  exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRINUSE', udpConnect: 'EADDRNOTAVAIL' },
  boundUntilEmpty: false,
  connectSharesPorts: false,
  ipv6Only: () => 'off',
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
    'time-wait': tunables,
    'fin-wait': tunables,
    opening: tunables,
    retransmission: tunables,
    errors: assumed,
    'dual-stack': { evidence: 'assumed', source: 'RFC 3493, section 5.3: IPV6_V6ONLY is off' },
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
