/** Example pastes, one for each tool, on addresses reserved for documentation (RFC 5737). */

export const samples = {
  linux: `$ ss -tanp
State     Recv-Q Send-Q Local Address:Port    Peer Address:Port Process
LISTEN    0      128          0.0.0.0:22           0.0.0.0:*     users:(("sshd",pid=812,fd=3))
LISTEN    0      511          0.0.0.0:443          0.0.0.0:*     users:(("nginx",pid=903,fd=6))
LISTEN    0      244        127.0.0.1:5432         0.0.0.0:*     users:(("postgres",pid=871,fd=5))
ESTAB     0      0         192.0.2.10:443     198.51.100.7:51514 users:(("nginx",pid=905,fd=9))
ESTAB     0      0         192.0.2.10:443     198.51.100.9:51514 users:(("nginx",pid=905,fd=11))
ESTAB     0      36        192.0.2.10:22     198.51.100.30:49822 users:(("sshd",pid=2201,fd=4))
ESTAB     0      0          127.0.0.1:40962      127.0.0.1:5432  users:(("app",pid=1440,fd=8))
ESTAB     0      0         192.0.2.10:52066     203.0.113.5:443  users:(("app",pid=1440,fd=12))
TIME-WAIT 0      0         192.0.2.10:52070     203.0.113.5:443
TIME-WAIT 0      0         192.0.2.10:52084     203.0.113.5:443
TIME-WAIT 0      0         192.0.2.10:52088     203.0.113.5:443
SYN-SENT  0      1         192.0.2.10:36410    203.0.113.99:5432 users:(("app",pid=1440,fd=13))`,
  macos: `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  192.0.2.20.51514       203.0.113.10.443       ESTABLISHED
tcp4       0      0  192.0.2.20.51515       203.0.113.10.443       ESTABLISHED
tcp4       0      0  192.0.2.20.51511       203.0.113.80.80        TIME_WAIT
tcp46      0      0  *.8080                 *.*                    LISTEN
tcp4       0      0  127.0.0.1.631          *.*                    LISTEN
udp4       0      0  *.5353                 *.*
udp4       0      0  *.60533                *.*`,
  windows: `Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1044
  TCP    0.0.0.0:445            0.0.0.0:0              LISTENING       4
  TCP    0.0.0.0:49668          0.0.0.0:0              LISTENING       884
  TCP    192.0.2.30:51514       203.0.113.10:443       ESTABLISHED     5120
  TCP    192.0.2.30:51515       203.0.113.10:443       TIME_WAIT       0
  TCP    192.0.2.30:51520       203.0.113.44:3389      ESTABLISHED     7312
  TCP    [::1]:5432             [::]:0                 LISTENING       2980
  UDP    0.0.0.0:5353           *:*                                    2108`,
  lsof: `COMMAND     PID     USER   FD   TYPE DEVICE SIZE/OFF NODE NAME
sshd        812     root    3u  IPv4  18113      0t0  TCP *:22 (LISTEN)
ruby       3050 ec2-user   10u  IPv4  22871      0t0  TCP 192.0.2.10:61792->203.0.113.7:443 (ESTABLISHED)
ssm-agent  3311     root   12u  IPv4  18231      0t0  TCP 192.0.2.10:53704->203.0.113.8:443 (ESTABLISHED)
chronyd     640   chrony    5u  IPv4  17002      0t0  UDP 127.0.0.1:323
dhclient    701     root    6u  IPv4  17310      0t0  UDP *:68`,
} as const;

export type SampleName = keyof typeof samples;
