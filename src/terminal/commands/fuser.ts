/** fuser (psmisc 23.6): which processes hold a port. Of its name spaces only tcp and udp are here. */

import type { Process } from '../linux/processes.ts';
import { failed, Printer, unsupported, type Command, type CommandContext } from './command.ts';
import { deliver } from './kill.ts';
import { signalNumber } from './signals.ts';

const usage = 'Usage: fuser [-kvs] [-n tcp|udp] PORT/tcp|PORT/udp …';

export const fuser: Command = {
  name: 'fuser',
  run(context) {
    let space: string | undefined;
    let signal = 9;
    const letters = new Set<string>();
    const names: string[] = [];
    const { args } = context;
    for (let at = 0; at < args.length; at++) {
      const arg = args[at] ?? '';
      const number = arg.startsWith('-') ? signalNumber(arg.slice(1)) : undefined;
      if (arg === '-n' || arg === '--namespace') space = args[++at] ?? '';
      else if (number !== undefined && /^-(?:\d+|[A-Z]+\d*)$/.test(arg)) signal = number;
      else if (/^-[kvsu46]+$/.test(arg)) for (const letter of arg.slice(1)) letters.add(letter);
      else if (arg.startsWith('-')) return unsupported(context, 'fuser', arg);
      else names.push(arg);
    }
    if (names.length === 0) return failed(`No process specification given\n${usage}`);
    const out = new Printer();
    let isFound = false;
    let hasHead = false;
    for (const name of names) {
      const read = readName(context, name, space);
      if (typeof read === 'string') return failed(read);
      const found = holders(context, read.protocol, read.port);
      if (found.length === 0) continue;
      isFound = true;
      const title = `${space === undefined ? name : `${name}/${space}`}:`;
      if (!letters.has('s') && letters.has('v')) {
        if (!hasHead) out.problem(`${' '.repeat(21)}USER        PID ACCESS COMMAND`);
        hasHead = true;
        for (const [index, { command, pid, user }] of found.entries()) {
          out.piece(
            'err',
            (index === 0 ? title : '').padEnd(21) + `${user.slice(0, 8).padEnd(8)} `,
          );
          out.piece('out', String(pid).padStart(6));
          out.problem(` F.... ${command}`);
        }
      } else if (!letters.has('s')) {
        out.piece('err', title.padEnd(20));
        for (const { pid } of found) out.piece('out', ` ${String(pid).padStart(5)}`);
        out.problem('');
      }
      if (letters.has('k'))
        for (const process of found)
          if (!deliver(context, process, signal))
            out.problem(`Could not kill process ${process.pid}: Operation not permitted`);
    }
    return out.result(isFound ? 0 : 1);
  },
};

function readName(
  { machine }: CommandContext,
  name: string,
  space: string | undefined,
): { readonly port: number; readonly protocol: string } | string {
  const [word = '', protocol = space ?? ''] = name.split('/');
  if (protocol !== 'tcp' && protocol !== 'udp') return `Specified filename ${name} does not exist.`;
  const port = /^\d+$/.test(word) ? Number(word) : machine.serviceNames().byName(word)?.port;
  return port === undefined
    ? `Cannot resolve local port ${word}: Servname not supported for ai_socktype`
    : { port, protocol };
}

/** The processes with a socket on the port, which only root sees of others. */
function holders(
  { host, machine, user }: CommandContext,
  protocol: string,
  port: number,
): Process[] {
  const pids = new Set(
    host
      .sockets()
      .flatMap((socket) =>
        socket.protocol === protocol && socket.localPort === port && socket.owner !== null
          ? [socket.owner.pid]
          : [],
      ),
  );
  return [...pids]
    .sort((one, other) => one - other)
    .flatMap((pid) => machine.processes.get(pid) ?? [])
    .filter(({ uid }) => user.uid === 0 || user.uid === uid);
}
