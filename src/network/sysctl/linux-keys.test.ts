/**
 * What the kernel accepts and refuses, and how it prints it: recorded on Linux 6.18 by writing each
 * value to /proc/sys in a fresh network namespace (`tests/golden/tool_transcripts.txt` and further
 * writes by the same procedure). A value here is written as `sysctl -w` does.
 */

import { describe, expect, it } from 'vitest';
import { linux } from '../os-profiles/linux.ts';
import { parityWarning } from './linux-ports.ts';
import { SysctlTable } from './sysctl-table.ts';

const range = 'net.ipv4.ip_local_port_range';
const reserved = 'net.ipv4.ip_local_reserved_ports';
const unprivileged = 'net.ipv4.ip_unprivileged_port_start';

const fresh = (): SysctlTable => new SysctlTable(linux.settings);

function write(table: SysctlTable, key: string, text: string): string | undefined {
  const result = table.set(key, text);
  return result.ok ? result.value : result.error;
}

describe('a fresh system', () => {
  it('shows the kernel’s defaults', () => {
    const table = fresh();
    const shown = Object.fromEntries(table.keys().map((key) => [key, table.get(key)]));
    expect(shown).toMatchObject({
      [range]: '32768\t60999',
      [reserved]: '',
      [unprivileged]: '1024',
      'net.ipv4.tcp_tw_reuse': '2',
      'net.ipv4.tcp_tw_reuse_delay': '1000',
      'net.ipv4.tcp_fin_timeout': '60',
      'net.ipv4.tcp_max_tw_buckets': '131072',
      'net.ipv4.tcp_timestamps': '1',
      'net.ipv4.ip_autobind_reuse': '0',
      'net.ipv4.tcp_syn_retries': '6',
      'net.ipv4.tcp_synack_retries': '5',
      'net.ipv4.tcp_rfc1337': '0',
      'net.ipv4.tcp_orphan_retries': '0',
      'net.core.somaxconn': '4096',
      'kernel.osrelease': '6.18.44',
    });
  });

  it('has its keys in order, and none that 4.12 removed or 7.1 brought', () => {
    const keys = fresh().keys();
    expect(keys).toEqual([...keys].sort());
    expect(keys).not.toContain('net.ipv4.tcp_tw_recycle');
    expect(keys).not.toContain('net.ipv4.ip_local_port_step_width');
  });

  it('knows no other key, and lets no one write a fact', () => {
    const table = fresh();
    expect(write(table, 'net.ipv4.ip_local_port_rang', '1 2')).toBe('ENOENT');
    expect(write(table, 'kernel.osrelease', '9')).toBe('EACCES');
    expect(write(table, 'kernel.hostname', 'client\nmore')).toBe('client');
    expect(write(table, 'kernel.hostname', 'h'.repeat(65))).toBe('h'.repeat(64));
    expect(table.version).toBe(2);
  });
});

describe('ip_local_port_range', () => {
  it.each([
    ['49152 65535', '49152\t65535'],
    ['40000', '40000\t60999'],
    ['60999', '60999\t60999'],
    ['1024 65535', '1024\t65535'],
    ['32768 61000', '32768\t61000'],
    ['50000 50000', '50000\t50000'],
    ['20000 29999 99', '20000\t29999'],
    ['20000 29999 abc', '20000\t29999'],
    ['0x8000 0xEE47', '32768\t60999'],
    ['0100000 0xee47', '32768\t60999'],
    ['40000\t50001', '40000\t50001'],
    ['  40000   50001  ', '40000\t50001'],
    ['40000\n50001', '40000\t50001'],
    ['40000 50001\n\n', '40000\t50001'],
  ])('takes %j', (text, shown) => {
    const table = fresh();
    expect(table.set(range, text)).toEqual({ ok: true, value: shown });
    expect(table.get(range)).toBe(shown);
  });

  it.each([
    '61000',
    '70000',
    '0',
    '1',
    '5',
    '0 65535',
    '1 65535',
    '1023 65535',
    '60999 32768',
    '32768 0',
    '40000 50001abc',
    '32768,60999',
    '32768-60999',
    '32768 abc',
    'abc def',
    '-1 60999',
    '32768.5 60999',
    '',
    ' ',
    '32768 65536',
    '32768 70000',
    '32768 -1',
    '99999999999 5',
    '032768 60999',
    '32768\v60999',
    '32768\f60999',
    '40000 50001;',
    '+32768 60999',
    '32768 +60999',
    '32768\0',
  ])('refuses %j and changes nothing', (text) => {
    const table = fresh();
    expect(table.set(range, text)).toEqual({ ok: false, error: 'EINVAL' });
    expect(table.get(range)).toBe('32768\t60999');
    expect(table.version).toBe(0);
    expect(table.log()).toEqual([]);
  });

  it('warns of equal parity, once', () => {
    const table = fresh();
    table.set(range, '40000 40009');
    expect(table.log()).toEqual([]);
    table.set(range, '40000 40010');
    table.set(range, '40001 40001');
    expect(table.log()).toEqual([parityWarning]);
  });
});

describe('ip_local_reserved_ports', () => {
  it.each([
    ['8080,9148', '8080,9148'],
    ['35000-35010,36000', '35000-35010,36000'],
    ['1-65535', '1-65535'],
    ['0-65535', '0-65535'],
    ['0', '0'],
    ['8080,', '8080'],
    ['8080,9090,', '8080,9090'],
    ['40000,40001,40002,40004', '40000-40002,40004'],
    ['', ''],
    ['5-5', '5'],
    ['10-20,15-30', '10-30'],
    ['10-40,15-30', '10-40'],
    ['30-40,10-20', '10-20,30-40'],
    ['1,3,5,2,4', '1-5'],
    ['1-2,4-5,3', '1-5'],
    ['5,4', '4-5'],
    ['1,1,1', '1'],
    ['0x1F90', '8080'],
    ['010', '8'],
    ['8080\n9090', '8080,9090'],
    ['8080,\n9090', '8080,9090'],
    ['65535', '65535'],
  ])('takes %j', (text, shown) => {
    const table = fresh();
    table.set(reserved, '40000-40002,40004');
    expect(table.set(reserved, text)).toEqual({ ok: true, value: shown });
  });

  it.each([
    ' ',
    '\t',
    '40000, 40002',
    '40000 40002',
    '5-3',
    '0-',
    '0-abc',
    '40000-',
    '-5',
    '5--6',
    '5-6-7',
    '5 - 6',
    '70000',
    '65535,65536',
    '1-65536',
    '99999999999',
    'abc',
    ',8080',
    '8080,,9090',
    ',',
    '-',
    ' 8080',
    '8080 ',
    '8080;',
    '8080\t',
    '8080,9090 ',
    '8080abc',
    '+80',
    '80.5',
    '08',
    '8080\0',
  ])('refuses %j and keeps the list', (text) => {
    const table = fresh();
    table.set(reserved, '40000-40002,40004');
    expect(table.set(reserved, text)).toEqual({ ok: false, error: 'EINVAL' });
    expect(table.get(reserved)).toBe('40000-40002,40004');
  });
});

describe('ip_unprivileged_port_start', () => {
  it('may not come above the range’s low end, nor the low end below it', () => {
    const table = fresh();
    expect(write(table, unprivileged, '80')).toBe('80');
    expect(write(table, unprivileged, '40000')).toBe('EINVAL');
    expect(write(table, unprivileged, '32768')).toBe('32768');
    expect(write(table, range, '32767 60999')).toBe('EINVAL');
    expect(write(table, unprivileged, '0')).toBe('0');
    expect(write(table, range, '1 65535')).toBe('1\t65535');
    expect(write(table, range, '0 65535')).toBe('EINVAL');
    expect(write(table, unprivileged, '70000')).toBe('EINVAL');
    expect(write(table, unprivileged, '-1')).toBe('EINVAL');
    expect(write(table, unprivileged, '')).toBe('EINVAL');
    expect(write(table, unprivileged, 'abc')).toBe('EINVAL');
  });
});

describe('numbers', () => {
  it.each([
    ['net.ipv4.tcp_fin_timeout', -8589934, 8589934],
    ['net.ipv4.tcp_tw_reuse', 0, 2],
    ['net.ipv4.tcp_tw_reuse_delay', 1, 60_000],
    ['net.ipv4.tcp_max_tw_buckets', -(2 ** 31), 2 ** 31 - 1],
    ['net.ipv4.ip_autobind_reuse', 0, 1],
    ['net.ipv4.tcp_timestamps', 0, 255],
    ['net.ipv4.tcp_syn_retries', 1, 127],
    ['net.ipv4.tcp_synack_retries', 0, 255],
    ['net.ipv4.tcp_rfc1337', 0, 255],
    ['net.ipv4.tcp_orphan_retries', 0, 255],
    ['net.core.somaxconn', 0, 2 ** 31 - 1],
  ])('%s goes from %i to %i', (key, low, high) => {
    const table = fresh();
    expect(write(table, key, String(low))).toBe(String(low));
    expect(write(table, key, String(high))).toBe(String(high));
    expect(write(table, key, String(low - 1))).toBe('EINVAL');
    expect(write(table, key, String(high + 1))).toBe('EINVAL');
    expect(table.get(key)).toBe(String(high));
  });

  it.each([
    ['5 6', '5'],
    ['0x10', '16'],
    ['0X10', '16'],
    ['010', '8'],
    ['00', '0'],
    [' 5', '5'],
    ['5 ', '5'],
    ['\t5\t', '5'],
    ['5 abc', '5'],
    // skip_spaces() in front takes every isspace() character, the text between numbers does not.
    ['\v5', '5'],
    ['-0', '0'],
  ])('are read from %j', (text, shown) => {
    expect(write(fresh(), 'net.ipv4.tcp_timestamps', text)).toBe(shown);
  });

  it.each([
    '',
    ' ',
    'abc',
    '5,6',
    '5-6',
    '08',
    '0x',
    '+5',
    '5.5',
    '5\0',
    '5;',
    '1e3',
    '--5',
    '10x10',
    '0x10g',
    '\v',
  ])('are not read from %j', (text) => {
    expect(write(fresh(), 'net.ipv4.tcp_timestamps', text)).toBe('EINVAL');
  });
});
