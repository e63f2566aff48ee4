/** Packets as tcpdump 4.99 prints them. */

import {
  ACK_BIT,
  FIN_BIT,
  PSH_BIT,
  RST_BIT,
  SYN_BIT,
  type Frame,
  type TcpFrame,
} from '../../network/trace/frame.ts';
import { formatAddress, parseAddress } from '../../network/addresses.ts';
import { ipBytes, readIpv4 } from '../../network/trace/pcap.ts';

export interface PrintStyle {
  /** How often `-t` was given; 0 to 5. */
  readonly time: number;
  readonly isQuiet: boolean;
  /** How often `-v` was given. */
  readonly verbosity: number;
  /** `-S`: sequence numbers as they are in the packet. */
  readonly isAbsolute: boolean;
  readonly showsLink: boolean;
  readonly showsText: boolean;
  readonly showsHex: boolean;
  /** The interface comes first: `-i any`. */
  readonly namesInterface: boolean;
  host(address: string): string;
  port(port: number, protocol: 'tcp' | 'udp'): string;
  hardware(address: string): string;
}

/** Prints one capture's packets; it remembers where each connection's numbers began. */
export class PacketPrinter {
  private readonly style: PrintStyle;
  private readonly starts = new Map<string, number>();
  private firstMs: number | undefined;
  private lastMs: number | undefined;
  private count = 0;

  constructor(style: PrintStyle) {
    this.style = style;
  }

  /** The lines of one packet, each with its line end. */
  text(frame: Frame): string {
    const { style } = this;
    this.count += 1;
    const time = this.time(frame.atMs);
    const isSix = frame.source.includes(':');
    const card = style.namesInterface
      ? `${frame.interface.padEnd(5)} ${(frame.direction === 'out' ? 'Out' : 'In').padEnd(3)} `
      : '';
    const length = ipBytes(frame).length;
    const link = style.showsLink
      ? `${this.macs(frame)}, ethertype ${isSix ? 'IPv6 (0x86dd)' : 'IPv4 (0x0800)'}, length ${length + 14}: `
      : '';
    const name = style.showsLink ? '' : isSix ? 'IP6 ' : 'IP ';
    const head = style.verbosity > 0 ? verboseHead(frame, isSix, length) : '';
    const body = `${this.ends(frame)}: ${this.body(frame)}`;
    const text = `${time}${card}${link}${name}${head}${body}\n`;
    return text + this.contents(frame);
  }

  private macs(frame: Frame): string {
    const mac = (address: string) =>
      frame.interface === 'lo' ? '00:00:00:00:00:00' : this.style.hardware(address);
    return `${mac(frame.source)} > ${mac(frame.destination)}`;
  }

  private time(atMs: number): string {
    const { time } = this.style;
    const micro = Math.round(atMs * 1000);
    const iso = new Date(Math.floor(micro / 1000)).toISOString();
    const fraction = String(micro % 1_000_000).padStart(6, '0');
    this.firstMs ??= atMs;
    const since = (from: number, isFull: boolean) => {
      const delta = Math.max(0, micro - Math.round(from * 1000));
      const clock = new Date(Math.floor(delta / 1000)).toISOString().slice(11, 19);
      return isFull ? ` ${clock}.${String(delta % 1_000_000).padStart(6, '0')} ` : '';
    };
    const last = this.lastMs ?? atMs;
    this.lastMs = atMs;
    switch (time) {
      case 1:
        return '';
      case 2:
        return `${Math.floor(micro / 1_000_000)}.${fraction} `;
      case 3:
        return since(last, true);
      case 4:
        return `${iso.slice(0, 10)} ${iso.slice(11, 19)}.${fraction} `;
      case 5:
        return since(this.firstMs, true);
      default:
        return `${iso.slice(11, 19)}.${fraction} `;
    }
  }

  private ends(frame: Frame): string {
    const { style } = this;
    const source = style.host(frame.source);
    const destination = style.host(frame.destination);
    if (frame.protocol === 'icmp') return `${source} > ${destination}`;
    const { protocol } = frame;
    const port = (number: number) => style.port(number, protocol);
    return `${source}.${port(frame.sourcePort)} > ${destination}.${port(frame.destinationPort)}`;
  }

  private body(frame: Frame): string {
    switch (frame.protocol) {
      case 'tcp':
        return this.style.isQuiet ? `tcp ${frame.payload.length}` : this.tcp(frame);
      case 'udp': {
        const known = this.style.isQuiet
          ? null
          : domainText(frame, frame.payload, this.style.verbosity > 0);
        const length = `UDP, length ${frame.payload.length}`;
        const sum = this.style.verbosity > 1 ? '[udp sum ok] ' : '';
        return known === null ? sum + length : sum + known;
      }
      case 'icmp':
        return this.icmp(frame);
    }
  }

  private tcp(frame: TcpFrame): string {
    const { ack, flags, options, payload, seq, window } = frame;
    const [from, to] = [
      `${frame.source} ${frame.sourcePort} ${frame.destination} ${frame.destinationPort}`,
      `${frame.destination} ${frame.destinationPort} ${frame.source} ${frame.sourcePort}`,
    ];
    // Numbers are as they are in the first packet with an ACK, and count from there in later ones.
    let isRelative = false;
    if (!this.style.isAbsolute && flags & ACK_BIT) {
      isRelative = this.starts.has(from) && !(flags & SYN_BIT);
      if (!isRelative) {
        this.starts.set(from, seq);
        this.starts.set(to, (ack - 1) >>> 0);
      }
    }
    const relative = (number: number, key: string) =>
      isRelative ? (number - (this.starts.get(key) ?? 0)) >>> 0 : number;
    const first = relative(seq, from);
    const { verbosity } = this.style;
    const showsSeq =
      verbosity > 1 || payload.length > 0 || (flags & (SYN_BIT | FIN_BIT | RST_BIT)) !== 0;
    const parts = [`Flags [${flagLetters(flags)}]`];
    if (verbosity > 0) parts.push(`cksum 0x${tcpSum(frame)} (correct)`);
    if (showsSeq)
      parts.push(
        payload.length > 0
          ? `seq ${first}:${isRelative ? (first + payload.length) >>> 0 : (seq + payload.length) >>> 0}`
          : `seq ${first}`,
      );
    if (flags & ACK_BIT) parts.push(`ack ${relative(ack, to)}`);
    parts.push(`win ${window}`);
    const names = optionNames(options);
    if (names !== '') parts.push(`options [${names}]`);
    parts.push(`length ${payload.length}${protocolText(frame, verbosity > 0)}`);
    return parts.join(', ');
  }

  private icmp(frame: Extract<Frame, { protocol: 'icmp' }>): string {
    const length = 8 + frame.payload.length;
    const [id, number] = frame.rest;
    if (frame.type === 8 || frame.type === 128)
      return `ICMP${frame.type === 128 ? '6,' : ''} echo request, id ${id}, seq ${number}, length ${length}`;
    if (frame.type === 0 || frame.type === 129)
      return `ICMP${frame.type === 129 ? '6,' : ''} echo reply, id ${id}, seq ${number}, length ${length}`;
    const about = quotedEnds(frame.payload);
    const host = this.style.host(about.destination);
    const port = this.style.port(about.port, about.protocol);
    const quoted = this.style.verbosity > 0 ? this.quoted(frame) : '';
    switch (frame.code) {
      case 3:
        return `ICMP ${host} ${about.protocol} port ${port} unreachable, length ${length}${quoted}`;
      case 13:
        return `ICMP host ${host} unreachable - admin prohibited filter, length ${length}${quoted}`;
      default:
        return `ICMP host ${host} unreachable, length ${length}${quoted}`;
    }
  }

  /** The packet inside an ICMP message. */
  private quoted({ atMs, direction, interface: card, payload }: Frame): string {
    const inner = readIpv4(payload, { atMs, direction, interface: card });
    if (inner === null) return '';
    const { length } = ipBytes(inner);
    return `\n\tIP ${verboseHead(inner, false, length)}${this.ends(inner)}: ${this.body(inner)}`;
  }

  /** `-A` and `-X`. */
  private contents(frame: Frame): string {
    const { showsHex, showsText } = this.style;
    if (showsHex) return hexLines(ipBytes(frame));
    if (!showsText) return '';
    const shown = ipBytes(frame)
      .replaceAll(/[^\x20-\x7e\n\t\r]/g, '.')
      .replaceAll('\r\n', '\n')
      .replaceAll('\r', '.');
    return `${shown}\n`;
  }
}

function flagLetters(flags: number): string {
  const letters = [
    flags & SYN_BIT ? 'S' : '',
    flags & FIN_BIT ? 'F' : '',
    flags & RST_BIT ? 'R' : '',
    flags & PSH_BIT ? 'P' : '',
    flags & ACK_BIT ? '.' : '',
  ].join('');
  return letters === '' ? 'none' : letters;
}

function optionNames({
  allowsSelective,
  maximumSegment,
  times,
  windowScale,
}: TcpFrame['options']): string {
  const clock = times === undefined ? [] : [`TS val ${times[0]} ecr ${times[1]}`];
  if (maximumSegment === undefined && clock.length === 0) return '';
  if (maximumSegment === undefined) return ['nop', 'nop', ...clock].join(',');
  return [
    `mss ${maximumSegment}`,
    ...(allowsSelective === true ? ['sackOK'] : []),
    ...clock,
    ...(windowScale === undefined ? [] : ['nop', `wscale ${windowScale}`]),
  ].join(',');
}

/** What the first line of a text protocol says, on the ports where tcpdump looks for one. */
function protocolText(frame: TcpFrame, isVerbose: boolean): string {
  const { payload } = frame;
  if (payload === '') return '';
  const ports = [frame.sourcePort, frame.destinationPort];
  const line = /^[^\r\n]*/.exec(payload)?.[0] ?? '';
  if (ports.some((port) => port === 80 || port === 8080 || port === 3128)) {
    const isFirst = /^(?:[A-Z]+ \S+ HTTP\/\d|HTTP\/\d\.\d \d+)/.test(line);
    if (!isVerbose) return isFirst ? `: HTTP: ${line}` : ': HTTP';
    const all = isFirst ? payload.replace(/\r?\n$/, '').split(/\r?\n/) : [];
    return [`: HTTP, length: ${payload.length}`, ...all.map((one) => `\t${one}`)].join('\n');
  }
  // Over TCP each message has its length in front.
  if (ports.includes(53)) {
    const size = (payload.charCodeAt(0) << 8) | payload.charCodeAt(1);
    return payload.length === size + 2
      ? ` ${domainText(frame, payload.slice(2), isVerbose) ?? ''}`
      : '';
  }
  if (ports.includes(22)) return line.startsWith('SSH-') ? `: SSH: ${line}` : '';
  if (ports.includes(25) && /^[\x20-\x7e]+$/.test(line)) return `: SMTP: ${line}`;
  if (ports.includes(21) && /^[\x20-\x7e]+$/.test(line)) return `: FTP: ${line}`;
  return '';
}

const recordTypes: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  255: 'ANY',
};

/** DNS on its ports: a question, or an answer with its records; null elsewhere. */
function domainText(
  { sourcePort, destinationPort }: Exclude<Frame, { protocol: 'icmp' }>,
  payload: string,
  isVerbose: boolean,
): string | null {
  const isDomain = [sourcePort, destinationPort].some((port) => port === 53 || port === 5353);
  if (!isDomain) return null;
  if (payload.length < 12) return `domain [length ${payload.length} < 12] (invalid)`;
  const word = (at: number) => (payload.charCodeAt(at) << 8) | payload.charCodeAt(at + 1);
  const flags = word(2);
  const [questions, answers, authorities, additional] = [word(4), word(6), word(8), word(10)];
  const question = nameAt(payload, 12);
  const code = word(question.end);
  const type = recordTypes[code] ?? `Type${code}`;
  const id = word(0);
  const length = payload.length;
  if (!(flags & 0x8000)) {
    const extra = additional > 0 ? ` [${additional}au]` : '';
    return `${id}${flags & 0x0100 ? '+' : ''}${extra} ${type}? ${questions === 0 ? '' : question.name} (${length})`;
  }
  const result = flags & 0xf;
  const problem =
    result === 3 ? ' NXDomain' : result === 5 ? ' Refused' : result === 2 ? ' ServFail' : '';
  const star = flags & 0x0400 ? '*' : '';
  const minus = flags & 0x0080 ? '' : '-';
  const records = recordTexts(payload, question.end + 4, answers, isVerbose);
  const shown = records.length === 0 ? '' : ` ${records.join(', ')}`;
  return `${id}${problem}${star}${minus} ${answers}/${authorities}/${additional}${shown} (${length})`;
}

/** A name of a DNS message, with the dot at its end, and where what follows it begins. */
function nameAt(payload: string, start: number): { readonly name: string; readonly end: number } {
  const byte = (at: number) => payload.charCodeAt(at);
  let name = '';
  let at = start;
  let end = -1;
  // A pointer leads backwards only, so this ends.
  for (let size = byte(at); size > 0 && name.length < 256; size = byte(at)) {
    if (size >= 0xc0) {
      if (end < 0) end = at + 2;
      const next = ((size & 0x3f) << 8) | byte(at + 1);
      if (next >= at) break;
      at = next;
    } else {
      name += `${payload.slice(at + 1, at + 1 + size)}.`;
      at += size + 1;
    }
  }
  return { name: name === '' ? '.' : name, end: end < 0 ? at + 1 : end };
}

/** The records; whose they are is said with `-v`. */
function recordTexts(
  payload: string,
  start: number,
  count: number,
  isVerbose: boolean,
): readonly string[] {
  const byte = (at: number) => payload.charCodeAt(at);
  const word = (at: number) => (byte(at) << 8) | byte(at + 1);
  const texts: string[] = [];
  let at = start;
  for (let index = 0; index < count && at + 10 < payload.length; index++) {
    const { end, name: whose } = nameAt(payload, at);
    const type = word(end);
    const data = end + 10;
    const name = `${isVerbose ? `${whose} ` : ''}${recordTypes[type] ?? `Type${type}`}`;
    if (type === 1) texts.push(`${name} ${[0, 1, 2, 3].map((one) => byte(data + one)).join('.')}`);
    else if (type === 28) texts.push(`${name} ${sixthText(payload.slice(data, data + 16))}`);
    else if (type === 12 || type === 5 || type === 2)
      texts.push(`${name} ${nameAt(payload, data).name}`);
    else texts.push(name);
    at = data + word(end + 8);
  }
  return texts;
}

function sixthText(bytes: string): string {
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((bytes.charCodeAt(2 * at) << 8) | bytes.charCodeAt(2 * at + 1)).toString(16),
  ).join(':');
  const number = parseAddress(groups);
  return number === undefined ? groups : formatAddress(number);
}

function verboseHead(frame: Frame, isSix: boolean, length: number): string {
  const name = { tcp: 'TCP (6)', udp: 'UDP (17)', icmp: 'ICMP (1)' }[frame.protocol];
  if (isSix)
    return `(hlim ${frame.ttl}, next-header ${name.replace('ICMP (1)', 'ICMPv6 (58)')} payload length: ${length - 40}) `;
  const isError = frame.protocol === 'icmp' && frame.type === 3;
  return `(tos ${isError ? '0xc0' : '0x0'}, ttl ${frame.ttl}, id ${frame.id}, offset 0, flags [${isError ? 'none' : 'DF'}], proto ${name}, length ${length})\n    `;
}

function tcpSum(frame: TcpFrame): string {
  const at = (frame.source.includes(':') ? 40 : 20) + 16;
  const bytes = ipBytes(frame);
  return ((bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1)).toString(16).padStart(4, '0');
}

/** Where a quoted packet was going. */
function quotedEnds(bytes: string): { destination: string; port: number; protocol: 'tcp' | 'udp' } {
  const byte = (at: number) => bytes.charCodeAt(at);
  return {
    destination: [16, 17, 18, 19].map(byte).join('.'),
    port: (byte(22) << 8) | byte(23),
    protocol: byte(9) === 17 ? 'udp' : 'tcp',
  };
}

function hexLines(bytes: string): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.slice(at, at + 16);
    const hex = Array.from(row, (one) => one.charCodeAt(0).toString(16).padStart(2, '0'));
    let groups = '';
    for (let index = 0; index < hex.length; index += 2)
      groups += `${hex[index] ?? ''}${hex[index + 1] ?? ''} `;
    const shown = row.replaceAll(/[^\x21-\x7e]/g, '.');
    text += `\t0x${at.toString(16).padStart(4, '0')}:  ${groups.padEnd(40)} ${shown}\n`;
  }
  return text;
}
