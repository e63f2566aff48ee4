/**
 * Captures: each packet of the trace lies in the file, byte by byte as the standards say, read back by a
 * reader that shares nothing with the writer; where tcpdump is installed, it prints the same lines as ours.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { framesOf, placeAt } from '../../src/network/trace/frame.ts';
import { ETHERNET, ipBytes, pcapFile, readPcap } from '../../src/network/trace/pcap.ts';
import type { TraceEvent } from '../../src/network/trace/trace.ts';
import { World } from '../../src/network/world.ts';
import { testMachine } from '../golden/terminal/test-machine.ts';

function traceOf(actions: readonly Readonly<Record<string, unknown>>[]): readonly TraceEvent[] {
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
  return world.trace;
}

const actions = [
  { atMs: 0, do: 'connect', from: 'client', to: '10.0.0.10:80', as: 'page', closeAfterMs: 500 },
  { atMs: 100, do: 'connect', from: 'client', to: '10.0.0.10:81' },
  { atMs: 200, do: 'connect', from: 'client', to: '10.0.0.10:53', protocol: 'udp', request: 5 },
  { atMs: 300, do: 'connect', from: 'client', to: '127.0.0.1:9' },
];

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

interface Seen {
  readonly ms: number;
  readonly text: string;
}

/** The packets of an Ethernet capture of IPv4, as the trace would name them; every checksum is held. */
function independently(file: string): readonly Seen[] {
  const bytes = new Bytes(file);
  expect([bytes.le32(0), bytes.le32(16), bytes.le32(20)]).toEqual([0xa1b2c3d4, 262_144, 1]);
  const seen: Seen[] = [];
  const starts = new Map<string, number>();
  for (let at = 24; at < bytes.size;) {
    const ms = bytes.le32(at) * 1000 + bytes.le32(at + 4) / 1000;
    const length = bytes.le32(at + 8);
    expect(bytes.le32(at + 12)).toBe(length);
    const ip = at + 16 + 14;
    expect(bytes.u16(ip - 2)).toBe(0x0800);
    expect(bytes.sum(ip, ip + 20)).toBe(0xffff);
    const end = ip + bytes.u16(ip + 2);
    expect(end).toBe(at + 16 + length);
    const protocol = bytes.u8(ip + 9);
    const inner = ip + 20;
    const pseudo = bytes.sum(ip + 12, ip + 20) + protocol + (end - inner);
    expect(bytes.sum(inner, end, protocol === 1 ? 0 : pseudo)).toBe(0xffff);
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
      expect(bytes.ip(inner + 8 + 12)).toBe(bytes.ip(ip + 16));
      seen.push({ ms, text: `icmp ${bytes.u8(inner)}/${bytes.u8(inner + 1)}` });
    }
    at += 16 + length;
  }
  return seen;
}

/** What the client's interfaces carry, from the trace itself. */
function expected(trace: readonly TraceEvent[]): readonly Seen[] {
  return trace.flatMap((event) => {
    if (event.event !== 'segment' && event.event !== 'datagram' && event.event !== 'icmp')
      return [];
    const isOwn = event.from.startsWith('127.');
    const own = event.phase === 'sent' ? event.from : event.to;
    const isHere = isOwn ? event.phase === 'sent' : own.startsWith('10.0.0.2:');
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

describe('a capture file', () => {
  const trace = traceOf(actions);
  const frames = framesOf(trace, placeAt(['10.0.0.2'], 0, ipBytes));
  const file = pcapFile(frames, ETHERNET);

  it('holds each packet of the trace, in order, with right checksums', () => {
    const wanted = expected(trace);
    expect(wanted.length).toBeGreaterThan(12);
    expect(wanted.map(({ text }) => text).filter((text) => text.startsWith('icmp'))).toHaveLength(
      1,
    );
    expect(independently(file)).toEqual(wanted);
  });

  it('is read back as it was written', () => {
    const read = readPcap(file);
    if (!read.ok) throw new Error(read.problem);
    expect(read.frames.map((frame) => ipBytes(frame))).toEqual(
      frames.map((frame) => ipBytes(frame)),
    );
    expect(readPcap('nonsense')).toEqual({ ok: false, problem: 'unknown-format' });
    expect(readPcap(file.slice(0, -3))).toEqual({ ok: false, problem: 'truncated' });
  });
});

const isInstalled = (() => {
  try {
    execFileSync('tcpdump', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.runIf(isInstalled)('beside the real tcpdump, over the same file', async () => {
  const machine = await testMachine('generic-linux');
  await machine.run('sudo -i');
  await machine.run('cd /tmp; mkdir www; cd www; echo hello > a.txt');
  await machine.run('python3 -m http.server 8080 >/dev/null 2>&1 &');
  await machine.run(
    'tcpdump -i any -w /tmp/any.pcap 2>/dev/null & tcpdump -i lo -w /tmp/lo.pcap 2>/dev/null &',
  );
  await machine.run(
    'sleep 0.2; curl -s web.example 127.0.0.1:8080/a.txt 127.0.0.1:8081 >/dev/null',
  );
  await machine.run('nc -u -w1 127.0.0.1 5354 <<< hi; nc -u -w1 10.0.0.10 9 <<< hello');
  await machine.run('kill -INT %2 %3; sleep 0.5');
  const folder = mkdtempSync(join(tmpdir(), 'captures-'));
  const paths = ['any', 'lo'].map((name) => {
    const path = join(folder, `${name}.pcap`);
    writeFileSync(
      path,
      Buffer.from(machine.host.files.read(`/tmp/${name}.pcap`, { uid: 0, gid: 0 }), 'latin1'),
    );
    return [name, path] as const;
  });

  it.each([
    '-n',
    '-nn -t',
    '-n -tt',
    '-n -ttt',
    '-n -tttt',
    '-n -ttttt',
    '-n -q',
    '-n -S',
    '-n -v',
    '-n -vv -c 3',
    '-n -A',
    '-n -X',
    '-n -c 2',
    "-n 'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0'",
    "-n 'tcp[13] & 2 != 0 and tcp[13] & 16 == 0'",
    "-n 'tcp[2:2] = 8080'",
    '-n port 8080',
    '-n src port 8080',
    '-n dst port 8080 or dst port 80',
    '-n tcp port 80 or udp',
    '-n not port 8080',
    '-n udp or icmp',
    '-n icmp',
    '-n host 10.0.0.10 and port 80',
    '-n src host 10.0.0.10',
    '-n net 10.0.0.0/24',
    '-n net 127',
    '-n portrange 8080-8081',
    '-n port 80 or 8081',
    "-n '(port 80 or port 8081) and not tcp[tcpflags] & tcp-rst != 0'",
    '-n greater 100',
    '-n less 70',
    "-n 'len > 100'",
  ])('tcpdump %s', async (options) => {
    for (const [name, path] of paths) {
      const real = execFileSync(
        'bash',
        ['-c', `TZ=UTC tcpdump ${options} -r ${path} 2>/dev/null`],
        { encoding: 'latin1' },
      );
      const ours = await machine.run(`tcpdump ${options} -r /tmp/${name}.pcap 2>/dev/null`);
      // An interface's number is that of the machine where the file is read.
      const cards = (text: string) => text.replaceAll(/\S+ +(In {2}|Out )(?=IP)/g, 'CARD $1');
      expect(cards(ours.stdout)).toBe(cards(real));
    }
  });
});

it('offers what it has saved to be taken out of the machine', async () => {
  const machine = await testMachine('generic-linux');
  const offered: { name: string; bytes: string }[] = [];
  machine.onOutput((output) => {
    if (output.event === 'file') offered.push(output);
  });
  await machine.run(
    '(sleep 0.2; curl -s 127.0.0.1:8081) & sudo tcpdump -i lo -c 2 -w refused.pcap',
  );
  expect(offered.map(({ name }) => name)).toEqual(['refused.pcap']);
  const [file] = offered;
  expect(independently(file?.bytes ?? '').map(({ text }) => text.replace(/\d{5}/, 'N'))).toEqual([
    '127.0.0.1:N > 127.0.0.1:8081 SYN 0 0 0',
    expect.stringMatching(/^127\.0\.0\.1:8081 > 127\.0\.0\.1:\w+ RST ACK \d+ 1 0$/),
  ]);
});
