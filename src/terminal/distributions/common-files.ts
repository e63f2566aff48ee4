/** Files and services that every profile shares, written for this project. */

import { parseAddress } from '../../network/addresses.ts';
import { isDestinationPort } from '../../network/port-ranges.ts';
import type { ListenSpec } from '../../network/scenario/scenario.ts';
import { systemPrograms, userPrograms } from './programs.ts';
import type { FileSpec, ServiceConfig, ServiceSpec } from '../linux/distribution.ts';

/** Names and numbers from the IANA registry; the spellings are those of common /etc/services files. */
const services: readonly (readonly [name: string, where: string, aliases?: string])[] = [
  ['tcpmux', '1/tcp'],
  ['echo', '7/tcp'],
  ['echo', '7/udp'],
  ['discard', '9/tcp', 'sink null'],
  ['daytime', '13/tcp'],
  ['ftp-data', '20/tcp'],
  ['ftp', '21/tcp'],
  ['ssh', '22/tcp'],
  ['telnet', '23/tcp'],
  ['smtp', '25/tcp', 'mail'],
  ['time', '37/tcp', 'timserver'],
  ['domain', '53/tcp'],
  ['domain', '53/udp'],
  ['bootps', '67/udp'],
  ['bootpc', '68/udp'],
  ['tftp', '69/udp'],
  ['http', '80/tcp', 'www'],
  ['kerberos', '88/tcp', 'kerberos5 krb5'],
  ['pop3', '110/tcp', 'pop-3'],
  ['sunrpc', '111/tcp', 'portmapper rpcbind'],
  ['sunrpc', '111/udp', 'portmapper rpcbind'],
  ['ntp', '123/udp'],
  ['netbios-ns', '137/udp'],
  ['netbios-ssn', '139/tcp'],
  ['imap2', '143/tcp', 'imap'],
  ['snmp', '161/udp'],
  ['bgp', '179/tcp'],
  ['ldap', '389/tcp'],
  ['https', '443/tcp'],
  ['https', '443/udp'],
  ['microsoft-ds', '445/tcp'],
  ['submissions', '465/tcp', 'ssmtp smtps'],
  ['syslog', '514/udp'],
  ['submission', '587/tcp'],
  ['ldaps', '636/tcp'],
  ['imaps', '993/tcp'],
  ['pop3s', '995/tcp'],
  ['socks', '1080/tcp'],
  ['openvpn', '1194/udp'],
  ['ms-sql-s', '1433/tcp'],
  ['nfs', '2049/tcp'],
  ['mysql', '3306/tcp'],
  ['ms-wbt-server', '3389/tcp'],
  ['svn', '3690/tcp'],
  ['sip', '5060/udp'],
  ['mdns', '5353/udp'],
  ['postgresql', '5432/tcp', 'postgres'],
  ['amqp', '5672/tcp'],
  ['redis', '6379/tcp'],
];

/**
 * Parameters of the network that the engine has no use for, with the values of Linux 6.18 (read with
 * `sysctl net.ipv4` in a fresh network namespace; sizes of buffers and the congestion control as
 * Documentation/networking/ip-sysctl.rst gives them for a machine nobody has tuned): they can be read and set, and change nothing.
 */
export const idleSysctls: Readonly<Record<string, string>> = {
  'net.core.netdev_max_backlog': '1000',
  'net.core.rmem_default': '212992',
  'net.core.rmem_max': '212992',
  'net.core.wmem_default': '212992',
  'net.core.wmem_max': '212992',
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv4.conf.default.rp_filter': '0',
  'net.ipv4.icmp_echo_ignore_all': '0',
  'net.ipv4.icmp_echo_ignore_broadcasts': '1',
  'net.ipv4.ip_default_ttl': '64',
  'net.ipv4.ip_dynaddr': '0',
  'net.ipv4.ip_early_demux': '1',
  'net.ipv4.ip_forward': '0',
  'net.ipv4.ip_no_pmtu_disc': '0',
  'net.ipv4.ip_nonlocal_bind': '0',
  'net.ipv4.ping_group_range': '1\t0',
  'net.ipv4.tcp_available_congestion_control': 'reno cubic',
  'net.ipv4.tcp_congestion_control': 'cubic',
  'net.ipv4.tcp_dsack': '1',
  'net.ipv4.tcp_ecn': '2',
  'net.ipv4.tcp_fastopen': '1',
  'net.ipv4.tcp_keepalive_intvl': '75',
  'net.ipv4.tcp_keepalive_probes': '9',
  'net.ipv4.tcp_keepalive_time': '7200',
  'net.ipv4.tcp_max_syn_backlog': '2048',
  'net.ipv4.tcp_moderate_rcvbuf': '1',
  'net.ipv4.tcp_mtu_probing': '0',
  'net.ipv4.tcp_no_metrics_save': '0',
  'net.ipv4.tcp_rmem': '4096\t131072\t6291456',
  'net.ipv4.tcp_sack': '1',
  'net.ipv4.tcp_slow_start_after_idle': '1',
  'net.ipv4.tcp_syncookies': '1',
  'net.ipv4.tcp_window_scaling': '1',
  'net.ipv4.tcp_wmem': '4096\t16384\t4194304',
  'net.ipv4.udp_rmem_min': '4096',
  'net.ipv4.udp_wmem_min': '4096',
};

/** Parameters that nobody can write. */
export const readOnlySysctls: readonly string[] = [
  'kernel.osrelease',
  'kernel.ostype',
  'net.ipv4.tcp_available_congestion_control',
];

/** Where names are asked for, as DHCP has written it. */
export const resolverFile = {
  path: '/etc/resolv.conf',
  text: 'search example\nnameserver 10.0.0.1\n',
};

export function servicesFile(name8080: 'http-alt' | 'webcache'): string {
  const alias8080 = name8080 === 'http-alt' ? 'webcache' : 'http-alt';
  const rows = [...services, [name8080, '8080/tcp', alias8080] as const];
  const lines = rows.map(
    ([name, where, aliases]) =>
      `${name}\t\t${where}${aliases === undefined ? '' : `\t\t${aliases}`}`,
  );
  return `# Network services. A short local list: the registry itself is IANA's.\n${lines.join('\n')}\n`;
}

export function passwdFile(login: string, uid: number, comment: string, nobodyUid: number): string {
  return [
    'root:x:0:0:root:/root:/bin/bash',
    'daemon:x:2:2:daemon:/sbin:/sbin/nologin',
    `nobody:x:${nobodyUid}:${nobodyUid}:Nobody:/:/sbin/nologin`,
    'sshd:x:74:74:Privilege-separated SSH:/var/empty/sshd:/sbin/nologin',
    'chrony:x:996:994::/var/lib/chrony:/sbin/nologin',
    'www:x:995:993:Web server:/var/www:/sbin/nologin',
    `${login}:x:${uid}:${uid}:${comment}:/home/${login}:/bin/bash`,
    '',
  ].join('\n');
}

export function groupFile(login: string, gid: number, adminGroup: string): string {
  return [
    'root:x:0:',
    'daemon:x:2:',
    `${adminGroup}:x:10:${login}`,
    'nobody:x:99:',
    'sshd:x:74:',
    'chrony:x:994:',
    'www:x:993:',
    `${login}:x:${gid}:`,
    '',
  ].join('\n');
}

export const sshdConfig = `# The SSH server's settings; sshd_config(5) explains them.
# A line with # in front is a comment and shows the default.

#Port 22
#AddressFamily any
#ListenAddress 0.0.0.0

PermitRootLogin no
PasswordAuthentication no
PubkeyAuthentication yes

UsePAM yes
X11Forwarding no
Subsystem sftp /usr/libexec/openssh/sftp-server
`;

export const nginxConfig = `user www;
worker_processes auto;
error_log /var/log/nginx/error.log;
pid /run/nginx.pid;

events {
    worker_connections 1024;
}

http {
    server {
        listen 80;
        server_name _;
        root /usr/share/nginx/html;
    }
}
`;

/** Where programs are, under /usr as on all three; the files only say that they are there. */
export const programTree: readonly FileSpec[] = [
  { path: '/bin', linkTo: 'usr/bin' },
  { path: '/sbin', linkTo: 'usr/sbin' },
  ...[...userPrograms, ...systemPrograms].map(programFile),
  { path: '/usr/sbin' },
  { path: '/usr/local/bin' },
  { path: '/usr/local/sbin' },
];

/** A program where PATH finds it. */
export function programFile(name: string): FileSpec {
  return { path: `/usr/bin/${name}`, text: '\u007fELF', mode: 0o755 };
}

export function homeFiles(login: string, uid: number): readonly FileSpec[] {
  const owner = { uid, gid: uid };
  const home = `/home/${login}`;
  return [
    { path: home, mode: 0o700, owner },
    { path: `${home}/.bashrc`, text: '# .bashrc\nalias ll="ls -l"\n', owner },
    { path: `${home}/.ssh`, mode: 0o700, owner },
    { path: '/root', mode: 0o550 },
    { path: '/root/.bashrc', text: '# .bashrc\n' },
    { path: '/tmp', mode: 0o1777 },
    { path: '/var/tmp', mode: 0o1777 },
    { path: '/var/log', mode: 0o755 },
    { path: '/var/www', mode: 0o755 },
    { path: '/run', mode: 0o755 },
    { path: '/opt', mode: 0o755 },
    { path: '/usr/share/nginx/html/index.html', text: '<h1>It works</h1>\n' },
  ];
}

/** `Port` and `ListenAddress` of sshd_config(5); each address listens on each port. */
function readSshdConfig(text: string, hasIPv6 = false): ServiceConfig {
  const ports: number[] = [];
  const places: { readonly address: string; readonly port?: number }[] = [];
  let family = 'any';
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [keyword = '', value = ''] = line.split(/[\s=]+/);
    const where = `/etc/ssh/sshd_config line ${index + 1}`;
    if (keyword.toLowerCase() === 'port') {
      if (!/^\d+$/.test(value) || Number(value) === 0 || Number(value) > 65_535) {
        return { ok: false, problem: `${where}: Badly formatted port number.` };
      }
      ports.push(Number(value));
    } else if (keyword.toLowerCase() === 'listenaddress') {
      const [, bracketed, plain, port] =
        /^(?:\[([^\]]*)\]|([\d.]+|[\da-f:]*:[\da-f:]*:[\da-f:.]*))(?::(\d+))?$/i.exec(value) ?? [];
      const address = bracketed ?? plain ?? value;
      if (parseAddress(address) === undefined)
        return { ok: false, problem: `${where}: bad address or hostname: ${value}` };
      places.push({ address, ...(port !== undefined && { port: Number(port) }) });
    } else if (keyword.toLowerCase() === 'addressfamily') {
      if (!['any', 'inet', 'inet6'].includes(value))
        return { ok: false, problem: `${where}: unsupported address family "${value}".` };
      family = value;
    } else if (!sshdKeywords.has(keyword.toLowerCase())) {
      return {
        ok: false,
        problem: `/etc/ssh/sshd_config: line ${index + 1}: Bad configuration option: ${keyword}`,
      };
    }
  }
  const usedPorts = ports.length > 0 ? ports : [22];
  const wildcards = [
    ...(family === 'inet6' ? [] : ['0.0.0.0']),
    ...(family === 'inet' || !hasIPv6 ? [] : ['::']),
  ].map((address) => ({ address, port: undefined }));
  const listens = (places.length > 0 ? places : wildcards).flatMap(({ address, port }) =>
    (port === undefined ? usedPorts : [port]).map((each): ListenSpec => listenAt(address, each)),
  );
  return { ok: true, listens };
}

/** sshd and nginx each open a socket of its own for IPv6, with IPV6_V6ONLY. */
function listenAt(address: string, port: number): ListenSpec {
  return { protocol: 'tcp', address, port, ...(address.includes(':') && { ipv6Only: true }) };
}

const sshdKeywords = new Set([
  'acceptenv',
  'addressfamily',
  'allowgroups',
  'allowtcpforwarding',
  'allowusers',
  'authorizedkeyscommand',
  'authorizedkeyscommanduser',
  'authorizedkeysfile',
  'banner',
  'challengeresponseauthentication',
  'ciphers',
  'clientalivecountmax',
  'clientaliveinterval',
  'denyusers',
  'gatewayports',
  'gssapiauthentication',
  'gssapicleanupcredentials',
  'hostkey',
  'include',
  'kbdinteractiveauthentication',
  'loglevel',
  'logingracetime',
  'match',
  'maxauthtries',
  'maxsessions',
  'maxstartups',
  'passwordauthentication',
  'permitemptypasswords',
  'permitrootlogin',
  'pidfile',
  'printlastlog',
  'printmotd',
  'pubkeyauthentication',
  'strictmodes',
  'subsystem',
  'syslogfacility',
  'tcpkeepalive',
  'usedns',
  'usepam',
  'x11displayoffset',
  'x11forwarding',
]);

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** `listen` of nginx: a port, or an address and a port. */
function readNginxConfig(text: string): ServiceConfig {
  const listens: ListenSpec[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = (raw.split('#')[0] ?? '').trim();
    const match = /^listen\s+(.*)$/.exec(line);
    if (match === null) continue;
    const value = match[1] ?? '';
    const where = `/etc/nginx/nginx.conf:${index + 1}`;
    if (!value.endsWith(';'))
      return {
        ok: false,
        problem: `nginx: [emerg] directive "listen" is not terminated by ";" in ${where}`,
      };
    const endpoint = /^(?:(\d+(?:\.\d+){3}|\*|\[[\da-f:.]+\]):)?(\d+)((?:\s+[\w=]+)*);$/i.exec(
      value,
    );
    const port = Number(endpoint?.[2]);
    if (endpoint === null || !isDestinationPort(port)) {
      return {
        ok: false,
        problem: `nginx: [emerg] invalid port in "${value.slice(0, -1)}" of the "listen" directive in ${where}`,
      };
    }
    const [, host = '*', , words = ''] = endpoint;
    const address = host === '*' ? '0.0.0.0' : host.replace(/^\[(.*)\]$/, '$1');
    const isDual = /\sipv6only=off\b/.test(words);
    listens.push({ ...listenAt(address, port), ...(isDual && { ipv6Only: false }) });
  }
  return { ok: true, listens };
}

/** `hasIPv6`: of a machine that speaks it, where sshd listens on both families. */
export function sshService(
  name: string,
  aliases: readonly string[] = [],
  hasIPv6 = false,
): ServiceSpec {
  return {
    name,
    aliases,
    description: 'OpenSSH server daemon',
    unitPath: `/usr/lib/systemd/system/${name}.service`,
    isEnabled: true,
    startsAtBoot: true,
    command: 'sshd',
    args: '/usr/sbin/sshd -D',
    user: 'root',
    canReload: true,
    work: {
      kind: 'server',
      app: 'ssh',
      // OpenSSH's SSH_LISTEN_BACKLOG.
      backlog: 128,
      configPath: '/etc/ssh/sshd_config',
      config: (text) => readSshdConfig(text, hasIPv6),
      bindProblem: (listen, reason) =>
        `error: Bind to port ${listen.port} on ${listen.address} failed: ${reason}.`,
    },
  };
}

export function nginxService(startsAtBoot: boolean): ServiceSpec {
  return {
    name: 'nginx',
    description: 'The nginx HTTP and reverse proxy server',
    unitPath: '/usr/lib/systemd/system/nginx.service',
    isEnabled: startsAtBoot,
    startsAtBoot,
    command: 'nginx',
    args: 'nginx: master process /usr/sbin/nginx',
    user: 'root',
    canReload: true,
    work: {
      kind: 'server',
      app: 'http',
      configPath: '/etc/nginx/nginx.conf',
      config: readNginxConfig,
      bindProblem: (listen, reason) =>
        `nginx: [emerg] bind() to ${bracketed(listen.address)}:${listen.port} failed (${reason === 'Address already in use' ? 98 : 13}: ${reason})`,
    },
  };
}

export function fixedService(
  base: Pick<ServiceSpec, 'name' | 'description' | 'command' | 'args' | 'user' | 'bindsAsRoot'>,
  listens: readonly ListenSpec[],
  backlog?: number,
): ServiceSpec {
  return {
    ...base,
    unitPath: `/usr/lib/systemd/system/${base.name}.service`,
    isEnabled: true,
    startsAtBoot: true,
    canReload: false,
    work:
      listens.length === 0
        ? { kind: 'idle' }
        : {
            kind: 'server',
            app: 'silent',
            ...(backlog !== undefined && { backlog }),
            config: () => ({ ok: true, listens }),
            bindProblem: (listen, reason) =>
              `${base.command}: cannot bind ${listen.address}:${listen.port}: ${reason}`,
          },
  };
}
