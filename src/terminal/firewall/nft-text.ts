/** The packet filter as nft 1.0.6 lists it: the same rules, in nftables' words. */

import type { ChainView, FilterEntry } from './filter.ts';
import type { Part, PortRange, RuleMatch, RuleParts } from './rule-parts.ts';

const hooks: Readonly<Record<string, string>> = {
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
};

/** The whole rule set; nothing where nothing was ever set. */
export function rulesetText(chains: readonly ChainView[], hasRules = true): string {
  const made = chains.filter(({ isMade }) => isMade);
  if (made.length === 0) return '';
  const blocks = made.map(({ name, policy, rules }) => {
    const head =
      policy === null
        ? []
        : [
            `\t\ttype filter hook ${hooks[name] ?? ''} priority filter; policy ${policy.toLowerCase()};`,
          ];
    const lines = hasRules ? rules.map((entry) => `\t\t${ruleText(entry)}`) : [];
    return `\tchain ${name} {\n${[...head, ...lines].map((line) => `${line}\n`).join('')}\t}\n`;
  });
  return `table ip filter {\n${blocks.join('\n')}}\n`;
}

function ruleText({ rule, count }: FilterEntry): string {
  const words = [
    ...named('iifname', rule.inInterface, (name) => `"${name}"`),
    ...named('oifname', rule.outInterface, (name) => `"${name}"`),
    ...named('ip saddr', rule.source),
    ...named('ip daddr', rule.destination),
    ...protocolWords(rule),
    ...rule.matches.flatMap(matchWords),
    `counter packets ${count.packets} bytes ${count.bytes}`,
    ...targetWords(rule),
  ];
  return words.join(' ');
}

function named(
  field: string,
  part: Part<string> | undefined,
  text: (value: string) => string = (value) => value,
): readonly string[] {
  return part === undefined ? [] : [`${field} ${part.isNot ? '!= ' : ''}${text(part.value)}`];
}

/** A protocol is said by itself only where no port of it is. */
function protocolWords({ matches, protocol }: RuleParts): readonly string[] {
  if (protocol === undefined) return [];
  const saysPorts = matches.some(
    (match) =>
      (match.name === 'tcp' || match.name === 'udp') &&
      (match.source !== undefined || match.destination !== undefined || match.flags !== undefined),
  );
  const isMulti = matches.some(({ name }) => name === 'multiport');
  if (saysPorts) return [];
  if (isMulti) return [`meta l4proto ${protocol.value}`];
  return [`ip protocol ${protocol.isNot ? '!= ' : ''}${protocol.value}`];
}

function range({ low, high }: PortRange): string {
  return low === high ? String(low) : `${low}-${high}`;
}

function matchWords(match: RuleMatch): readonly string[] {
  const not = (part: Part<unknown>) => (part.isNot ? '!= ' : '');
  switch (match.name) {
    case 'tcp':
    case 'udp': {
      const { destination, flags, source } = match;
      const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase()).join(',');
      return [
        ...(flags === undefined
          ? []
          : [`tcp flags ${not(flags)}${lower(flags.value[1])} / ${lower(flags.value[0])}`]),
        ...(source === undefined
          ? []
          : [`${match.name} sport ${not(source)}${range(source.value)}`]),
        ...(destination === undefined
          ? []
          : [`${match.name} dport ${not(destination)}${range(destination.value)}`]),
      ];
    }
    case 'icmp':
      return [
        `icmp type ${not(match.type)}${match.type.value === 8 ? 'echo-request' : match.type.value}`,
      ];
    case 'state':
    case 'conntrack': {
      // In the order of the states' bits.
      const order = ['INVALID', 'ESTABLISHED', 'RELATED', 'NEW', 'UNTRACKED'];
      const states = order.filter((state) => match.states.value.includes(state));
      const isPair = states.includes('ESTABLISHED') && states.includes('RELATED');
      const sorted = isPair
        ? ['RELATED', ...states.filter((state) => state !== 'RELATED')]
        : states;
      return [
        `ct state ${not(match.states)}${sorted.map((state) => state.toLowerCase()).join(',')}`,
      ];
    }
    case 'multiport': {
      const side = match.side === 'sports' ? 'tcp sport' : 'tcp dport';
      return [`${side} ${not(match.ports)}{ ${match.ports.value.map(range).join(', ')} }`];
    }
    case 'comment':
      return [`comment "${match.text}"`];
    case 'addrtype':
      return [`fib daddr type ${not(match.type)}${match.type.value.toLowerCase()}`];
    case 'recent':
      return ['xt match recent'];
    case 'limit': {
      const burst = match.burst === 5 ? '' : ` burst ${match.burst} packets`;
      return [`limit rate ${match.rate.replace('min', 'minute').replace('sec', 'second')}${burst}`];
    }
  }
}

function targetWords({ target }: RuleParts): readonly string[] {
  if (target === undefined) return [];
  switch (target.name) {
    case 'ACCEPT':
    case 'DROP':
    case 'RETURN':
      return [target.name.toLowerCase()];
    case 'REJECT': {
      const how = target.rejectWith ?? 'icmp-port-unreachable';
      if (how === 'icmp-port-unreachable') return ['reject'];
      return [how === 'tcp-reset' ? 'reject with tcp reset' : `reject with icmp ${how.slice(5)}`];
    }
    case 'LOG':
      return [target.logPrefix === undefined ? 'log' : `log prefix "${target.logPrefix}"`];
    default:
      return [`${target.isGoto ? 'goto' : 'jump'} ${target.name}`];
  }
}
