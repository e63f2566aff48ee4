/**
 * Windows since Vista and Server 2008: 49152–65535, said as a start and a number, for each protocol by
 * itself. How a port is picked is not documented; a counter that rises is what people report. Excluded
 * ranges are left out of the choice and refuse explicit binds too. No port asks for a privilege.
 */

import { createTraditional } from '../port-selection/traditional-bsd.ts';
import { portListKey, readPortList } from '../sysctl/linux-ports.ts';
import type { SysctlKey } from '../sysctl/sysctl-table.ts';
import { plainPortSettings, type OsProfile, type Trait } from './profile.ts';
import { doubling, type ProfileTimers } from './timers.ts';

const dynamicPorts = (protocol: string): string => `int.ipv4.dynamicport.${protocol}`;
const excludedPorts = (protocol: string): string => `int.ipv4.excludedportrange.${protocol}`;

/** The range that such a text says; its ends are NaN where it says none. */
function readDynamicPorts(text: string): { low: number; high: number } {
  const said = /^\s*start=(?<start>\d+)\s+num=(?<num>\d+)\s*$/.exec(text)?.groups;
  const low = Number(said?.['start']);
  return { low, high: low + Number(said?.['num']) - 1 };
}

/** What `netsh int ipv4 set dynamicport tcp` takes after the protocol, e.g. `start=10000 num=1000`. */
function dynamicPortsKey(protocol: string): SysctlKey {
  return {
    key: dynamicPorts(protocol),
    initial: 'start=49152 num=16384',
    write(text) {
      const { low, high } = readDynamicPorts(text);
      const count = high - low + 1;
      // At least 255 ports, from 1025 on, up to 65535: KB 929851.
      const isValid = low >= 1025 && count >= 255 && high <= 65535;
      return isValid ? { value: `start=${low} num=${count}` } : null;
    },
  };
}

function windowsTimers(): ProfileTimers {
  // Initial RTO 1000 and Max SYN Retransmissions 4, as netsh shows them today. The attempt ends 21 s
  // after it began, not the 31 s that these make: as when they were 3000 and 2.
  const opening = { firstMs: 1000, mostMs: 60_000, most: 4, giveUpAfterMs: 21_000 };
  const data = doubling({
    // Get-NetTCPSetting, template Internet: MinRto(ms) 300, in outputs of Windows 10, 11, Server 2019.
    firstMs: (roundTripMs) => Math.max(300, roundTripMs),
    mostMs: 60_000,
    most: 5,
  });
  return {
    // TcpTimedWaitDelay's default by Microsoft's page on port exhaustion. Its reference says 240 s for
    // Windows 2000 and 120 s for Server 2003 (technet cc938217, cc757512).
    timeWaitMs: 240_000,
    finWait2Ms: 120_000,
    syn: doubling(opening),
    synAck: doubling(opening),
    data,
    orphan: data,
  };
}

const page = (source: string): Trait => ({ evidence: 'documented', source });
const unknown: Trait = {
  evidence: 'assumed',
  source: 'not documented; reports of a rising counter',
};

export const windows: OsProfile = {
  id: 'windows',
  name: 'Windows',
  settings: ['tcp', 'udp'].flatMap((protocol) => [
    dynamicPortsKey(protocol),
    portListKey(excludedPorts(protocol), ''),
  ]),
  timers: windowsTimers,
  exhausted: { tcpConnect: 'EADDRINUSE', bind: 'EADDRINUSE', udpConnect: 'EADDRINUSE' },
  boundUntilEmpty: false,
  connectSharesPorts: true,
  ipv6Only: () => 'on',
  portSettings: (settings, protocol) => ({
    ...plainPortSettings,
    ...readDynamicPorts(String(settings.get(dynamicPorts(protocol)))),
    reserved: readPortList(settings, excludedPorts(protocol)),
    reservedBlocksBind: true,
  }),
  algorithms: (random) => {
    const places = random.fork('start');
    const algorithm = createTraditional({
      direction: 'up',
      first: (low, high) => low + places.below(high - low + 1),
    });
    return { connect: algorithm, bind: algorithm };
  },
  traits: {
    range: page('Microsoft KB 929851, default dynamic port range for TCP/IP'),
    'tcp-choice': unknown,
    'udp-choice': unknown,
    'bind-choice': unknown,
    sharing: page('SO_REUSE_UNICASTPORT: set by default for connect() without an explicit bind'),
    'time-wait': page('Microsoft, troubleshoot port exhaustion issues: four minutes'),
    'fin-wait': page('Microsoft, Windows network drivers, FIN_WAIT_2 Timer: 120 seconds'),
    opening: page(
      'netsh int tcp show global; measured by others: github.com/SciQLop/speasy/pull/344, github.com/nmap/nmap/issues/2113',
    ),
    retransmission: page(
      'Microsoft KB 170359: TcpMaxDataRetransmissions, 5 by default; Get-NetTCPSetting: MinRto(ms) 300, as printed by users of Windows 10, 11 and Server 2019',
    ),
    errors: { evidence: 'assumed', source: 'WSAEADDRINUSE (10048) as reported at exhaustion' },
    'dual-stack': {
      evidence: 'documented',
      source: 'Microsoft, Dual-Stack Sockets for IPv6 Winsock Applications',
    },
  },
  commands: [
    { does: 'show-range', command: 'netsh int ipv4 show dynamicport tcp' },
    { does: 'set-range', command: 'netsh int ipv4 set dynamicport tcp start=10000 num=1000' },
    { does: 'show-reserved', command: 'netsh int ipv4 show excludedportrange protocol=tcp' },
    {
      does: 'set-reserved',
      command: 'netsh int ipv4 add excludedportrange protocol=tcp startport=1433 numberofports=1',
    },
    { does: 'show-sockets', command: 'netstat -ano' },
  ],
};
