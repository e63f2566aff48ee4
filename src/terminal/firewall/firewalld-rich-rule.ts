/** firewalld's rich rules (firewalld.richlanguage(5)), read and written as firewalld 1.3.3 does. */

import { FirewalldProblem } from './firewalld-problem.ts';

export interface RichAddress {
  readonly address: string;
  readonly isNot: boolean;
}

export interface RichRule {
  readonly priority: number;
  readonly family: 'ipv4' | 'ipv6' | null;
  readonly source: RichAddress | null;
  readonly destination: RichAddress | null;
  readonly element:
    | { readonly kind: 'service'; readonly name: string }
    | { readonly kind: 'port' | 'source-port'; readonly port: string; readonly protocol: string }
    | { readonly kind: 'protocol'; readonly value: string }
    | null;
  readonly log: {
    readonly prefix: string | null;
    readonly level: string | null;
    readonly limit: string | null;
  } | null;
  readonly action: {
    readonly kind: 'accept' | 'reject' | 'drop';
    readonly type: string | null;
    readonly limit: string | null;
  } | null;
}

interface Token {
  readonly name: string;
  /** Of `name=value`; null for a word that stands alone. */
  readonly value: string | null;
}

/** What comes first in an attribute's element. */
const elements = new Set([
  'rule',
  'source',
  'destination',
  'service',
  'port',
  'source-port',
  'protocol',
  'log',
  'limit',
  'accept',
  'reject',
  'drop',
]);
/** Elements of the language that this machine's firewalld leaves out. */
const leftOut = new Set(
  'icmp-block icmp-type masquerade forward-port tcp-mss-clamp nflog audit mark'.split(' '),
);

function invalid(text: string): FirewalldProblem {
  return new FirewalldProblem('INVALID_RULE', text);
}

function tokens(text: string): readonly Token[] {
  return Array.from(text.matchAll(/([\w-]+)=(?:"([^"]*)"|'([^']*)'|(\S*))|(\S+)/g), (match) => {
    const [, name = '', double, single, plain, word] = match;
    return word === undefined
      ? { name, value: double ?? single ?? plain ?? '' }
      : { name: word.toLowerCase() === 'not' ? 'not' : word, value: null };
  });
}

/**
 * @throws FirewalldProblem in firewalld's words
 */
export function readRichRule(text: string): RichRule {
  const parts: { readonly name: string; isNot: boolean; attributes: Map<string, string> }[] = [];
  for (const { name, value } of tokens(text)) {
    const last = parts.at(-1);
    if (value === null) {
      if (name === 'not' && last !== undefined) last.isNot = true;
      else if (leftOut.has(name)) throw new FirewalldProblem('', name);
      else if (!elements.has(name)) throw invalid(`unknown element ${name}`);
      else parts.push({ name, isNot: false, attributes: new Map() });
      continue;
    }
    if (last === undefined) throw invalid(`unknown element ${name}`);
    if (name === 'invert') last.isNot = /^(?:yes|true)$/i.test(value);
    else last.attributes.set(name, value);
  }
  const part = (name: string) => parts.find((one) => one.name === name);
  const attribute = (name: string, key: string) => part(name)?.attributes.get(key) ?? null;
  const family = attribute('rule', 'family');
  if (parts[0]?.name !== 'rule') throw invalid("'rule' keyword must be at the beginning");
  if (family !== null && family !== 'ipv4' && family !== 'ipv6')
    throw invalid(
      `'family' attribute cannot have '${family}' value. Use 'ipv4' or 'ipv6' instead.`,
    );
  const limitOf = (owner: string) => {
    const at = parts.findIndex(({ name }) => name === owner);
    const next = parts[at + 1];
    return at !== -1 && next?.name === 'limit' ? (next.attributes.get('value') ?? null) : null;
  };
  const address = (name: string): RichAddress | null => {
    const found = attribute(name, 'address');
    return found === null ? null : { address: found, isNot: part(name)?.isNot === true };
  };
  const kind = (['accept', 'reject', 'drop'] as const).find((name) => part(name) !== undefined);
  const rule: RichRule = {
    priority: Number(attribute('rule', 'priority') ?? 0),
    family,
    source: address('source'),
    destination: address('destination'),
    element: elementOf(attribute),
    log:
      part('log') === undefined
        ? null
        : {
            prefix: attribute('log', 'prefix'),
            level: attribute('log', 'level'),
            limit: limitOf('log'),
          },
    action:
      kind === undefined ? null : { kind, type: attribute('reject', 'type'), limit: limitOf(kind) },
  };
  if (rule.action === null && rule.log === null)
    throw invalid(
      rule.element === null && rule.source === null && rule.destination === null
        ? 'no element, no action'
        : 'no action, no log, no audit',
    );
  return rule;
}

function elementOf(attribute: (name: string, key: string) => string | null): RichRule['element'] {
  const service = attribute('service', 'name');
  if (service !== null) return { kind: 'service', name: service };
  for (const kind of ['port', 'source-port'] as const) {
    const port = attribute(kind, 'port');
    if (port !== null) return { kind, port, protocol: attribute(kind, 'protocol') ?? '' };
  }
  const value = attribute('protocol', 'value');
  return value === null ? null : { kind: 'protocol', value };
}

/** The rule as firewalld lists it. */
export function richRuleText(rule: RichRule): string {
  const { action, destination, element, family, log, priority, source } = rule;
  const words = ['rule'];
  if (priority !== 0) words.push(`priority="${priority}"`);
  if (family !== null) words.push(`family="${family}"`);
  const place = (name: string, at: RichAddress | null) => {
    if (at !== null) words.push(`${name}${at.isNot ? ' NOT' : ''} address="${at.address}"`);
  };
  place('source', source);
  place('destination', destination);
  if (element?.kind === 'service') words.push(`service name="${element.name}"`);
  else if (element?.kind === 'protocol') words.push(`protocol value="${element.value}"`);
  else if (element !== null)
    words.push(`${element.kind} port="${element.port}" protocol="${element.protocol}"`);
  const limit = (value: string | null) => (value === null ? '' : ` limit value="${value}"`);
  if (log !== null)
    words.push(
      `log${log.prefix === null ? '' : ` prefix="${log.prefix}"`}${
        log.level === null ? '' : ` level="${log.level}"`
      }${limit(log.limit)}`,
    );
  if (action !== null)
    words.push(
      `${action.kind}${action.type === null ? '' : ` type="${action.type}"`}${limit(action.limit)}`,
    );
  return words.join(' ');
}

/** The rule as a zone's file holds it, line by line. */
export function richRuleXml(rule: RichRule): readonly string[] {
  const { action, destination, element, family, log, priority, source } = rule;
  const attributes = (values: Readonly<Record<string, string | null>>) =>
    Object.entries(values)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => ` ${name}="${escaped(value ?? '')}"`)
      .join('');
  const place = (name: string, at: RichAddress | null) =>
    at === null
      ? []
      : [`<${name}${attributes({ address: at.address, invert: at.isNot ? 'True' : null })}/>`];
  const limited = (name: string, limit: string | null) =>
    limit === null
      ? [`<${name}/>`]
      : [`<${name}>`, `  <limit value="${escaped(limit)}"/>`, `</${name.split(' ')[0] ?? ''}>`];
  const inside = [
    ...place('source', source),
    ...place('destination', destination),
    ...(element === null ? [] : [`<${elementXml(element)}/>`]),
    ...(log === null
      ? []
      : limited(`log${attributes({ prefix: log.prefix, level: log.level })}`, log.limit)),
    ...(action === null
      ? []
      : limited(`${action.kind}${attributes({ type: action.type })}`, action.limit)),
  ];
  const head = attributes({ priority: priority === 0 ? null : String(priority), family });
  return [`<rule${head}>`, ...inside.map((line) => `  ${line}`), '</rule>'];
}

function elementXml(element: NonNullable<RichRule['element']>): string {
  switch (element.kind) {
    case 'service':
      return `service name="${escaped(element.name)}"`;
    case 'protocol':
      return `protocol value="${escaped(element.value)}"`;
    default:
      return `${element.kind} port="${escaped(element.port)}" protocol="${escaped(element.protocol)}"`;
  }
}

/** A text inside an attribute of XML. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** A rule of a zone's file, as rich language. */
export function richRuleFromXml(xml: string): RichRule {
  const words = Array.from(xml.matchAll(/<([\w-]+)([^>]*?)\/?>/g), ([, name = '', rest = '']) => {
    const isNot = /invert="(?:true|yes)"/i.test(rest) ? ' NOT' : '';
    const unescaped = rest
      .replace(/\s*invert="[^"]*"/, '')
      .replaceAll('&quot;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&amp;', '&');
    return `${name}${isNot}${unescaped}`;
  });
  return readRichRule(words.join(' '));
}
