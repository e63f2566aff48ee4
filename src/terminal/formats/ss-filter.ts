/**
 * The filter language of `ss`: `state established '( sport = :22 or dport gt :1024 )'`
 * (iproute2 6.1, misc/ssfilter.y). Terms without a word between them must all hold.
 */

import type { RowState, SocketRow } from './socket-row.ts';
import type { ServiceNames } from './service-names.ts';

export type SsFilter = (row: SocketRow) => boolean;

export type SsFilterResult =
  | {
      readonly ok: true;
      /** States named by `state` and `exclude`; undefined where none was named. */
      readonly states: ReadonlySet<RowState> | undefined;
      readonly test: SsFilter;
    }
  | { readonly ok: false; readonly message: string; readonly exitCode: number };

const connected: readonly RowState[] = [
  'SYN-SENT',
  'SYN-RECV',
  'ESTAB',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
];
const all: readonly RowState[] = [...connected, 'LISTEN', 'UNCONN'];

const stateGroups: Readonly<Record<string, readonly RowState[]>> = {
  all,
  connected,
  synchronized: connected.filter((state) => state !== 'SYN-SENT'),
  bucket: ['SYN-RECV', 'TIME-WAIT'],
  big: all.filter((state) => state !== 'SYN-RECV' && state !== 'TIME-WAIT'),
  established: ['ESTAB'],
  'syn-sent': ['SYN-SENT'],
  'syn-recv': ['SYN-RECV'],
  'fin-wait-1': ['FIN-WAIT-1'],
  'fin-wait-2': ['FIN-WAIT-2'],
  'time-wait': ['TIME-WAIT'],
  closed: ['UNCONN'],
  unconnected: ['UNCONN'],
  'close-wait': ['CLOSE-WAIT'],
  'last-ack': ['LAST-ACK'],
  listening: ['LISTEN'],
  listen: ['LISTEN'],
  closing: ['CLOSING'],
};

class FilterError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function parseSsFilter(words: readonly string[], services: ServiceNames): SsFilterResult {
  const tokens = words
    .join(' ')
    .replaceAll(/([()]|!=|>=|<=|==|&&|\|\||(?<![!<>=])=|[<>](?!=)|!(?!=))/g, ' $1 ');
  const parser = new FilterParser(tokens.trim().split(/\s+/).filter(Boolean), services);
  try {
    return { ok: true, ...parser.parse() };
  } catch (error) {
    if (error instanceof FilterError)
      return { ok: false, message: error.message, exitCode: error.exitCode };
    throw error;
  }
}

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '==': (left, right) => left === right,
  eq: (left, right) => left === right,
  '!=': (left, right) => left !== right,
  ne: (left, right) => left !== right,
  neq: (left, right) => left !== right,
  '>=': (left, right) => left >= right,
  ge: (left, right) => left >= right,
  geq: (left, right) => left >= right,
  '<=': (left, right) => left <= right,
  le: (left, right) => left <= right,
  leq: (left, right) => left <= right,
  '>': (left, right) => left > right,
  gt: (left, right) => left > right,
  '<': (left, right) => left < right,
  lt: (left, right) => left < right,
};

class FilterParser {
  private at = 0;
  private readonly tokens: readonly string[];
  private readonly services: ServiceNames;
  private states: Set<RowState> | undefined;

  constructor(tokens: readonly string[], services: ServiceNames) {
    this.tokens = tokens;
    this.services = services;
  }

  parse(): { states: ReadonlySet<RowState> | undefined; test: SsFilter } {
    this.readStates();
    const test = this.at < this.tokens.length ? this.or() : () => true;
    const rest = this.tokens[this.at];
    if (rest !== undefined)
      throw new FilterError('ss: bison bellows (while parsing filter): "syntax error!"', 255);
    return { states: this.states, test };
  }

  private readStates(): void {
    for (;;) {
      const word = this.tokens[this.at];
      if (word !== 'state' && word !== 'exclude') return;
      const name = this.tokens[this.at + 1] ?? '';
      const group = stateGroups[name.toLowerCase()];
      if (group === undefined) throw new FilterError(`ss: wrong state name: ${name}`, 255);
      if (word === 'state') {
        this.states = new Set([...(this.states ?? []), ...group]);
      } else {
        const from = this.states ?? new Set(all);
        this.states = new Set([...from].filter((state) => !group.includes(state)));
      }
      this.at += 2;
    }
  }

  private or(): SsFilter {
    let left = this.and();
    while (this.accept('or', '|', '||')) {
      const one = left;
      const other = this.and();
      left = (row) => one(row) || other(row);
    }
    return left;
  }

  private and(): SsFilter {
    let left = this.not();
    for (;;) {
      const isJoined = this.accept('and', '&', '&&');
      const next = this.tokens[this.at];
      if (
        !isJoined &&
        (next === undefined || next === ')' || next === 'or' || next === '|' || next === '||')
      )
        return left;
      const one = left;
      const other = this.not();
      left = (row) => one(row) && other(row);
    }
  }

  private not(): SsFilter {
    if (this.accept('not', '!')) {
      const inner = this.not();
      return (row) => !inner(row);
    }
    if (this.accept('(')) {
      const inner = this.or();
      if (!this.accept(')'))
        throw new FilterError('ss: bison bellows (while parsing filter): "syntax error!"', 255);
      return inner;
    }
    return this.term();
  }

  private term(): SsFilter {
    const word = this.tokens[this.at] ?? '';
    if (word === 'sport' || word === 'dport' || word === 'src' || word === 'dst') {
      this.at += 1;
      const operator = this.tokens[this.at] ?? '';
      const compare = comparisons[operator];
      if (compare !== undefined) this.at += 1;
      const operand = this.tokens[this.at];
      if (operand === undefined)
        throw new FilterError('ss: bison bellows (while parsing filter): "syntax error!"', 255);
      this.at += 1;
      const test = compare ?? ((left: number, right: number) => left === right);
      return word === 'sport' || word === 'dport'
        ? this.portTerm(word, test, operand)
        : this.addressTerm(word, test(0, 0), operand);
    }
    this.at += 1;
    return this.addressTerm('dst', true, word);
  }

  private portTerm(
    side: 'sport' | 'dport',
    test: (left: number, right: number) => boolean,
    operand: string,
  ): SsFilter {
    const port = this.portNumber(operand.replace(/^.*:/, ''));
    return (row) => test(side === 'sport' ? row.localPort : row.remotePort, port);
  }

  private portNumber(text: string): number {
    if (/^\d+$/.test(text)) return Number(text);
    const entry = this.services.byName(text);
    if (entry === undefined)
      throw new FilterError(`Error: "${text}" does not look like a port.`, 1);
    return entry.port;
  }

  private addressTerm(side: 'src' | 'dst', isWanted: boolean, operand: string): SsFilter {
    const match = /^(\*|\d+(?:\.\d+){3})?(?:\/(\d+))?(?::(\S+))?$/.exec(operand);
    if (match === null || operand === '') {
      throw new FilterError(
        `Error: an inet prefix is expected rather than "${operand}".\nCannot parse dst/src address.`,
        1,
      );
    }
    const [, address, length, portText] = match;
    const port = portText === undefined || portText === '*' ? undefined : this.portNumber(portText);
    const bits = length === undefined ? 32 : Number(length);
    const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
    return (row) => {
      const rowAddress = side === 'src' ? row.localAddress : row.remoteAddress;
      const rowPort = side === 'src' ? row.localPort : row.remotePort;
      const isAddress =
        address === undefined ||
        address === '*' ||
        (row.family === 4 && (toNumber(rowAddress) & mask) === (toNumber(address) & mask));
      return (isAddress && (port === undefined || rowPort === port)) === isWanted;
    };
  }

  private accept(...words: readonly string[]): boolean {
    if (!words.includes(this.tokens[this.at] ?? '')) return false;
    this.at += 1;
    return true;
  }
}

function toNumber(address: string): number {
  return address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
}
