/** The values that firewall-cmd is given: whether firewalld takes them, and as what it keeps them. */

import { parseAddress, parsePrefix } from '../../../network/addresses.ts';
import { FirewalldProblem } from '../../firewall/firewalld-problem.ts';
import { readRichRule, richRuleText } from '../../firewall/firewalld-rich-rule.ts';
import { firewalldServices } from '../../firewall/firewalld-services.ts';
import type { Zone, ZoneEntry } from '../../firewall/firewalld-zones.ts';
import type { Kind, Verb } from './arguments.ts';

/** What a value is checked against. */
export interface Checking {
  readonly verb: Verb;
  readonly isPermanent: boolean;
  /** The zone's name. */
  readonly zone: string;
  /** The number of a service's name, from the machine's own list. */
  readonly portOf: (name: string, protocol: 'tcp' | 'udp') => number | undefined;
}

/**
 * The value as firewalld keeps it.
 * @throws FirewalldProblem where it takes none such
 */
export function checked(kind: Kind, value: string, checking: Checking): string {
  const { isPermanent, verb, zone } = checking;
  switch (kind) {
    case 'service':
      if (firewalldServices().has(value) || (isPermanent && verb !== 'add')) return value;
      throw new FirewalldProblem(
        'INVALID_SERVICE',
        isPermanent ? `Zone '${zone}': '${value}' not among existing services` : value,
      );
    case 'port':
      return checkedPort(value, checking);
    case 'interface':
      if (/[\s/]/.test(value) || value === '' || value.length > 16)
        throw new FirewalldProblem('INVALID_INTERFACE', value);
      return value;
    case 'source':
      return address(value);
    case 'rich-rule':
      return checkedRichRule(value, checking);
  }
}

/** `80/tcp` or `80-90/udp`. */
function checkedPort(value: string, { portOf }: Checking): string {
  const at = value.indexOf('/');
  if (at === -1)
    throw new FirewalldProblem(
      'INVALID_PORT',
      'bad port (most likely missing protocol), correct syntax is portid[-portid]/protocol',
    );
  const [text, protocol] = [value.slice(0, at), value.slice(at + 1)];
  const numbers = text.split('-').map((one) => portNumber(one, protocol, portOf));
  const [low, high = low] = numbers;
  if (low === undefined || high === undefined || numbers.length > 2)
    throw new FirewalldProblem('INVALID_PORT', text);
  if (!['tcp', 'udp', 'sctp', 'dccp'].includes(protocol))
    throw new FirewalldProblem(
      'INVALID_PROTOCOL',
      protocol === '' ? '' : `'${protocol}' not in {'tcp'|'udp'|'sctp'|'dccp'}`,
    );
  const [first, last] = low <= high ? [low, high] : [high, low];
  return `${first === last ? first : `${first}-${last}`}/${protocol}`;
}

function portNumber(
  text: string,
  protocol: string,
  portOf: Checking['portOf'],
): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 65_535 ? Number(text) : undefined;
  return portOf(text, protocol === 'udp' ? 'udp' : 'tcp');
}

function checkedRichRule(text: string, checking: Checking): string {
  const rule = readRichRule(text);
  const { element, family, source, destination } = rule;
  if ((source !== null || destination !== null) && family === null)
    throw new FirewalldProblem('MISSING_FAMILY');
  for (const place of [source, destination]) if (place !== null) address(place.address);
  if (element?.kind === 'service' && !firewalldServices().has(element.name))
    throw new FirewalldProblem('INVALID_SERVICE', element.name);
  if (element?.kind === 'port' || element?.kind === 'source-port')
    checkedPort(`${element.port}/${element.protocol}`, checking);
  return richRuleText(rule);
}

/** As what a zone keeps it. */
export function entryKind(kind: Kind): ZoneEntry['kind'] {
  return kind === 'service' || kind === 'port' ? kind : 'rule';
}

/** @throws FirewalldProblem where it is none */
function address(text: string): string {
  if (parseAddress(text) === undefined && parsePrefix(text) === undefined)
    throw new FirewalldProblem('INVALID_ADDR', text);
  return text;
}

/** The parts of a port as firewalld keeps it. */
export function portParts(value: string): { protocol: string; low: number; high: number } {
  const [ports = '', protocol = ''] = value.split('/');
  const [low = 0, high = low] = ports.split('-').map(Number);
  return { protocol, low, high };
}

/** Ranges that overlap become one; a range of which a part goes is what remains of it. */
export function withPort(zone: Zone, value: string, isAdding: boolean): Zone {
  const asked = portParts(value);
  const isTouched = (entry: ZoneEntry) => {
    const { high, low, protocol } = portParts(entry.value);
    return (
      entry.kind === 'port' && protocol === asked.protocol && low <= asked.high && asked.low <= high
    );
  };
  const touched = zone.entries.filter(isTouched).map((entry) => portParts(entry.value));
  const lowest = Math.min(asked.low, ...touched.map(({ low }) => low));
  const highest = Math.max(asked.high, ...touched.map(({ high }) => high));
  const left: readonly (readonly [number, number])[] = isAdding
    ? [[lowest, highest]]
    : [
        [lowest, asked.low - 1],
        [asked.high + 1, highest],
      ];
  const made = left
    .filter(([low, high]) => low <= high)
    .map(([low, high]): ZoneEntry => ({
      kind: 'port',
      value: `${low === high ? low : `${low}-${high}`}/${asked.protocol}`,
    }));
  return { ...zone, entries: [...zone.entries.filter((entry) => !isTouched(entry)), ...made] };
}

/** By protocol, then by number. */
export function byProtocol(one: string, other: string): number {
  const [a, b] = [portParts(one), portParts(other)];
  return a.protocol === b.protocol ? a.low - b.low : a.protocol < b.protocol ? -1 : 1;
}
