/** Reads captures with nothing of the product's: each packet as a trace would name it. */

import type { TraceEvent } from '../src/network/trace/trace.ts';

/** Big-endian numbers out of a file, and nothing of the product's. */
class Bytes {
  private readonly view: DataView;

  constructor(text: string) {
    this.view = new DataView(Uint8Array.from(text, (one) => one.charCodeAt(0)).buffer);
  }

  get size(): number {
    return this.view.byteLength;
  }

  u8 = (at: number) => this.view.getUint8(at);
  u16 = (at: number) => this.view.getUint16(at);
  u32 = (at: number) => this.view.getUint32(at);
  le32 = (at: number) => this.view.getUint32(at, true);
  ip = (at: number) => [0, 1, 2, 3].map((index) => this.u8(at + index)).join('.');

  /** The one's complement sum over a part is 0xffff where its checksum is right. */
  sum(from: number, to: number, start = 0): number {
    let sum = start;
    for (let at = from; at < to; at += 2) sum += at + 1 < to ? this.u16(at) : this.u8(at) << 8;
    while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
    return sum;
  }
}

export interface Seen {
  readonly ms: number;
  readonly text: string;
}

/** @throws Error that names what is not as it should be */
function hold(what: string, found: string | number, wanted: string | number): void {
  if (found !== wanted) throw new Error(`${what}: ${found} instead of ${wanted}`);
}

/** The packets of an Ethernet capture of IPv4, as the trace would name them; every checksum is held. */
export function packetsIn(file: string): readonly Seen[] {
  const bytes = new Bytes(file);
  hold('head', `${bytes.le32(0)} ${bytes.le32(16)} ${bytes.le32(20)}`, '2712847316 262144 1');
  const seen: Seen[] = [];
  const starts = new Map<string, number>();
  for (let at = 24; at < bytes.size;) {
    const ms = bytes.le32(at) * 1000 + bytes.le32(at + 4) / 1000;
    const length = bytes.le32(at + 8);
    hold('length', bytes.le32(at + 12), length);
    const ip = at + 16 + 14;
    hold('type', bytes.u16(ip - 2), 0x0800);
    hold('checksum of IP', bytes.sum(ip, ip + 20), 0xffff);
    const end = ip + bytes.u16(ip + 2);
    hold('end', end, at + 16 + length);
    const protocol = bytes.u8(ip + 9);
    const inner = ip + 20;
    const pseudo = bytes.sum(ip + 12, ip + 20) + protocol + (end - inner);
    hold('checksum', bytes.sum(inner, end, protocol === 1 ? 0 : pseudo), 0xffff);
    const ends = `${bytes.ip(ip + 12)}:${bytes.u16(inner)} > ${bytes.ip(ip + 16)}:${bytes.u16(inner + 2)}`;
    if (protocol === 6) {
      const flags = bytes.u8(inner + 13);
      const size = end - inner - (bytes.u8(inner + 12) >> 4) * 4;
      const back = ends.split(' > ').reverse().join(' > ');
      if (flags & 2) starts.set(ends, bytes.u32(inner + 4));
      const seq = (bytes.u32(inner + 4) - (starts.get(ends) ?? 0)) >>> 0;
      const ack = flags & 16 ? (bytes.u32(inner + 8) - (starts.get(back) ?? 0)) >>> 0 : 0;
      const names = [
        [2, 'SYN'],
        [1, 'FIN'],
        [4, 'RST'],
        [8, 'PSH'],
        [16, 'ACK'],
      ] as const;
      const set = names.flatMap(([bit, name]) => (flags & bit ? [name] : []));
      seen.push({ ms, text: `${ends} ${set.join(' ')} ${seq} ${ack} ${size}` });
    } else if (protocol === 17) {
      seen.push({ ms, text: `${ends} datagram ${bytes.u16(inner + 4) - 8}` });
    } else {
      hold('quoted sender', bytes.ip(inner + 8 + 12), bytes.ip(ip + 16));
      seen.push({ ms, text: `icmp ${bytes.u8(inner)}/${bytes.u8(inner + 1)}` });
    }
    at += 16 + length;
  }
  return seen;
}

/** What hosts of these addresses send and receive, from the trace itself. */
export function packetsSeen(
  trace: readonly TraceEvent[],
  addresses: readonly string[],
): readonly Seen[] {
  return trace.flatMap((event) => {
    if (event.event !== 'segment' && event.event !== 'datagram' && event.event !== 'icmp')
      return [];
    const isOwn = event.from.startsWith('127.');
    const own = event.phase === 'sent' ? event.from : event.to;
    const isHere = isOwn
      ? event.phase === 'sent'
      : addresses.some((address) => own.startsWith(`${address}:`));
    if (!isHere || event.phase === 'lost') return [];
    const ends = `${event.from} > ${event.to}`;
    const text =
      event.event === 'segment'
        ? `${ends} ${event.flags.join(' ')} ${event.seq} ${event.ack} ${event.bytes}`
        : event.event === 'datagram'
          ? `${ends} datagram ${event.bytes}`
          : 'icmp 3/3';
    return [{ ms: event.atMs, text }];
  });
}
