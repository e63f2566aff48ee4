/**
 * The filter language of `ss`: `state established '( sport = :22 or dport gt :1024 )'`
 * (iproute2 6.1, misc/ssfilter.y). Left out: `autobound`, `cgroup`. Its operators have no precedence: `and`, `or` and nothing at all
 * (which means `and`) are applied from left to right, only `not` binds to what follows it.
 */

import type { SocketEntryState, SocketEntry } from './socket-entry.ts';
import {
  allStates,
  FilterError,
  matchesHost,
  readHostCondition,
  statesNamed,
  type HostCondition,
  type NameLookup,
} from './ss-filter-words.ts';

export type SsFilter = (row: SocketEntry) => boolean;

export type SsFilterResult =
  | {
      readonly ok: true;
      /** States named by `state` and `exclude`; undefined where none was named. */
      readonly states: ReadonlySet<SocketEntryState> | undefined;
      readonly test: SsFilter;
    }
  | {
      readonly ok: false;
      readonly message: string;
      readonly exitCode: number;
      readonly isSyntax: boolean;
    };

export interface SsFilterContext extends NameLookup {
  /** Names of network interfaces, for `dev`. */
  readonly devices: readonly string[];
}

const incomplete = 'Command line is not complete. Try option "help"';
const syntaxError = 'ss: bison bellows (while parsing filter): "syntax error!" Sorry.';

/** @param words the operands; `state` and `exclude` are read only in front */
export function parseSsFilter(words: readonly string[], context: SsFilterContext): SsFilterResult {
  try {
    const { states, rest } = readStates(words);
    const tokens = tokenize(rest.join(' '), context);
    const test = tokens.length === 0 ? () => true : new FilterParser(tokens).parse();
    return { ok: true, states, test };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { message, exitCode } = error;
    return { ok: false, message, exitCode, isSyntax: message === syntaxError };
  }
}

function readStates(words: readonly string[]): {
  readonly states: ReadonlySet<SocketEntryState> | undefined;
  readonly rest: readonly string[];
} {
  let states: ReadonlySet<SocketEntryState> | undefined;
  let at = 0;
  for (; words[at] === 'state' || words[at] === 'exclude'; at += 2) {
    const name = words[at + 1];
    if (name === undefined) throw new FilterError(incomplete, 255);
    const named = statesNamed(name);
    states =
      words[at] === 'state'
        ? new Set([...(states ?? []), ...named])
        : new Set([...(states ?? allStates)].filter((state) => !named.includes(state)));
  }
  return { states, rest: words.slice(at) };
}

type Comparison = '=' | '!=' | '>=' | '<=' | '>' | '<';

type Token =
  | { readonly kind: 'not' | 'and' | 'or' | '(' | ')' }
  | { readonly kind: 'side'; readonly word: 'sport' | 'dport' | 'src' | 'dst' | 'dev' | 'fwmark' }
  | { readonly kind: 'compare'; readonly operator: Comparison }
  | { readonly kind: 'host'; readonly condition: HostCondition }
  | { readonly kind: 'word'; readonly text: string };

const plainWords: Readonly<Record<string, Token>> = {
  '!': { kind: 'not' },
  not: { kind: 'not' },
  '&': { kind: 'and' },
  '&&': { kind: 'and' },
  and: { kind: 'and' },
  '|': { kind: 'or' },
  '||': { kind: 'or' },
  or: { kind: 'or' },
  '(': { kind: '(' },
  ')': { kind: ')' },
  sport: { kind: 'side', word: 'sport' },
  dport: { kind: 'side', word: 'dport' },
  src: { kind: 'side', word: 'src' },
  dst: { kind: 'side', word: 'dst' },
  dev: { kind: 'side', word: 'dev' },
  fwmark: { kind: 'side', word: 'fwmark' },
  ...compareWords({
    '=': ['=', '==', 'eq'],
    '!=': ['!=', 'ne', 'neq'],
    '>=': ['>=', 'ge', 'geq'],
    '<=': ['<=', 'le', 'leq'],
    '>': ['>', 'gt'],
    '<': ['<', 'lt'],
  }),
};

function compareWords(words: Readonly<Record<Comparison, readonly string[]>>) {
  const tokens: Record<string, Token> = {};
  for (const operator of ['=', '!=', '>=', '<=', '>', '<'] as const)
    for (const word of words[operator]) tokens[word] = { kind: 'compare', operator };
  return tokens;
}

/** The last keyword decides how every word that is none is read, even further on. */
function tokenize(text: string, context: SsFilterContext): readonly Token[] {
  let side = '';
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((word): Token => {
      const plain = plainWords[word];
      if (plain?.kind === 'side') side = plain.word;
      if (plain !== undefined) return plain;
      if (side === 'dev' && !context.devices.includes(word))
        throw new FilterError('Cannot parse device.', 1);
      if (side === 'dev' || side === 'fwmark') return { kind: 'word', text: word };
      const isPort = side === 'sport' || side === 'dport';
      return { kind: 'host', condition: readHostCondition(word, isPort, context) };
    });
}

class FilterParser {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  parse(): SsFilter {
    const test = this.list();
    if (this.at < this.tokens.length) throw new FilterError(syntaxError, 255);
    return test;
  }

  private list(): SsFilter {
    let left = this.one();
    for (;;) {
      const next = this.tokens[this.at]?.kind;
      if (next === undefined || next === ')') return left;
      if (next === 'and' || next === 'or') this.at += 1;
      const before = left;
      const right = this.one();
      left =
        next === 'or' ? (row) => before(row) || right(row) : (row) => before(row) && right(row);
    }
  }

  private one(): SsFilter {
    const token = this.tokens[this.at];
    this.at += 1;
    switch (token?.kind) {
      case 'not': {
        const inner = this.one();
        return (row) => !inner(row);
      }
      case '(': {
        const inner = this.list();
        if (this.tokens[this.at]?.kind !== ')') throw new FilterError(syntaxError, 255);
        this.at += 1;
        return inner;
      }
      case 'side':
        return this.condition(token.word);
      default:
        throw new FilterError(syntaxError, 255);
    }
  }

  private condition(word: 'sport' | 'dport' | 'src' | 'dst' | 'dev' | 'fwmark'): SsFilter {
    const next = this.tokens[this.at];
    const operator = next?.kind === 'compare' ? next.operator : '=';
    if (next?.kind === 'compare') this.at += 1;
    const operand = this.tokens[this.at];
    this.at += 1;
    if (word === 'dev' || word === 'fwmark') {
      if (operand?.kind !== 'word' || !['=', '!='].includes(operator))
        throw new FilterError(syntaxError, 255);
      // No socket here is bound to an interface or marked.
      const isTrue = (word === 'fwmark' && Number(operand.text) === 0) !== (operator === '!=');
      return () => isTrue;
    }
    if (operand?.kind !== 'host') throw new FilterError(syntaxError, 255);
    const { condition } = operand;
    if (word === 'src' || word === 'dst') {
      if (operator !== '=') throw new FilterError(syntaxError, 255);
      return (row) => matchesHost(condition, row, word);
    }
    const { port } = condition;
    if (port === undefined) return () => operator !== '!=';
    const compare = comparisons[operator];
    return (row) => compare(word === 'sport' ? row.localPort : row.remotePort, port);
  }
}

const comparisons: Readonly<Record<Comparison, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
};
