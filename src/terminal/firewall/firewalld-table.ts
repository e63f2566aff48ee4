/**
 * The table that firewalld 1.3.3 loads for its zones, as `nft list` shows it, and the same rules as the
 * engine applies them. A line is written once; what of it a packet here can meet goes to the engine.
 */

import type { FilterRule, FilterSpec } from '../../network/kernel/filter-rule.ts';
import type { PortMatch } from '../../network/scenario/scenario.ts';
import { readRichRule, type RichRule } from './firewalld-rich-rule.ts';
import { firewalldServices, trackingHelpers } from './firewalld-services.ts';
import type { Zone, ZoneTarget } from './firewalld-zones.ts';

/** What the daemon has in force. */
export interface RuntimeState {
  readonly defaultZone: string;
  readonly zones: readonly Zone[];
  /** Zones whose chains have been made, in that order; the others before firewalld's own policy. */
  readonly made: readonly string[];
  readonly madeLater: readonly string[];
  /** Helpers of connection tracking that have been made. */
  readonly helpers: readonly string[];
}

interface Line {
  readonly text: string;
  /** Absent where no packet of the simulated network can meet it. */
  readonly filter?: Partial<FilterRule>;
}

/** Of a zone: what lies in its chain before, for logs, against, for, after. */
type Stage = 'pre' | 'log' | 'deny' | 'allow' | 'post';
const stages: readonly Stage[] = ['pre', 'log', 'deny', 'allow', 'post'];

const adminProhibited = 'reject with icmpx admin-prohibited';
const rejectUnasked = { action: 'reject', rejectWith: 'icmp-admin-prohibited' } as const;

/** A port, a range, or a service's name from /etc/services. */
function portOf(text: string): PortMatch {
  return text.includes('-') ? text : Number(text);
}

function portLine(side: 'dport' | 'sport', value: string): Line {
  const [port = '', protocol = ''] = value.split('/');
  const field = side === 'dport' ? 'localPort' : 'remotePort';
  const isHere = protocol === 'tcp' || protocol === 'udp';
  return {
    text: `${protocol} ${side} ${port}`,
    ...(isHere && { filter: { protocol, [field]: portOf(port) } }),
  };
}

/** The lines of a service, without what is done with its packets. */
function serviceLines(name: string): readonly Line[] {
  const service = firewalldServices().get(name);
  if (service === undefined) return [];
  const helped = service.helpers.flatMap((helper): Line[] => {
    const [port] = trackingHelpers[helper] ?? [];
    if (port === undefined) return [];
    const [number = '', protocol = ''] = port.split('/');
    return [
      {
        text: `${protocol} dport ${number} ct helper set "helper-${helper}-${protocol}"`,
        filter: {},
      },
    ];
  });
  const destinations = service.destinations.map((one) => {
    const [, family, address = ''] = /^(ipv[46]):(.*)$/.exec(one) ?? [];
    return `${family === 'ipv6' ? 'ip6' : 'ip'} daddr ${address} `;
  });
  const own = [
    ...service.ports.map((port) => portLine('dport', port)),
    ...service.protocols.map((value): Line => ({ text: `meta l4proto ${value}` })),
    ...service.sourcePorts.map((port) => portLine('sport', port)),
  ];
  return [
    ...service.includes.flatMap(serviceLines),
    ...helped,
    // What is meant for a group of receivers never comes here.
    ...own.flatMap((line) =>
      destinations.length === 0
        ? [line]
        : destinations.map((before): Line => ({ text: `${before}${line.text}` })),
    ),
  ];
}

/** The helpers that a service needs, its parts' first. */
export function helpersOf(name: string): readonly string[] {
  const service = firewalldServices().get(name);
  return service === undefined ? [] : [...service.includes.flatMap(helpersOf), ...service.helpers];
}

function accepted(line: Line): Line {
  if (line.text.includes(' ct helper ')) return { text: line.text };
  return {
    text: `${line.text} accept`,
    ...(line.filter !== undefined && { filter: { ...line.filter, action: 'accept' } }),
  };
}

function richLines(rule: RichRule): readonly (readonly [Stage, Line])[] {
  const { action, destination, element, family, log, priority, source } = rule;
  const ip = family === 'ipv6' ? 'ip6' : 'ip';
  const isDenied = action?.kind === 'reject' && action.type !== 'tcp-reset';
  const place = (field: string, at: RichRule['source']) =>
    at === null
      ? ''
      : `${ip} ${field} ${at.isNot ? '!= ' : ''}${at.address.replace(/\/(?:32|128)$/, '')} `;
  const places = place('saddr', source) + place('daddr', destination);
  const isBare = places === '' && family !== null;
  const filter: Partial<FilterRule> = {
    ...(source !== null && { remote: source.address }),
    ...(destination !== null && { local: destination.address }),
    not: [
      ...(source?.isNot === true ? (['remote'] as const) : []),
      ...(destination?.isNot === true ? (['local'] as const) : []),
    ],
  };
  const wanted: readonly Line[] =
    element === null
      ? [{ text: '', filter: {} }]
      : element.kind === 'service'
        ? serviceLines(element.name).filter(({ text }) => !text.includes(' ct helper '))
        : element.kind === 'protocol'
          ? [
              {
                text: `meta l4proto ${element.value}`,
                ...(element.value === 'icmp' && { filter: { protocol: 'icmp' as const } }),
              },
            ]
          : [
              portLine(
                element.kind === 'port' ? 'dport' : 'sport',
                `${element.port}/${element.protocol}`,
              ),
            ];
  const stage = (own: Stage): Stage => (priority < 0 ? 'pre' : priority > 0 ? 'post' : own);
  const lines: (readonly [Stage, Line])[] = [];
  const line = (what: Line, end: string, isFamilySaid: boolean): string =>
    `${isBare && isFamilySaid ? `meta nfproto ${family} ` : ''}${places}${what.text}`.trimEnd() +
    ` ${end}`;
  if (log !== null) {
    const said = [
      ...(log.limit === null ? [] : [limitText(log.limit)]),
      `log${log.prefix === null ? '' : ` prefix "${log.prefix}"`}`,
      ...(log.level === null || log.level === 'warning' ? [] : [`level ${log.level}`]),
    ];
    for (const one of wanted)
      lines.push([stage('log'), { text: line(one, said.join(' '), true).trim() }]);
  }
  if (action !== null) {
    const limit = action.limit === null ? '' : `${limitText(action.limit)} `;
    for (const one of wanted)
      lines.push([
        stage(action.kind === 'accept' ? 'allow' : 'deny'),
        {
          text: line(one, `${limit}${verdictText(rule)}`, !isDenied).trim(),
          ...(one.filter !== undefined && {
            filter: { ...filter, ...one.filter, ...verdictOf(rule) },
          }),
        },
      ]);
  }
  return lines;
}

function limitText(value: string): string {
  const [rate = '', unit = ''] = value.split('/');
  const names: Readonly<Record<string, string>> = { s: 'second', m: 'minute', h: 'hour', d: 'day' };
  return `limit rate ${rate}/${names[unit[0] ?? ''] ?? unit}`;
}

function verdictText({ action, family }: RichRule): string {
  if (action?.kind !== 'reject') return action?.kind ?? '';
  if (action.type === 'tcp-reset') return 'reject with tcp reset';
  const icmp = family === 'ipv6' ? 'icmpv6' : 'icmp';
  if (action.type !== null)
    return `reject with ${icmp} ${action.type.replace(/^icmp6?-/, '').replace('adm-', 'admin-')}`;
  return family === null ? 'reject' : `reject with ${icmp} port-unreachable`;
}

function verdictOf({ action }: RichRule): Partial<FilterRule> {
  if (action?.kind !== 'reject') return { action: action?.kind ?? 'continue' };
  const types: Readonly<Record<string, NonNullable<FilterRule['rejectWith']>>> = {
    'tcp-reset': 'tcp-reset',
    'icmp-host-prohibited': 'icmp-host-prohibited',
    'icmp-host-unreachable': 'icmp-host-unreachable',
    'icmp-admin-prohibited': 'icmp-admin-prohibited',
  };
  return { action: 'reject', rejectWith: types[action.type ?? ''] ?? 'icmp-port-unreachable' };
}

/** What lies in the chains of a zone for what comes in; equal lines are there once, apart from rich rules. */
function zoneLines(zone: Zone): ReadonlyMap<Stage, readonly Line[]> {
  const all = zone.entries.flatMap(({ kind, value }) => {
    if (kind === 'rule')
      return richLines(readRichRule(value)).map(
        ([stage, line]) => ({ stage, line, key: `rule ${line.text}` }) as const,
      );
    const lines = kind === 'port' ? [portLine('dport', value)] : serviceLines(value);
    return lines.map(accepted).map((line) => ({ stage: 'allow', line, key: line.text }));
  });
  return new Map(
    stages.map((stage) => {
      const seen = new Map<string, Line>();
      for (const { key, line, stage: at } of all)
        if (at === stage && !seen.has(key)) seen.set(key, line);
      return [stage, [...seen.values()]];
    }),
  );
}

function endLines(target: ZoneTarget): readonly Line[] {
  switch (target) {
    case 'ACCEPT':
      return [{ text: 'accept', filter: { action: 'accept' } }];
    case 'DROP':
      return [{ text: 'drop', filter: { action: 'drop' } }];
    case '%%REJECT%%':
      return [{ text: adminProhibited, filter: rejectUnasked }];
    case 'default':
      return [
        {
          text: 'meta l4proto { icmp, ipv6-icmp } accept',
          filter: { protocol: 'icmp', action: 'accept' },
        },
        { text: adminProhibited, filter: rejectUnasked },
      ];
  }
}

/** Where packets go by their source, then by their interface, then by default. */
function entrances(state: RuntimeState): readonly {
  readonly zone: string;
  readonly source?: string;
  readonly interface?: string;
}[] {
  const zones = state.zones.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return [
    ...zones.flatMap((zone) => zone.sources.map((source) => ({ zone: zone.name, source }))),
    ...zones.flatMap((zone) =>
      zone.interfaces.map((name) => ({ zone: zone.name, interface: name })),
    ),
    { zone: state.defaultZone },
  ];
}

/** The rules as the engine applies them, after those of iptables. */
export function engineFilter(state: RuntimeState): FilterSpec {
  const rules: FilterRule[] = [];
  const add = (chain: string, part: Partial<FilterRule>) => {
    rules.push({ chain, action: 'accept', words: [], ...part });
  };
  add('in', { states: ['ESTABLISHED', 'RELATED'] });
  add('in', { interface: 'lo' });
  add('in', { states: ['INVALID'], action: 'drop' });
  for (const { zone, source, interface: name } of entrances(state))
    add('in', {
      ...(source !== undefined && { remote: source }),
      ...(name !== undefined && { interface: name }),
      action: 'goto',
      to: `:${zone}`,
    });
  add('in', rejectUnasked);
  for (const zone of state.zones) {
    const lines = [...zoneLines(zone).values()].flat();
    for (const { filter } of [...lines, ...endLines(zone.target)])
      if (filter !== undefined) add(`:${zone.name}`, filter);
  }
  return { policyIn: 'accept', policyOut: 'accept', rules, filtersOwn: true };
}

const address6 =
  'ip6 daddr { ::/96, ::ffff:0.0.0.0/96, 2002::/24, 2002:a00::/24, 2002:7f00::/24, 2002:a9fe::/32, 2002:ac10::/28, 2002:c0a8::/32, 2002:e000::/19 } reject with icmpv6 addr-unreachable';
const policy = 'policy_allow-host-ipv6';

/** The whole table as nft lists it. */
export function tableText(state: RuntimeState): string {
  const chains = chainsOf(state);
  const helpers = state.helpers.map((name) => {
    const [port = '', family] = trackingHelpers[name] ?? [];
    const protocol = port.split('/')[1] ?? '';
    return `\tct helper helper-${name}-${protocol} {\n\t\ttype "${name}" protocol ${protocol}\n\t\tl3proto ${family ?? ''}\n\t}\n`;
  });
  return `table inet firewalld {\n${[...helpers, ...chains.map(([name, lines]) => chainText(name, lines))].join('\n')}}\n`;
}

/** One of its chains, in its table; undefined where there is none of that name. */
export function chainListing(state: RuntimeState, name: string): string | undefined {
  const found = chainsOf(state).find(([own]) => own === name);
  return found && `table inet firewalld {\n${chainText(name, found[1])}}\n`;
}

function chainText(name: string, lines: readonly string[]): string {
  return `\tchain ${name} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}

type Chain = readonly [name: string, lines: readonly string[]];

function chainsOf(state: RuntimeState): readonly Chain[] {
  const doors = entrances(state);
  const zonesLines = (prefix: string, isOut: boolean) =>
    doors.map(({ zone, source, interface: name }) => {
      const family = source?.includes(':') === true ? 'ip6' : 'ip';
      const from =
        source !== undefined
          ? `${family} ${isOut ? 'daddr' : 'saddr'} ${source} `
          : name !== undefined
            ? `${isOut ? 'oifname' : 'iifname'} "${name}" `
            : '';
      return `${from}goto ${prefix}_${zone}`;
    });
  const hook = (type: string, at: string, priority: string) =>
    `type ${type} hook ${at} priority ${priority}; policy accept;`;
  const begin = [
    'ct state { established, related } accept',
    'ct status dnat accept',
    'iifname "lo" accept',
    'ct state invalid drop',
  ];
  const passing = (
    name: string,
    zones: string,
    isOut: boolean,
    first: readonly string[] = [],
  ): Chain[] => {
    const kind = name.startsWith('mangle') ? 'filter' : 'nat';
    const priority = name.startsWith('mangle')
      ? 'mangle + 10'
      : isOut
        ? 'srcnat + 10'
        : 'dstnat + 10';
    return [
      [name, [hook(kind, isOut ? 'postrouting' : 'prerouting', priority), `jump ${name}_ZONES`]],
      [`${name}_POLICIES_pre`, first],
      [`${name}_ZONES`, zonesLines(zones, isOut)],
      [`${name}_POLICIES_post`, []],
    ];
  };
  const staged = (
    head: string,
    first: readonly string[],
    last: readonly string[],
    lines: (stage: Stage) => readonly string[],
  ): Chain[] => [
    [head, [...first, ...stages.map((stage) => `jump ${head}_${stage}`), ...last]],
    ...stages.map((stage): Chain => [`${head}_${stage}`, lines(stage)]),
  ];
  const none = () => [];
  const ofZone = (name: string): readonly Chain[] => {
    const zone = state.zones.find((one) => one.name === name);
    if (zone === undefined) return [];
    const lines = zoneLines(zone);
    const texts = (all: readonly Line[] | undefined) => (all ?? []).map(({ text }) => text);
    const end = texts(endLines(zone.target));
    const passes = (
      prefix: string,
      long: string,
      last: readonly string[],
      own: (stage: Stage) => readonly string[],
    ) =>
      staged(
        `${prefix}_${name}`,
        [`jump ${long}_POLICIES_pre`],
        [`jump ${long}_POLICIES_post`, ...last],
        own,
      );
    const allow = (own: readonly string[]) => (stage: Stage) => (stage === 'allow' ? own : []);
    const forwarded = zone.forwards
      ? [
          ...zone.interfaces.map((one) => `oifname "${one}" accept`),
          ...zone.sources.map((one) => `${one.includes(':') ? 'ip6' : 'ip'} daddr ${one} accept`),
        ]
      : [];
    const masqueraded = zone.masquerades ? ['meta nfproto ipv4 oifname != "lo" masquerade'] : [];
    return [
      ...passes('filter_IN', 'filter_INPUT', end, (stage) => texts(lines.get(stage))),
      ...passes('nat_POST', 'nat_POSTROUTING', [], allow(masqueraded)),
      ...passes('filter_FWD', 'filter_FORWARD', end.slice(-1), allow(forwarded)),
      ...passes('nat_PRE', 'nat_PREROUTING', [], none),
      ...passes('mangle_PRE', 'mangle_PREROUTING', [], none),
    ];
  };
  const neighbours = ['advert', 'solicit'].map((one) => `icmpv6 type nd-neighbor-${one} accept`);
  return [
    ...passing('mangle_PREROUTING', 'mangle_PRE', false, [`jump mangle_PRE_${policy}`]),
    ...passing('nat_PREROUTING', 'nat_PRE', false, [`jump nat_PRE_${policy}`]),
    ...passing('nat_POSTROUTING', 'nat_POST', true),
    [
      'nat_OUTPUT',
      [
        hook('nat', 'output', '-90'),
        'jump nat_OUTPUT_POLICIES_pre',
        'jump nat_OUTPUT_POLICIES_post',
      ],
    ],
    ['nat_OUTPUT_POLICIES_pre', []],
    ['nat_OUTPUT_POLICIES_post', []],
    [
      'filter_PREROUTING',
      [
        hook('filter', 'prerouting', 'filter + 10'),
        'icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept',
        'meta nfproto ipv6 fib saddr . mark . iif oif missing drop',
      ],
    ],
    [
      'filter_INPUT',
      [
        hook('filter', 'input', 'filter + 10'),
        ...begin,
        'jump filter_INPUT_ZONES',
        adminProhibited,
      ],
    ],
    [
      'filter_FORWARD',
      [
        hook('filter', 'forward', 'filter + 10'),
        ...begin,
        address6,
        'jump filter_FORWARD_ZONES',
        adminProhibited,
      ],
    ],
    [
      'filter_OUTPUT',
      [
        hook('filter', 'output', 'filter + 10'),
        'ct state { established, related } accept',
        'oifname "lo" accept',
        address6,
        'jump filter_OUTPUT_POLICIES_pre',
        'jump filter_OUTPUT_POLICIES_post',
      ],
    ],
    ['filter_INPUT_POLICIES_pre', [`jump filter_IN_${policy}`]],
    ['filter_INPUT_ZONES', zonesLines('filter_IN', false)],
    ['filter_INPUT_POLICIES_post', []],
    ['filter_FORWARD_POLICIES_pre', []],
    ['filter_FORWARD_ZONES', zonesLines('filter_FWD', false)],
    ['filter_FORWARD_POLICIES_post', []],
    ['filter_OUTPUT_POLICIES_pre', []],
    ['filter_OUTPUT_POLICIES_post', []],
    ...state.made.flatMap(ofZone),
    ...['filter_IN', 'nat_PRE', 'mangle_PRE'].flatMap((prefix) =>
      staged(`${prefix}_${policy}`, [], [], (stage) =>
        prefix === 'filter_IN' && stage === 'allow'
          ? [...neighbours, 'icmpv6 type nd-router-advert accept', 'icmpv6 type nd-redirect accept']
          : [],
      ),
    ),
    ...state.madeLater.flatMap(ofZone),
  ];
}
