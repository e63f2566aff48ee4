/**
 * The command line of `lsof` (4.95.0, main.c and arg.c): letters with `-` or `+` in front, values
 * that may be left out, lists with commas, `^` for what is not wanted. Options that need files or
 * kernels beyond this machine are named by `unsupported`.
 */

import { lsofTcpStates } from '../../formats/lsof-table.ts';

export interface LsofRequest {
  /** The texts after `-i`; an empty one is `-i` alone. */
  readonly internet: readonly string[];
  readonly states: readonly string[];
  readonly pids: readonly string[];
  readonly users: readonly string[];
  readonly commands: readonly string[];
  readonly descriptors: readonly string[];
  readonly names: readonly string[];
  /** Letters without a value that were given: `a`, `n`, `P`, `t`, `l`, `R`, `o`, `V`, `Q` … */
  readonly letters: ReadonlySet<string>;
  /** Field letters of `-F`; undefined without it. */
  readonly fields: string | undefined;
  /** Letters of `-T`; `s` where it was not given. */
  readonly tcpInfo: string;
  /** Characters of a command's name; 0 for all of them. */
  readonly commandWidth: number;
}

export type LsofOptions =
  | { readonly kind: 'request'; readonly request: LsofRequest }
  /** Printed with the usage. */
  | { readonly kind: 'problem'; readonly problem: string }
  | { readonly kind: 'unsupported'; readonly option: string };

const plain = 'abhlnoOPtvwRVQ?';
/** Their value is the next word, unless that begins another option. */
const optional = 'iFsTgSr';
const required: Readonly<Record<string, string>> = {
  p: 'no process ID specified',
  u: 'no UIDs specified',
  c: 'missing -c option value',
  d: 'no file descriptors specified',
  e: '-e not followed by a file system path: ""',
};
const notHere = 'EKLMNxXfrU';
const known = `${plain}${optional}${Object.keys(required).join('')}${notHere}ZD`;

interface Word {
  readonly sign: '-' | '+';
  readonly letter: string;
  readonly value: string | undefined;
}

/** Nine characters, where `+c` says nothing else. */
const defaultCommandWidth = 9;
const longestCommand = 15;

export function readLsofOptions(args: readonly string[]): LsofOptions {
  const words: Word[] = [];
  const names: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      names.push(...args.slice(at + 1));
      break;
    }
    if (!/^[-+]./.test(arg)) {
      names.push(arg);
      continue;
    }
    const sign = arg.startsWith('+') ? '+' : '-';
    for (let place = 1; place < arg.length; place++) {
      const letter = arg[place] ?? '';
      const rest = arg.slice(place + 1);
      if (!known.includes(letter))
        return { kind: 'problem', problem: `illegal option character: ${letter}` };
      if (!optional.includes(letter) && !(letter in required)) {
        words.push({ sign, letter, value: undefined });
        continue;
      }
      const next = args[at + 1];
      const takesNext = rest === '' && next !== undefined && !/^[-+]/.test(next);
      words.push({ sign, letter, value: takesNext ? next : rest === '' ? undefined : rest });
      if (takesNext) at += 1;
      break;
    }
  }
  return understand(words, names);
}

function understand(words: readonly Word[], names: readonly string[]): LsofOptions {
  const internet: string[] = [];
  const states: string[] = [];
  const lists: Record<'p' | 'u' | 'c' | 'd', string[]> = { p: [], u: [], c: [], d: [] };
  const letters = new Set<string>();
  let fields: string | undefined;
  let tcpInfo = 's';
  let commandWidth = defaultCommandWidth;
  const problem = (text: string): LsofOptions => ({ kind: 'problem', problem: text });
  for (const { sign, letter, value } of words) {
    if (letter === 'c' && sign === '+') {
      if (value === undefined || !/^\d+$/.test(value))
        return problem('+c not followed by width number');
      if (Number(value) > longestCommand)
        return problem(`+c ${value} > what system provides (${longestCommand})`);
      commandWidth = Number(value);
      continue;
    }
    if (letter in required && value === undefined) return problem(required[letter] ?? '');
    switch (letter) {
      case 'Z':
        return problem('-Z limited to SELinux');
      case 'D':
        return problem('unsupported option: -D');
      case 'i':
        internet.push(value ?? '');
        break;
      case 'p':
      case 'd':
      case 'u':
        lists[letter].push(...(value ?? '').split(','));
        break;
      case 'c':
        lists.c.push(value ?? '');
        break;
      case 'F':
        if (value?.includes('?')) return { kind: 'unsupported', option: '-F ?' };
        fields = value ?? '';
        break;
      case 'T':
        tcpInfo = value ?? '';
        break;
      case 's': {
        const read = value === undefined ? [] : readStates(value);
        if (typeof read === 'string') return problem(read);
        states.push(...read);
        if (value === undefined) letters.add('s');
        break;
      }
      case 'g':
        if (value !== undefined)
          return /^[\d,^]+$/.test(value)
            ? { kind: 'unsupported', option: `-g ${value}` }
            : problem(`illegal process group ID: ${value}`);
        letters.add('g');
        break;
      default:
        if (notHere.includes(letter)) return { kind: 'unsupported', option: `${sign}${letter}` };
        letters.add(letter);
    }
  }
  const illegal = lists.p.find((pid) => !/^\^?\d+$/.test(pid));
  if (illegal !== undefined) return problem(`illegal process ID: ${illegal}`);
  const request: LsofRequest = {
    internet,
    states,
    pids: lists.p,
    users: lists.u,
    commands: lists.c,
    descriptors: lists.d,
    names,
    letters,
    fields,
    tcpInfo,
    commandWidth,
  };
  const hasSelection = [internet, lists.p, lists.u, lists.c, lists.d, names].some(
    (list) => list.length > 0,
  );
  if (letters.has('a') && !hasSelection) return problem('no select options to AND via -a');
  return { kind: 'request', request };
}

/** `TCP:LISTEN,^CLOSE_WAIT`; a text is what is wrong with it. */
function readStates(value: string): readonly string[] | string {
  const [, protocol, list] = /^(tcp|udp):(.*)$/i.exec(value) ?? [];
  if (protocol === undefined || list === undefined) return `unknown -s protocol: "${value}"`;
  if (protocol.toLowerCase() === 'udp') return `no UDP state names available: ${value}`;
  if (list === '') return `no TCP state names in: ${value}`;
  const states = list.split(',');
  const unknown = states.find(
    (state) => !lsofTcpStates.includes(state.replace('^', '').toUpperCase()),
  );
  return unknown === undefined
    ? states.map((state) => state.toUpperCase())
    : `unknown TCP state name: ${unknown.replace('^', '')}`;
}
