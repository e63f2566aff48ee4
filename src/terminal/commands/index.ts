/** Every command of the machine: one line for each. */

import type { Command } from './command.ts';
import { cat, head, seq, wc, xargs } from './coreutils.ts';
import { curl } from './curl/curl.ts';
import { diff } from './diff.ts';
import { dig } from './dig.ts';
import { host } from './host.ts';
import {
  date,
  env,
  groups,
  hostname,
  hostnamectl,
  id,
  printenv,
  uname,
  uptime,
  whoami,
} from './identity.ts';
import { ip } from './ip.ts';
import { iptables, iptablesSave } from './iptables.ts';
import { journalctl } from './journalctl.ts';
import { kill, killall } from './kill.ts';
import { ls } from './ls.ts';
import { lsof } from './lsof/lsof.ts';
import { nc } from './nc.ts';
import { netstat } from './netstat.ts';
import { pgrep, pkill } from './pgrep.ts';
import { ping } from './ping.ts';
import { ps } from './ps/ps.ts';
import { python3 } from './python3.ts';
import { less, man, more, nano, vi } from './full-screen.ts';
import { route } from './route.ts';
import { ss } from './ss/ss.ts';
import { ssh } from './ssh.ts';
import { bash, nohup, su, sudo } from './sudo.ts';
import { sysctl } from './sysctl.ts';
import { chown, clear, dmesg, getent, nginx, nproc, reboot, sshd } from './system.ts';
import { service } from './systemctl/service.ts';
import { systemctl } from './systemctl/systemctl.ts';
import { tail } from './tail.ts';
import { tcpdump } from './tcpdump.ts';
import { tee } from './tee.ts';
import { ufw } from './ufw.ts';
import { firewallCmd } from './firewall-cmd/firewall-cmd.ts';
import { uniq } from './uniq.ts';
import { sleep, timeout, watch, yes } from './time-commands.ts';
import { wget } from './wget.ts';
import { fuser } from './fuser.ts';
import { nft } from './nft.ts';
import { nmap } from './nmap.ts';
import { pidof } from './pidof.ts';
import { telnet } from './telnet.ts';

export const commands: readonly Command[] = [
  bash,
  cat,
  chown,
  clear,
  curl,
  date,
  diff,
  dig,
  dmesg,
  env,
  fuser,
  getent,
  groups,
  head,
  host,
  hostname,
  hostnamectl,
  id,
  ip,
  iptables,
  iptablesSave,
  journalctl,
  kill,
  killall,
  less,
  ls,
  lsof,
  man,
  more,
  nano,
  nc,
  netstat,
  nft,
  nginx,
  nmap,
  nohup,
  nproc,
  pgrep,
  pidof,
  ping,
  pkill,
  printenv,
  ps,
  python3,
  reboot,
  route,
  seq,
  service,
  sleep,
  ss,
  ssh,
  sshd,
  su,
  sudo,
  sysctl,
  systemctl,
  tail,
  tcpdump,
  tee,
  telnet,
  timeout,
  uname,
  ufw,
  firewallCmd,
  uniq,
  uptime,
  vi,
  watch,
  wc,
  wget,
  whoami,
  xargs,
  yes,
];
