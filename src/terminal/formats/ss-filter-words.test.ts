/** Hosts and ports in filters of ss, as parse_hostcond of iproute2 6.1 reads them. */

import { describe, expect, it } from 'vitest';
import { parseServices } from './service-names.ts';
import { matchesHost, readHostCondition } from './ss-filter-words.ts';
import type { SocketEntry } from './socket-entry.ts';

const names = {
  services: parseServices('http 80/tcp www\ndomain 53/udp\nhttps 443/tcp\n'),
  resolve: (name: string) => ({ web: '10.0.0.10', web6: 'fd00::10' })[name],
};
const read = (word: string, isPort = false) => readHostCondition(word, isPort, names);
const port = (word: string) => read(word, true).port;

describe('a port', () => {
  it.each([
    [':443', 443],
    ['443', 443],
    ['+443', 443],
    ['0x1bb', 443],
    ['0673', 443],
    ['089', 89],
    ['https', 443],
    ['www', 80],
    ['domain', 53],
    ['*', undefined],
    ['*:443', undefined],
    ['', undefined],
    ['-1', undefined],
    ['-2', -2],
  ])('%j is %j', (word, number) => {
    expect(port(word)).toBe(number);
  });

  it.each(['nosuch', '44-3', '4+3'])('%j is refused', (word) => {
    expect(() => port(word)).toThrow(`Error: "${word}" does not look like a port.`);
  });
});

const row = (family: 4 | 6, localAddress: string, remoteAddress = localAddress): SocketEntry => ({
  protocol: 'tcp',
  family,
  state: 'ESTAB',
  recvQ: 0,
  sendQ: 0,
  localAddress,
  localPort: 40962,
  remoteAddress,
  remotePort: 443,
  inode: 1,
  uid: 0,
  cookie: 1,
  timer: null,
  owners: [],
});
/** Which of these sources a word matches. */
const sources = ['127.0.0.1', '10.0.0.10', '10.1.0.10', '::1', 'fd00::10', 'fd00::11'];
const matched = (word: string) =>
  sources.filter((address) =>
    matchesHost(read(word), row(address.includes(':') ? 6 : 4, address), 'src'),
  );

describe('a host', () => {
  it.each([
    ['10.0.0.10', ['10.0.0.10']],
    ['10.0.0.10:40962', ['10.0.0.10']],
    ['10.0.0.10:80', []],
    ['10.0.0.10:*', ['10.0.0.10']],
    ['10/8', ['10.0.0.10', '10.1.0.10']],
    ['10.0.0.0/255.255.0.0', ['10.0.0.10']],
    ['127', []],
    ['127/8', ['127.0.0.1']],
    ['web', ['10.0.0.10']],
    ['[::1]', ['::1']],
    ['[::1]:40962', ['::1']],
    ['[::1]:80', []],
    ['[::1', ['::1']],
    ['inet6:[fd00::]/112', undefined],
    ['[fd00::10/124]', ['fd00::10', 'fd00::11']],
    ['web6', ['fd00::10']],
    ['inet6:web6', ['fd00::10']],
    ['inet:10.0.0.10', ['10.0.0.10']],
    ['*', sources],
    ['*:40962', sources],
    [':40962', sources],
    [':80', []],
    ['default', sources],
    ['any', sources],
    ['all', sources],
    ['0.0.0.0/0', ['127.0.0.1', '10.0.0.10', '10.1.0.10']],
    ['[::/0]', sources],
  ])('%s', (word, addresses) => {
    if (addresses === undefined) expect(() => read(word)).toThrow('does not look like a port');
    else expect(matched(word)).toEqual(addresses);
  });

  it.each([
    '10.0.0.10.1',
    '10.0.0.256',
    '10.0.0.1000',
    '10.x',
    '10.0.0.10x',
    'nosuch',
    'web/8',
    '10.0.0.0/33',
    '10.0.0.0/255.0.255.0',
    '10.0.0.0/x',
    '10.0.0.0/255.0.0.x',
    '[10.0.0.10]',
    '[nosuch]',
  ])('%s is no prefix', (word) => {
    expect(() => read(word)).toThrow('an inet prefix is expected rather than');
  });

  it('is looked for at the side that was asked', () => {
    const one = row(4, '10.0.0.2', '10.0.0.10');
    expect(matchesHost(read('10.0.0.10'), one, 'src')).toBe(false);
    expect(matchesHost(read('10.0.0.10'), one, 'dst')).toBe(true);
    expect(matchesHost(read(':443'), one, 'dst')).toBe(true);
    expect(matchesHost(read(':443'), one, 'src')).toBe(false);
  });
});
