/**
 * The machine's packet filter as its tools see and change it. The engine holds the one truth
 * (FilterSpec); iptables, nft, ufw and firewall-cmd are views of it.
 */

import type {
  FilterCount,
  FilterField,
  FilterRule,
  FilterSpec,
  FlowState,
} from '../../network/kernel/filter-rule.ts';
import { ACK, FIN, PSH, RST, SYN } from '../../network/kernel/packet.ts';
import type { PortMatch } from '../../network/scenario/scenario.ts';
import type { HostInterface } from '../../network/world.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import { ruleWords } from './printing.ts';
import { readRule, type RuleNames } from './reading.ts';
import {
  builtIn,
  chainKey,
  protocolNumbers,
  type Part,
  type PortRange,
  type RuleParts,
} from './rule-parts.ts';

export interface FilterEntry {
  readonly rule: RuleParts;
  readonly words: readonly string[];
  readonly count: FilterCount;
}

/** What was asked and cannot be done, as the kernel's answer. */
export type FilterProblem =
  | 'no-chain'
  | 'not-built-in'
  | 'exists'
  | 'busy'
  | 'bad-index'
  | 'no-rule'
  | 'bad-reset';

/** A tool's chains and rules, to be loaded at once. */
export interface LoadedRules {
  readonly policyIn: 'accept' | 'drop';
  readonly policyOut: 'accept' | 'drop';
  readonly policyForward: 'accept' | 'drop';
  readonly chains: readonly string[];
  readonly rules: readonly (readonly [chain: string, words: readonly string[]])[];
  /** Whether the tool sets up IPv6 alike. */
  readonly hasBothFamilies: boolean;
}

export interface ChainView {
  readonly name: string;
  /** Null: a chain of one's own. */
  readonly policy: 'ACCEPT' | 'DROP' | null;
  readonly count: FilterCount;
  readonly references: number;
  readonly rules: readonly FilterEntry[];
  /** Whether the kernel has it: the built-in ones come to be when they are first used. */
  readonly isMade: boolean;
}

const untouched: FilterSpec = {
  policyIn: 'accept',
  policyOut: 'accept',
  rules: [],
  filtersOwn: true,
  chains: [],
  made: [],
};

const engineFlags: Readonly<Record<string, number>> = { FIN, SYN, RST, PSH, ACK };
const targets: Readonly<Record<string, FilterRule['action']>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'reject',
  RETURN: 'return',
  LOG: 'continue',
};

export class PacketFilter {
  private readonly host: HostInterface;
  private readonly names: RuleNames;

  constructor(host: HostInterface, names: Omit<RuleNames, 'hasChain'>) {
    this.host = host;
    this.names = {
      resolve: (name) => names.resolve(name),
      portOf: (service) => names.portOf(service),
      hasChain: (name) => this.ownChains.includes(name),
    };
  }

  private get spec(): FilterSpec {
    return this.host.firewallSpec() ?? untouched;
  }

  get ownChains(): readonly string[] {
    return this.spec.chains ?? [];
  }

  get ruleNames(): RuleNames {
    return this.names;
  }

  hasChain(name: string): boolean {
    return (builtIn as readonly string[]).includes(name) || this.ownChains.includes(name);
  }

  /** Every chain, the built-in ones first. */
  chains(): readonly ChainView[] {
    return [...builtIn, ...[...this.ownChains].sort()].map((name) => this.chain(name));
  }

  chain(name: string): ChainView {
    const { spec, host } = this;
    const key = chainKey(name);
    const policy =
      key === 'in'
        ? spec.policyIn
        : key === 'out'
          ? spec.policyOut
          : key === 'forward'
            ? (spec.policyForward ?? 'accept')
            : null;
    const id = key === 'in' ? spec.policyInId : key === 'out' ? spec.policyOutId : undefined;
    return {
      name,
      policy: policy === null ? null : policy === 'accept' ? 'ACCEPT' : 'DROP',
      count: host.firewallCount(id),
      references: spec.rules.filter((rule) => rule.to === key).length,
      rules: spec.rules.filter((rule) => rule.chain === key).map((rule) => this.entry(name, rule)),
      isMade: policy === null || spec.made?.includes(key) === true,
    };
  }

  private entry(chain: string, rule: FilterRule): FilterEntry {
    const words = rule.words ?? [];
    const read = readRule(words, chain, this.names);
    const [parts] = read.ok ? read.rules : [];
    return {
      rule: parts ?? { matches: [] },
      words,
      count: this.host.firewallCount(rule.id),
    };
  }

  /** Puts rules at a place, from 0; the end where none is said. */
  insert(chain: string, rules: readonly RuleParts[], at?: number): FilterProblem | null {
    return this.edit(chain, (own) => {
      const place = at ?? own.length;
      if (place > own.length) return 'bad-index';
      const made = rules.map((rule, index) => this.toEngine(chain, rule, index));
      if (made.some(isImpossible)) return 'bad-reset';
      return [...own.slice(0, place), ...made, ...own.slice(place)];
    });
  }

  replace(chain: string, at: number, rule: RuleParts): FilterProblem | null {
    return this.edit(chain, (own) =>
      own[at] === undefined
        ? 'bad-index'
        : own.map((old, index) => (index === at ? this.toEngine(chain, rule, 0) : old)),
    );
  }

  removeAt(chain: string, at: number): FilterProblem | null {
    return this.edit(chain, (own) =>
      own[at] === undefined ? 'bad-index' : own.filter((_, index) => index !== at),
    );
  }

  removeLike(chain: string, rule: RuleParts): FilterProblem | null {
    return this.edit(chain, (own) => {
      const at = own.findIndex((one) => isSame(one, rule));
      return at === -1 ? 'no-rule' : own.filter((_, index) => index !== at);
    });
  }

  hasLike(chain: string, rule: RuleParts): boolean {
    const key = chainKey(chain);
    return this.spec.rules.some((one) => one.chain === key && isSame(one, rule));
  }

  /** Empties a chain, or all. */
  flush(chain: string | undefined): FilterProblem | null {
    if (chain !== undefined) return this.edit(chain, () => []);
    this.set({ ...this.spec, rules: [] });
    return null;
  }

  setPolicy(chain: string, policy: 'accept' | 'drop'): FilterProblem | null {
    const { spec } = this;
    const key = chainKey(chain);
    if (!(builtIn as readonly string[]).includes(chain)) return 'not-built-in';
    const id = this.nextId();
    this.set({
      ...spec,
      ...(key === 'in' && { policyIn: policy, policyInId: id }),
      ...(key === 'out' && { policyOut: policy, policyOutId: id }),
      ...(key === 'forward' && { policyForward: policy }),
      made: withMade(spec, key),
    });
    return null;
  }

  /** Sets counters to 0: of all chains, of one, or of one rule from 0. */
  zero(chain: string | undefined, at?: number): FilterProblem | null {
    const { spec } = this;
    if (chain !== undefined && !this.hasChain(chain)) return 'no-chain';
    const key = chain === undefined ? undefined : chainKey(chain);
    const made = spec.made ?? [];
    if (key !== undefined && !key.startsWith(':') && !made.includes(key)) return 'no-chain';
    let id = this.nextId();
    let place = -1;
    const rules = spec.rules.map((rule) => {
      if (key !== undefined && rule.chain !== key) return rule;
      place += 1;
      return at === undefined || at === place ? { ...rule, id: id++ } : rule;
    });
    const isPolicy = (one: string) =>
      at === undefined && made.includes(one) && (key === undefined || key === one);
    this.set({
      ...spec,
      rules,
      ...(isPolicy('in') && { policyInId: id++ }),
      ...(isPolicy('out') && { policyOutId: id++ }),
    });
    return null;
  }

  addChain(name: string): FilterProblem | null {
    if (this.hasChain(name)) return 'exists';
    this.set({ ...this.spec, chains: [...this.ownChains, name] });
    return null;
  }

  /** Removes one chain, or all of one's own. */
  removeChain(name: string | undefined): FilterProblem | null {
    const { spec } = this;
    if (name !== undefined && !this.ownChains.includes(name)) return 'no-chain';
    const gone = name === undefined ? this.ownChains : [name];
    const keys = gone.map(chainKey);
    const isUsed = spec.rules.some(
      (rule) => keys.includes(rule.chain) || (rule.to !== undefined && keys.includes(rule.to)),
    );
    if (isUsed) return 'busy';
    this.set({ ...spec, chains: this.ownChains.filter((one) => !gone.includes(one)) });
    return null;
  }

  renameChain(from: string, to: string): FilterProblem | null {
    const { spec } = this;
    if (!this.ownChains.includes(from)) return 'no-chain';
    if (this.hasChain(to)) return 'exists';
    const [before, after] = [chainKey(from), chainKey(to)];
    this.set({
      ...spec,
      chains: this.ownChains.map((one) => (one === from ? to : one)),
      rules: spec.rules.map((rule) => ({
        ...rule,
        ...(rule.chain === before && { chain: after }),
        ...(rule.to === before && {
          to: after,
          words: (rule.words ?? []).map((word, index, all) =>
            word === from && /^-[jg]$/.test(all[index - 1] ?? '') ? to : word,
          ),
        }),
      })),
    });
    return null;
  }

  private edit(
    chain: string,
    change: (own: readonly FilterRule[]) => readonly FilterRule[] | FilterProblem,
  ): FilterProblem | null {
    if (!this.hasChain(chain)) return 'no-chain';
    const { spec } = this;
    const key = chainKey(chain);
    const changed = change(spec.rules.filter((rule) => rule.chain === key));
    if (typeof changed === 'string') return changed;
    this.set({
      ...spec,
      rules: [...spec.rules.filter((rule) => rule.chain !== key), ...changed],
      ...(!key.startsWith(':') && changed.length > 0 && { made: withMade(spec, key) }),
    });
    return null;
  }

  private set({ family: _, ...spec }: FilterSpec): void {
    const isForBoth = spec.hasBothFamilies === true;
    this.host.setFirewall({
      ...spec,
      ...(!isForBoth && { family: 'ipv4' as const }),
      filtersOwn: true,
    });
  }

  /**
   * Puts another set of chains and rules in the place of those whose names begin so, with what leads to
   * them; the rules of other tools stay before. A rule that was there before goes on counting.
   */
  load(prefix: string, loaded: LoadedRules): void {
    const { spec } = this;
    const isOwn = (name: string) => name.startsWith(prefix);
    const leadsThere = (rule: FilterRule) => rule.to?.startsWith(`:${prefix}`) === true;
    const kept = spec.rules.filter(
      (rule) => !rule.chain.startsWith(`:${prefix}`) && !leadsThere(rule),
    );
    const others = this.ownChains.filter((name) => !isOwn(name));
    const names = { ...this.names, hasChain: (name: string) => loaded.chains.includes(name) };
    const old = new Map(spec.rules.map((rule) => [ruleKey(rule), rule.id]));
    let next = this.nextId();
    const rules = loaded.rules.flatMap(([chain, words]) => {
      const read = readRule(words, chain, names);
      if (!read.ok) throw new Error(`no rule: ${words.join(' ')}`);
      return read.rules.map((parts) => {
        const made = this.toEngine(chain, parts, 0);
        return { ...made, id: old.get(ruleKey(made)) ?? next++ };
      });
    });
    this.set({
      ...spec,
      policyIn: loaded.policyIn,
      policyOut: loaded.policyOut,
      policyForward: loaded.policyForward,
      policyInId: spec.policyInId ?? next++,
      policyOutId: spec.policyOutId ?? next++,
      hasBothFamilies: loaded.hasBothFamilies,
      chains: [...others, ...loaded.chains],
      rules: [...kept, ...rules],
      made: ['in', 'forward', 'out'],
    });
  }

  private nextId(): number {
    const { policyInId = 0, policyOutId = 0, rules } = this.spec;
    return Math.max(policyInId, policyOutId, ...rules.map((rule) => rule.id ?? 0)) + 1;
  }

  /** The rule as the engine applies it. */
  private toEngine(chain: string, parts: RuleParts, offset: number): FilterRule {
    const key = chainKey(chain);
    const { target } = parts;
    const not: FilterField[] = [];
    const rule: { -readonly [Key in keyof FilterRule]: FilterRule[Key] } = {
      chain: key,
      action: target === undefined ? 'continue' : (targets[target.name] ?? 'jump'),
      id: this.nextId() + offset,
      words: ruleWords(parts),
    };
    if (target !== undefined && targets[target.name] === undefined) {
      rule.action = target.isGoto ? 'goto' : 'jump';
      rule.to = chainKey(target.name);
    }
    if (target?.rejectWith !== undefined)
      rule.rejectWith = (
        target.rejectWith === 'icmp-net-unreachable' ? 'icmp-host-unreachable' : target.rejectWith
      ) as NonNullable<FilterRule['rejectWith']>;
    const put = <Field extends FilterField>(
      field: Field,
      part: Part<unknown> | undefined,
      value: FilterRule[Field],
    ) => {
      if (part === undefined) return;
      (rule as Record<FilterField, unknown>)[field] = value;
      if (part.isNot) not.push(field);
    };
    // In a chain of one's own, which side is this host's is only known where it is called from: out of
    // INPUT, as nearly always.
    const isOut = key === 'out';
    put(isOut ? 'local' : 'remote', parts.source, parts.source?.value);
    put(isOut ? 'remote' : 'local', parts.destination, parts.destination?.value);
    const card = parts.inInterface ?? parts.outInterface;
    put('interface', card, card?.value);
    const { protocol } = parts;
    put('protocol', protocol, protocol === undefined ? undefined : protocolFor(protocol.value));
    for (const match of parts.matches) {
      switch (match.name) {
        case 'tcp':
        case 'udp':
          put(isOut ? 'localPort' : 'remotePort', match.source, portMatch(match.source?.value));
          put(
            isOut ? 'remotePort' : 'localPort',
            match.destination,
            portMatch(match.destination?.value),
          );
          if (match.flags !== undefined) {
            const [mask, set] = match.flags.value.map((flags) =>
              flags.reduce((sum, flag) => sum | (engineFlags[flag] ?? 0), 0),
            );
            put('flags', match.flags, [mask ?? 0, set ?? 0]);
          }
          break;
        case 'icmp':
          put('icmpType', match.type, match.type.value);
          break;
        case 'state':
        case 'conntrack':
          put('states', match.states, match.states.value as readonly FlowState[]);
          break;
        case 'addrtype': {
          const isHere = match.type.value === 'LOCAL';
          put('addressType', match.type, isHere ? 'local' : 'other');
          break;
        }
        case 'recent': {
          const { name: _, ...recent } = match;
          rule.recent = recent;
          break;
        }
        case 'multiport': {
          const wanted = match.ports.value.map((one) => portMatch(one) ?? 0);
          const field =
            match.side === 'ports'
              ? 'eitherPorts'
              : (match.side === 'sports') === isOut
                ? 'localPorts'
                : 'remotePorts';
          put(field, match.ports, wanted);
          break;
        }
        default:
      }
    }
    return { ...rule, ...(not.length > 0 && { not }) };
  }
}

/** The packet filter of a machine. */
export function packetFilterOf(machine: LinuxHost): PacketFilter {
  return new PacketFilter(machine.host, {
    resolve: (name) => machine.resolve(name),
    portOf: (service) => machine.serviceNames().byName(service)?.port,
  });
}

function ruleKey(rule: FilterRule): string {
  return `${rule.chain} ${(rule.words ?? []).join(' ')}`;
}

/** What the kernel refuses: a reset answers TCP alone. */
function isImpossible(rule: FilterRule): boolean {
  const isTcp = rule.protocol === 'tcp' && rule.not?.includes('protocol') !== true;
  return rule.rejectWith === 'tcp-reset' && !isTcp;
}

function isSame(one: FilterRule, other: RuleParts): boolean {
  return JSON.stringify(one.words) === JSON.stringify(ruleWords(other));
}

function withMade(spec: FilterSpec, key: string): readonly string[] {
  const made = spec.made ?? [];
  return made.includes(key) ? made : [...made, key];
}

function protocolFor(name: string): FilterRule['protocol'] {
  if (name === 'tcp' || name === 'udp' || name === 'icmp') return name;
  return protocolNumbers[name] ?? Number(name);
}

function portMatch(range: PortRange | undefined): PortMatch | undefined {
  if (range === undefined) return undefined;
  return range.low === range.high ? range.low : `${range.low}-${range.high}`;
}
