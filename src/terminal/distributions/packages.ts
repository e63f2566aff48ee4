/** What a lab may have installed on its machine besides what the distribution brings. */

import { isDestinationPort } from '../../network/port-ranges.ts';
import type { Distribution, Package, RelayConfig } from '../linux/distribution.ts';

const proxyConfig = `# The lunch proxy passes orders on to the backend.

# One address (or name) and one port.
backend = 10.0.0.10:80

# yes: all orders over one connection, which stays open.
# no: a new connection for every order, closed when its answer is there.
keep_alive = no
`;

const proxyPath = '/etc/lunch-proxy.conf';

/** Reads the lunch proxy's configuration; what is not right is told with its line. */
function readProxyConfig(text: string): RelayConfig {
  const found: Record<string, string> = {};
  for (const [index, raw] of text.split('\n').entries()) {
    const line = (raw.split('#')[0] ?? '').trim();
    if (line === '') continue;
    const [, key = '', value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key !== 'backend' && key !== 'keep_alive')
      return { ok: false, problem: `${proxyPath}:${index + 1}: unknown setting: ${line}` };
    if (key === 'keep_alive' && !/^(?:yes|no)$/.test(value))
      return { ok: false, problem: `${proxyPath}:${index + 1}: keep_alive is yes or no` };
    found[key] = value;
  }
  const [, host, port] = /^([\w.-]+):(\d+)$/.exec(found['backend'] ?? '') ?? [];
  if (host === undefined || !isDestinationPort(Number(port)))
    return { ok: false, problem: `${proxyPath}: backend needs an address and a port` };
  return { ok: true, host, port: Number(port), keepsAlive: found['keep_alive'] === 'yes' };
}

/** The proxy of the labs at noon: four orders a second. */
const lunchProxy: Package = {
  id: 'lunch-proxy',
  files: [{ path: proxyPath, text: proxyConfig }],
  services: [
    {
      name: 'lunch-proxy',
      description: 'Lunch orders proxy, 4 orders a second',
      unitPath: '/etc/systemd/system/lunch-proxy.service',
      isEnabled: true,
      startsAtBoot: true,
      command: 'lunch-proxy',
      args: `/usr/local/bin/lunch-proxy -c ${proxyPath}`,
      user: 'nobody',
      canReload: true,
      work: { kind: 'relay', configPath: proxyPath, config: readProxyConfig, perSecond: 4 },
    },
  ],
};

const twoServers = `events {
    worker_connections 1024;
}

http {
    # The page, for everybody.
    server {
        listen 127.0.0.1:80;
        root /usr/share/nginx/html;
    }

    # Statistics, for nobody outside.
    server {
        listen 8080;
        root /usr/share/nginx/stats;
    }
}
`;

const handover = `What this machine does, in case I am away

page     nginx, port 80, for everybody
stats    nginx, port 8080, not for anybody outside
ssh      port 20022, no longer 22
lunch    lunch-proxy, to 10.0.0.10 port 80
report   python3, port 48005, restarts every night

I tidied up a little yesterday. Should be fine.
`;

/** The machine of the last lab: what its files say. */
const lastMachine: Package = {
  id: 'last-machine',
  files: [
    { path: '/etc/nginx/nginx.conf', text: twoServers },
    { path: '/home/ec2-user/handover.txt', text: handover, owner: { uid: 1000, gid: 1000 } },
    {
      path: '/etc/sysctl.d/50-range.conf',
      text: '# Tidy: all client ports in one place.\nnet.ipv4.ip_local_port_range = 48000 48015\n',
    },
  ],
  services: [],
};

/** A file in which somebody has left a range of ports. */
function rangeFile(id: string, remark: string, range: string): Package {
  const text = `# ${remark}\nnet.ipv4.ip_local_port_range = ${range}\n`;
  return { id, files: [{ path: '/etc/sysctl.d/50-range.conf', text }], services: [] };
}

const packages: readonly Package[] = [
  lunchProxy,
  lastMachine,
  rangeFile(
    'hundred-ports',
    'The firewall upstream lets only these source ports out.',
    '40000 40099',
  ),
];

/** The ids of all packages. */
export const packageIds: readonly string[] = packages.map(({ id }) => id);

/**
 * The distribution with packages installed; its id stays.
 * @throws Error for a package that there is not.
 */
export function withPackages(distribution: Distribution, ids: readonly string[]): Distribution {
  if (ids.length === 0) return distribution;
  const chosen = ids.map((id) => {
    const found = packages.find((one) => one.id === id);
    if (found === undefined)
      throw new Error(`There is no package "${id}". There are: ${packageIds.join(', ')}.`);
    return found;
  });
  return {
    ...distribution,
    files: [...distribution.files, ...chosen.flatMap(({ files }) => files)],
    services: [...distribution.services, ...chosen.flatMap(({ services }) => services)],
  };
}
