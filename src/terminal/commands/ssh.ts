/**
 * ssh (OpenSSH): a connection to a simulated host, and a small shell there: enough to look at the
 * other end of a connection and to try a port from outside. Keys are assumed to be in place.
 */

import { strerror } from '../linux/error-texts.ts';
import { countSockets, toSocketRows } from '../linux/socket-rows.ts';
import { machineHost, neighbours } from '../linux/neighbourhood.ts';
import { curl } from './curl.ts';
import { nc } from './nc.ts';
import { ss } from './ss.ts';
import {
  failed,
  printed,
  startOwner,
  unsupported,
  waitUntil,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';
import { connectTcp } from './client-connection.ts';
import { optionProblem, parseOptions } from './options.ts';

export const ssh: Command = {
  name: 'ssh',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: '46AaCfGgKkMNnqsTtVvXxYy',
      valued: 'BbcDEeFIiJLlmOopQRSWw',
      stopAtOperand: true,
    });
    if (!parsed.ok)
      return failed(
        `${optionProblem('ssh', parsed)}\nusage: ssh [-46fNTv] [-b bind_address] [-l login_name] [-o option] [-p port] destination [command]`,
        255,
      );
    const letters = new Set(parsed.options.map((option) => option.letter));
    if (letters.has('V')) return { ...printed(''), stderr: 'OpenSSH_9.2p1, OpenSSL 3.0.19\n' };
    for (const letter of ['L', 'R', 'D', 'J', 'W', 'w'])
      if (letters.has(letter)) return unsupported(context, 'ssh', `-${letter}`);
    const value = (letter: string) =>
      parsed.options.findLast((option) => option.letter === letter)?.value;
    const [destination, ...command] = parsed.operands;
    if (destination === undefined)
      return failed(
        'usage: ssh [-46fNTv] [-b bind_address] [-l login_name] [-o option] [-p port] destination [command]',
        255,
      );
    const [userName, hostText] = destination.includes('@')
      ? destination.split('@')
      : [value('l') ?? context.user.name, destination];
    const portText = value('p') ?? '22';
    const port = Number(portText);
    if (!/^\d+$/.test(portText) || port < 1 || port > 65_535)
      return failed(`Bad port '${portText}'`, 255);
    const name = hostText ?? '';
    const address = context.machine.resolve(name);
    if (address === undefined)
      return failed(`ssh: Could not resolve hostname ${name}: Name or service not known`, 255);
    return connect(context, {
      name,
      address,
      port,
      userName: userName ?? '',
      command,
      localAddress: value('b'),
      isSilent: letters.has('N'),
      isBackground: letters.has('f'),
    });
  },
};

interface Target {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly userName: string;
  readonly command: readonly string[];
  readonly localAddress: string | undefined;
  readonly isSilent: boolean;
  readonly isBackground: boolean;
}

async function connect(context: CommandContext, target: Target): Promise<CommandResult> {
  const { owner, end } = startOwner(context, 'ssh', { kind: 'idle' });
  let keepsProcess = false;
  try {
    const outcome = await connectTcp(context, {
      address: target.address,
      port: target.port,
      owner,
      isRoot: context.user.uid === 0,
      ...(target.localAddress !== undefined && { localAddress: target.localAddress }),
    });
    if (context.signal.aborted) return { stdout: '', stderr: '', exitCode: 130 };
    if (outcome.kind !== 'connected') {
      const reason = outcome.kind === 'failed' ? strerror(outcome.error) : 'Connection timed out';
      if (outcome.kind === 'failed' && outcome.call === 'bind')
        return failed(
          `bind ${target.localAddress ?? ''}: ${reason}\nssh: connect to host ${target.name} port ${target.port}: ${reason}`,
          255,
        );
      return failed(`ssh: connect to host ${target.name} port ${target.port}: ${reason}`, 255);
    }
    const { socket } = outcome;
    if (context.machine.appAt(socket.remoteAddress, socket.remotePort) !== 'ssh') {
      context.host.close(socket.id);
      return failed(
        `kex_exchange_identification: Connection closed by remote host\nConnection closed by ${socket.remoteAddress} port ${socket.remotePort}`,
        255,
      );
    }
    const isOpen = () => context.host.socket(socket.id)?.state === 'ESTABLISHED';
    if (target.isBackground) {
      context.machine.processes.setProgram(owner.pid, { kind: 'holder', sockets: [socket.id] });
      keepsProcess = true;
      return { stdout: '', stderr: '', exitCode: 0 };
    }
    if (target.isSilent) {
      await waitUntil(context, () => !isOpen(), Number.POSITIVE_INFINITY);
      return { stdout: '', stderr: '', exitCode: 255 };
    }
    await settle(context);
    const there = otherSide(context, target, socket.localPort);
    const result =
      target.command.length > 0
        ? await runThere(there, target.command)
        : await talk(there, target, isOpen);
    if (isOpen()) context.host.close(socket.id);
    await settle(context);
    return result;
  } finally {
    if (!keepsProcess) end();
  }
}

/** Lets what is under way arrive. */
async function settle(context: CommandContext): Promise<void> {
  const until = context.machine.world.nowMs + 6;
  await waitUntil(context, () => context.machine.world.nowMs >= until, 6);
}

/** A command's surroundings on the other host. */
function otherSide(context: CommandContext, target: Target, fromPort: number): CommandContext {
  const neighbour = neighbours.find((candidate) => candidate.address === target.address);
  const hostName = neighbour === undefined ? context.machine.hostName() : neighbour.host;
  const host = context.machine.world.host(neighbour?.host ?? machineHost);
  const connection = `${context.host.addresses[0] ?? ''} ${fromPort} ${target.address} ${target.port}`;
  return {
    ...context,
    socketRows: () => toSocketRows(host.sockets(), context.machine.world.nowMs),
    socketCounters: () => countSockets(host.sockets()),
    host,
    hostName,
    env: new Map([['SSH_CONNECTION', connection]]),
    user: { ...context.user, name: target.userName },
  };
}

async function talk(
  there: CommandContext,
  target: Target,
  isOpen: () => boolean,
): Promise<CommandResult> {
  if (there.stdin !== null) return runThere(there, there.stdin.trim().split(/\s+/));
  while (isOpen()) {
    const line = await there.terminal.readLine(
      `[${target.userName}@${there.hostName} ~]$ `,
      there.signal,
    );
    if (line === null || there.signal.aborted) break;
    const words = line.trim().split(/\s+/).filter(Boolean);
    if (words[0] === 'exit' || words[0] === 'logout') break;
    if (words.length === 0) continue;
    const result = await runThere(there, words);
    there.terminal.write(result.stdout, 'out');
    there.terminal.write(result.stderr, 'err');
  }
  return { stdout: '', stderr: `Connection to ${target.name} closed.\n`, exitCode: 0 };
}

const remoteCommands: Readonly<Record<string, Command>> = { curl, nc, ss, ssh };

async function runThere(there: CommandContext, words: readonly string[]): Promise<CommandResult> {
  const [name = '', ...args] = words[0] === 'sudo' ? words.slice(1) : words;
  const command = remoteCommands[name];
  if (command !== undefined) return command.run({ ...there, args, stdin: '' });
  switch (name) {
    case 'hostname':
      return printed(`${there.hostName}\n`);
    case 'whoami':
      return printed(`${there.user.name}\n`);
    case 'true':
      return printed('');
    case 'echo':
      return printed(
        `${args.map((word) => word.replaceAll(/\$(\w+)/g, (_, key: string) => there.env.get(key) ?? '')).join(' ')}\n`,
      );
    default:
      return failed(`bash: ${name}: command not found`, 127);
  }
}
