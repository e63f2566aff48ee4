/**
 * The files and the service of firewalld, for a distribution that has it. What the daemon does is loaded
 * when it is started or asked (commands/firewalld-on-demand.ts).
 */

import type { FileSpec, ServiceSpec } from '../linux/distribution.ts';
import { fixedService } from './common-files.ts';

const withoutTrust =
  'You do not trust the other computers on networks to not harm your computer. Only selected incoming connections are accepted.';

/** The zones that firewalld brings: name, heading, description, target, services. */
const brought: readonly (readonly [string, string, string, string, string])[] = [
  ['block', 'Block', unasked('rejected'), '%%REJECT%%', ''],
  [
    'dmz',
    'DMZ',
    'For computers in your demilitarized zone that are publicly-accessible with limited access to your internal network. Only selected incoming connections are accepted.',
    'default',
    'ssh',
  ],
  ['drop', 'Drop', unasked('dropped'), 'DROP', ''],
  ['external', 'External', `For use on external networks. ${withoutTrust}`, 'default', 'ssh'],
  ['home', 'Home', trusted('in home areas', ''), 'default', 'ssh mdns samba-client dhcpv6-client'],
  [
    'internal',
    'Internal',
    trusted('on internal networks', 'the '),
    'default',
    'ssh mdns samba-client dhcpv6-client',
  ],
  ['public', 'Public', `For use in public areas. ${withoutTrust}`, 'default', 'ssh dhcpv6-client'],
  ['trusted', 'Trusted', 'All network connections are accepted.', 'ACCEPT', ''],
  ['work', 'Work', trusted('in work areas', ''), 'default', 'ssh dhcpv6-client'],
];

function unasked(how: string): string {
  return `Unsolicited incoming network packets are ${how}. Incoming packets that are related to outgoing network connections are accepted. Outgoing network connections are allowed.`;
}

function trusted(where: string, the: string): string {
  return `For use ${where}. You mostly trust the other computers on ${the}networks to not harm your computer. Only selected incoming connections are accepted.`;
}

/** The files of those zones. */
const zoneFiles: readonly FileSpec[] = brought.map(
  ([name, short, description, target, services]) => ({
    path: `/usr/lib/firewalld/zones/${name}.xml`,
    text: [
      '<?xml version="1.0" encoding="utf-8"?>',
      `<zone${target === 'default' ? '' : ` target="${target}"`}>`,
      `  <short>${short}</short>`,
      `  <description>${description}</description>`,
      ...services
        .split(' ')
        .filter(Boolean)
        .map((service) => `  <service name="${service}"/>`),
      ...(name === 'external' ? ['  <masquerade/>'] : []),
      '  <forward/>',
      '</zone>',
      '',
    ].join('\n'),
  }),
);

/** What firewalld brings to a machine, all but its programs. */
export const firewalldFiles: readonly FileSpec[] = [
  {
    path: '/etc/firewalld/firewalld.conf',
    text: '# firewalld config file\n\n# The zone of what no other zone has been given.\nDefaultZone=public\n',
  },
  { path: '/etc/firewalld/zones' },
  ...zoneFiles,
];

export const firewalldService: ServiceSpec = {
  ...fixedService(
    {
      name: 'firewalld',
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
};
