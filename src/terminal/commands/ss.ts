/** ss (iproute2 6.1.0): the sockets of the machine. */

import { formatSsSummary, formatSsTable } from '../formats/ss-table.ts';
import type { RowState, SocketRow } from '../formats/socket-row.ts';
import { parseSsFilter } from '../formats/ss-filter.ts';
import { failed, printed, unsupported, type Command } from './command.ts';
import { naming } from './naming.ts';
import { optionProblem, parseOptions } from './options.ts';

/** What `ss` shows of TCP when nothing is said: connections, but not half-open or finished ones. */
const defaultTcp: ReadonlySet<RowState> = new Set([
  'SYN-SENT',
  'ESTAB',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
]);

const notHere: Readonly<Record<string, string>> = {
  i: '-i',
  m: '-m',
  b: '-b',
  E: '-E',
  z: '-z',
  Z: '-Z',
  N: '-N',
  '0': '-0',
  M: '-M',
  S: '-S',
  d: '-d',
  w: '-w',
  x: '-x',
  T: '-T',
  K: '-K',
  D: '-D',
  F: '-F',
  f: '-f',
  A: '-A',
};

export const ss: Command = {
  name: 'ss',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'hVnralopesimbEzZ460tMSudwxTHOK',
      valued: 'NfADF',
      long: {
        help: 'h',
        version: 'V',
        numeric: 'n',
        resolve: 'r',
        all: 'a',
        listening: 'l',
        options: 'o',
        extended: 'e',
        memory: 'm',
        processes: 'p',
        threads: 'T',
        info: 'i',
        summary: 's',
        events: 'E',
        context: 'Z',
        contexts: 'z',
        net: 'N',
        ipv4: '4',
        ipv6: '6',
        packet: '0',
        tcp: 't',
        mptcp: 'M',
        sctp: 'S',
        udp: 'u',
        dccp: 'd',
        raw: 'w',
        unix: 'x',
        family: 'f',
        kill: 'K',
        'no-header': 'H',
        oneline: 'O',
        query: 'A',
        socket: 'A',
        diag: 'D',
        filter: 'F',
        bpf: 'b',
      },
    });
    if (!parsed.ok) return failed(`${optionProblem('ss', parsed)}\nTry 'ss --help'.`, 255);
    const letters = new Set(parsed.options.map((option) => option.letter));
    if (letters.has('h')) return printed((await context.manual('ss')) ?? '');
    if (letters.has('V')) return printed('ss utility, iproute2-6.1.0\n');
    if (letters.has('z') || letters.has('Z')) return failed('ss: SELinux is not enabled.');
    for (const [letter, option] of Object.entries(notHere))
      if (letters.has(letter)) return unsupported(context, 'ss', option);
    if (letters.has('s')) return printed(formatSsSummary(context.socketCounters()));

    const services = context.machine.serviceNames();
    const filter = parseSsFilter(parsed.operands, services);
    if (!filter.ok) return failed(filter.message, filter.exitCode);

    const protocols =
      letters.has('t') || letters.has('u')
        ? [...(letters.has('u') ? ['udp'] : []), ...(letters.has('t') ? ['tcp'] : [])]
        : ['udp', 'tcp'];
    const shown = shownStates(letters, filter.states);
    const mayRead = (uid: number) => context.user.uid === 0 || context.user.uid === uid;
    const rows = context
      .socketRows()
      .filter((row) => protocols.includes(row.protocol) && shown(row) && filter.test(row))
      .filter((row) =>
        letters.has('4') === letters.has('6') ? true : row.family === (letters.has('4') ? 4 : 6),
      )
      .map((row) => ({ ...row, owners: row.owners.filter((owner) => mayRead(owner.uid)) }))
      .sort(byProtocolAndKind);
    return printed(
      formatSsTable(rows, {
        showNetid: protocols.length > 1,
        showState: !isOneState(letters, protocols, filter.states),
        showProcesses: letters.has('p'),
        showTimers: letters.has('o') || letters.has('e'),
        showExtended: letters.has('e'),
        withHeader: !letters.has('H'),
        screenColumns: context.isTty ? context.terminal.columns() : undefined,
        naming: naming(context.machine, { ports: !letters.has('n'), hosts: letters.has('r') }),
      }),
    );
  },
};

type Shown = (row: SocketRow) => boolean;

function shownStates(
  letters: ReadonlySet<string>,
  states: ReadonlySet<RowState> | undefined,
): Shown {
  if (states !== undefined) return (row) => states.has(row.state);
  if (letters.has('a')) return () => true;
  if (letters.has('l')) return (row) => row.state === 'LISTEN' || row.state === 'UNCONN';
  return (row) => (row.protocol === 'tcp' ? defaultTcp.has(row.state) : row.state === 'ESTAB');
}

/** One state alone needs no column: `state time-wait`, or UDP without `-a`. */
function isOneState(
  letters: ReadonlySet<string>,
  protocols: readonly string[],
  states: ReadonlySet<RowState> | undefined,
): boolean {
  if (states !== undefined) return states.size === 1;
  return protocols.length === 1 && protocols[0] === 'udp' && !letters.has('a') && !letters.has('l');
}

/** UDP before TCP, IPv4 before IPv6, listeners first: in this order `ss` asks the kernel. */
function byProtocolAndKind(one: SocketRow, other: SocketRow): number {
  const rank = (row: SocketRow) =>
    (row.protocol === 'udp' ? 0 : 4) +
    (row.family === 4 ? 0 : 2) +
    (row.state === 'LISTEN' ? 0 : 1);
  return rank(one) - rank(other);
}
