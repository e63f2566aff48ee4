/**
 * Amazon Linux 2, the machine of the course's source: login ec2-user, prompt in brackets, agents
 * that keep connections to port 443. Kernel 5.10 has the port choice of 5.18 back-ported, so the
 * engine's Linux profile is the right one.
 */

import type { Distribution } from '../linux/distribution.ts';
import {
  fixedService,
  groupFile,
  homeFiles,
  idleSysctls,
  nginxConfig,
  nginxService,
  passwdFile,
  programTree,
  readOnlySysctls,
  resolverFile,
  servicesFile,
  sshdConfig,
  sshService,
} from './common-files.ts';

const osRelease = `NAME="Amazon Linux"
VERSION="2"
ID="amzn"
ID_LIKE="centos rhel fedora"
VERSION_ID="2"
PRETTY_NAME="Amazon Linux 2"
ANSI_COLOR="0;33"
CPE_NAME="cpe:2.3:o:amazon:amazon_linux:2"
HOME_URL="https://amazonlinux.com/"
`;

const sysctlConf = `# Kernel parameters, read by sysctl -p and at boot.
#
# Settings of the system lie in /usr/lib/sysctl.d/; files in /etc/sysctl.d/ come
# after them, and this file comes last. See sysctl.conf(5) and sysctl.d(5).
`;

const hostName = 'ip-10-0-0-2';

export const amazonLinux2: Distribution = {
  id: 'amazon-linux-2',
  prettyName: 'Amazon Linux 2',
  hostName,
  address: '10.0.0.2',
  ipv6: {},
  loginUser: 'ec2-user',
  kernelRelease: '5.10.234-225.921.amzn2.x86_64',
  kernelVersion: '#1 SMP Thu Mar 20 18:29:32 UTC 2025',
  promptStyle: 'brackets',
  systemd: 219,
  path: '/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin',
  files: [
    { path: '/etc/os-release', text: osRelease },
    { path: '/etc/system-release', text: 'Amazon Linux release 2 (Karoo)\n' },
    { path: '/etc/hostname', text: `${hostName}\n` },
    {
      path: '/etc/hosts',
      text: '127.0.0.1   localhost localhost.localdomain localhost4 localhost4.localdomain4\n::1         localhost6 localhost6.localdomain6\n',
    },
    resolverFile,
    { path: '/etc/passwd', text: passwdFile('ec2-user', 1000, 'EC2 Default User', 99) },
    { path: '/etc/group', text: groupFile('ec2-user', 1000, 'wheel') },
    { path: '/etc/services', text: servicesFile('webcache') },
    { path: '/etc/sysctl.conf', text: sysctlConf },
    { path: '/etc/sysctl.d/99-sysctl.conf', linkTo: '../sysctl.conf' },
    {
      path: '/usr/lib/sysctl.d/00-system.conf',
      text: 'net.ipv4.conf.all.promote_secondaries = 1\n',
    },
    {
      path: '/usr/lib/sysctl.d/50-default.conf',
      text: 'kernel.sysrq = 16\nkernel.core_uses_pid = 1\n',
    },
    { path: '/etc/ssh/sshd_config', text: sshdConfig, mode: 0o600 },
    { path: '/etc/nginx/nginx.conf', text: nginxConfig },
    { path: '/etc/sudoers', text: 'ec2-user ALL=(ALL) NOPASSWD:ALL\n', mode: 0o440 },
    { path: '/etc/shadow', text: 'root:*LOCK*:14600::::::\n', mode: 0o000 },
    ...homeFiles('ec2-user', 1000),
    ...programTree,
  ],
  services: [
    sshService('sshd', [], true),
    {
      name: 'amazon-ssm-agent',
      description: 'amazon-ssm-agent',
      unitPath: '/usr/lib/systemd/system/amazon-ssm-agent.service',
      isEnabled: true,
      startsAtBoot: true,
      command: 'ssm-agent-worke',
      args: '/usr/bin/ssm-agent-worker',
      user: 'root',
      canReload: false,
      work: { kind: 'agent', host: 'ssm.example', port: 443, holdMs: 45_000 },
    },
    {
      name: 'codedeploy-agent',
      description: 'AWS CodeDeploy Host Agent',
      unitPath: '/usr/lib/systemd/system/codedeploy-agent.service',
      isEnabled: true,
      startsAtBoot: true,
      command: 'ruby',
      args: 'codedeploy-agent: InstanceAgent::Plugins::CodeDeployPlugin::CommandPoller of master',
      user: 'root',
      canReload: false,
      work: { kind: 'agent', host: 'codedeploy.example', port: 443, holdMs: 30_000 },
    },
    fixedService(
      {
        name: 'postfix',
        description: 'Postfix Mail Transport Agent',
        command: 'master',
        args: '/usr/libexec/postfix/master -w',
        user: 'root',
      },
      [{ protocol: 'tcp', address: '127.0.0.1', port: 25 }],
      // Postfix' default_process_limit.
      100,
    ),
    fixedService(
      {
        name: 'chronyd',
        description: 'NTP client/server',
        command: 'chronyd',
        args: '/usr/sbin/chronyd -F 2',
        user: 'chrony',
        bindsAsRoot: true,
      },
      [{ protocol: 'udp', address: '127.0.0.1', port: 323 }],
    ),
    fixedService(
      {
        name: 'crond',
        description: 'Command Scheduler',
        command: 'crond',
        args: '/usr/sbin/crond -n',
        user: 'root',
      },
      [],
    ),
    nginxService(false),
  ],
  otherSysctls: {
    ...idleSysctls,
    'fs.file-max': '98304',
    'kernel.core_uses_pid': '1',
    'kernel.osrelease': '5.10.234-225.921.amzn2.x86_64',
    'kernel.ostype': 'Linux',
    'kernel.pid_max': '32768',
    'kernel.sysrq': '16',
    'net.ipv4.conf.all.promote_secondaries': '0',
    'vm.swappiness': '60',
  },
  readOnlySysctls,
};
