/** How long packets are, and what a copy of one is. */

import { describe, expect, it } from 'vitest';
import { parseAddress } from '../addresses.ts';
import { ACK, FIN, ipLength, Packet, PSH, RST, SYN } from './packet.ts';

const four = parseAddress('10.0.0.10') ?? 0;
const six = parseAddress('2001:db8::10') ?? 0;

function lengths(kind: Packet['kind'], fields: Partial<Packet> = {}): number[] {
  return [four, six].map((destinationAddress) =>
    ipLength(Object.assign(new Packet(kind), { destinationAddress, ...fields })),
  );
}

// IPv4's header has 20 bytes (RFC 791), IPv6's 40 (RFC 8200), TCP's 20 and its options (RFC 9293),
// UDP's (RFC 768) and ICMP's (RFC 792, RFC 4443) 8.
describe('a packet is as long, over IPv4 and over IPv6, as', () => {
  it.each([
    ['a SYN with Linux’ five options', { flags: SYN }, [60, 80]],
    ['its answer', { flags: SYN | ACK }, [60, 80]],
    ['an acknowledgement with time stamps', { flags: ACK }, [52, 72]],
    ['data, with all of its bytes', { flags: PSH | ACK, bytes: 100 }, [152, 172]],
    ['a FIN', { flags: FIN | ACK }, [52, 72]],
    ['a reset, which has no options', { flags: RST | ACK }, [40, 60]],
  ])('%s', (_, fields, expected) => {
    expect(lengths('segment', fields)).toEqual(expected);
  });

  it('a datagram with all of its bytes', () => {
    expect(lengths('datagram', { bytes: 100 })).toEqual([128, 148]);
  });

  it('an echo, and its answer, with what they carry', () => {
    for (const message of ['echo-request', 'echo-reply'] as const)
      expect(lengths('icmp', { message, about: 'icmp', bytes: 56 })).toEqual([84, 104]);
  });

  it('a refusal with the packet that it quotes, up to what RFC 1812 and RFC 4443 allow', () => {
    expect(lengths('icmp', { message: 'port-unreachable', quoted: 60 })).toEqual([88, 108]);
    expect(lengths('icmp', { message: 'port-unreachable', quoted: 1500 })).toEqual([576, 1280]);
  });
});

describe('a packet', () => {
  it.each([
    ['segment', 'tcp', 'tcp'],
    ['datagram', 'tcp', 'udp'],
    ['icmp', 'tcp', 'tcp'],
    ['icmp', 'udp', 'udp'],
    ['icmp', 'icmp', 'icmp'],
  ] as const)('%s about %s is of the protocol %s', (kind, about, protocol) => {
    expect(Object.assign(new Packet(kind), { about }).protocol).toBe(protocol);
  });
});
