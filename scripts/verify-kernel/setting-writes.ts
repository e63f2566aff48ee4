/** Writes to settings, each followed by a read. */

import type { Command } from '../../tests/golden/machine.ts';

const writes: Readonly<Record<string, readonly string[]>> = {
  'net.ipv4.ip_local_port_range': [
    '49152 65535',
    '40000',
    '61000',
    '70000',
    '0',
    '0 65535',
    '1023 65535',
    '1024 65535',
    '60999 32768',
    '32768 61000',
    '50000 50000',
    '20000 29999 99',
    '20000 29999 abc',
    '20000 29999abc',
    '32768,60999',
    '32768-60999',
    'abc def',
    '-1 60999',
    '32768.5 60999',
    '0x8000 0xEE47',
    '0100000 0xee47',
    '40000\t50001',
    '  40000   50001  ',
    '40000\n50001',
    '',
    ' ',
    '32768 65536',
    '032768 60999',
    '+32768 60999',
    '32768 -1',
    '30000 30001;',
  ],
  'net.ipv4.ip_local_reserved_ports': [
    '8080,9148',
    '35000-35010,36000',
    '1-65535',
    '0',
    '8080,',
    '40000,40001,40002,40004',
    '40000, 40002',
    '40000 40002',
    '5-3',
    '40000-',
    '70000',
    '65535,65536',
    'abc',
    ',8080',
    '8080,,9090',
    '5-5',
    '30-40,10-20',
    '0x50',
    '010',
    '5-6-7',
    ' 8080',
    '8080 ',
    '8080\n9090',
    '8080,\n9090',
    '1-2,4-5,3',
    '-5',
    '+80',
    '',
    ' ',
    '1,3,5,7-9',
    '',
  ],
  'net.ipv4.ip_unprivileged_port_start': [
    '80',
    '0',
    '70000',
    '-1',
    'abc',
    '1024 5',
    '65535',
    '1024',
  ],
};

/** Numbers tried on every other key. */
const numbers = [
  '0',
  '1',
  '2',
  '3',
  '-1',
  '60',
  '127',
  '128',
  '255',
  '256',
  '1000',
  '60000',
  '60001',
  '8589934',
  '8589935',
  '2147483647',
  '2147483648',
  '-2147483648',
  '4294967295',
  '5 6',
  '0x10',
  '010',
  '08',
  ' 5 ',
  '',
  'abc',
  '5,6',
  '+5',
  '1e3',
];

const numberKeys = [
  'tcp_fin_timeout',
  'tcp_tw_reuse',
  'tcp_tw_reuse_delay',
  'tcp_max_tw_buckets',
  'ip_autobind_reuse',
  'tcp_timestamps',
  'tcp_syn_retries',
  'tcp_synack_retries',
  'tcp_rfc1337',
  'tcp_orphan_retries',
  'tcp_retries2',
  'tcp_keepalive_time',
  'tcp_syncookies',
  'ip_nonlocal_bind',
];

export function settingWrites(): Command[] {
  const commands: Command[] = [];
  const write = (key: string, values: readonly string[]): void => {
    commands.push(['get', { key }]);
    for (const value of values) commands.push(['set', { key, value }], ['get', { key }]);
  };
  for (const [key, values] of Object.entries(writes)) write(key, values);
  for (const key of numberKeys) write(`net.ipv4.${key}`, numbers);
  write('net.core.somaxconn', numbers);
  write('net.ipv6.bindv6only', numbers);
  return commands;
}
