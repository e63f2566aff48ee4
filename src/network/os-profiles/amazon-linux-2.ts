/**
 * Amazon Linux 2: kernel 4.14, so the choice of ports of 4.6 to 5.11. (Its later kernels, 5.10 with
 * the changes of 2022 carried back, choose as `linux` does.) Amazon's pages name 61000 as the range's
 * upper end; the kernel's own default is 60999.
 */

import { linuxOf, linuxTimerTraits } from './linux.ts';
import type { OsProfile, Trait } from './profile.ts';

const kernel = (source: string): Trait => ({ evidence: 'source-code', source });

export const amazonLinux2: OsProfile = linuxOf({
  id: 'amazon-linux-2',
  name: 'Amazon Linux 2',
  generation: '4.6-to-5.11',
  release: '4.14',
  traits: {
    range: kernel('net/ipv4/af_inet.c:inet_init_net of 4.14'),
    'tcp-choice': kernel('net/ipv4/inet_hashtables.c:__inet_hash_connect, commit 1580ab63fc9a'),
    'udp-choice': kernel('net/ipv4/udp.c:udp_lib_get_port'),
    'bind-choice': kernel(
      'net/ipv4/inet_connection_sock.c:inet_csk_find_open_port, commit ea8add2b1903',
    ),
    sharing: kernel('net/ipv4/inet_hashtables.c:__inet_check_established'),
    'time-wait': kernel('include/net/tcp.h:TCP_TIMEWAIT_LEN'),
    ...linuxTimerTraits,
    errors: kernel('net/ipv4/inet_hashtables.c:__inet_hash_connect'),
    'dual-stack': kernel('net/ipv6/af_inet6.c:inet6_create'),
  },
});
