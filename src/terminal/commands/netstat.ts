/** netstat (net-tools 2.10): TCP and UDP sockets in the older layout. */

import { formatNetstat } from '../formats/netstat-table.ts';
import type { SocketRow } from '../formats/socket-row.ts';
import { failed, printed, unsupported, type Command } from './command.ts';
import { naming } from './naming.ts';
import { optionProblem, parseOptions } from './options.ts';

const notHere = ['r', 'i', 'g', 's', 'M', 'c', 'F', 'C', 'Z', 'x', 'w', 'U', 'S'];

export const netstat: Command = {
  name: 'netstat',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'hVrigsMvWnNeplacoFCZtuwxUS46',
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
      },
    });
    if (!parsed.ok) return failed(optionProblem('netstat', parsed), 3);
    const letters = new Set(parsed.options.map((option) => option.letter));
    if (letters.has('h')) return printed((await context.manual('netstat')) ?? '');
    if (letters.has('V')) return printed('net-tools 2.10\n');
    for (const letter of notHere)
      if (letters.has(letter)) return unsupported(context, 'netstat', `-${letter}`);
    const both = !letters.has('t') && !letters.has('u');
    const which = letters.has('a') ? 'all' : letters.has('l') ? 'listening' : 'connected';
    const rows = context
      .socketRows()
      .filter((row) => both || letters.has(row.protocol === 'tcp' ? 't' : 'u'))
      .filter((row) => isShown(row, which))
      .filter((row) =>
        letters.has('4') === letters.has('6') ? true : row.family === (letters.has('4') ? 4 : 6),
      )
      .sort((one, other) => rank(one) - rank(other));
    const table = formatNetstat(rows, {
      which,
      showPrograms: letters.has('p'),
      showTimers: letters.has('o'),
      showExtended: letters.has('e'),
      isWide: letters.has('W'),
      naming: naming(context.machine, { ports: !letters.has('n'), hosts: !letters.has('n') }),
      mayRead: (uid) => context.user.uid === 0 || context.user.uid === uid,
    });
    if (!letters.has('p') || context.user.uid === 0) return printed(table);
    const isBlind = !rows.some((row) => row.owners.some((owner) => owner.uid === context.user.uid));
    const stderr = isBlind
      ? `(No info could be read for "-p": geteuid()=${context.user.uid} but you should be root.)\n`
      : '(Not all processes could be identified, non-owned process info\n will not be shown, you would have to be root to see it all.)\n';
    return {
      stdout: table,
      stderr,
      exitCode: 0,
      inOrder: [
        { stream: 'err', text: stderr },
        { stream: 'out', text: table },
      ],
    };
  },
};

function isShown(row: SocketRow, which: 'all' | 'listening' | 'connected'): boolean {
  if (which === 'all') return true;
  const isListening = row.state === 'LISTEN' || row.state === 'UNCONN';
  return which === 'listening' ? isListening : !isListening;
}

/** TCP before UDP, IPv4 before IPv6, listeners first: the order of the files it reads. */
function rank(row: SocketRow): number {
  return (
    (row.protocol === 'udp' ? 4 : 0) + (row.family === 4 ? 0 : 2) + (row.state === 'LISTEN' ? 0 : 1)
  );
}
