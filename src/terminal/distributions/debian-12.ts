/** Debian 12: prompt with a colon, `ssh` as the service's name, `sudo` as the administrators' group. */

import type { Distribution } from '../linux/distribution.ts';
import {
  groupFile,
  homeFiles,
  idleSysctls,
  nginxConfig,
  passwdFile,
  programTree,
  readOnlySysctls,
  resolverFile,
  servicesFile,
  sshdConfig,
} from './common-files.ts';
import { debianServices } from './debian-services.ts';

const osRelease = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
`;

/** As Debian's installer writes it. */
const hostsFile = `127.0.0.1\tlocalhost
127.0.1.1\tdebian

# The following lines are desirable for IPv6 capable hosts
::1     localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`;

export const debian12: Distribution = {
  id: 'debian-12',
  prettyName: 'Debian GNU/Linux 12 (bookworm)',
  hostName: 'debian',
  address: '10.0.0.2',
  ipv6: { address: 'fd00:a::2' },
  loginUser: 'mika',
  kernelRelease: '6.1.0-37-amd64',
  kernelVersion: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)',
  promptStyle: 'colon',
  systemd: 252,
  path: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  files: [
    { path: '/etc/os-release', text: osRelease },
    { path: '/etc/debian_version', text: '12.11\n' },
    { path: '/etc/hostname', text: 'debian\n' },
    { path: '/etc/hosts', text: hostsFile },
    resolverFile,
    { path: '/etc/passwd', text: passwdFile('mika', 1000, 'Mika', 65534) },
    { path: '/etc/group', text: groupFile('mika', 1000, 'sudo') },
    { path: '/etc/services', text: servicesFile('http-alt') },
    { path: '/etc/sysctl.conf', text: '# Kernel parameters, read by sysctl -p and at boot.\n' },
    { path: '/etc/sysctl.d/99-sysctl.conf', linkTo: '../sysctl.conf' },
    { path: '/etc/ssh/sshd_config', text: sshdConfig },
    { path: '/etc/nginx/nginx.conf', text: nginxConfig },
    { path: '/etc/sudoers', text: '%sudo ALL=(ALL:ALL) NOPASSWD: ALL\n', mode: 0o440 },
    { path: '/etc/shadow', text: 'root:!:19700:0:99999:7:::\n', mode: 0o640 },
    ...homeFiles('mika', 1000),
    ...programTree,
  ],
  services: debianServices,
  otherSysctls: {
    ...idleSysctls,
    'fs.file-max': '9223372036854775807',
    'kernel.osrelease': '6.1.0-37-amd64',
    'kernel.ostype': 'Linux',
    'kernel.pid_max': '4194304',
    'vm.swappiness': '60',
  },
  readOnlySysctls,
};
