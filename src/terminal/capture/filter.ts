/**
 * Filters of captures in pcap's language (pcap-filter(7)): hosts, networks, ports, protocols, lengths, and
 * comparisons of header bytes such as `tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn`.
 */

import { isWithin, parseAddress, parsePrefix } from '../../network/addresses.ts';
import type { Frame } from '../../network/trace/frame.ts';
import { ipBytes } from '../../network/trace/pcap.ts';

export type FrameTest = (frame: Frame) => boolean;

export type ReadFilter =
  | { readonly ok: true; readonly test: FrameTest }
  | { readonly ok: false; readonly problem: string };

export interface FilterNames {
  resolve(name: string): string | undefined;
  portOf(service: string): number | undefined;
}

class Problem extends Error {}

const syntax = "can't parse filter expression: syntax error";
const qualifiers = new Set(['host', 'net', 'port', 'portrange']);
const protocols = new Set(['tcp', 'udp', 'icmp', 'ip', 'ip6', 'icmp6', 'arp', 'ether', 'sctp']);
const directions = new Set(['src', 'dst']);

/**
 * @param text all words of the expression; an empty one lets everything through
 * @param linkBytes how long the head before the IP packet is, which lengths include
 */
export function readFilter(text: string, names: FilterNames, linkBytes = 14): ReadFilter {
  try {
    return { ok: true, test: new FilterReader(text, names, linkBytes).read() };
  } catch (problem) {
    if (problem instanceof Problem) return { ok: false, problem: problem.message };
    throw problem;
  }
}

/** What a bare value after `and` or `or` is of, as in `port 80 or 443`. */
interface Qualifier {
  readonly protocol: string | undefined;
  readonly direction: string | undefined;
  readonly type: string | undefined;
}

const flagNumbers: Readonly<Record<string, number>> = {
  'tcp-fin': 1,
  'tcp-syn': 2,
  'tcp-rst': 4,
  'tcp-push': 8,
  'tcp-ack': 16,
  'tcp-urg': 32,
  tcpflags: 13,
  icmptype: 0,
  icmpcode: 1,
  'icmp-echoreply': 0,
  'icmp-unreach': 3,
  'icmp-echo': 8,
};

type Sum = (frame: Frame) => number | null;

class FilterReader {
  private readonly words: readonly string[];
  private readonly names: FilterNames;
  private readonly linkBytes: number;
  private at = 0;
  private last: Qualifier | undefined;
  private unknown: string | undefined;

  constructor(text: string, names: FilterNames, linkBytes: number) {
    this.linkBytes = linkBytes;
    this.words =
      text.match(
        /\[|\]|\(|\)|<<|>>|<=|>=|==|!=|&&|\|\||[&|+*/=<>!]|-(?=\s|\d)|(?:[\w.:]|-(?=[a-z]))+(?:\/\d+)?|\S/g,
      ) ?? [];
    this.names = names;
  }

  read(): FrameTest {
    if (this.words.length === 0) return () => true;
    const test = this.either();
    if (this.at < this.words.length) throw new Problem(syntax);
    // A name that nobody knows is the smaller problem.
    if (this.unknown !== undefined) throw new Problem(this.unknown);
    return test;
  }

  private get next(): string {
    return this.words[this.at] ?? '';
  }

  private take(): string {
    const word = this.words[this.at++];
    if (word === undefined) throw new Problem(syntax);
    return word;
  }

  /** `and` and `or` have the same rank, from left to right. */
  private either(): FrameTest {
    let test = this.single();
    for (;;) {
      const word = this.next;
      if (word === 'or' || word === '||') {
        this.at += 1;
        const [one, other] = [test, this.single()];
        test = (frame) => one(frame) || other(frame);
      } else if (word === 'and' || word === '&&') {
        this.at += 1;
        const [one, other] = [test, this.single()];
        test = (frame) => one(frame) && other(frame);
      } else return test;
    }
  }

  private single(): FrameTest {
    const word = this.next;
    if (word === 'not' || word === '!') {
      this.at += 1;
      const test = this.single();
      return (frame) => !test(frame);
    }
    if (word === '(' && !this.isSum()) {
      this.at += 1;
      const test = this.either();
      if (this.take() !== ')') throw new Problem(syntax);
      return test;
    }
    if (this.isSum()) return this.comparison();
    return this.primitive();
  }

  /** Whether a comparison of header bytes begins here. */
  private isSum(): boolean {
    let at = this.at;
    while (this.words[at] === '(') at += 1;
    const word = this.words[at] ?? '';
    return word === 'len' || (protocols.has(word) && this.words[at + 1] === '[');
  }

  private comparison(): FrameTest {
    const left = this.sum();
    const sign = this.take();
    const right = this.sum();
    return (frame) => {
      const [one, other] = [left(frame), right(frame)];
      if (one === null || other === null) return false;
      switch (sign) {
        case '=':
        case '==':
          return one === other;
        case '!=':
          return one !== other;
        case '>':
          return one > other;
        case '<':
          return one < other;
        case '>=':
          return one >= other;
        case '<=':
          return one <= other;
        default:
          throw new Problem(syntax);
      }
    };
  }

  private sum(): Sum {
    let value = this.term();
    for (;;) {
      const sign = this.next;
      if (!['&', '|', '+', '-', '*', '/', '<<', '>>'].includes(sign)) return value;
      this.at += 1;
      const [left, right] = [value, this.term()];
      value = (frame) => {
        const [one, other] = [left(frame), right(frame)];
        return one === null || other === null ? null : combined(sign, one, other);
      };
    }
  }

  private term(): Sum {
    const word = this.take();
    if (word === '(') {
      const value = this.sum();
      if (this.take() !== ')') throw new Problem(syntax);
      return value;
    }
    if (word === 'len') return (frame) => ipBytes(frame).length + this.linkBytes;
    if (protocols.has(word) && this.next === '[') {
      this.at += 1;
      const pair = /^(\d+):([124])$/.exec(this.next);
      if (pair !== null) this.at += 1;
      const offset = pair === null ? this.sum() : () => Number(pair[1]);
      const size = Number(pair?.[2] ?? 1);
      if (this.take() !== ']') throw new Problem(syntax);
      return (frame) => headerBytes(frame, word, offset(frame) ?? 0, size);
    }
    const known = flagNumbers[word];
    if (known !== undefined) return () => known;
    const number = /^(?:0x[0-9a-f]+|\d+)$/i.test(word) ? Number(word) : undefined;
    if (number === undefined) throw new Problem(syntax);
    return () => number;
  }

  private primitive(): FrameTest {
    let protocol: string | undefined;
    let direction: string | undefined;
    let type: string | undefined;
    if (this.next === 'greater' || this.next === 'less') {
      const isGreater = this.take() === 'greater';
      const bytes = Number(this.take());
      return (frame) => {
        const length = ipBytes(frame).length + this.linkBytes;
        return isGreater ? length >= bytes : length <= bytes;
      };
    }
    if (protocols.has(this.next)) protocol = this.take();
    if (directions.has(this.next)) {
      direction = this.take();
      if (
        (this.next === 'or' || this.next === 'and') &&
        directions.has(this.words[this.at + 1] ?? '')
      ) {
        direction = this.take() === 'or' ? 'either' : 'both';
        this.at += 1;
      }
    }
    if (qualifiers.has(this.next)) type = this.take();
    if (direction === undefined && type === undefined && protocol !== undefined) {
      const ended = ['', 'and', 'or', '&&', '||', ')'].includes(this.next);
      if (ended) return protocolTest(protocol);
    }
    const isBare = protocol === undefined && direction === undefined && type === undefined;
    // A value alone is of the same kind as the one before: `port 80 or 443`.
    const qualifier = isBare ? this.last : { protocol, direction, type };
    if (qualifier === undefined) throw new Problem(syntax);
    this.last = qualifier;
    return this.value(this.take(), qualifier);
  }

  private value(word: string, { protocol, direction, type = 'host' }: Qualifier): FrameTest {
    const inside = protocol === undefined ? () => true : protocolTest(protocol);
    if (!/^[\w.:-]+(?:\/\d+)?$/.test(word) || word === 'and' || word === 'or')
      throw new Problem(syntax);
    if (type === 'port' || type === 'portrange') {
      const [low, high] = this.ports(word, type);
      return (frame) =>
        frame.protocol !== 'icmp' &&
        inside(frame) &&
        sides(
          direction,
          frame.sourcePort,
          frame.destinationPort,
          (port) => port >= low && port <= high,
        );
    }
    if (type === 'net') {
      const parts = word.split('/');
      const dots = (parts[0] ?? '').split('.');
      const length = parts[1] ?? String(8 * dots.length);
      const prefix = parsePrefix(`${[...dots, '0', '0', '0'].slice(0, 4).join('.')}/${length}`);
      if (prefix === undefined) throw new Problem(syntax);
      return (frame) =>
        inside(frame) &&
        sides(direction, frame.source, frame.destination, (address) =>
          isWithin(prefix, parseAddress(address) ?? 0),
        );
    }
    const address = parseAddress(word) === undefined ? this.names.resolve(word) : word;
    if (address === undefined) {
      this.unknown ??= `unknown host '${word}'`;
      return () => false;
    }
    return (frame) =>
      inside(frame) && sides(direction, frame.source, frame.destination, (one) => one === address);
  }

  private ports(word: string, type: string): readonly [number, number] {
    const one = (text: string) => {
      const port = /^\d+$/.test(text) ? Number(text) : this.names.portOf(text);
      if (port === undefined) throw new Problem(`unknown port '${text}'`);
      if (port > 65_535) throw new Problem(`illegal port number ${port} > 65535`);
      return port;
    };
    if (type === 'port') return [one(word), one(word)];
    const range = /^(\d+)-(\d+)$/.exec(word);
    if (range === null && this.next === '-') {
      this.at += 1;
      return [one(word), one(this.take())];
    }
    return range === null ? [one(word), one(word)] : [one(range[1] ?? ''), one(range[2] ?? '')];
  }
}

function sides<Value>(
  direction: string | undefined,
  source: Value,
  destination: Value,
  test: (value: Value) => boolean,
): boolean {
  if (direction === 'src') return test(source);
  if (direction === 'dst') return test(destination);
  return direction === 'both'
    ? test(source) && test(destination)
    : test(source) || test(destination);
}

function protocolTest(name: string): FrameTest {
  const isSix = (frame: Frame) => frame.source.includes(':');
  switch (name) {
    case 'ip':
      return (frame) => !isSix(frame);
    case 'ip6':
      return isSix;
    case 'icmp':
      return (frame) => frame.protocol === 'icmp' && !isSix(frame);
    case 'icmp6':
      return (frame) => frame.protocol === 'icmp' && isSix(frame);
    case 'ether':
      return () => true;
    default:
      return (frame) => frame.protocol === name;
  }
}

/** Bytes of a protocol's header; null where the packet has none such. */
function headerBytes(frame: Frame, protocol: string, offset: number, size: number): number | null {
  const bytes = ipBytes(frame);
  const isIp = protocol === 'ip' || protocol === 'ip6';
  if (!isIp && !protocolTest(protocol)(frame)) return null;
  const start = (isIp ? 0 : frame.source.includes(':') ? 40 : 20) + offset;
  if (start + size > bytes.length) return null;
  let value = 0;
  for (let at = start; at < start + size; at++) value = value * 256 + bytes.charCodeAt(at);
  return value;
}

function combined(sign: string, one: number, other: number): number {
  switch (sign) {
    case '&':
      return (one & other) >>> 0;
    case '|':
      return (one | other) >>> 0;
    case '+':
      return one + other;
    case '-':
      return one - other;
    case '*':
      return one * other;
    case '/':
      return Math.floor(one / other);
    case '<<':
      return (one << other) >>> 0;
    default:
      return one >>> other;
  }
}
