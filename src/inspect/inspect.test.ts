import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainSockets } from './explain-sockets.ts';
import { readPaste } from './read-paste.ts';
import { readRange } from './read-range.ts';

/** `protocol state local remote process`, for short expectations. */
function summary(text: string): string[] {
  return readPaste(text).rows.map(({ tool, protocol, state, local, remote, process }) => {
    const end = (one: typeof remote) =>
      one ? `${one.address}:${one.port ?? one.service ?? '*'}` : '-';
    return `${tool} ${protocol} ${state} ${end(local)} ${end(remote)} ${process?.name ?? '-'}/${process?.pid ?? '-'}`;
  });
}

const samples: readonly [name: string, text: string, rows: readonly string[]][] = [
  [
    'ss -tanp, piped (iproute2 6.1)',
    `State     Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
LISTEN    0      5          127.0.0.1:8080       0.0.0.0:*     users:(("python3",pid=24336,fd=3))
ESTAB     0      0          127.0.0.1:42056    127.0.0.1:9000  users:(("nc",pid=24384,fd=3))
TIME-WAIT 0      0          127.0.0.1:56158    127.0.0.1:8080
LISTEN    0      1              [::1]:9001          [::]:*     users:(("nc",pid=24339,fd=3))`,
    [
      'ss tcp LISTEN 127.0.0.1:8080 0.0.0.0:* python3/24336',
      'ss tcp ESTABLISHED 127.0.0.1:42056 127.0.0.1:9000 nc/24384',
      'ss tcp TIME-WAIT 127.0.0.1:56158 127.0.0.1:8080 -/-',
      'ss tcp LISTEN ::1:9001 :::* nc/24339',
    ],
  ],
  [
    'ss -tuln with scope and names',
    `Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
udp   UNCONN 0      0      127.0.0.53%lo:53     0.0.0.0:*
tcp   LISTEN 0      128                *:ssh          *:*`,
    ['ss udp UNCONN 127.0.0.53%lo:53 0.0.0.0:* -/-', 'ss tcp LISTEN *:ssh *:* -/-'],
  ],
  [
    'ss with a state filter: the column is gone',
    `$ ss -tan state time-wait
Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess
0      0          127.0.0.1:56158    127.0.0.1:8080`,
    ['ss tcp TIME-WAIT 127.0.0.1:56158 127.0.0.1:8080 -/-'],
  ],
  [
    'netstat -tunap (net-tools)',
    `Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN      812/sshd: /usr/sbin
tcp        0     36 10.0.0.2:22             10.0.0.9:51514          ESTABLISHED 1201/sshd
tcp6       0      0 :::80                   :::*                    LISTEN      -
udp        0      0 0.0.0.0:68              0.0.0.0:*                           640/dhclient`,
    [
      'netstat-linux tcp LISTEN 0.0.0.0:22 0.0.0.0:* sshd/812',
      'netstat-linux tcp ESTABLISHED 10.0.0.2:22 10.0.0.9:51514 sshd/1201',
      'netstat-linux tcp LISTEN :::80 :::* -/-',
      'netstat-linux udp UNCONN 0.0.0.0:68 0.0.0.0:* dhclient/640',
    ],
  ],
  [
    'netstat -an (macOS)',
    `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  192.168.1.5.51514      203.0.113.10.443       ESTABLISHED
tcp46      0      0  *.8080                 *.*                    LISTEN
tcp6       0      0  fe80::1%lo0.1024       fe80::2%lo0.1024       SYN_SENT
udp4       0      0  *.5353                 *.*`,
    [
      'netstat-bsd tcp ESTABLISHED 192.168.1.5:51514 203.0.113.10:443 -/-',
      'netstat-bsd tcp LISTEN *:8080 *:* -/-',
      'netstat-bsd tcp SYN-SENT fe80::1%lo0:1024 fe80::2%lo0:1024 -/-',
      'netstat-bsd udp UNCONN *:5353 *:* -/-',
    ],
  ],
  [
    'netstat -ano (Windows, Japanese)',
    `
アクティブな接続

  プロトコル  ローカル アドレス          外部アドレス        状態           PID
  TCP         0.0.0.0:135            0.0.0.0:0              LISTENING       1044
  TCP         192.168.1.5:51514      203.0.113.10:443       ESTABLISHED     5120
  TCP         [::1]:49670            [::]:0                 LISTENING       884
  TCP         192.168.1.5:51515      203.0.113.10:443       TIME_WAIT       0
  UDP         0.0.0.0:5353           *:*                                    2108`,
    [
      'netstat-windows tcp LISTEN 0.0.0.0:135 0.0.0.0:* -/1044',
      'netstat-windows tcp ESTABLISHED 192.168.1.5:51514 203.0.113.10:443 -/5120',
      'netstat-windows tcp LISTEN ::1:49670 :::* -/884',
      'netstat-windows tcp TIME-WAIT 192.168.1.5:51515 203.0.113.10:443 -/0',
      'netstat-windows udp UNCONN 0.0.0.0:5353 *:* -/2108',
    ],
  ],
  [
    'netstat -b (Windows): the program stands on the next line',
    `  Proto  Local Address          Foreign Address        State
  TCP    192.168.1.5:51514      203.0.113.10:443       ESTABLISHED
 [firefox.exe]`,
    ['netstat-windows tcp ESTABLISHED 192.168.1.5:51514 203.0.113.10:443 firefox.exe/-'],
  ],
  [
    'lsof -i (4.95) and with names',
    `COMMAND   PID USER   FD   TYPE  DEVICE SIZE/OFF NODE NAME
python3 24336 root    3u  IPv4 9450189      0t0  TCP 127.0.0.1:8080 (LISTEN)
nc      24337 root    4u  IPv4 9450171      0t0  TCP 127.0.0.1:9000->127.0.0.1:42056 (ESTABLISHED)
Google\\x20Chrome 901 mika 33u  IPv6 0x1a2b      0t0  TCP [2001:db8::5]:52001->[2001:db8::80]:https (ESTABLISHED)
ssm-agent 3311 root   12u  IPv4   18231      0t0  TCP ip-10-0-0-116:53704->203.0.113.7:https (ESTABLISHED)
nc      24338 root    3u  IPv4 9450169      0t0  UDP 127.0.0.1:5353 `,
    [
      'lsof tcp LISTEN 127.0.0.1:8080 - python3/24336',
      'lsof tcp ESTABLISHED 127.0.0.1:9000 127.0.0.1:42056 nc/24337',
      'lsof tcp ESTABLISHED 2001:db8::5:52001 2001:db8::80:https Google Chrome/901',
      'lsof tcp ESTABLISHED ip-10-0-0-116:53704 203.0.113.7:https ssm-agent/3311',
      'lsof udp UNCONN 127.0.0.1:5353 - nc/24338',
    ],
  ],
  [
    'Get-NetTCPConnection',
    `LocalAddress                        LocalPort RemoteAddress                       RemotePort State       AppliedSetting OwningProcess
------------                        --------- -------------                       ---------- -----       -------------- -------------
192.168.1.5                         51514     203.0.113.10                        443        Established Internet       5120
::                                  445       ::                                  0          Listen                     4`,
    [
      'powershell tcp ESTABLISHED 192.168.1.5:51514 203.0.113.10:443 -/5120',
      'powershell tcp LISTEN :::445 :::* -/4',
    ],
  ],
];

describe('a paste', () => {
  it.each(samples)('of %s', (_, text, rows) => {
    expect(summary(text)).toEqual(rows);
    expect(readPaste(text).unread).toEqual([]);
  });

  it('keeps what can be read and names the lines that cannot', () => {
    const { rows, unread } = readPaste(
      'tcp 0 0 10.0.0.2:22 0.0.0.0:* LISTEN\nhello <b>world</b>\ntcp 0 0 10.0',
    );
    expect(rows).toHaveLength(1);
    expect(unread).toEqual([
      { line: 2, text: 'hello <b>world</b>' },
      { line: 3, text: 'tcp 0 0 10.0' },
    ]);
  });

  it('never fails, and accounts for every line, however it is mutilated', () => {
    const whole = samples.map(([, text]) => text).join('\n');
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.nat(whole.length),
        fc.string({ unit: 'binary', maxLength: 30 }),
        (from, to, noise) => {
          const { rows, unread } = readPaste(whole.slice(0, from) + noise + whole.slice(to));
          for (const { local, remote, line } of rows) {
            expect(line).toBeGreaterThan(0);
            for (const end of [local, remote]) {
              if (end?.port != null) expect(end.port).toBeLessThanOrEqual(65535);
            }
          }
          expect(new Set([...rows, ...unread].map((one) => one.line)).size).toBe(
            rows.length + unread.length,
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('what sockets mean', () => {
  const explain = (text: string) => explainSockets(readPaste(text).rows, [32768, 60999]);

  it('tells listener, client and server apart', () => {
    const { sockets } = explain(`LISTEN 0 128 0.0.0.0:22 0.0.0.0:*
ESTAB 0 0 10.0.0.2:22 10.0.0.9:51514
ESTAB 0 0 10.0.0.2:40962 10.0.0.10:443
ESTAB 0 0 10.0.0.2:40000 10.0.0.10:40001`);
    expect(sockets.map((one) => [one.side, one.servicePort, one.clientPort])).toEqual([
      ['listening', 22, null],
      ['server', 22, null],
      ['client', 443, 40962],
      ['unsure', null, null],
    ]);
  });

  it('lets a listener in the paste outweigh the range: a service may live at 40001', () => {
    const { sockets } = explain(
      'LISTEN 0 128 *:40001 *:*\nESTAB 0 0 10.0.0.2:40001 10.0.0.9:50000',
    );
    expect(sockets[1]?.side).toBe('server');
  });

  it('counts the use of the range towards each destination, TIME-WAIT apart', () => {
    const { destinations, timeWait } = explain(`ESTAB 0 0 10.0.0.2:40962 10.0.0.10:443
TIME-WAIT 0 0 10.0.0.2:40964 10.0.0.10:443
TIME-WAIT 0 0 10.0.0.2:40966 10.0.0.10:443
ESTAB 0 0 10.0.0.2:40962 10.0.0.11:443`);
    expect(timeWait).toBe(2);
    expect(destinations).toEqual([
      {
        localAddress: '10.0.0.2',
        remoteAddress: '10.0.0.10',
        remotePort: 443,
        open: 1,
        timeWait: 2,
      },
      {
        localAddress: '10.0.0.2',
        remoteAddress: '10.0.0.11',
        remotePort: 443,
        open: 1,
        timeWait: 0,
      },
    ]);
  });
});

describe('a pasted range', () => {
  it.each([
    ['net.ipv4.ip_local_port_range = 32768\t60999', 'linux', 32768, 60999],
    ['32768\t60999\n', 'linux', 32768, 60999],
    [
      'Protocol tcp Dynamic Port Range\n-----\nStart Port      : 49152\nNumber of Ports : 16384',
      'windows',
      49152,
      65535,
    ],
    [
      'プロトコル tcp の動的ポートの範囲\n-----\n開始ポート     : 49152\nポート数       : 16384',
      'windows',
      49152,
      65535,
    ],
    [
      'net.inet.ip.portrange.first: 49152\nnet.inet.ip.portrange.last: 65535\nnet.inet.ip.portrange.hifirst: 1',
      'macos-or-freebsd',
      49152,
      65535,
    ],
    ['net.inet.ip.portfirst=1024\nnet.inet.ip.portlast=49151', 'openbsd', 1024, 49151],
    ['net.inet.ip.anonportmin = 49152\nnet.inet.ip.anonportmax = 65535', 'netbsd', 49152, 65535],
  ])('%j', (text, tool, low, high) => {
    expect(readRange(text)).toMatchObject({ ok: true, tool, low, high });
  });

  it('reads the reserved ports along with it', () => {
    const text =
      'net.ipv4.ip_local_port_range = 32768 60999\nnet.ipv4.ip_local_reserved_ports = 8080,32768-60500';
    expect(readRange(text)).toMatchObject({
      reserved: [
        [8080, 8080],
        [32768, 60500],
      ],
    });
  });

  it.each([
    ['', 'nothing'],
    ['net.inet.ip.portrange.first: 49152', 'half'],
    ['60999 32768', 'order'],
    ['32768 70000', 'bounds'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(readRange(text)).toEqual({ ok: false, problem });
  });

  it('never fails on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof readRange(text).ok === 'boolean'));
  });
});
