/** Which addresses are a host's own, which are its neighbours', and where its packets leave from. */

import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../addresses.ts';
import { destinationFor, HostAddresses } from './host-addresses.ts';

const number = (text: string): number => parseAddress(text) ?? NaN;

const host = new HostAddresses(['192.168.1.7', '10.0.0.2', '2001:db8:1::7', '2001:db8:2::7'], {
  ipv4: 24,
  ipv6: 64,
});

describe('a neighbour', () => {
  it.each([
    ['192.168.1.8', true],
    ['10.0.0.254', true],
    ['192.168.2.8', false],
    // The network's own address and its broadcast address, RFC 1122 section 3.2.1.3.
    ['192.168.1.0', false],
    ['192.168.1.255', false],
    ['192.168.1.7', false],
    ['127.0.0.1', false],
    ['2001:db8:1::8', true],
    ['2001:db8:2::', true],
    ['2001:db8:3::8', false],
    ['2001:db8:1::7', false],
    ['::1', false],
  ])('%s: %s', (text, isNeighbour) => {
    expect(host.isNeighbour(number(text))).toBe(isNeighbour);
  });

  it('of a network of two is the other one, whatever its bits (RFC 3021)', () => {
    const pair = new HostAddresses(['10.0.0.2'], { ipv4: 31, ipv6: 64 });
    expect(pair.isNeighbour(number('10.0.0.3'))).toBe(true);
    expect(pair.isNeighbour(number('10.0.0.4'))).toBe(false);
  });
});

it.each([
  ['192.168.1.7', true],
  ['10.0.0.2', true],
  ['127.1.2.3', true],
  ['0.0.0.0', true],
  ['::', true],
  ['::1', true],
  ['192.168.1.8', false],
  ['2001:db8:1::8', false],
])('a socket may be bound to %s: %s', (text, isAdmitted) => {
  expect(host.admits(number(text))).toBe(isAdmitted);
});

it.each([
  ['127.0.0.9', '127.0.0.1'],
  ['::1', '::1'],
  ['10.0.0.2', '10.0.0.2'],
  ['203.0.113.1', '192.168.1.7'],
  ['2001:db8:2::9', '2001:db8:2::7'],
  ['2001:db8:9::9', '2001:db8:1::7'],
])('a packet to %s leaves from %s', (to, from) => {
  expect(formatAddress(host.sourceFor(number(to)) ?? NaN)).toBe(from);
});

it('has no way to a family of which it has no address', () => {
  const four = new HostAddresses(['10.0.0.2'], { ipv4: 24, ipv6: 64 });
  expect(four.sourceFor(number('2001:db8::1'))).toBe(undefined);
});

it.each([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
  ['10.0.0.2', '10.0.0.2'],
])('who connects to %s reaches %s', (to, reached) => {
  expect(formatAddress(destinationFor(number(to)))).toBe(reached);
});
