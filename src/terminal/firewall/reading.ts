/** Reads the words of a rule as iptables 1.8.9 does, with its messages. */

import {
  icmpTypes,
  protocolNumbers,
  tcpFlagBits,
  type Part,
  type PortRange,
  type RuleMatch,
  type RuleParts,
  type RuleTarget,
  type TcpMatch,
} from './rule-parts.ts';

/** What reading a rule needs of the machine. */
export interface RuleNames {
  resolve(name: string): string | undefined;
  portOf(service: string): number | undefined;
  /** Whether rules can lead to a chain of this name. */
  hasChain(name: string): boolean;
}

/** A message without iptables' own name before it; `unsupported`: the real one has it. */
export type RuleProblem =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'bad-argument'; readonly word: string }
  | { readonly kind: 'unsupported'; readonly option: string };

export type ReadRule =
  | { readonly ok: true; readonly rules: readonly RuleParts[] }
  | { readonly ok: false; readonly problem: RuleProblem };

class Refusal extends Error {
  readonly problem: RuleProblem;

  constructor(problem: RuleProblem | string) {
    super('rule');
    this.problem = typeof problem === 'string' ? { kind: 'message', text: problem } : problem;
  }
}

const longNames: Readonly<Record<string, string>> = {
  '--protocol': '-p',
  '--proto': '-p',
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--in-interface': '-i',
  '--out-interface': '-o',
  '--jump': '-j',
  '--goto': '-g',
  '--match': '-m',
  '--source-port': '--sport',
  '--destination-port': '--dport',
  '--source-ports': '--sports',
  '--destination-ports': '--dports',
};

const knownMatches = [
  ...['tcp', 'udp', 'icmp', 'state', 'conntrack', 'multiport', 'comment', 'limit'],
  ...['addrtype', 'recent'],
];
/** RFC-named kinds of addresses; this host's own packets are LOCAL or UNICAST. */
const addressTypes = ['UNICAST', 'LOCAL', 'BROADCAST', 'ANYCAST', 'MULTICAST'];
/** Real matches that this machine does not have. */
const otherMatches = [
  'connlimit',
  'hashlimit',
  'iprange',
  'length',
  'mac',
  'mark',
  'owner',
  'pkttype',
  'set',
  'statistic',
  'string',
  'tcpmss',
  'time',
  'ttl',
  'u32',
];
const finalTargets = ['ACCEPT', 'DROP', 'REJECT', 'RETURN', 'LOG'];
const otherTargets = [
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
  'MARK',
  'QUEUE',
  'NFQUEUE',
  'TCPMSS',
];
const rejections: Readonly<Record<string, string>> = {
  'icmp-net-unreachable': 'icmp-net-unreachable',
  'net-unreach': 'icmp-net-unreachable',
  'icmp-host-unreachable': 'icmp-host-unreachable',
  'host-unreach': 'icmp-host-unreachable',
  'icmp-port-unreachable': 'icmp-port-unreachable',
  'port-unreach': 'icmp-port-unreachable',
  'icmp-host-prohibited': 'icmp-host-prohibited',
  'host-prohib': 'icmp-host-prohibited',
  'icmp-admin-prohibited': 'icmp-admin-prohibited',
  'admin-prohib': 'icmp-admin-prohibited',
  'tcp-reset': 'tcp-reset',
  'tcp-rst': 'tcp-reset',
};
const logLevels = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'];
const flowStates = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED'];

type Writable<Parts> = { -readonly [Key in keyof Parts]: Parts[Key] };

/**
 * @param words what comes after the command and its chain
 * @param chain the chain's name, which says which interface can be asked for
 * @returns several rules where several addresses were given
 */
export function readRule(words: readonly string[], chain: string, names: RuleNames): ReadRule {
  try {
    return { ok: true, rules: new RuleReader(words, chain, names).read() };
  } catch (problem) {
    if (problem instanceof Refusal) return { ok: false, problem: problem.problem };
    throw problem;
  }
}

class RuleReader {
  private readonly words: string[];
  private readonly chain: string;
  private readonly names: RuleNames;
  private at = 0;
  private sources: readonly Part<string>[] = [];
  private destinations: readonly Part<string>[] = [];
  private readonly parts: Writable<Omit<RuleParts, 'matches'>> = {};
  /** In the order in which they were first asked for. */
  private readonly matches: Writable<RuleMatch>[] = [];
  private readonly loaded: string[] = [];
  private target: Writable<RuleTarget> | undefined;

  constructor(words: readonly string[], chain: string, names: RuleNames) {
    this.words = [...words];
    this.chain = chain;
    this.names = names;
  }

  read(): readonly RuleParts[] {
    while (this.at < this.words.length) {
      let isNot = false;
      let word = this.words[this.at++] ?? '';
      if (word === '!') {
        isNot = true;
        word = this.words[this.at++] ?? '';
      }
      this.option(this.clingingValue(word), isNot);
    }
    this.finish();
    return this.all();
  }

  /** `-ptcp` and `--dport=80` are two words. */
  private clingingValue(word: string): string {
    const long = /^(--[\w-]+)=(.*)$/.exec(word);
    const short = /^(-[psdiojgm])(.+)$/.exec(word);
    const [, option, value] = long ?? short ?? [];
    if (option === undefined || value === undefined) return word;
    this.words[--this.at] = value;
    return option;
  }

  private value(option: string): string {
    const value = this.words[this.at++];
    if (value === undefined) throw new Refusal(`option "${option}" requires an argument`);
    if (value === '!' && this.words[this.at] !== undefined)
      throw new Refusal(`unexpected ! flag before ${option}`);
    return value;
  }

  private option(typed: string, isNot: boolean): void {
    const option = longNames[typed] ?? typed;
    switch (option) {
      case '-p':
        this.parts.protocol = { value: this.protocol(this.value(typed)), isNot };
        if (this.parts.protocol.value === 'all') delete this.parts.protocol;
        return;
      case '-s':
        this.sources = this.addresses(this.value(typed), isNot);
        return;
      case '-d':
        this.destinations = this.addresses(this.value(typed), isNot);
        return;
      case '-i':
        if (this.chain === 'OUTPUT') throw new Refusal("Can't use -i with OUTPUT\n");
        this.parts.inInterface = { value: this.value(typed), isNot };
        return;
      case '-o':
        if (this.chain === 'INPUT') throw new Refusal("Can't use -o with INPUT\n");
        this.parts.outInterface = { value: this.value(typed), isNot };
        return;
      case '-j':
      case '-g':
        this.jump(this.value(typed), option === '-g');
        return;
      case '-m':
        this.load(this.value(typed));
        return;
      case '-c':
      case '--set-counters':
        this.value(typed);
        this.at += 1;
        return;
      default:
        if (!typed.startsWith('-')) throw new Refusal({ kind: 'bad-argument', word: typed });
        this.matchOption(typed, option, isNot);
    }
  }

  private matchOption(typed: string, option: string, isNot: boolean): void {
    switch (option) {
      case '--sport':
      case '--dport': {
        const match = this.transport(typed);
        const part = { value: this.range(this.value(typed)), isNot };
        if (option === '--sport') match.source = part;
        else match.destination = part;
        return;
      }
      case '--syn':
        this.transport(typed).flags = { value: [['FIN', 'SYN', 'RST', 'ACK'], ['SYN']], isNot };
        return;
      case '--tcp-flags': {
        const match = this.transport(typed);
        const mask = this.flags(this.value(typed));
        match.flags = { value: [mask, this.flags(this.value(typed))], isNot };
        return;
      }
      case '--icmp-type': {
        if (this.parts.protocol?.value !== 'icmp') break;
        this.matches.push({
          name: 'icmp',
          type: { value: this.icmpType(this.value(typed)), isNot },
        });
        return;
      }
      case '--sports':
      case '--dports':
      case '--ports': {
        if (!this.loaded.includes('multiport')) break;
        const ranges = this.value(typed)
          .split(',')
          .map((one) => this.range(one));
        const side = option.slice(2) as 'sports' | 'dports' | 'ports';
        this.matches.push({ name: 'multiport', side, ports: { value: ranges, isNot } });
        return;
      }
      case '--state':
      case '--ctstate': {
        const name = option === '--state' ? 'state' : 'conntrack';
        if (!this.loaded.includes(name)) break;
        const states = this.value(typed).split(',');
        for (const state of states)
          if (!flowStates.includes(state.toUpperCase())) throw new Refusal(`Bad state "${state}"`);
        const known = states.map((state) => state.toUpperCase());
        const value = flowStates.filter((state) => known.includes(state));
        this.matches.push({ name, states: { value, isNot } });
        return;
      }
      case '--comment':
        if (!this.loaded.includes('comment')) break;
        this.matches.push({ name: 'comment', text: this.value(typed) });
        return;
      case '--dst-type': {
        if (!this.loaded.includes('addrtype')) break;
        const type = this.value(typed).toUpperCase();
        if (!addressTypes.includes(type)) throw new Refusal(`addrtype: bad type \`${type}'`);
        this.matches.push({ name: 'addrtype', type: { value: type, isNot } });
        return;
      }
      case '--set':
      case '--update':
        if (!this.loaded.includes('recent')) break;
        this.matches.push({
          name: 'recent',
          does: option === '--set' ? 'set' : 'update',
          list: 'DEFAULT',
        });
        return;
      case '--seconds':
      case '--hitcount':
      case '--name':
      case '--mask':
      case '--rsource': {
        const match = this.matches.findLast((one) => one.name === 'recent');
        if (match?.name !== 'recent') break;
        if (option === '--seconds') match.seconds = Number(this.value(typed));
        else if (option === '--hitcount') match.hits = Number(this.value(typed));
        else if (option === '--name') match.list = this.value(typed);
        else if (option === '--mask' && this.value(typed) !== '255.255.255.255')
          throw new Refusal({ kind: 'unsupported', option: '--mask' });
        return;
      }
      case '--limit':
        if (!this.loaded.includes('limit')) break;
        this.matches.push({ name: 'limit', rate: this.rate(this.value(typed)), burst: 5 });
        return;
      case '--limit-burst': {
        const match = this.matches.find((one) => one.name === 'limit');
        if (match?.name !== 'limit') break;
        match.burst = Number(this.value(typed));
        return;
      }
      case '--reject-with':
        if (this.target?.name !== 'REJECT') break;
        this.target.rejectWith = this.rejection(this.value(typed));
        return;
      case '--log-prefix':
        if (this.target?.name !== 'LOG') break;
        this.target.logPrefix = this.value(typed).slice(0, 29);
        return;
      case '--log-level':
        if (this.target?.name !== 'LOG') break;
        this.target.logLevel = this.logLevel(this.value(typed));
        return;
      default:
    }
    throw new Refusal(`unknown option "${typed}"`);
  }

  private protocol(text: string): string {
    const name = text.toLowerCase();
    if (name === 'all' || name === '0') return 'all';
    if (name in protocolNumbers) return name;
    if (!/^\d+$/.test(name) || Number(name) > 255)
      throw new Refusal(`unknown protocol "${text}" specified`);
    const known = Object.entries(protocolNumbers).find(([, number]) => number === Number(name));
    return known?.[0] ?? String(Number(name));
  }

  private addresses(text: string, isNot: boolean): readonly Part<string>[] {
    return text.split(',').map((one) => {
      const [name = '', length] = one.split('/');
      const address = this.names.resolve(name);
      if (address === undefined) throw new Refusal(`host/network \`${one}' not found`);
      const bits = length === undefined ? 32 : prefixOf(length);
      if (bits === undefined) throw new Refusal(`invalid mask \`${length}' specified`);
      return { value: bits === 32 ? address : `${network(address, bits)}/${bits}`, isNot };
    });
  }

  /** The tcp or udp match of the protocol that was named; it comes by itself. */
  private transport(typed: string): Writable<TcpMatch> {
    const name = this.parts.protocol?.isNot === true ? undefined : this.parts.protocol?.value;
    if (name !== 'tcp' && (name !== 'udp' || typed === '--syn' || typed === '--tcp-flags'))
      throw new Refusal(`unknown option "${typed}"`);
    const known = this.matches.find((match) => match.name === name);
    if (known?.name === 'tcp' || known?.name === 'udp') return known;
    const match: Writable<TcpMatch> = { name };
    this.matches.push(match);
    return match;
  }

  private range(text: string): PortRange {
    const port = (word: string, whenEmpty: number): number => {
      if (word === '') return whenEmpty;
      const number = /^\d+$/.test(word) ? Number(word) : this.names.portOf(word);
      if (number === undefined || number > 65_535)
        throw new Refusal(`invalid port/service \`${word}' specified`);
      return number;
    };
    const [low = '', high] = text.split(':');
    if (high === undefined) {
      if (low === '') throw new Refusal(`invalid port/service \`${text}' specified`);
      return { low: port(low, 0), high: port(low, 0) };
    }
    const range = { low: port(low, 0), high: port(high, 65_535) };
    if (range.low > range.high) throw new Refusal('invalid portrange (min > max)');
    return range;
  }

  private flags(text: string): readonly string[] {
    const wanted = text === '' || text === 'NONE' ? [] : text.toUpperCase().split(',');
    if (wanted.includes('ALL')) return Object.keys(tcpFlagBits);
    for (const flag of wanted)
      if (!(flag in tcpFlagBits)) throw new Refusal(`Unknown TCP flag \`${flag}'`);
    return Object.keys(tcpFlagBits).filter((flag) => wanted.includes(flag));
  }

  private icmpType(text: string): number {
    const number = /^\d+$/.test(text) ? Number(text) : icmpTypes[text];
    if (number === undefined || number > 255) throw new Refusal(`Invalid ICMP type \`${text}'`);
    return number;
  }

  private rate(text: string): string {
    const match = /^(\d+)(?:\/(s|sec|second|m|min|minute|h|hour|d|day))?$/.exec(text);
    if (match === null) throw new Refusal(`bad rate \`${text}'`);
    const unit = { s: 'sec', m: 'min', h: 'hour', d: 'day' }[(match[2] ?? 's').slice(0, 1)];
    return `${match[1] ?? ''}/${unit ?? 'sec'}`;
  }

  private rejection(text: string): string {
    const known = rejections[text];
    if (known === undefined) throw new Refusal(`unknown reject type "${text}"`);
    return known;
  }

  private logLevel(text: string): number {
    const level = /^[0-7]$/.test(text)
      ? Number(text)
      : logLevels.indexOf(text === 'warn' ? 'warning' : text);
    if (level < 0) throw new Refusal(`log-level \`${text}' unknown`);
    return level;
  }

  private load(name: string): void {
    if (otherMatches.includes(name))
      throw new Refusal({ kind: 'unsupported', option: `-m ${name}` });
    if (!knownMatches.includes(name))
      throw new Refusal(`Couldn't load match \`${name}':No such file or directory\n`);
    this.loaded.push(name);
    if (name === 'tcp' || name === 'udp') {
      if (this.parts.protocol?.value === name) this.transport('--dport');
    }
  }

  private jump(name: string, isGoto: boolean): void {
    if (otherTargets.includes(name))
      throw new Refusal({ kind: 'unsupported', option: `-j ${name}` });
    if (!finalTargets.includes(name) && !this.names.hasChain(name))
      throw new Refusal(`Chain '${name}' does not exist`);
    this.target = { name, isGoto };
    if (name === 'REJECT') this.target.rejectWith = 'icmp-port-unreachable';
  }

  private finish(): void {
    for (const name of this.loaded) {
      const isThere = this.matches.some((match) => match.name === name);
      if (isThere || name === 'tcp' || name === 'udp' || name === 'icmp') continue;
      if (name === 'multiport') throw new Refusal('multiport expection an option');
      if (name === 'state') throw new Refusal('You must specify "--state"');
      if (name === 'conntrack') throw new Refusal('conntrack: At least one option is required');
      if (name === 'comment') throw new Refusal('comment: option "--comment" must be specified');
    }
  }

  private all(): readonly RuleParts[] {
    const { matches, parts, target } = this;
    const none: readonly (Part<string> | undefined)[] = [undefined];
    const sources = this.sources.length === 0 ? none : this.sources;
    const destinations = this.destinations.length === 0 ? none : this.destinations;
    return sources.flatMap((source) =>
      destinations.map((destination) => ({
        ...(source === undefined || source.value === '0.0.0.0/0' ? {} : { source }),
        ...(destination === undefined || destination.value === '0.0.0.0/0' ? {} : { destination }),
        ...parts,
        matches,
        ...(target === undefined ? {} : { target }),
      })),
    );
  }
}

function prefixOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 32 ? Number(text) : undefined;
  const bytes = text.split('.').map(Number);
  if (bytes.length !== 4 || bytes.some((byte) => !(byte >= 0 && byte <= 255))) return undefined;
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}

function network(address: string, bits: number): string {
  return address
    .split('.')
    .map((part, index) => {
      const own = Math.min(8, Math.max(0, bits - index * 8));
      return Number(part) & (0xff << (8 - own)) & 0xff;
    })
    .join('.');
}
