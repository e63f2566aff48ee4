/**
 * Packets as they lie on a wire, for captures: what the trace counts in relative numbers and lengths is
 * given the absolute sequence numbers, windows, options and contents that real packets carry. Numbers that
 * a kernel would draw are computed from the connection's name, so that the same trace gives the same bytes.
 */

import { formatAddress, isIPv6, isLoopback, parseEndpoint } from '../addresses.ts';
import type { DatagramEvent, IcmpEvent, SegmentEvent, SegmentFlag, TraceEvent } from './trace.ts';

export const FIN_BIT = 1;
export const SYN_BIT = 2;
export const RST_BIT = 4;
export const PSH_BIT = 8;
export const ACK_BIT = 16;

const flagBits: Readonly<Record<SegmentFlag, number>> = {
  FIN: FIN_BIT,
  SYN: SYN_BIT,
  RST: RST_BIT,
  PSH: PSH_BIT,
  ACK: ACK_BIT,
};

export interface TcpOptions {
  readonly maximumSegment?: number;
  readonly allowsSelective?: boolean;
  /** The sender's clock, and the latest that it has heard of the other's. */
  readonly times?: readonly [number, number];
  readonly windowScale?: number;
}

interface FrameBase {
  /** Milliseconds, by the clock of whoever captures. */
  readonly atMs: number;
  readonly interface: string;
  readonly direction: 'in' | 'out';
  readonly source: string;
  readonly destination: string;
  /** IP's identification. */
  readonly id: number;
  readonly ttl: number;
  /** What the protocol carries: one character, one byte. */
  readonly payload: string;
}

export interface TcpFrame extends FrameBase {
  readonly protocol: 'tcp';
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly window: number;
  readonly options: TcpOptions;
}

export interface UdpFrame extends FrameBase {
  readonly protocol: 'udp';
  readonly sourcePort: number;
  readonly destinationPort: number;
}

export interface IcmpFrame extends FrameBase {
  readonly protocol: 'icmp';
  readonly type: number;
  readonly code: number;
  /** The four bytes after the checksum: an echo's identifier and number, 0 otherwise. */
  readonly rest: readonly [number, number];
}

export type Frame = TcpFrame | UdpFrame | IcmpFrame;

/** Where a trace is captured. */
export interface CapturePlace {
  /** Whether an address is the host's own. */
  owns(address: string): boolean;
  /** What the clock shows at the trace's 0, in milliseconds. */
  readonly epochMs: number;
  /**
   * What a segment or datagram carries, where that is known; zeros stand for what is not.
   * @param offset of its first byte in all that this side has sent on the connection
   */
  contents?(from: string, to: string, offset: number, bytes: number): string | undefined;
  /** The bytes of an IP packet, which an ICMP message quotes. */
  quote(frame: Frame): string;
}

const windowScale = 7;
const millisecondsMask = 0xffff_ffff;

/** 32 bits from a text (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193);
  }
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}

/** Makes frames of a trace's events, one after another. */
export class FrameMaker {
  private readonly place: CapturePlace;
  /** By connection and sender: the clock that was last sent. */
  private readonly clocks = new Map<string, number>();
  private readonly ids = new Map<string, number>();
  /** The latest frame from one endpoint to another, which an ICMP message may be about. */
  private readonly latest = new Map<string, Frame>();

  constructor(place: CapturePlace) {
    this.place = place;
  }

  /** The frame that the place sees of an event; null where it sees none. */
  frameOf(event: TraceEvent): Frame | null {
    if (event.event !== 'segment' && event.event !== 'datagram' && event.event !== 'icmp')
      return null;
    if (event.phase === 'lost') return null;
    const from = parseEndpoint(event.from);
    const to = parseEndpoint(event.to);
    if (from === undefined || to === undefined) return null;
    const source = formatAddress(from.address);
    const destination = formatAddress(to.address);
    const isOwn = this.place.owns(source) && this.place.owns(destination);
    // What a host sends to itself is seen once.
    const isHere =
      event.phase === 'sent' ? this.place.owns(source) : this.place.owns(destination) && !isOwn;
    if (!isHere) return null;
    const base = {
      atMs: this.place.epochMs + event.atMs,
      interface: isOwn ? 'lo' : 'eth0',
      direction: isOwn || event.phase === 'arrived' ? ('in' as const) : ('out' as const),
      source,
      destination,
      ttl: 64,
    };
    const ends = { sourcePort: from.port, destinationPort: to.port };
    const frame =
      event.event === 'segment'
        ? this.segment(event, { ...base, ...ends })
        : event.event === 'datagram'
          ? this.datagram(event, { ...base, ...ends })
          : this.icmp(event, base);
    if (frame !== null) this.latest.set(`${event.from} ${event.to}`, frame);
    return frame;
  }

  private nextId(source: string): number {
    const id = (this.ids.get(source) ?? hash(`id ${source}`) & 0xffff) & 0xffff;
    this.ids.set(source, (id + 1) & 0xffff);
    return id;
  }

  private contents(from: string, to: string, offset: number, bytes: number): string {
    const known = this.place.contents?.(from, to, offset, bytes) ?? '';
    return known.slice(0, bytes).padEnd(bytes, '\0');
  }

  private segment(
    event: SegmentEvent,
    base: Omit<FrameBase, 'id' | 'payload'> & Pick<TcpFrame, 'sourcePort' | 'destinationPort'>,
  ): TcpFrame {
    const { connection = '', from, to } = event;
    const flags = event.flags.reduce((sum, flag) => sum | flagBits[flag], 0);
    const isSyn = (flags & SYN_BIT) !== 0;
    const isReset = (flags & RST_BIT) !== 0;
    const own = hash(`${connection} ${from}`);
    const other = hash(`${connection} ${to}`);
    // A refusal of what has no connection counts from 0.
    const isBare = isReset && event.seq === 0;
    const isOpener = isSyn && !(flags & ACK_BIT);
    const isLocal = base.interface === 'lo';
    const clock = (hash(`clock ${connection} ${from}`) + Math.floor(event.atMs)) & millisecondsMask;
    const heard = this.clocks.get(`${connection} ${to}`) ?? 0;
    if (!isReset) this.clocks.set(`${connection} ${from}`, clock >>> 0);
    if (isSyn) this.clocks.set(`opener ${connection} ${from}`, isOpener ? 1 : 0);
    const isClient = this.clocks.get(`opener ${connection} ${from}`) !== 0;
    const times: readonly [number, number] = [clock >>> 0, flags & ACK_BIT ? heard : 0];
    return {
      ...base,
      protocol: 'tcp',
      id: (isSyn && !isOpener) || isReset ? 0 : this.nextId(base.source),
      flags,
      seq: isBare ? 0 : (own + event.seq) >>> 0,
      ack: flags & ACK_BIT ? (other + event.ack) >>> 0 : 0,
      window: isReset ? 0 : windowOf(isSyn, isOpener, isClient, isLocal),
      options: isReset
        ? {}
        : isSyn
          ? {
              maximumSegment: isLocal ? 65_495 : isIPv6Text(base.source) ? 1440 : 1460,
              allowsSelective: true,
              times,
              windowScale,
            }
          : { times },
      payload: this.contents(from, to, event.seq - 1, event.bytes),
    };
  }

  private datagram(
    event: DatagramEvent,
    base: Omit<FrameBase, 'id' | 'payload'> & Pick<UdpFrame, 'sourcePort' | 'destinationPort'>,
  ): UdpFrame {
    return {
      ...base,
      protocol: 'udp',
      id: this.nextId(base.source),
      payload: this.contents(event.from, event.to, 0, event.bytes),
    };
  }

  private icmp(event: IcmpEvent, base: Omit<FrameBase, 'id' | 'payload'>): IcmpFrame | null {
    if (event.message === 'echo-request' || event.message === 'echo-reply')
      return this.echo(event, base, event.message === 'echo-request');
    const about = this.latest.get(`${event.to} ${event.from}`);
    if (about === undefined) return null;
    const codes = {
      'port-unreachable': 3,
      'host-unreachable': 1,
      'administratively-prohibited': 13,
    } as const;
    return {
      ...base,
      protocol: 'icmp',
      id: this.nextId(base.source),
      type: 3,
      code: codes[event.message],
      rest: [0, 0],
      // RFC 1812 §4.3.2.3: as much of it as fits into 576 bytes.
      payload: this.place.quote(about).slice(0, 548),
    };
  }

  /** The asker's end has the identifier for a port; an answer carries what it answers. */
  private echo(
    event: IcmpEvent,
    base: Omit<FrameBase, 'id' | 'payload'>,
    isRequest: boolean,
  ): IcmpFrame {
    const { number = 0, bytes = 0 } = event.echo ?? {};
    const identifier = parseEndpoint(isRequest ? event.from : event.to)?.port ?? 0;
    const about = isRequest ? undefined : this.latest.get(`${event.to} ${event.from}`);
    const isSix = isIPv6Text(base.source);
    return {
      ...base,
      protocol: 'icmp',
      id: this.nextId(base.source),
      type: isSix ? (isRequest ? 128 : 129) : isRequest ? 8 : 0,
      code: 0,
      rest: [identifier, number],
      payload: about?.payload ?? echoBytes(base.atMs, bytes),
    };
  }
}

/** What ping fills an echo with: when it was sent, as two numbers of 64 bits, and a pattern. */
function echoBytes(atMs: number, bytes: number): string {
  const micro = Math.round(atMs * 1000);
  const little = (value: number) =>
    [0, 1, 2, 3, 4, 5, 6, 7]
      .map((at) => String.fromCharCode(Math.floor(value / 256 ** at) % 256))
      .join('');
  const clock = little(Math.floor(micro / 1_000_000)) + little(micro % 1_000_000);
  let text = bytes < clock.length ? '' : clock;
  while (text.length < bytes) text += String.fromCharCode(text.length & 0xff);
  return text;
}

function isIPv6Text(address: string): boolean {
  return address.includes(':');
}

/** As Linux offers it: the whole buffer in a SYN, scaled down by 2^7 afterwards. */
function windowOf(isSyn: boolean, isOpener: boolean, isClient: boolean, isLocal: boolean): number {
  if (isSyn && isOpener) return isLocal ? 65_495 : 64_240;
  if (isSyn) return isLocal ? 65_483 : 65_160;
  if (isLocal) return 512;
  return isClient ? 502 : 509;
}

/** The frames that a host sees of a whole trace. */
export function framesOf(trace: readonly TraceEvent[], place: CapturePlace): readonly Frame[] {
  const maker = new FrameMaker(place);
  return trace.flatMap((event) => maker.frameOf(event) ?? []);
}

/** A place at a host, by its addresses. */
export function placeAt(
  addresses: readonly string[],
  epochMs: number,
  quote: (frame: Frame) => string,
): CapturePlace {
  return {
    epochMs,
    quote,
    owns: (address) => {
      if (addresses.includes(address)) return true;
      const number = parseEndpoint(isIPv6Text(address) ? `[${address}]:1` : `${address}:1`);
      return number !== undefined && isLoopback(number.address) && !isIPv6(number.address);
    },
  };
}
