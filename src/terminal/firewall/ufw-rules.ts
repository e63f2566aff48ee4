/**
 * ufw's own rules (0.36.2): what is typed after `allow` and the like, the lines of /etc/ufw/user.rules in
 * which they are kept, and the rules of the packet filter that they become.
 */

import { isDestinationPort } from '../../network/port-ranges.ts';

export type UfwAction = 'allow' | 'deny' | 'reject' | 'limit';

export interface UfwRule {
  readonly action: UfwAction;
  readonly protocol: 'any' | 'tcp' | 'udp';
  readonly direction: 'in' | 'out';
  readonly card: string | null;
  /** An address, a network, or `any`; ports as ufw writes them (`80`, `70,71`, `6000:6007`), or `any`. */
  readonly from: string;
  readonly fromPort: string;
  readonly to: string;
  readonly toPort: string;
  readonly comment: string;
  readonly isSix: boolean;
}

export interface UfwNames {
  /** A service's port, and the protocols that it is known for. */
  portOf(
    service: string,
  ): { readonly port: number; readonly protocols: readonly string[] } | undefined;
}

/** What is wrong with a rule, in ufw's words after `ERROR: `; `syntax` is followed by the usage. */
export class UfwProblem extends Error {
  readonly isSyntax: boolean;

  constructor(message: string, isSyntax = false) {
    super(message);
    this.isSyntax = isSyntax;
  }
}

const syntax = () => new UfwProblem('Invalid syntax', true);

/** What is typed and this machine does not have. */
export class UfwUnsupported extends Error {}

/**
 * Reads the words after the action.
 * @returns the rule for each family that it is for, IPv4 first
 * @throws UfwProblem, UfwUnsupported
 */
export function readUfwRule(
  action: UfwAction,
  words: readonly string[],
  names: UfwNames,
): readonly UfwRule[] {
  const rest = [...words];
  let direction: 'in' | 'out' = 'in';
  let card: string | null = null;
  let comment = '';
  const at = rest.indexOf('comment');
  if (at !== -1) {
    comment = rest[at + 1] ?? '';
    if (comment === '' || rest.length > at + 2) throw syntax();
    rest.splice(at);
  }
  if (rest[0] === 'in' || rest[0] === 'out') direction = rest.shift() === 'out' ? 'out' : 'in';
  if (rest[0] === 'on') {
    card = rest[1] ?? '';
    rest.splice(0, 2);
    if (!/^[\w.:+-]+$/.test(card)) throw new UfwProblem('Bad interface name');
  }
  if (rest[0] === 'log' || rest[0] === 'log-all') throw new UfwUnsupported(rest[0]);
  if (rest.length === 0 && card === null) throw syntax();
  const rule = {
    action,
    direction,
    card,
    comment,
    from: 'any',
    fromPort: 'any',
    to: 'any',
    toPort: 'any',
    protocol: 'any' as UfwRule['protocol'],
  };
  const isSimple = rest.length === 1;
  if (isSimple) Object.assign(rule, simplePort(rest[0] ?? '', names));
  else readParts(rest, rule, names);
  const isMany = /[,:]/.test(rule.fromPort + rule.toPort);
  if (isMany && rule.protocol === 'any')
    throw new UfwProblem("Must specify 'tcp' or 'udp' with multiple ports");
  const hasAddress = rule.from !== 'any' || rule.to !== 'any';
  return hasAddress
    ? [{ ...rule, isSix: false }]
    : [false, true].map((isSix) => ({ ...rule, isSix }));
}

interface Parts {
  from: string;
  fromPort: string;
  to: string;
  toPort: string;
  protocol: UfwRule['protocol'];
}

function readParts(words: string[], rule: Parts, names: UfwNames): void {
  let side: 'from' | 'to' | null = null;
  while (words.length > 0) {
    const word = words.shift() ?? '';
    const value = words.shift();
    if (value === undefined) throw syntax();
    switch (word) {
      case 'from':
      case 'to':
        side = word;
        rule[side] = readAddress(value, word === 'from' ? 'source' : 'destination');
        break;
      case 'port': {
        if (side === null) throw new UfwProblem("Need 'from' or 'to' with 'port'");
        const { port, protocol } = namedPort(value, names);
        if (protocol !== undefined && rule.protocol === 'any') rule.protocol = protocol;
        rule[side === 'from' ? 'fromPort' : 'toPort'] = port;
        break;
      }
      case 'proto':
        if (value !== 'tcp' && value !== 'udp' && value !== 'any') {
          if (/^(?:ah|esp|gre|ipv6|igmp|vrrp)$/.test(value))
            throw new UfwUnsupported(`proto ${value}`);
          throw new UfwProblem(`Unsupported protocol '${value}'`);
        }
        rule.protocol = value;
        break;
      default:
        throw syntax();
    }
  }
}

function readAddress(text: string, what: string): string {
  if (text === 'any' || text === '0.0.0.0/0') return 'any';
  if (text.includes(':')) throw new UfwUnsupported(text);
  const [, address = '', bits] = /^([\d.]+)(?:\/(\d+))?$/.exec(text) ?? [];
  const bytes = address.split('.').map(Number);
  const isGood = bytes.length === 4 && bytes.every((byte) => byte <= 255) && /\d$/.test(address);
  if (!isGood || Number(bits ?? 32) > 32) throw new UfwProblem(`Bad ${what} address`);
  if (bits === undefined || bits === '32') return address;
  const masked = bytes.map((byte, index) => {
    const own = Math.min(8, Math.max(0, Number(bits) - 8 * index));
    return byte & (0xff << (8 - own)) & 0xff;
  });
  return `${masked.join('.')}/${bits}`;
}

/** `22`, `22/tcp`, `ssh`: of a rule that says nothing else. */
function simplePort(text: string, names: UfwNames): Partial<Parts> {
  const [portText = '', protocol, ...more] = text.split('/');
  if (more.length > 0) throw new UfwProblem('Bad port');
  if (protocol !== undefined && protocol !== 'tcp' && protocol !== 'udp')
    throw new UfwProblem('Bad port');
  if (protocol === undefined && /[^\d,:]/.test(portText) && names.portOf(portText) === undefined)
    throw new UfwProblem(`Could not find a profile matching '${portText}'`);
  const { port, protocol: known } = namedPort(portText, names);
  return { toPort: port, protocol: protocol ?? known ?? 'any' };
}

function namedPort(
  text: string,
  names: UfwNames,
): { readonly port: string; readonly protocol?: 'tcp' | 'udp' } {
  if (text === 'any') return { port: 'any' };
  if (!/^[\d,:]+$/.test(text)) {
    const service = names.portOf(text);
    if (service === undefined) throw new UfwProblem('Bad port');
    const [only, ...others] = service.protocols;
    return {
      port: String(service.port),
      ...(others.length === 0 && (only === 'tcp' || only === 'udp') && { protocol: only }),
    };
  }
  const ports = text.split(',');
  for (const one of ports) {
    const [low, high, ...more] = one
      .split(':')
      .map((part) => (part === '' ? Number.NaN : Number(part)));
    const isGood =
      isDestinationPort(low) && (high === undefined || (isDestinationPort(high) && high > low));
    if (!isGood || more.length > 0) throw new UfwProblem('Bad port');
  }
  const sorted = [...ports].sort((one, other) => Number.parseInt(one) - Number.parseInt(other));
  return { port: sorted.join(',') };
}

/** Whether two rules are about the same packets. */
export function concernsSame(one: UfwRule, other: UfwRule): boolean {
  const fields = [
    'protocol',
    'direction',
    'card',
    'from',
    'fromPort',
    'to',
    'toPort',
    'isSix',
  ] as const;
  return fields.every((field) => one[field] === other[field]);
}

// --- As it is shown ---

/** The words that `ufw show added` and the question before a deletion show. */
export function ufwWords(rule: UfwRule): string {
  const { action, card, comment, direction, from, fromPort, protocol, to, toPort } = rule;
  const words: string[] = [action];
  if (direction === 'out' || card !== null) words.push(direction);
  if (card !== null) words.push('on', card);
  const isSimple = from === 'any' && to === 'any' && fromPort === 'any' && card === null;
  if (isSimple && toPort !== 'any')
    words.push(protocol === 'any' ? toPort : `${toPort}/${protocol}`);
  else {
    if (from !== 'any' || fromPort !== 'any') words.push('from', from);
    if (fromPort !== 'any') words.push('port', fromPort);
    if (to !== 'any' || toPort !== 'any') words.push('to', to);
    if (toPort !== 'any') words.push('port', toPort);
    if (protocol !== 'any') words.push('proto', protocol);
  }
  if (comment !== '') words.push('comment', `'${comment}'`);
  return words.join(' ');
}

/** A side of the rule in a column of `ufw status`. */
function place(rule: UfwRule, side: 'from' | 'to'): string {
  const address = rule[side];
  const port = side === 'from' ? rule.fromPort : rule.toPort;
  const withProtocol = (text: string) =>
    rule.protocol === 'any' || (side === 'from' && port === 'any')
      ? text
      : `${text}/${rule.protocol}`;
  const where =
    address === 'any'
      ? port === 'any'
        ? 'Anywhere'
        : withProtocol(port)
      : port === 'any'
        ? side === 'to'
          ? withProtocol(address)
          : address
        : `${address} ${withProtocol(port)}`;
  const family = rule.isSix && address === 'any' ? ' (v6)' : '';
  const isHere = (side === 'to') === (rule.direction === 'in');
  return `${where}${family}${rule.card !== null && isHere ? ` on ${rule.card}` : ''}`;
}

/** A row of `ufw status`. */
export function ufwRow(rule: UfwRule, style: 'plain' | 'verbose' | 'numbered'): string {
  const direction = rule.direction.toUpperCase();
  const isSaid = style !== 'plain' || rule.direction === 'out';
  const action = `${rule.action.toUpperCase()}${isSaid ? ` ${direction}` : ''}`;
  const mark = style === 'numbered' && rule.direction === 'out' ? ' (out)' : '';
  const comment = rule.comment === '' ? '' : ` # ${rule.comment}`;
  return `${place(rule, 'to').padEnd(26)} ${action.padEnd(12)}${place(rule, 'from').padEnd(26)}${mark}${comment}`;
}

// --- In /etc/ufw/user.rules ---

const anywhere = (isSix: boolean) => (isSix ? '::/0' : '0.0.0.0/0');

function tupleLine(rule: UfwRule): string {
  const { action, card, comment, direction, from, fromPort, isSix, protocol, to, toPort } = rule;
  const side = card === null ? direction : `${direction}_${card}`;
  const address = (text: string) => (text === 'any' ? anywhere(isSix) : text);
  const note =
    comment === ''
      ? ''
      : ` comment=${Array.from(new TextEncoder().encode(comment), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  return `### tuple ### ${action} ${protocol} ${toPort} ${address(to)} ${fromPort} ${address(from)} ${side}${note}`;
}

/** The file as ufw writes it. */
export function userRulesText(rules: readonly UfwRule[], isSix: boolean): string {
  const prefix = isSix ? 'ufw6' : 'ufw';
  const chains = ['user-input', 'user-output', 'user-forward', 'user-limit', 'user-limit-accept'];
  const lines = rules
    .filter((rule) => rule.isSix === isSix)
    .flatMap((rule) => [
      '',
      tupleLine(rule),
      ...filterRules(rule).map(
        ([chain, words]) =>
          `-A ${prefix}${chain.slice(3)} ${words.replaceAll('ufw-', `${prefix}-`)}`,
      ),
    ]);
  return `${[
    '*filter',
    ...chains.map((chain) => `:${prefix}-${chain} - [0:0]`),
    '### RULES ###',
    ...lines,
    '',
    '### END RULES ###',
    'COMMIT',
  ].join('\n')}\n`;
}

/** The rules in a file's tuples; what is no tuple is left aside. */
export function readUserRules(text: string, isSix: boolean): readonly UfwRule[] {
  return text.split('\n').flatMap((line) => {
    const match =
      /^### tuple ### (allow|deny|reject|limit) (any|tcp|udp) (\S+) (\S+) (\S+) (\S+) (in|out)(?:_(\S+))?(?: comment=([0-9a-f]+))?$/.exec(
        line,
      );
    if (match === null) return [];
    const [
      ,
      action,
      protocol,
      toPort = '',
      to = '',
      fromPort = '',
      from = '',
      direction,
      card,
      note,
    ] = match;
    const address = (one: string) => (one === anywhere(isSix) ? 'any' : one);
    const bytes = (note?.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
    return [
      {
        action: action as UfwAction,
        protocol: protocol as UfwRule['protocol'],
        direction: direction === 'out' ? 'out' : 'in',
        card: card ?? null,
        from: address(from),
        fromPort,
        to: address(to),
        toPort,
        comment: new TextDecoder().decode(Uint8Array.from(bytes)),
        isSix,
      } satisfies UfwRule,
    ];
  });
}

/** Chain and words of the filter's rules that a rule becomes. */
export function filterRules(rule: UfwRule): readonly (readonly [chain: string, words: string])[] {
  const { action, card, direction, from, fromPort, to, toPort } = rule;
  const chain = direction === 'in' ? 'ufw-user-input' : 'ufw-user-output';
  const hasPorts = toPort !== 'any' || fromPort !== 'any';
  const protocols =
    rule.protocol === 'any' ? (hasPorts ? ['tcp', 'udp'] : [null]) : [rule.protocol];
  return protocols.flatMap((protocol): readonly (readonly [string, string])[] => {
    const head = [
      ...(card === null ? [] : [direction === 'in' ? '-i' : '-o', card]),
      ...(protocol === null ? [] : ['-p', protocol]),
      ...portWords(fromPort, 'source', toPort),
      ...portWords(toPort, 'destination', fromPort),
      ...(from === 'any' ? [] : ['-s', from]),
      ...(to === 'any' ? [] : ['-d', to]),
    ].join(' ');
    const line = (end: string) => [chain, `${head} ${end}`.trim()] as const;
    switch (action) {
      case 'allow':
        return [line('-j ACCEPT')];
      case 'deny':
        return [line('-j DROP')];
      case 'reject':
        return [line(protocol === 'tcp' ? '-j REJECT --reject-with tcp-reset' : '-j REJECT')];
      case 'limit':
        return [
          line('-m conntrack --ctstate NEW -m recent --set'),
          line(
            '-m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 -j ufw-user-limit',
          ),
          line('-j ufw-user-limit-accept'),
        ];
    }
  });
}

function portWords(
  ports: string,
  side: 'source' | 'destination',
  other: string,
): readonly string[] {
  if (ports === 'any') return [];
  const isMany = /[,:]/.test(ports) || /[,:]/.test(other);
  if (isMany) return ['-m', 'multiport', side === 'source' ? '--sports' : '--dports', ports];
  return [side === 'source' ? '--sport' : '--dport', ports];
}
