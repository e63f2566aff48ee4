/** A plain Linux with nothing running but sshd: the quietest socket tables. */

import type { Distribution } from '../linux/distribution.ts';
import {
  fixedService,
  groupFile,
  homeFiles,
  idleSysctls,
  nginxConfig,
  nginxService,
  passwdFile,
  programFile,
  programTree,
  readOnlySysctls,
  resolverFile,
  servicesFile,
  sshdConfig,
  sshService,
} from './common-files.ts';
import { firewalldConfig, firewalldService } from '../firewall/firewalld.ts';
import { zoneFiles } from '../firewall/firewalld-zones.ts';

export const genericLinux: Distribution = {
  id: 'generic-linux',
  prettyName: 'Linux',
  hostName: 'host',
  address: '10.0.0.2',
  loginUser: 'user',
  kernelRelease: '6.18.44',
  kernelVersion: '#1 SMP PREEMPT_DYNAMIC',
  promptStyle: 'colon',
  systemd: 252,
  path: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin',
  files: [
    { path: '/etc/os-release', text: 'NAME="Linux"\nID=linux\nPRETTY_NAME="Linux"\n' },
    { path: '/etc/hostname', text: 'host\n' },
    { path: '/etc/hosts', text: '127.0.0.1\tlocalhost\n' },
    resolverFile,
    { path: '/etc/passwd', text: passwdFile('user', 1000, 'User', 65534) },
    { path: '/etc/group', text: groupFile('user', 1000, 'wheel') },
    { path: '/etc/services', text: servicesFile('http-alt') },
    { path: '/etc/sysctl.conf', text: '' },
    { path: '/etc/sysctl.d' },
    { path: '/etc/ssh/sshd_config', text: sshdConfig },
    { path: '/etc/nginx/nginx.conf', text: nginxConfig },
    { path: '/etc/sudoers', text: '%wheel ALL=(ALL) NOPASSWD: ALL\n', mode: 0o440 },
    ...homeFiles('user', 1000),
    ...programTree,
    ...['firewall-cmd', 'firewalld'].map(programFile),
    firewalldConfig,
    ...zoneFiles,
    { path: '/etc/firewalld/zones' },
  ],
  services: [
    sshService('sshd'),
    nginxService(false),
    {
      ...fixedService(
        {
          name: firewalldService,
          description: 'firewalld - dynamic firewall daemon',
          command: 'firewalld',
          args: '/usr/bin/python3 /usr/sbin/firewalld --nofork --nopid',
          user: 'root',
        },
        [],
      ),
      isEnabled: false,
      startsAtBoot: false,
      canReload: true,
      docs: ['man:firewalld(1)'],
    },
  ],
  otherSysctls: {
    ...idleSysctls,
    'fs.file-max': '2466170',
    'kernel.osrelease': '6.18.44',
    'kernel.ostype': 'Linux',
    'kernel.pid_max': '4194304',
    'vm.swappiness': '60',
  },
  readOnlySysctls,
};
