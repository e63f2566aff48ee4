import { describe, expect, it } from 'vitest';
import {
  addressWords,
  foldAddress,
  formatAddress,
  formatEndpoint,
  isIPv6,
  isLinkLocal,
  isLoopback,
  isMulticastOrBroadcast,
  mapIPv4,
  mappedIPv4,
  parseAddress,
  parseEndpoint,
} from './addresses.ts';

describe('an address', () => {
  it.each([
    ['0.0.0.0', 0],
    ['0.0.0.1', 1],
    ['10.0.0.2', 0x0a000002],
    ['127.0.0.1', 0x7f000001],
    ['192.168.254.3', 0xc0a8fe03],
    ['255.255.255.255', 0xffffffff],
  ])('%s is %i, and the other way round', (text, number) => {
    expect(parseAddress(text)).toBe(number);
    expect(formatAddress(number)).toBe(text);
    // Again, now that it is remembered.
    expect(formatAddress(number)).toBe(text);
  });

  it.each([
    '',
    '10',
    '10.1',
    '10.0.0',
    '10.0.0.0.1',
    '256.0.0.1',
    '1.2.3.256',
    '1.2.3.999',
    '01.2.3.4',
    '1.2.3.04',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '-1.2.3.4',
    '+1.2.3.4',
    '1.2.3.x',
    '0x1.2.3.4',
    '1.2.3.1000',
    '00.0.0.0',
  ])('is not written %j (inet_pton)', (text) => {
    expect(parseAddress(text)).toBe(undefined);
  });

  it('is loopback in 127.0.0.0/8', () => {
    const asked = ['126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0', '255.0.0.127'];
    expect(asked.map((text) => isLoopback(parseAddress(text) ?? 0))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  it('is multicast in 224.0.0.0/4, and broadcast where all bits are set', () => {
    const asked = [
      '223.255.255.255',
      '224.0.0.0',
      '239.255.255.255',
      '240.0.0.0',
      '255.255.255.254',
      '255.255.255.255',
    ];
    expect(asked.map((text) => isMulticastOrBroadcast(parseAddress(text) ?? 0))).toEqual([
      false,
      true,
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('an IPv6 address', () => {
  // As written, and as RFC 5952 writes it: sections 1, 2 and 4 name most of these.
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:DB8::ABCD', '2001:db8::abcd'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['1::', '1::'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['::ffff:10.0.0.2', '::ffff:10.0.0.2'],
    ['::ffff:a00:2', '::ffff:10.0.0.2'],
    ['0:0:0:0:0:FFFF:255.255.255.255', '::ffff:255.255.255.255'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['fe80::1', 'fe80::1'],
  ])('%s is written %s', (text, written) => {
    const number = parseAddress(text) ?? NaN;
    expect(isIPv6(number)).toBe(true);
    expect(formatAddress(number)).toBe(written);
    expect(formatAddress(number)).toBe(written);
    expect(parseAddress(written)).toBe(number);
  });

  it.each([
    ':',
    ':::',
    '1',
    '1:',
    ':1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1::',
    '1::2::3',
    '::12345',
    '::g',
    '::-1',
    '::1 ',
    ' ::1',
    '[::1]',
    '::1%lo',
    'fe80::1%eth0',
    '::1.2.3',
    '::1.2.3.256',
    '::01.2.3.4',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::/0',
  ])('is not written %j (inet_pton)', (text) => {
    expect(parseAddress(text)).toBe(undefined);
  });

  it('has four words, IPv4 one; what is mixed of them is the same in every order of naming', () => {
    expect(addressWords(parseAddress('2001:db8::1:ffff') ?? 0)).toEqual([
      0x20010db8, 0, 0, 0x1ffff,
    ]);
    expect(addressWords(0x0a000002)).toEqual([0x0a000002]);
    expect(foldAddress(0xffff_ffff)).toBe(0xffff_ffff);
    const folded = foldAddress(parseAddress('2001:db8::1') ?? 0);
    expect(folded).toBe((Math.imul(Math.imul(Math.imul(0x20010db8, 31), 31), 31) + 1) >>> 0);
  });

  it('may carry one of IPv4', () => {
    expect(mappedIPv4(parseAddress('::ffff:10.0.0.2') ?? 0)).toBe(0x0a000002);
    const others = ['::10.0.0.2', '::fffe:10.0.0.2', '::1:ffff:10.0.0.2', '::', '10.0.0.2'];
    // The same bits below other ones.
    others.push('1::ffff:10.0.0.2', '0:0:1::ffff:10.0.0.2', '1:0:1::ffff:10.0.0.2');
    for (const text of others) expect(mappedIPv4(parseAddress(text) ?? NaN)).toBe(undefined);
    expect(formatAddress(mapIPv4(0x0a000002))).toBe('::ffff:10.0.0.2');
  });

  it('is loopback, multicast or of one link by its bits', () => {
    const asked = [
      '::1',
      '::',
      '::2',
      'ff02::1',
      'feff::',
      'fe80::1',
      'febf::',
      'fec0::',
      'fd00::1',
    ];
    const numbers = asked.map((text) => parseAddress(text) ?? NaN);
    const which = (is: (address: number) => boolean): string[] =>
      asked.filter((_, index) => is(numbers[index] ?? NaN));
    expect(which(isLoopback)).toEqual(['::1']);
    expect(which(isMulticastOrBroadcast)).toEqual(['ff02::1']);
    expect(which(isLinkLocal)).toEqual(['fe80::1', 'febf::']);
    expect(isLinkLocal(0xfe800001)).toBe(false);
  });
});

describe('an endpoint', () => {
  it.each([
    ['10.0.0.10:80', 0x0a00000a, 80],
    ['0.0.0.0:0', 0, 0],
    ['127.0.0.1:65535', 0x7f000001, 65_535],
    ['127.0.0.1:9', 0x7f000001, 9],
  ])('%s is address and port', (text, address, port) => {
    expect(parseEndpoint(text)).toEqual({ address, port });
    expect(formatEndpoint(address, port)).toBe(text);
  });

  it.each(['[::1]:80', '[fd00::2]:0', '[::ffff:10.0.0.2]:65535', '[::]:1'])(
    '%s has brackets',
    (text) => {
      const { address = NaN, port = NaN } = parseEndpoint(text) ?? {};
      expect(isIPv6(address)).toBe(true);
      expect(formatEndpoint(address, port)).toBe(text);
    },
  );

  it.each([
    '',
    '10.0.0.10',
    '10.0.0.10:',
    ':80',
    '10.0.0.10:65536',
    '10.0.0.10:99999',
    '10.0.0.10:100000',
    '10.0.0.10:080',
    '10.0.0.10:-1',
    '10.0.0.10:80 ',
    ' 10.0.0.10:80',
    '10.0.0:80',
    '10.0.0.256:80',
    '10.0.0.10:8x',
    'x10.0.0.10:80',
    '10.0.0.10:80x',
    '::1:80',
    '[10.0.0.10]:80',
    '[::1]80',
    '[::1]',
    '[::1]:',
    '[::1]:080',
    '[::g]:80',
  ])('is not written %j', (text) => {
    expect(parseEndpoint(text)).toBe(undefined);
  });
});
