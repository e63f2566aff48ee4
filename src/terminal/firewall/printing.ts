/** Rules as iptables 1.8.9 (nf_tables) lists them: `-S`, and the columns of `-L`. */

import type { FilterCount } from '../../network/kernel/filter-rule.ts';
import {
  protocolNumbers,
  tcpFlagBits,
  type Part,
  type PortRange,
  type RuleMatch,
  type RuleParts,
} from './rule-parts.ts';

/** Names instead of numbers, where `-n` does not forbid them. */
export interface ListNames {
  serviceOf(port: number, protocol: string): string | undefined;
  hostOf(address: string): string;
}

const icmpNames: Readonly<Record<number, string>> = {
  0: 'echo-reply',
  3: 'destination-unreachable',
  4: 'source-quench',
  5: 'redirect',
  8: 'echo-request',
  9: 'router-advertisement',
  10: 'router-solicitation',
  11: 'time-exceeded',
  12: 'parameter-problem',
  13: 'timestamp-request',
  14: 'timestamp-reply',
};

const levels = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];

/** The words of a rule as `-S` and iptables-save print them, without `-A CHAIN`. */
export function ruleWords(rule: RuleParts): readonly string[] {
  const words: string[] = [];
  const add = (option: string, part: Part<string> | undefined) => {
    if (part === undefined) return;
    if (part.isNot) words.push('!');
    words.push(option, part.value);
  };
  const whole = (part: Part<string> | undefined) =>
    part === undefined || part.value.includes('/') ? part : { ...part, value: `${part.value}/32` };
  add('-s', whole(rule.source));
  add('-d', whole(rule.destination));
  add('-i', rule.inInterface);
  add('-o', rule.outInterface);
  add('-p', rule.protocol);
  for (const match of rule.matches) words.push('-m', match.name, ...matchWords(match));
  const { target } = rule;
  if (target === undefined) return words;
  words.push(target.isGoto ? '-g' : '-j', target.name);
  if (target.rejectWith !== undefined) words.push('--reject-with', target.rejectWith);
  if (target.logPrefix !== undefined) words.push('--log-prefix', target.logPrefix);
  if (target.logLevel !== undefined && target.logLevel !== 4)
    words.push('--log-level', String(target.logLevel));
  return words;
}

function matchWords(match: RuleMatch): readonly string[] {
  const not = (part: Part<unknown>) => (part.isNot ? ['!'] : []);
  switch (match.name) {
    case 'tcp':
    case 'udp': {
      const { source, destination, flags } = match;
      return [
        ...(source === undefined ? [] : [...not(source), '--sport', range(source.value)]),
        ...(destination === undefined
          ? []
          : [...not(destination), '--dport', range(destination.value)]),
        ...(flags === undefined
          ? []
          : [...not(flags), '--tcp-flags', ...flags.value.map((one) => one.join(',') || 'NONE')]),
      ];
    }
    case 'icmp':
      return [...not(match.type), '--icmp-type', String(match.type.value)];
    case 'state':
    case 'conntrack': {
      const option = match.name === 'state' ? '--state' : '--ctstate';
      return [...not(match.states), option, match.states.value.join(',')];
    }
    case 'multiport':
      return [...not(match.ports), `--${match.side}`, match.ports.value.map(range).join(',')];
    case 'comment':
      return ['--comment', match.text];
    case 'addrtype':
      return [...not(match.type), '--dst-type', match.type.value];
    case 'recent':
      return [
        `--${match.does}`,
        ...(match.seconds === undefined ? [] : ['--seconds', String(match.seconds)]),
        ...(match.hits === undefined ? [] : ['--hitcount', String(match.hits)]),
        ...['--name', match.list, '--mask', '255.255.255.255', '--rsource'],
      ];
    case 'limit':
      return [
        '--limit',
        match.rate,
        ...(match.burst === 5 ? [] : ['--limit-burst', String(match.burst)]),
      ];
  }
}

function range({ low, high }: PortRange): string {
  return low === high ? String(low) : `${low}:${high}`;
}

/** A word as `-S` prints it. */
function quoted(word: string, before: string | undefined): string {
  const isText = before === '--comment' || before === '--log-prefix';
  return isText && (before === '--log-prefix' || /[^\w.-]/.test(word))
    ? `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"`
    : word;
}

/** `-A CHAIN …` on one line. */
export function ruleLine(chain: string, words: readonly string[], count?: FilterCount): string {
  const texts = words.map((word, index) => quoted(word, words[index - 1]));
  if (count !== undefined) {
    const at = words.findIndex((word) => word === '-j' || word === '-g');
    texts.splice(at === -1 ? texts.length : at, 0, `-c ${count.packets} ${count.bytes}`);
  }
  return ['-A', chain, ...texts].join(' ');
}

/** What a rule's line says after its columns. */
function details(rule: RuleParts, names: ListNames | null): string {
  const words = rule.matches.map((match) => matchDetails(match, rule, names));
  const { target } = rule;
  if (target?.rejectWith !== undefined) words.push(`reject-with ${target.rejectWith}`);
  if (target?.name === 'LOG') {
    const level = target.logLevel ?? 4;
    words.push(
      `LOG ${names === null ? `flags 0 level ${level}` : `level ${levels[level] ?? level}`}`,
    );
    if (target.logPrefix !== undefined) words.push(`prefix "${target.logPrefix}"`);
  }
  return words.filter((word) => word !== '').join(' ');
}

function matchDetails(match: RuleMatch, rule: RuleParts, names: ListNames | null): string {
  const not = (part: Part<unknown>) => (part.isNot ? '!' : '');
  const nameOf = (port: number) =>
    names?.serviceOf(port, rule.protocol?.value ?? 'tcp') ?? String(port);
  const ports = (word: string, part: Part<PortRange> | undefined) =>
    part === undefined
      ? ''
      : part.value.low === part.value.high
        ? ` ${word}:${not(part)}${nameOf(part.value.low)}`
        : ` ${word}s:${not(part)}${part.value.low}:${part.value.high}`;
  switch (match.name) {
    case 'tcp':
    case 'udp': {
      const { source, destination, flags } = match;
      return `${match.name}${ports('spt', source)}${ports('dpt', destination)}${
        flags === undefined ? '' : ` flags:${not(flags)}${flagTexts(flags.value, names === null)}`
      }`;
    }
    case 'icmp': {
      const { value } = match.type;
      return names === null
        ? `icmptype ${not(match.type)}${value}`
        : `icmp ${not(match.type)}${icmpNames[value] ?? `type ${value}`}`;
    }
    case 'state':
    case 'conntrack':
      return `${match.states.isNot ? '! ' : ''}${match.name === 'state' ? 'state' : 'ctstate'} ${match.states.value.join(',')}`;
    case 'multiport':
      return `multiport ${match.side} ${match.ports.isNot ? ' !' : ''}${match.ports.value
        .map((one) => (one.low === one.high ? nameOf(one.low) : range(one)))
        .join(',')}`;
    case 'comment':
      return `/* ${match.text} */`;
    case 'addrtype':
      return `ADDRTYPE match dst-type ${not(match.type)}${match.type.value}`;
    case 'recent': {
      const seconds = match.seconds === undefined ? '' : ` seconds: ${match.seconds}`;
      const hits = match.hits === undefined ? '' : ` hit_count: ${match.hits}`;
      return `recent: ${match.does.toUpperCase()}${seconds}${hits} name: ${match.list} side: source mask: 255.255.255.255`;
    }
    case 'limit':
      return `limit: avg ${match.rate} burst ${match.burst}`;
  }
}

function flagTexts(
  sets: readonly [readonly string[], readonly string[]],
  isNumeric: boolean,
): string {
  const text = (flags: readonly string[]) =>
    isNumeric
      ? `0x${flags
          .reduce((sum, flag) => sum + (tcpFlagBits[flag] ?? 0), 0)
          .toString(16)
          .padStart(2, '0')
          .toUpperCase()}`
      : flags.join(',') || 'NONE';
  return sets.map(text).join('/');
}

export interface RowStyle {
  readonly names: ListNames | null;
  readonly isVerbose: boolean;
  /** Whole numbers in place of 10K. */
  readonly isExact: boolean;
}

/** The columns' names. */
export function heading({ isVerbose, isExact }: RowStyle, hasNumbers: boolean): string {
  const number = hasNumbers ? 'num  ' : '';
  const counters = isVerbose ? (isExact ? '    pkts      bytes ' : ' pkts bytes ') : '';
  const interfaces = isVerbose ? 'in     out     ' : '';
  return `${number}${counters}target     prot opt ${interfaces}source               destination         `;
}

/** A rule as a row of `-L`. */
export function row(rule: RuleParts, count: FilterCount, style: RowStyle): string {
  const { names, isVerbose, isExact } = style;
  const any = names === null ? '*' : 'any';
  const counters = isVerbose
    ? isExact
      ? `${String(count.packets).padStart(8)} ${String(count.bytes).padStart(8)} `
      : `${shortNumber(count.packets)} ${shortNumber(count.bytes)} `
    : '';
  const card = (part: Part<string> | undefined) =>
    part === undefined ? any : `${part.isNot ? '!' : ''}${part.value}`;
  const interfaces = isVerbose
    ? ` ${card(rule.inInterface).padEnd(6)} ${card(rule.outInterface).padEnd(6)}`
    : '';
  const address = (part: Part<string> | undefined) => {
    if (part === undefined) return ` ${(names === null ? '0.0.0.0/0' : 'anywhere').padEnd(20)}`;
    const text = part.value.includes('/') ? part.value : (names?.hostOf(part.value) ?? part.value);
    return `${part.isNot ? '!' : ' '}${text.padEnd(20)}`;
  };
  const protocol = rule.protocol?.value ?? (names === null ? '0' : 'all');
  const shown = names === null ? String(protocolNumbers[protocol] ?? protocol) : protocol;
  const sign = rule.protocol?.isNot === true ? '!' : ' ';
  const text = details(rule, names);
  const target = `${(rule.target?.name ?? '').padEnd(9)} `;
  const head = `${counters}${target}${sign}${shown.padEnd(4)} --${isVerbose ? ' ' : ''}${interfaces} `;
  return `${head}${address(rule.source)}${address(rule.destination)}${rule.target?.isGoto === true ? '[goto] ' : ''}${text === '' ? '' : ` ${text}`}`;
}

/** A counter in five places, as 12345, 123K, 12M. */
export function shortNumber(number: number): string {
  if (number <= 99_999) return String(number).padStart(5);
  let left = number;
  for (const unit of ['K', 'M', 'G']) {
    left = Math.floor((left + 500) / 1000);
    if (left <= 9999) return `${String(left).padStart(4)}${unit}`;
  }
  return `${String(Math.floor((left + 500) / 1000)).padStart(4)}T`;
}

/** A rule as `-A -v` repeats it. */
export function echoLine(rule: RuleParts): string {
  const card = (part: Part<string> | undefined) =>
    part === undefined ? '*' : `${part.isNot ? '!' : ''}${part.value}`;
  const address = (part: Part<string> | undefined) =>
    part === undefined ? '0.0.0.0/0' : `${part.isNot ? '!' : ''}${part.value}`;
  const protocol = rule.protocol?.value ?? 'all';
  const text = details(rule, null);
  return `${(rule.target?.name ?? '').padEnd(5)} ${protocol} opt -- in ${card(rule.inInterface)} out ${card(rule.outInterface)}  ${address(rule.source)}  -> ${address(rule.destination)}  ${text === '' ? '' : ` ${text}`}`;
}
