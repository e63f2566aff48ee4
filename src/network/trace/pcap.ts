/**
 * Captures as files: pcap (draft-ietf-opsawg-pcap), which tcpdump, tshark and Wireshark read, of Ethernet or
 * Linux' "cooked" frames with IPv4 (RFC 791) or IPv6 (RFC 8200), TCP (RFC 9293), UDP (RFC 768), ICMP (RFC 792).
 */

import { addressWords, formatAddress, isIPv6, parseAddress } from '../addresses.ts';
import type { Frame, TcpFrame, TcpOptions } from './frame.ts';

/** LINKTYPE_ETHERNET and LINKTYPE_LINUX_SLL2. */
export const ETHERNET = 1;
export const COOKED = 276;
export type LinkType = typeof ETHERNET | typeof COOKED;

/** How long the head in front of an IP packet is. */
export const linkBytes: Readonly<Record<LinkType, number>> = { [ETHERNET]: 14, [COOKED]: 20 };

/** Hardware addresses by IP address; zeros where none is known. */
export type HardwareAddress = (ip: string) => string;

const MAGIC = 0xa1b2c3d4;
const SNAPSHOT_LENGTH = 262_144;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const protocolNumbers = { icmp: 1, tcp: 6, udp: 17 } as const;
const ICMP_FOR_IPV6 = 58;

class Bytes {
  private text = '';

  get length(): number {
    return this.text.length;
  }

  byte(value: number): this {
    this.text += String.fromCharCode(value & 0xff);
    return this;
  }

  word(value: number): this {
    return this.byte(value >>> 8).byte(value);
  }

  long(value: number): this {
    return this.word(value >>> 16).word(value);
  }

  little(value: number): this {
    return this.byte(value)
      .byte(value >>> 8)
      .byte(value >>> 16)
      .byte(value >>> 24);
  }

  add(text: string): this {
    this.text += text;
    return this;
  }

  toString(): string {
    return this.text;
  }
}

/** RFC 1071. */
function checksum(bytes: string): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2)
    sum += (bytes.charCodeAt(at) << 8) + (at + 1 < bytes.length ? bytes.charCodeAt(at + 1) : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function addressBytes(text: string): string {
  const address = parseAddress(text) ?? 0;
  const bytes = new Bytes();
  if (isIPv6(address)) for (const word of addressWords(address)) bytes.long(word);
  else bytes.long(address);
  return bytes.toString();
}

/** The IP packet of a frame. */
export function ipBytes(frame: Frame): string {
  const isSix = frame.source.includes(':');
  const source = addressBytes(frame.source);
  const destination = addressBytes(frame.destination);
  const number =
    isSix && frame.protocol === 'icmp' ? ICMP_FOR_IPV6 : protocolNumbers[frame.protocol];
  const pseudo = (length: number) =>
    new Bytes()
      .add(source)
      .add(destination)
      .add(
        isSix
          ? new Bytes().long(length).long(number).toString()
          : new Bytes().word(number).word(length).toString(),
      )
      .toString();
  const inner = transportBytes(frame, pseudo, isSix);
  if (isSix)
    return new Bytes()
      .long(0x6000_0000)
      .word(inner.length)
      .byte(number)
      .byte(frame.ttl)
      .add(source)
      .add(destination)
      .add(inner)
      .toString();
  const isIcmpError = frame.protocol === 'icmp' && frame.type === 3;
  const head = (sum: number) =>
    new Bytes()
      .byte(0x45)
      // Linux marks its ICMP errors as "internetwork control".
      .byte(isIcmpError ? 0xc0 : 0)
      .word(20 + inner.length)
      .word(frame.id)
      // Whole: not to be taken apart on the way.
      .word(isIcmpError ? 0 : 0x4000)
      .byte(frame.ttl)
      .byte(number)
      .word(sum)
      .add(source)
      .add(destination)
      .toString();
  return head(checksum(head(0))) + inner;
}

function transportBytes(frame: Frame, pseudo: (length: number) => string, isSix: boolean): string {
  const summed = (build: (sum: number) => string, isPseudo: boolean): string => {
    const empty = build(0);
    return build(checksum((isPseudo ? pseudo(empty.length) : '') + empty));
  };
  switch (frame.protocol) {
    case 'tcp':
      return summed((sum) => tcpBytes(frame, sum), true);
    case 'udp':
      return summed(
        (sum) =>
          new Bytes()
            .word(frame.sourcePort)
            .word(frame.destinationPort)
            .word(8 + frame.payload.length)
            .word(sum)
            .add(frame.payload)
            .toString(),
        true,
      );
    case 'icmp':
      return summed(
        (sum) =>
          new Bytes()
            .byte(frame.type)
            .byte(frame.code)
            .word(sum)
            .word(frame.rest[0])
            .word(frame.rest[1])
            .add(frame.payload)
            .toString(),
        isSix,
      );
  }
}

function tcpBytes(frame: TcpFrame, sum: number): string {
  const options = optionBytes(frame.options);
  return new Bytes()
    .word(frame.sourcePort)
    .word(frame.destinationPort)
    .long(frame.seq)
    .long(frame.ack)
    .byte((5 + options.length / 4) << 4)
    .byte(frame.flags)
    .word(frame.window)
    .word(sum)
    .word(0)
    .add(options)
    .add(frame.payload)
    .toString();
}

/** In Linux' order, filled up to whole words. */
function optionBytes(options: TcpOptions): string {
  const bytes = new Bytes();
  const { maximumSegment, allowsSelective, times, windowScale } = options;
  if (maximumSegment !== undefined) bytes.byte(2).byte(4).word(maximumSegment);
  if (allowsSelective === true) bytes.byte(4).byte(2);
  else if (times !== undefined) bytes.byte(1).byte(1);
  if (times !== undefined) bytes.byte(8).byte(10).long(times[0]).long(times[1]);
  if (windowScale !== undefined) bytes.byte(1).byte(3).byte(3).byte(windowScale);
  return bytes.toString();
}

function hardwareBytes(text: string): string {
  return text
    .split(':')
    .map((part) => String.fromCharCode(Number.parseInt(part, 16)))
    .join('');
}

export const noHardware = '00:00:00:00:00:00';

/** The whole frame as it is captured. */
function frameBytes(frame: Frame, link: LinkType, hardware: HardwareAddress): string {
  const type = frame.source.includes(':') ? IPV6 : IPV4;
  const address = (ip: string) =>
    hardwareBytes(frame.interface === 'lo' ? noHardware : hardware(ip));
  if (link === ETHERNET)
    return new Bytes()
      .add(address(frame.destination))
      .add(address(frame.source))
      .word(type)
      .add(ipBytes(frame))
      .toString();
  const isLocal = frame.interface === 'lo';
  return new Bytes()
    .word(type)
    .word(0)
    .long(isLocal ? 1 : 2)
    .word(isLocal ? 772 : 1)
    .byte(frame.direction === 'out' ? 4 : 0)
    .byte(6)
    .add(address(frame.source))
    .add('\0\0')
    .add(ipBytes(frame))
    .toString();
}

/** A pcap file: its head, and a record for each frame. */
export function pcapFile(
  frames: readonly Frame[],
  link: LinkType,
  hardware: HardwareAddress = () => noHardware,
): string {
  return pcapHead(link) + frames.map((frame) => pcapRecord(frame, link, hardware)).join('');
}

export function pcapHead(link: LinkType): string {
  return new Bytes()
    .little(MAGIC)
    .byte(2)
    .byte(0)
    .byte(4)
    .byte(0)
    .little(0)
    .little(0)
    .little(SNAPSHOT_LENGTH)
    .little(link)
    .toString();
}

export function pcapRecord(frame: Frame, link: LinkType, hardware: HardwareAddress): string {
  const bytes = frameBytes(frame, link, hardware);
  const microseconds = Math.round(frame.atMs * 1000);
  return new Bytes()
    .little(Math.floor(microseconds / 1_000_000))
    .little(microseconds % 1_000_000)
    .little(bytes.length)
    .little(bytes.length)
    .add(bytes)
    .toString();
}

export type ReadCapture =
  | { readonly ok: true; readonly link: LinkType; readonly frames: readonly Frame[] }
  /** `unknown-format`: no pcap file; `bad-link`: of another kind of network. */
  | { readonly ok: false; readonly problem: 'unknown-format' | 'bad-link' | 'truncated' };

class Reader {
  private readonly bytes: string;
  at: number;

  constructor(bytes: string, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    return this.bytes.charCodeAt(this.at++) & 0xff;
  }

  word(): number {
    return (this.byte() << 8) | this.byte();
  }

  long(): number {
    return (this.word() * 0x10000 + this.word()) >>> 0;
  }

  little(): number {
    return (this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24)) >>> 0;
  }

  take(count: number): string {
    const text = this.bytes.slice(this.at, this.at + count);
    this.at += count;
    return text;
  }
}

/** Reads what pcapFile() writes, and the same packets written by others in the same byte order. */
export function readPcap(bytes: string): ReadCapture {
  const reader = new Reader(bytes);
  if (bytes.length < 24 || reader.little() !== MAGIC)
    return { ok: false, problem: 'unknown-format' };
  reader.take(16);
  const link = reader.little() & 0x0fff_ffff;
  if (link !== ETHERNET && link !== COOKED) return { ok: false, problem: 'bad-link' };
  const frames: Frame[] = [];
  while (reader.left > 0) {
    if (reader.left < 16) return { ok: false, problem: 'truncated' };
    const atMs = reader.little() * 1000 + reader.little() / 1000;
    const length = reader.little();
    reader.little();
    if (reader.left < length) return { ok: false, problem: 'truncated' };
    const frame = readFrame(reader.take(length), link, atMs);
    if (frame !== null) frames.push(frame);
  }
  return { ok: true, link, frames };
}

function readFrame(bytes: string, link: LinkType, atMs: number): Frame | null {
  const reader = new Reader(bytes);
  let card = 'eth0';
  let direction: Frame['direction'] = 'in';
  let type: number;
  if (link === ETHERNET) {
    if (reader.take(12) === '\0'.repeat(12)) card = 'lo';
    type = reader.word();
  } else {
    type = reader.word();
    reader.word();
    card = reader.long() === 1 ? 'lo' : 'eth0';
    reader.word();
    direction = reader.byte() === 4 ? 'out' : 'in';
    reader.take(9);
  }
  const place = { atMs, interface: card, direction };
  if (type === IPV6) {
    reader.long();
    const length = reader.word();
    const number = reader.byte();
    const ttl = reader.byte();
    const source = readIpv6(reader);
    const destination = readIpv6(reader);
    return readTransport(number, reader.take(length), {
      ...place,
      id: 0,
      ttl,
      source,
      destination,
    });
  }
  return type === IPV4 ? readIpv4(reader.take(reader.left), place) : null;
}

function readIpv6(reader: Reader): string {
  const parts = Array.from({ length: 8 }, () => reader.word().toString(16));
  return formatAddress(parseAddress(parts.join(':')) ?? 0);
}

/** A frame out of an IPv4 packet's bytes; null where it carries what is not read here. */
export function readIpv4(
  bytes: string,
  place: Pick<Frame, 'atMs' | 'interface' | 'direction'>,
): Frame | null {
  if (bytes.length < 28) return null;
  const reader = new Reader(bytes);
  const head = (reader.byte() & 0xf) * 4;
  reader.byte();
  const length = reader.word();
  const id = reader.word();
  reader.word();
  const ttl = reader.byte();
  const number = reader.byte();
  reader.word();
  const source = formatAddress(reader.long());
  const destination = formatAddress(reader.long());
  reader.take(head - 20);
  const base = { ...place, id, ttl, source, destination };
  return readTransport(number, reader.take(length - head), base);
}

function readTransport(
  number: number,
  bytes: string,
  base: Omit<Frame, 'protocol' | 'payload'> & Pick<Frame, 'id' | 'ttl'>,
): Frame | null {
  const reader = new Reader(bytes);
  if (number === protocolNumbers.udp) {
    const [sourcePort, destinationPort] = [reader.word(), reader.word()];
    reader.long();
    return {
      ...base,
      protocol: 'udp',
      sourcePort,
      destinationPort,
      payload: reader.take(reader.left),
    };
  }
  if (number === protocolNumbers.icmp || number === ICMP_FOR_IPV6) {
    const [type, code] = [reader.byte(), reader.byte()];
    reader.word();
    const rest = [reader.word(), reader.word()] as const;
    return { ...base, protocol: 'icmp', type, code, rest, payload: reader.take(reader.left) };
  }
  if (number !== protocolNumbers.tcp) return null;
  const [sourcePort, destinationPort] = [reader.word(), reader.word()];
  const [seq, ack] = [reader.long(), reader.long()];
  const head = (reader.byte() >> 4) * 4;
  const flags = reader.byte();
  const window = reader.word();
  reader.long();
  const options = readOptions(reader.take(head - 20));
  const payload = reader.take(reader.left);
  return {
    ...base,
    protocol: 'tcp',
    sourcePort,
    destinationPort,
    seq,
    ack,
    flags,
    window,
    options,
    payload,
  };
}

function readOptions(bytes: string): TcpOptions {
  const reader = new Reader(bytes);
  const options: { -readonly [Key in keyof TcpOptions]: TcpOptions[Key] } = {};
  while (reader.left > 0) {
    const kind = reader.byte();
    if (kind === 0) break;
    if (kind === 1) continue;
    const length = reader.byte();
    if (kind === 2) options.maximumSegment = reader.word();
    else if (kind === 3) options.windowScale = reader.byte();
    else if (kind === 4) options.allowsSelective = true;
    else if (kind === 8) options.times = [reader.long(), reader.long()];
    else reader.take(Math.max(0, length - 2));
  }
  return options;
}
