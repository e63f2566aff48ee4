import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
    'ss -tan of both families: the two wildcards, and IPv4 seen by a socket of IPv6',
    `State  Recv-Q Send-Q      Local Address:Port       Peer Address:Port  Process
LISTEN 0      128               0.0.0.0:22              0.0.0.0:*
LISTEN 0      128                  [::]:22                 [::]:*
LISTEN 0      511                     *:80                    *:*
ESTAB  0      0      [::ffff:10.0.0.10]:80    [::ffff:10.0.0.2]:50001`,
    [
      'ss tcp LISTEN 0.0.0.0:22 0.0.0.0:* -/-',
      'ss tcp LISTEN :::22 :::* -/-',
      'ss tcp LISTEN *:80 *:* -/-',
      'ss tcp ESTABLISHED ::ffff:10.0.0.10:80 ::ffff:10.0.0.2:50001 -/-',
    ],
  ],
  [
    'netstat -tuln -6 (net-tools)',
    `Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State
tcp6       0      0 ::1:8082                :::*                    LISTEN
tcp6       0      0 :::8080                 :::*                    LISTEN
udp6       0      0 :::5353                 :::*`,
    [
      'netstat-linux tcp LISTEN ::1:8082 :::* -/-',
      'netstat-linux tcp LISTEN :::8080 :::* -/-',
      'netstat-linux udp UNCONN :::5353 :::* -/-',
    ],
  ],
  [
    'lsof -nP -i6',
    `COMMAND PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME
python3  10 root    3u  IPv6  12345      0t0  TCP [::1]:8082 (LISTEN)
curl     12 root    5u  IPv6  12347      0t0  TCP [fd00:a::2]:40000->[fd00:a::10]:80 (ESTABLISHED)`,
    [
      'lsof tcp LISTEN ::1:8082 - python3/10',
      'lsof tcp ESTABLISHED fd00:a::2:40000 fd00:a::10:80 curl/12',
    ],
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
    'netstat -b (Windows): the program is on the next line',
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

const moreSamples: typeof samples = [
  [
    'ss -tanpoie: timers, and what is below a socket',
    `State      Recv-Q Send-Q        Local Address:Port          Peer Address:Port  Process
ESTAB      0      0                  10.0.0.2:40962            10.0.0.10:443    users:(("curl",pid=9012,fd=5)) timer:(keepalive,59sec,0) uid:1000 ino:9450171 sk:1 cgroup:/user.slice <->
\t ts sack cubic wscale:7,7 rto:204 rtt:0.05/0.025 mss:32741 cwnd:10 send 52385600000bps
\t skmem:(r0,rb131072,t0,tb2626560,f0,w0,o0,bl0,d0)
TIME-WAIT  0      0                  10.0.0.2:40964            10.0.0.10:443    timer:(timewait,29sec,0)`,
    [
      'ss tcp ESTABLISHED 10.0.0.2:40962 10.0.0.10:443 curl/9012',
      'ss tcp TIME-WAIT 10.0.0.2:40964 10.0.0.10:443 -/-',
    ],
  ],
  [
    'ss -uan with a zone behind the bracket',
    'UNCONN 0 0 [fe80::5054:ff:fe12:3456]%eth0:546 [::]:* users:(("systemd-network",pid=488,fd=20))',
    ['ss udp UNCONN fe80::5054:ff:fe12:3456%eth0:546 :::* systemd-network/488'],
  ],
  [
    'a terminal’s colours, a mail’s quote marks, full-width forms, other blanks',
    '\u001b[1mESTAB\u001b[0m 0 0 10.0.0.2:40962 10.0.0.10:443\n> ESTAB 0 0 10.0.0.2:40964 10.0.0.10:443\nＥＳＴＡＢ　０　０　１０．０．０．２：４０９６６　１０．０．０．１０：４４３\ntcp\u00a0 0\u00a00 10.0.0.2:22 10.0.0.9:51515 ESTABLISHED',
    [
      'ss tcp ESTABLISHED 10.0.0.2:40962 10.0.0.10:443 -/-',
      'ss tcp ESTABLISHED 10.0.0.2:40964 10.0.0.10:443 -/-',
      'ss tcp ESTABLISHED 10.0.0.2:40966 10.0.0.10:443 -/-',
      'netstat-linux tcp ESTABLISHED 10.0.0.2:22 10.0.0.9:51515 -/-',
    ],
  ],
  [
    'netstat -tlnp (net-tools in Japanese), with its warning',
    `(Not all processes could be identified, non-owned process info
 will not be shown, you would have to be root to see it all.)
稼働中のインターネット接続 (サーバと確立)
Proto 受信-Q 送信-Q 内部アドレス            外部アドレス            状態       PID/Program name
tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN      812/sshd`,
    ['netstat-linux tcp LISTEN 0.0.0.0:22 0.0.0.0:* sshd/812'],
  ],
  [
    'netstat -anv (macOS), both kinds, and what else it lists',
    `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)     rhiwat shiwat    pid   epid state  options
tcp4       0      0  192.168.1.5.51514      203.0.113.10.443       ESTABLISHED 131072 131072   5120      0 00102 00020000
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)          rxbytes      txbytes  rhiwat  shiwat    process:pid    state  options           gencnt    flags   flags1 usecnt rtncnt fltrs
tcp4       0      0  127.0.0.1.8080         *.*                    LISTEN                 0            0  131072  131072   Google Chrome H:612   00100 00000006 0000000000075a3e 00000081 04000900      2      0 000001
icm6       0      0  *.*                    *.*
Active LOCAL (UNIX) domain sockets
Address          Type   Recv-Q Send-Q            Inode             Conn             Refs          Nextref Addr
f3a1b2c3d4e5f601 stream      0      0                0 f3a1b2c3d4e5f602                0                0 /var/run/mDNSResponder`,
    [
      'netstat-bsd tcp ESTABLISHED 192.168.1.5:51514 203.0.113.10:443 -/5120',
      'netstat-bsd tcp LISTEN 127.0.0.1:8080 *:* Google Chrome H/612',
    ],
  ],
  [
    'netstat -anobq (Windows): components, no right to know, a zone, a bound port',
    `C:\\Windows\\System32>netstat -anobq

Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1044
  RpcSs
 [svchost.exe]
  TCP    0.0.0.0:445            0.0.0.0:0              LISTENING       4
 Can not obtain ownership information
  TCP    192.168.1.5:50001      0.0.0.0:0              BOUND           5120
 [firefox.exe]
  TCP    [fe80::1c2d:3e4f%12]:51516  [fe80::1%12]:445  CLOSE_WAIT  5120
 [Code - Insiders.exe]`,
    [
      'netstat-windows tcp LISTEN 0.0.0.0:135 0.0.0.0:* svchost.exe/1044',
      'netstat-windows tcp LISTEN 0.0.0.0:445 0.0.0.0:* -/4',
      'netstat-windows tcp BOUND 192.168.1.5:50001 0.0.0.0:* firefox.exe/5120',
      'netstat-windows tcp CLOSE-WAIT fe80::1c2d:3e4f%12:51516 fe80::1%12:445 Code - Insiders.exe/5120',
    ],
  ],
  [
    'netstat -anob (Windows, Japanese) where the owner may not be seen',
    `アクティブな接続

  プロトコル  ローカル アドレス      外部アドレス           状態            PID
  TCP         0.0.0.0:445            0.0.0.0:0              LISTENING       4
 所有者情報を取得できません
  TCP         127.0.0.1:5354         MY-PC:49673            ESTABLISHED     3012
  Dnscache
 [svchost.exe]`,
    [
      'netstat-windows tcp LISTEN 0.0.0.0:445 0.0.0.0:* -/4',
      'netstat-windows tcp ESTABLISHED 127.0.0.1:5354 MY-PC:49673 svchost.exe/3012',
    ],
  ],
  [
    'netstat (Windows) in a language whose states are not known: a listener is told by port 0',
    '  TCP    0.0.0.0:135            0.0.0.0:0              ??????         1044\n  TCP    192.168.1.5:51514      203.0.113.10:443       ??????     5120',
    [
      'netstat-windows tcp LISTEN 0.0.0.0:135 0.0.0.0:* -/1044',
      'netstat-windows tcp UNKNOWN 192.168.1.5:51514 203.0.113.10:443 -/5120',
    ],
  ],
  [
    'lsof -i -P -n +c0, -K and -T',
    `com.apple.WebKit.Networking 700     mika   12u  IPv6 0x2ae9f8c1d8e1a7b4      0t0  TCP [2001:db8::5]:52001->[2001:db8::80]:443 (SYN_SENT)
chrome 2101 2133 ThreadPoo mika 33u IPv4 55123 0t0 TCP 10.0.0.2:40962->10.0.0.10:443 (ESTABLISHED)
nc      24337 root    4u  IPv4 9450171      0t0  TCP 127.0.0.1:9000->127.0.0.1:42056 (ESTABLISHED QR=0 QS=0)`,
    [
      'lsof tcp SYN-SENT 2001:db8::5:52001 2001:db8::80:443 com.apple.WebKit.Networking/700',
      'lsof tcp ESTABLISHED 10.0.0.2:40962 10.0.0.10:443 chrome/2101',
      'lsof tcp ESTABLISHED 127.0.0.1:9000 127.0.0.1:42056 nc/24337',
    ],
  ],
  [
    'Get-NetTCPConnection as a list, Get-NetUDPEndpoint',
    `LocalAddress   : ::
LocalPort      : 445
RemoteAddress  : ::
RemotePort     : 0
State          : Listen
AppliedSetting :
OwningProcess  : 4

LocalAddress                             LocalPort
------------                             ---------
0.0.0.0                                  5353`,
    ['powershell tcp LISTEN :::445 :::* -/4', 'powershell udp UNCONN 0.0.0.0:5353 - -/-'],
  ],
];

describe('a paste', () => {
  it.each(moreSamples)('of %s', (_, text, rows) => {
    expect(summary(text)).toEqual(rows);
    expect(readPaste(text).unread).toEqual([]);
    expect(summary(text.replaceAll('\n', '\r\n'))).toEqual(rows);
  });

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
    const whole = [...samples, ...moreSamples].map(([, text]) => text).join('\n');
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
    [
      '\r\nプロトコル tcp の動的ポートの範囲\r\n---------------------------------\r\n開始ポート　　　：１０２５\r\nポート数　　　　：６４５１１\r\n',
      'windows',
      1025,
      65535,
    ],
    [
      'C:\\>netsh\n\nIntervallo (qualunque lingua)\n---------------------------------\nPorta iniziale  : 49152\nNumero di porte : 16384\n',
      'windows',
      49152,
      65535,
    ],
    [
      'SettingName DynamicPortRangeStartPort DynamicPortRangeNumberOfPorts\n----------- ------------------------- -----------------------------\nInternet                        49152                         16384\n',
      'windows',
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
    // netsh … show excludedportrange: pairs of ports, but no automatic range
    ['開始ポート    終了ポート\n----------    --------\n      5357        5357\n', 'nothing'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(readRange(text)).toEqual({ ok: false, problem });
  });

  it('never fails on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof readRange(text).ok === 'boolean'));
  });
});
