/**
 * Captures as files. The packets' bytes were put together from the RFCs in another language; the files are
 * read by a reader that shares nothing with the writer, and by the product's own.
 */

import { describe, expect, it } from 'vitest';
import { packetsIn, packetsSeen } from '../../../tests/pcap-reader.ts';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { World } from '../world.ts';
import { type Frame, framesOf, placeAt } from './frame.ts';
import { COOKED, ETHERNET, ipBytes, pcapFile, readIpv4, readPcap } from './pcap.ts';

const base = { atMs: 1234.567, interface: 'eth0', direction: 'in', ttl: 64 } as const;
const four = { ...base, source: '10.0.0.2', destination: '10.0.0.10' } as const;
const six = { ...base, id: 0, source: '2001:db8::2', destination: '2001:db8::10' } as const;
const times = [0x01020304, 0x05060708] as const;
const ends = { sourcePort: 50_000, destinationPort: 80 } as const;

const frames: Readonly<Record<string, readonly [frame: Frame, hex: string]>> = {
  'a SYN over IPv4': [
    {
      ...four,
      ...ends,
      id: 0xbeef,
      protocol: 'tcp',
      seq: 0x89abcdef,
      ack: 0,
      flags: 2,
      window: 64_240,
      options: { maximumSegment: 1460, allowsSelective: true, times, windowScale: 7 },
      payload: '',
    },
    '4500003cbeef4000400667c10a0000020a00000ac350005089abcdef00000000a002faf00db40000020405b40402080a010203040506070801030307',
  ],
  'data over IPv6': [
    {
      ...six,
      ...ends,
      protocol: 'tcp',
      seq: 0x89abcdf0,
      ack: 0xfedcba98,
      flags: 24,
      window: 502,
      options: { times },
      payload: 'odd',
    },
    '600000000023064020010db800000000000000000000000220010db8000000000000000000000010c350005089abcdf0fedcba98801801f6610d00000101080a01020304050607086f6464',
  ],
  'a datagram over IPv4': [
    {
      ...four,
      id: 1,
      protocol: 'udp',
      sourcePort: 5353,
      destinationPort: 53,
      payload: 'hello',
    },
    '4500002100014000401126c00a0000020a00000a14e90035000d92d868656c6c6f',
  ],
  'an echo over IPv6': [
    { ...six, protocol: 'icmp', type: 128, code: 0, rest: [7, 3], payload: 'ping' },
    '60000000000c3a4020010db800000000000000000000000220010db80000000000000000000000108000455a0007000370696e67',
  ],
  // Linux marks its errors as "internetwork control", and lets them be taken apart.
  'a refusal over IPv4': [
    { ...four, id: 2, protocol: 'icmp', type: 3, code: 13, rest: [0, 0], payload: 'E\0' },
    '45c0001e00020000400166120a0000020a00000a030db7f2000000004500',
  ],
};
const all = Object.values(frames).map(([frame]) => frame);
const hexOf = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('hex');

describe('the IP packet of', () => {
  it.each(Object.entries(frames))('%s is as the RFCs say', (_, [frame, hex]) => {
    expect(hexOf(ipBytes(frame))).toBe(hex);
  });

  it('a segment without options has a header of twenty bytes', () => {
    const [syn] = frames['a SYN over IPv4'] ?? [];
    if (syn?.protocol !== 'tcp') throw new Error('no segment');
    expect(ipBytes({ ...syn, options: {} })).toHaveLength(40);
  });
});

describe('a file', () => {
  it('begins with a head, and has a record of each packet with its time (pcap, version 2.4)', () => {
    const [frame] = all;
    if (frame === undefined) throw new Error('no frame');
    const hardware = (ip: string) =>
      ip === '10.0.0.2' ? '02:42:0a:00:00:02' : '02:42:0a:00:00:0a';
    const packet = hexOf(ipBytes(frame));
    const [seconds, micros, length] = ['01000000', '47940300', '4a000000'];
    expect(hexOf(pcapFile([frame], ETHERNET, hardware))).toBe(
      [
        ...['d4c3b2a1', '0200', '0400', '00000000', '00000000', '00000400', '01000000'],
        ...[seconds, micros, length, length],
        ...['02420a00000a', '02420a000002', '0800', packet],
      ].join(''),
    );
    // LINKTYPE_LINUX_SLL2: type, interface, kind of hardware, direction, address.
    const cooked = (one: Frame) => hexOf(pcapFile([one], COOKED, hardware)).slice(2 * (24 + 16));
    expect(cooked(frame)).toBe(`08000000000000020001000602420a0000020000${packet}`);
    const out = { ...frame, direction: 'out' } as const;
    expect(cooked(out)).toBe(`08000000000000020001040602420a0000020000${packet}`);
    const own = { ...frame, interface: 'lo' };
    expect(cooked(own)).toBe(`0800000000000001030400060000000000000000${packet}`);
    const [six] = frames['an echo over IPv6'] ?? [];
    if (six === undefined) throw new Error('no frame');
    expect(cooked(six).slice(0, 4)).toBe('86dd');
  });

  it.each([
    ['Ethernet', ETHERNET, 'in'],
    ['cooked', COOKED, 'out'],
    ['cooked', COOKED, 'in'],
  ] as const)('of %s frames is read back as it was written', (_, link, direction) => {
    const written = ['eth0', 'lo'].flatMap((name) =>
      all.map((frame) => ({ ...frame, interface: name, direction })),
    );
    const file = pcapFile(written, link, () => '02:00:00:00:00:01');
    expect(readPcap(file)).toEqual({ ok: true, link, frames: written });
  });

  it('without packets is a file, too', () => {
    expect(readPcap(pcapFile([], COOKED))).toEqual({ ok: true, link: COOKED, frames: [] });
  });

  it('that is none, of another network or cut off is refused', () => {
    const refused = (problem: string) => ({ ok: false, problem });
    const file = pcapFile(all, ETHERNET);
    expect(readPcap('nonsense')).toEqual(refused('unknown-format'));
    expect(readPcap(file.slice(0, 23))).toEqual(refused('unknown-format'));
    expect(readPcap(`x${file.slice(1)}`)).toEqual(refused('unknown-format'));
    // LINKTYPE_IEEE802_11.
    expect(readPcap(`${file.slice(0, 20)}i${file.slice(21)}`)).toEqual(refused('bad-link'));
    for (const left of [1, 15, 16, 40]) {
      expect(readPcap(file.slice(0, 24 + left))).toEqual(refused('truncated'));
    }
    expect(readPcap(file.slice(0, -1))).toEqual(refused('truncated'));
  });

  it('with what is not read here leaves that out', () => {
    const [frame] = all;
    if (frame === undefined) throw new Error('no frame');
    const file = pcapFile([frame, frame], ETHERNET);
    const at = 24 + 16 + 12;
    // ARP instead of IPv4; then GRE instead of TCP.
    const arp = `${file.slice(0, at)}\u0008\u0006${file.slice(at + 2)}`;
    const gre = `${file.slice(0, at + 11)}\u002f${file.slice(at + 12)}`;
    for (const other of [arp, gre]) {
      const read = readPcap(other);
      expect(read.ok && read.frames).toHaveLength(1);
    }
    const card = { atMs: 0, interface: 'eth0', direction: 'in' } as const;
    expect(readIpv4(ipBytes(frame).slice(0, 27), card)).toBe(null);
  });

  it('of another’s making may have options of IP and TCP that are passed over', () => {
    const [, hex = ''] = frames['a datagram over IPv4'] ?? [];
    const place = { atMs: 0, interface: 'eth0', direction: 'in' } as const;
    const readHex = (text: string) => readIpv4(Buffer.from(text, 'hex').toString('latin1'), place);
    // A head of six words, with a router alert.
    const longer = readHex(`46${hex.slice(2, 40)}94040000${hex.slice(40)}`.replace('0021', '0025'));
    expect(longer).toMatchObject({ sourcePort: 5353, payload: 'hello' });
    const [, syn = ''] = frames['a SYN over IPv4'] ?? [];
    // Instead of the time stamps, an option of ten bytes that nobody knows; then the end of them.
    const unknown = readHex(syn.replace('080a0102', 'fd0a0102'));
    expect(unknown).toMatchObject({
      options: { maximumSegment: 1460, allowsSelective: true, windowScale: 7 },
    });
    expect(unknown).not.toHaveProperty('options.times');
    const ended = readHex(syn.replace('0402080a', '0002080a'));
    expect(ended).toMatchObject({ options: { maximumSegment: 1460 } });
    expect(ended).not.toHaveProperty('options.windowScale');
  });

  it('of a trace holds each of its packets, in order, with right checksums', () => {
    const { trace } = worldOf([
      { atMs: 0, do: 'connect', from: 'client', to: '10.0.0.10:80', closeAfterMs: 500 },
      { atMs: 100, do: 'connect', from: 'client', to: '10.0.0.10:81' },
      {
        atMs: 200,
        do: 'connect',
        from: 'client',
        to: '10.0.0.10:53',
        protocol: 'udp',
        request: 5,
      },
      { atMs: 300, do: 'connect', from: 'client', to: '127.0.0.1:9' },
    ]);
    const wanted = packetsSeen(trace, ['10.0.0.2']);
    expect(wanted.length).toBeGreaterThan(12);
    expect(wanted.filter(({ text }) => text.startsWith('icmp'))).toHaveLength(1);
    const seen = framesOf(trace, placeAt(['10.0.0.2'], 0, ipBytes));
    expect(packetsIn(pcapFile(seen, ETHERNET))).toEqual(wanted);
  });
});

function worldOf(actions: readonly Readonly<Record<string, unknown>>[]): World {
  const world = new World(
    parseScenario({
      version: 1,
      hosts: [
        { name: 'client', os: 'linux', address: '10.0.0.2' },
        { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }] },
      ],
      actions,
    }),
  );
  world.runToEnd(60_000);
  return world;
}
