/**
 * Debian 12's services as its packages set them up (openssh-server 9.2p1, nginx 1.22.1, cron 3.0pl1):
 * descriptions, manual pages and unit files (without nginx's comments).
 */

import type { ServiceSpec } from '../linux/distribution.ts';
import { fixedService, nginxService, sshService } from './common-files.ts';

const sshUnit = `[Unit]
Description=OpenBSD Secure Shell server
Documentation=man:sshd(8) man:sshd_config(5)
After=network.target auditd.service
ConditionPathExists=!/etc/ssh/sshd_not_to_be_run

[Service]
EnvironmentFile=-/etc/default/ssh
ExecStartPre=/usr/sbin/sshd -t
ExecStart=/usr/sbin/sshd -D $SSHD_OPTS
ExecReload=/usr/sbin/sshd -t
ExecReload=/bin/kill -HUP $MAINPID
KillMode=process
Restart=on-failure
RestartPreventExitStatus=255
Type=notify
RuntimeDirectory=sshd
RuntimeDirectoryMode=0755

[Install]
WantedBy=multi-user.target
Alias=sshd.service
`;

const nginxUnit = `[Unit]
Description=A high performance web server and a reverse proxy server
Documentation=man:nginx(8)
After=network-online.target remote-fs.target nss-lookup.target
Wants=network-online.target

[Service]
Type=forking
PIDFile=/run/nginx.pid
ExecStartPre=/usr/sbin/nginx -t -q -g 'daemon on; master_process on;'
ExecStart=/usr/sbin/nginx -g 'daemon on; master_process on;'
ExecReload=/usr/sbin/nginx -g 'daemon on; master_process on;' -s reload
ExecStop=-/sbin/start-stop-daemon --quiet --stop --retry QUIT/5 --pidfile /run/nginx.pid
TimeoutStopSec=5
KillMode=mixed

[Install]
WantedBy=multi-user.target
`;

const cronUnit = `[Unit]
Description=Regular background program processing daemon
Documentation=man:cron(8)
After=remote-fs.target nss-user-lookup.target

[Service]
EnvironmentFile=-/etc/default/cron
ExecStart=/usr/sbin/cron -f $EXTRA_OPTS
IgnoreSIGPIPE=false
KillMode=process
Restart=on-failure

[Install]
WantedBy=multi-user.target
`;

export const debianServices: readonly ServiceSpec[] = [
  {
    ...sshService('ssh', ['sshd'], true),
    description: 'OpenBSD Secure Shell server',
    unitPath: '/lib/systemd/system/ssh.service',
    args: 'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups',
    docs: ['man:sshd(8)', 'man:sshd_config(5)'],
    unitText: sshUnit,
    hasInitScript: true,
    saysListening: ({ address, port }) => `Server listening on ${address} port ${port}.`,
    saysEnding: 'Received signal 15; terminating.',
    saysReloading: 'Received SIGHUP; restarting.',
  },
  {
    ...fixedService(
      {
        name: 'cron',
        description: 'Regular background program processing daemon',
        command: 'cron',
        args: '/usr/sbin/cron -f',
        user: 'root',
      },
      [],
    ),
    unitPath: '/lib/systemd/system/cron.service',
    docs: ['man:cron(8)'],
    unitText: cronUnit,
    hasInitScript: true,
  },
  {
    ...nginxService(true),
    description: 'A high performance web server and a reverse proxy server',
    unitPath: '/lib/systemd/system/nginx.service',
    args: 'nginx: master process /usr/sbin/nginx -g daemon on; master_process on;',
    docs: ['man:nginx(8)'],
    unitText: nginxUnit,
    hasInitScript: true,
  },
];
