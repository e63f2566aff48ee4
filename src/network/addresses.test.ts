import { describe, expect, it } from 'vitest';
import {
  formatAddress,
  formatEndpoint,
  isLoopback,
  isMulticastOrBroadcast,
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
  ])('is not written %j', (text) => {
    expect(parseEndpoint(text)).toBe(undefined);
  });
});
