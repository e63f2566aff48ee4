/** ss (iproute2 6.1.0): the sockets of the machine. */

import { tcpInfo } from '../../formats/ss-info.ts';
import { formatSsSummary, formatSsTable } from '../../formats/ss-table.ts';
import type { SocketEntryState, SocketEntry } from '../../formats/socket-entry.ts';
import { parseSsFilter, type SsFilterContext } from '../../formats/ss-filter.ts';
import { allStates } from '../../formats/ss-filter-words.ts';
import { failed, printed, unsupported, type Command, type CommandContext } from '../command.ts';
import { naming } from '../address-names.ts';
import { optionProblem, parseOptions, type GivenOptions } from '../options.ts';
import { followSockets } from './events.ts';

/** What `ss` shows of TCP when nothing is said: connections, but not half-open or finished ones. */
const defaultTcp: ReadonlySet<SocketEntryState> = new Set([
  'SYN-SENT',
  'ESTAB',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
]);

/** Long options without a letter have a Greek one here. */
const notHere: Readonly<Record<string, string>> = {
  b: '-b',
  N: '-N',
  '0': '-0',
  M: '-M',
  d: '-d',
  x: '-x',
  T: '-T',
  D: '-D',
  F: '-F',
  α: '--tos',
  β: '--cgroup',
  γ: '--tipcinfo',
  δ: '--tipc',
  η: '--vsock',
  ε: '--xdp',
  ζ: '--inet-sockopt',
};

const usage = 'Usage: ss [ OPTIONS ]\n       ss [ OPTIONS ] [ FILTER ]\n';

/** Tables after `-A`; those that this machine never has anything in print an empty one. */
const tables: Readonly<Record<string, readonly Table[]>> = {
  all: ['raw', 'udp', 'tcp', 'sctp'],
  inet: ['raw', 'udp', 'tcp', 'sctp'],
  tcp: ['tcp'],
  udp: ['udp'],
  raw: ['raw'],
  sctp: ['sctp'],
};
const otherTables = ['dccp', 'mptcp', 'netlink', 'packet', 'packet_raw', 'packet_dgram', 'p_raw'];
const moreTables = ['p_dgram', 'tipc', 'unix', 'unix_dgram', 'unix_seqpacket', 'unix_stream'];
const lastTables = ['u_dgr', 'u_seq', 'u_str', 'u_dgram', 'u_stream', 'v_dgr', 'v_str', 'vsock'];
const tablesNotHere: ReadonlySet<string> = new Set([...otherTables, ...moreTables, ...lastTables]);

type Table = 'udp' | 'tcp' | 'raw' | 'sctp';
const tableLetters = { t: 'tcp', u: 'udp', w: 'raw', S: 'sctp' } as const;

export const ss: Command = {
  name: 'ss',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'hVvnralopesimbEzZ460tMSudwxTHOKαβγδεζη',
      valued: 'NfADF',
      long: {
        numeric: 'n',
        resolve: 'r',
        options: 'o',
        extended: 'e',
        memory: 'm',
        info: 'i',
        processes: 'p',
        threads: 'T',
        bpf: 'b',
        events: 'E',
        dccp: 'd',
        tcp: 't',
        sctp: 'S',
        udp: 'u',
        raw: 'w',
        unix: 'x',
        tipc: 'δ',
        vsock: 'η',
        all: 'a',
        listening: 'l',
        ipv4: '4',
        ipv6: '6',
        packet: '0',
        family: 'f',
        socket: 'A',
        query: 'A',
        summary: 's',
        diag: 'D',
        filter: 'F',
        version: 'V',
        help: 'h',
        context: 'Z',
        contexts: 'z',
        net: 'N',
        tipcinfo: 'γ',
        tos: 'α',
        cgroup: 'β',
        kill: 'K',
        'no-header': 'H',
        xdp: 'ε',
        mptcp: 'M',
        oneline: 'O',
        'inet-sockopt': 'ζ',
      },
    });
    if (!parsed.ok) return failed(`${optionProblem('ss', parsed)}\n${usage}`, 255);
    const { letters } = parsed.options;
    if (letters.has('h')) return printed((await context.manual('ss')) ?? '');
    if (letters.has('V') || letters.has('v')) return printed('ss utility, iproute2-6.1.0\n');
    if (letters.has('z') || letters.has('Z')) return failed('ss: SELinux is not enabled.');
    for (const [letter, option] of Object.entries(notHere))
      if (letters.has(letter)) return unsupported(context, 'ss', option);

    const chosen = chosenTables(parsed.options);
    if (!chosen.ok)
      return chosen.isKnown
        ? unsupported(context, 'ss', chosen.option)
        : failed(`${chosen.problem}\n${usage}`, 255);
    const { family } = chosen;
    const summary = letters.has('s') ? formatSsSummary(context.socketCounters()) : '';
    if (summary !== '' && chosen.isDefault && parsed.operands.length === 0) return printed(summary);

    const wordNotHere = parsed.operands
      .join(' ')
      .split(/\s+/)
      .find((word) => word === 'autobound' || word === 'cgroup');
    if (wordNotHere !== undefined) return unsupported(context, 'ss', wordNotHere);
    const filter = parseSsFilter(parsed.operands, filterContext(context));
    if (!filter.ok)
      return failed(`${filter.message}\n${filter.isSyntax ? usage : ''}`, filter.exitCode);
    const { protocols } = chosen;
    if (protocols.length === 0) return failed('ss: no socket tables to show with such filter.', 0);
    const whole = parsed.options.last('al')?.letter;
    const states = filter.states ?? shownStates(whole, protocols);
    const mayRead = (uid: number) => context.user.uid === 0 || context.user.uid === uid;
    const rows = context
      .socketEntries()
      .filter((row) => protocols.includes(row.protocol) && filter.test(row))
      .filter((row) => states.has(row.state))
      .filter((row) => family === undefined || row.family === family)
      .map((row) => ({ ...row, owners: row.owners.filter((owner) => mayRead(owner.uid)) }))
      .sort(byProtocolAndKind);
    const info = {
      congestionControl: context.machine.sysctls.get('net.ipv4.tcp_congestion_control') ?? '',
      nowMs: context.machine.world.nowMs,
      showOptions: letters.has('e') || letters.has('o'),
    };
    const layout = {
      showNetid: protocols.length > 1,
      showState: states.size > 1,
      showProcesses: letters.has('p'),
      showTimers: letters.has('o') || letters.has('e'),
      showExtended: letters.has('e'),
      showMemory: letters.has('m'),
      isOneLine: letters.has('O'),
      withHeader: !letters.has('H'),
      screenColumns: context.isTty ? context.terminal.columns() : undefined,
      naming: naming(context.machine, { ports: !letters.has('n'), hosts: letters.has('r') }),
      ...(letters.has('i') && {
        info: (row: SocketEntry) => tcpInfo(row, context.host.traffic(row.cookie), info),
      }),
    };
    if (letters.has('E'))
      return followSockets(
        context,
        (row) =>
          protocols.includes(row.protocol) &&
          filter.test(row) &&
          (family === undefined || row.family === family),
        (row, isFirst) =>
          formatSsTable([row], {
            ...layout,
            showState: true,
            withHeader: isFirst && layout.withHeader,
          }),
      );
    const table = formatSsTable(rows, layout);
    if (letters.has('K')) {
      if (context.user.uid !== 0) return failed('RTNETLINK answers: Operation not permitted');
      killSockets(context, rows);
    }
    if (chosen.isDefault && family === undefined && whole !== undefined && context.isTty)
      context.terminal.notice(context.words.onlyInternetSockets);
    return printed(summary + table);
  },
};

/**
 * `-K`: the kernel ends each of them at once (sock_diag(7), SOCK_DESTROY), with a reset where somebody is at
 * the other end.
 */
function killSockets({ host }: CommandContext, rows: readonly SocketEntry[]): void {
  for (const { cookie } of rows) if (!host.reset(cookie).ok) host.close(cookie);
}

function filterContext(context: CommandContext): SsFilterContext {
  const { machine } = context;
  return {
    services: machine.serviceNames(),
    resolve: (name) => machine.resolve(name),
    devices: ['lo', 'eth0'],
  };
}

type Chosen =
  | {
      readonly ok: true;
      readonly protocols: readonly Table[];
      readonly family: 4 | 6 | undefined;
      /** No table was named. */
      readonly isDefault: boolean;
    }
  | { readonly ok: false; readonly isKnown: true; readonly option: string }
  | { readonly ok: false; readonly isKnown: false; readonly problem: string };

/** Of two families the last one counts; of tables all that are named. */
function chosenTables(options: GivenOptions): Chosen {
  const protocols = new Set<Table>();
  let family: 4 | 6 | undefined;
  let isDefault = true;
  for (const { letter, value = '' } of options) {
    if (letter === '4' || letter === '6') family = letter === '4' ? 4 : 6;
    if (letter === 'f') {
      if (!['inet', 'inet6'].includes(value))
        return families.has(value)
          ? { ok: false, isKnown: true, option: `-f ${value}` }
          : { ok: false, isKnown: false, problem: `ss: "${value}" is invalid family` };
      family = value === 'inet' ? 4 : 6;
    }
    if (letter in tableLetters) protocols.add(tableLetters[letter as keyof typeof tableLetters]);
    if (letter in tableLetters || letter === 'A') isDefault = false;
    if (letter !== 'A') continue;
    for (const word of value.split(',')) {
      const name = word.replace(/^!/, '');
      if (tablesNotHere.has(name)) return { ok: false, isKnown: true, option: `-A ${name}` };
      const named = tables[name];
      if (named === undefined)
        return { ok: false, isKnown: false, problem: `ss: "${name}" is illegal socket table id` };
      for (const one of named) {
        if (word.startsWith('!')) protocols.delete(one);
        else protocols.add(one);
      }
    }
  }
  const order: readonly Table[] = ['raw', 'udp', 'tcp', 'sctp'];
  return {
    ok: true,
    protocols: isDefault ? ['udp', 'tcp'] : order.filter((one) => protocols.has(one)),
    family,
    isDefault,
  };
}

const families: ReadonlySet<string> = new Set(['link', 'unix', 'netlink', 'tipc', 'vsock', 'xdp']);

/** Without `state`: what each protocol shows by itself, or what `-a` and `-l` ask for. */
function shownStates(
  whole: string | undefined,
  protocols: readonly Table[],
): ReadonlySet<SocketEntryState> {
  if (whole === 'a') return allStates;
  if (whole === 'l') return new Set(['LISTEN', 'UNCONN']);
  if (protocols.includes('tcp')) return defaultTcp;
  return new Set(protocols.includes('raw') ? ['ESTAB', 'UNCONN'] : ['ESTAB']);
}

/** UDP before TCP, IPv4 before IPv6, listeners first: in this order `ss` asks the kernel. */
function byProtocolAndKind(one: SocketEntry, other: SocketEntry): number {
  const rank = (row: SocketEntry) =>
    (row.protocol === 'udp' ? 0 : 4) +
    (row.family === 4 ? 0 : 2) +
    (row.state === 'LISTEN' ? 0 : 1);
  return rank(one) - rank(other);
}
