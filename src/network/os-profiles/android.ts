/**
 * Android: a Linux kernel with its defaults; no change of the range was found in AOSP. Seeing the
 * range takes `adb shell`, changing it root.
 */

import { linuxOf } from './linux.ts';
import type { OsProfile, Trait } from './profile.ts';

const likeLinux: Trait = {
  evidence: 'assumed',
  source: 'a Linux kernel without changes of its own',
};

export const android: OsProfile = linuxOf({
  id: 'android',
  name: 'Android',
  generation: '5.18',
  release: '6.6',
  traits: {
    range: likeLinux,
    'tcp-choice': likeLinux,
    'udp-choice': likeLinux,
    'bind-choice': likeLinux,
    sharing: likeLinux,
    'time-wait': likeLinux,
    'fin-wait': likeLinux,
    opening: likeLinux,
    retransmission: likeLinux,
    errors: likeLinux,
    'dual-stack': likeLinux,
  },
  commands: [
    { does: 'show-range', command: 'adb shell cat /proc/sys/net/ipv4/ip_local_port_range' },
    {
      does: 'set-range',
      command: "adb shell su -c 'echo 49152 65535 > /proc/sys/net/ipv4/ip_local_port_range'",
    },
  ],
});
