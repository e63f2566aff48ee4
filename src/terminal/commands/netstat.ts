/** netstat (net-tools 2.10): sockets in the older layout, routes, interfaces, and what is counted. */

import { formatStatistics, type StatisticsOf } from '../formats/netstat-statistics.ts';
import {
  formatInterfaces,
  formatNetstat,
  formatNoUnixSockets,
  formatRoutes,
} from '../formats/netstat-table.ts';
import { interfacesOf, routesOf } from '../linux/network-config.ts';
import type { EntryOwner, SocketEntry } from '../formats/socket-entry.ts';
import {
  failed,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';
import { naming } from './address-names.ts';
import { optionProblem, parseOptions } from './options.ts';

const notHere = ['g', 'c', 'C', 'Z', 'U'];

const usage = 'usage: netstat [-vWeenNcCF] [<Af>] -r         netstat {-V|--version|-h|--help}\n';
const families: Readonly<Record<string, '4' | '6'>> = { inet: '4', ip: '4', inet6: '6', ip6: '6' };
const familiesNotHere: readonly string[] = ['unix', 'ipx', 'ax25', 'netrom', 'x25', 'rose', 'ddp'];

export const netstat: Command = {
  name: 'netstat',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'hVrigsMvWnNeplacoFCZtuwxUS46πηυ',
      valued: 'A',
      long: {
        help: 'h',
        version: 'V',
        route: 'r',
        interfaces: 'i',
        groups: 'g',
        statistics: 's',
        masquerade: 'M',
        verbose: 'v',
        wide: 'W',
        numeric: 'n',
        extend: 'e',
        programs: 'p',
        listening: 'l',
        all: 'a',
        continuous: 'c',
        timers: 'o',
        tcp: 't',
        udp: 'u',
        raw: 'w',
        unix: 'x',
        udplite: 'U',
        sctp: 'S',
        inet: '4',
        ip: '4',
        inet6: '6',
        'numeric-hosts': 'η',
        'numeric-ports': 'π',
        'numeric-users': 'υ',
        symbolic: 'N',
        fib: 'F',
        cache: 'C',
        context: 'Z',
        protocol: 'A',
      },
    });
    if (!parsed.ok) return failed(`${optionProblem('netstat', parsed)}\n${usage}`, 3);
    const letters = new Set(parsed.options.letters);
    if (letters.has('h')) return printed((await context.manual('netstat')) ?? '');
    if (letters.has('V')) return printed('net-tools 2.10\n');
    for (const letter of notHere)
      if (letters.has(letter)) return unsupported(context, 'netstat', `-${letter}`);
    for (const name of parsed.options.listed('A')) {
      const family = families[name];
      if (family !== undefined) letters.add(family);
      else if (familiesNotHere.includes(name)) return unsupported(context, 'netstat', `-A ${name}`);
      else return failed(`Unknown address family \`${name}'.`);
    }
    if (letters.has('M')) return failed("netstat: no support for `ip_masquerade' on this system.");
    if (letters.has('s') || letters.has('i')) return counted(context, letters);
    const names = {
      ports: !letters.has('n') && !letters.has('π'),
      hosts: !letters.has('n') && !letters.has('η'),
    };
    if (letters.has('r')) {
      const [address = ''] = context.host.addresses;
      const named = naming(context.machine, names);
      return printed(
        formatRoutes(routesOf(address), {
          isExtended: letters.has('e'),
          hosts: names.hosts ? (one) => named.host(one) : null,
        }),
      );
    }
    const isAny = !['t', 'u', 'w', 'S', 'x'].some((letter) => letters.has(letter));
    const which = letters.has('a') ? 'all' : letters.has('l') ? 'listening' : 'connected';
    const rows = context
      .socketEntries()
      .filter((row) => isAny || letters.has(row.protocol === 'tcp' ? 't' : 'u'))
      .filter((row) => isShown(row, which))
      .filter((row) =>
        letters.has('4') === letters.has('6') ? true : row.family === (letters.has('4') ? 4 : 6),
      )
      .sort((one, other) => rank(one) - rank(other));
    const internet = formatNetstat(rows, {
      which,
      showPrograms: letters.has('p'),
      showTimers: letters.has('o'),
      showExtended: letters.has('e'),
      isWide: letters.has('W'),
      naming: naming(context.machine, names),
      hasNames: names.hosts,
      userName:
        letters.has('n') || letters.has('υ')
          ? String
          : (uid) => context.machine.users().find((user) => user.uid === uid)?.name ?? String(uid),
      programName: (owner) => programName(context.machine.processes.get(owner.pid)?.args, owner),
      mayRead: (uid) => context.user.uid === 0 || context.user.uid === uid,
    });
    const isUnix = letters.has('x') || (isAny && !letters.has('4') && !letters.has('6'));
    if (isUnix && context.isTty) context.terminal.notice(context.words.onlyInternetSockets);
    const hasInternet = isAny || ['t', 'u', 'w', 'S'].some((letter) => letters.has(letter));
    const table = `${hasInternet ? internet : ''}${isUnix ? formatNoUnixSockets(which, letters.has('p')) : ''}`;
    if (letters.has('S')) {
      const problem = "netstat: no support for `AF INET (sctp)' on this system.\n";
      return inOrder(problem, table, 1);
    }
    if (!letters.has('p') || context.user.uid === 0) return printed(table);
    const isBlind = !rows.some((row) => row.owners.some((owner) => owner.uid === context.user.uid));
    const stderr = isBlind
      ? `(No info could be read for "-p": geteuid()=${context.user.uid} but you should be root.)\n`
      : '(Not all processes could be identified, non-owned process info\n will not be shown, you would have to be root to see it all.)\n';
    return inOrder(stderr, table, 0);
  },
};

/** `-s` and `-i`. */
function counted(context: CommandContext, letters: ReadonlySet<string>): CommandResult {
  if (['s', 'i', 'r'].filter((letter) => letters.has(letter)).length > 1) return failed(usage, 3);
  const { host, machine } = context;
  const [address = '', sixth] = host.addresses;
  if (letters.has('i')) {
    if (letters.has('e')) return unsupported(context, 'netstat', '-ie');
    const cards = interfacesOf({
      address,
      ...(sixth !== undefined && { ipv6: { address: sixth } }),
    });
    return printed(formatInterfaces(cards, machine.counters(host)));
  }
  if (letters.has('6')) return unsupported(context, 'netstat', '-s6');
  if (letters.has('x'))
    return {
      stdout: '',
      stderr: 'netstat: No statistics support for specified address family: unix',
      exitCode: 1,
    };
  const wanted = new Set<StatisticsOf>();
  if (letters.has('t')) wanted.add('tcp');
  if (letters.has('u')) wanted.add('udp');
  if (letters.has('w')) wanted.add('raw');
  const text = machine.countersFile('snmp', host) + machine.countersFile('netstat', host);
  return printed(formatStatistics(text, wanted));
}

/** A complaint, then the table. */
function inOrder(stderr: string, stdout: string, exitCode: number): CommandResult {
  return {
    stdout,
    stderr,
    exitCode,
    inOrder: [
      { stream: 'err', text: stderr },
      { stream: 'out', text: stdout },
    ],
  };
}

/** The last part of the path it was started by; a title of its own is shown from its beginning. */
function programName(args: string | undefined, owner: EntryOwner): string {
  if (args === undefined || args.startsWith('[')) return owner.command;
  const [first = ''] = args.split(' ');
  if (first.endsWith(':')) return args;
  return first.slice(first.lastIndexOf('/') + 1);
}

function isShown(row: SocketEntry, which: 'all' | 'listening' | 'connected'): boolean {
  if (which === 'all') return true;
  const isListening = row.state === 'LISTEN' || row.state === 'UNCONN';
  return which === 'listening' ? isListening : !isListening;
}

/** TCP before UDP, IPv4 before IPv6, listeners first: the order of the files it reads. */
function rank(row: SocketEntry): number {
  return (
    (row.protocol === 'udp' ? 4 : 0) + (row.family === 4 ? 0 : 2) + (row.state === 'LISTEN' ? 0 : 1)
  );
}
