/** firewalld's zones: what they hold, and the files in which they lie (firewalld.zone(5)). */

import {
  escaped,
  readRichRule,
  richRuleFromXml,
  richRuleText,
  richRuleXml,
} from './firewalld-rich-rule.ts';

export type ZoneTarget = 'default' | 'ACCEPT' | 'DROP' | '%%REJECT%%';

/** What a zone lets in, in the order in which it came. */
export interface ZoneEntry {
  readonly kind: 'service' | 'port' | 'rule';
  /** `http`, `80/tcp`, a rich rule as firewalld lists it. */
  readonly value: string;
}

export interface Zone {
  readonly name: string;
  readonly short: string;
  readonly description: string;
  readonly target: ZoneTarget;
  readonly interfaces: readonly string[];
  readonly sources: readonly string[];
  readonly entries: readonly ZoneEntry[];
  readonly forwards: boolean;
  readonly masquerades: boolean;
}

/** The values of one kind. */
export function valuesOf(zone: Zone, kind: ZoneEntry['kind']): readonly string[] {
  return zone.entries.filter((entry) => entry.kind === kind).map(({ value }) => value);
}

/** Services before ports before rules, as firewalld loads them. */
export function loadedOrder(zone: Zone): Zone {
  const of = (kind: ZoneEntry['kind']) => zone.entries.filter((entry) => entry.kind === kind);
  return { ...zone, entries: [...of('service'), ...of('port'), ...of('rule')] };
}

/** Reads a zone's file; what is not understood in it is passed over. */
export function readZone(name: string, xml: string): Zone {
  const values = (tag: string, attribute: string) =>
    Array.from(
      xml.replaceAll(/<rule[\s\S]*?<\/rule>/g, '').matchAll(new RegExp(`<${tag}\\b([^>]*)>`, 'g')),
      ([, rest = '']) => new RegExp(`\\b${attribute}="([^"]*)"`).exec(rest)?.[1] ?? '',
    );
  const [head = ''] = /<zone\b[^>]*>/.exec(xml) ?? [];
  const text = (tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? '';
  const target = /target="([^"]*)"/.exec(head)?.[1];
  const protocols = values('port', 'protocol');
  const rules = Array.from(xml.matchAll(/<rule[\s\S]*?<\/rule>/g), ([rule]) => rule);
  return {
    name,
    short: text('short'),
    description: text('description'),
    target:
      target === 'ACCEPT' || target === 'DROP' || target === '%%REJECT%%' ? target : 'default',
    interfaces: values('interface', 'name'),
    sources: values('source', 'address'),
    entries: [
      ...values('service', 'name').map((value) => ({ kind: 'service' as const, value })),
      ...values('port', 'port').map((port, index) => ({
        kind: 'port' as const,
        value: `${port}/${protocols[index] ?? ''}`,
      })),
      ...rules.map((rule) => ({
        kind: 'rule' as const,
        value: richRuleText(richRuleFromXml(rule)),
      })),
    ],
    forwards: /<forward\s*\/>/.test(xml),
    masquerades: /<masquerade\s*\/>/.test(xml),
  };
}

/** A zone's file as firewalld writes it. */
export function zoneXml(zone: Zone): string {
  const inside = [
    ...(zone.short === '' ? [] : [`<short>${zone.short}</short>`]),
    ...(zone.description === '' ? [] : [`<description>${zone.description}</description>`]),
    ...zone.interfaces.map((name) => `<interface name="${escaped(name)}"/>`),
    ...zone.sources.map((address) => `<source address="${escaped(address)}"/>`),
    ...valuesOf(zone, 'service').map((name) => `<service name="${escaped(name)}"/>`),
    ...valuesOf(zone, 'port').map((value) => {
      const [port = '', protocol = ''] = value.split('/');
      return `<port port="${port}" protocol="${protocol}"/>`;
    }),
    ...(zone.masquerades ? ['<masquerade/>'] : []),
    ...valuesOf(zone, 'rule').flatMap((rule) => richRuleXml(readRichRule(rule))),
    ...(zone.forwards ? ['<forward/>'] : []),
  ];
  const target = zone.target === 'default' ? '' : ` target="${zone.target}"`;
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<zone${target}>`,
    ...inside.map((line) => `  ${line}`),
    '</zone>',
    '',
  ].join('\n');
}
