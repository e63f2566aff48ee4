/**
 * ssh (OpenSSH): a connection to a simulated host, and a small shell there: enough to look at the
 * other end of a connection and to try a port from outside. Keys are assumed to be in place.
 */

import { isDestinationPort } from '../../network/port-ranges.ts';
import type { SocketOwner } from '../../network/world.ts';
import { strerror } from '../linux/error-texts.ts';
import { countSockets, toSocketEntries } from '../linux/socket-entries.ts';
import { machineHost, neighbourAt, neighbours } from '../linux/neighbourhood.ts';
import { curl } from './curl/curl.ts';
import { nc } from './nc.ts';
import { ss } from './ss/ss.ts';
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
    const { letters } = parsed.options;
    if (letters.has('V')) return { ...printed(''), stderr: 'OpenSSH_9.2p1, OpenSSL 3.0.19\n' };
    for (const letter of ['R', 'D', 'J', 'W', 'w', 'g'])
      if (letters.has(letter)) return unsupported(context, 'ssh', `-${letter}`);
    const { value } = parsed.options;
    const forwards: Forward[] = [];
    for (const { letter, value: text = '' } of parsed.options) {
      if (letter !== 'L') continue;
      const forward = readForward(text);
      if (forward === null) return failed(`Bad local forwarding specification '${text}'`, 255);
      forwards.push(forward);
    }
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
      forwards,
    });
  },
};

/** `-L [bind_address:]port:host:hostport` */
interface Forward {
  readonly bind: string | null;
  readonly port: number;
  readonly target: string;
  readonly targetPort: number;
}

function readForward(text: string): Forward | null {
  const part = String.raw`(?:\[([^\]]*)\]|([^:]*))`;
  const match = new RegExp(`^(?:${part}:)?(\\d+):${part}:(\\d+)$`).exec(text);
  if (match === null) return null;
  const [, bindSix, bind, port, targetSix, target, targetPort] = match;
  const name = targetSix ?? target ?? '';
  if (![port, targetPort].every((text) => isDestinationPort(Number(text))) || name === '')
    return null;
  return {
    bind: bindSix ?? bind ?? null,
    port: Number(port),
    target: name,
    targetPort: Number(targetPort),
  };
}

interface Target {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly userName: string;
  readonly command: readonly string[];
  readonly localAddress: string | undefined;
  readonly isSilent: boolean;
  readonly isBackground: boolean;
  readonly forwards: readonly Forward[];
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
    if (target.forwards.length > 0) {
      const problem = await forward(context, target, owner, socket.id);
      if (problem !== null) return problem;
    }
    if (target.isBackground) {
      if (target.forwards.length === 0)
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

/**
 * Listens for what is to be passed on, and makes the process a tunnel. What cannot be listened on is said,
 * and ssh goes on without.
 */
async function forward(
  context: CommandContext,
  target: Target,
  owner: SocketOwner,
  connection: number,
): Promise<CommandResult | null> {
  const { machine } = context;
  if (context.host.name !== machine.host.name) return unsupported(context, 'ssh', '-L');
  let fd = 4;
  let listeners = 0;
  const open: Forward[] = [];
  for (const one of target.forwards) {
    const all = one.bind === '*' || one.bind === '';
    const wanted =
      one.bind === null || one.bind === 'localhost'
        ? ['::1', '127.0.0.1']
        : all
          ? ['0.0.0.0', '::']
          : [machine.resolve(one.bind) ?? one.bind];
    const addresses = wanted.filter((address) => !address.includes(':') || machine.hasIPv6);
    const problems: string[] = [];
    let made = 0;
    for (const address of addresses) {
      const result = machine.host.listen('tcp', address, one.port, {
        owner: { ...owner, fd },
        reuseAddress: true,
        ipv6Only: true,
        privileged: context.user.uid === 0,
        backlog: 128,
        answersClose: false,
      });
      if (result.ok) {
        fd += 1;
        made += 1;
      } else problems.push(`bind [${address}]:${one.port}: ${strerror(result.error)}`);
    }
    listeners += made;
    if (made > 0) open.push(one);
    else
      problems.push(
        `channel_setup_fwd_listener_tcpip: cannot listen to port: ${one.port}`,
        'Could not request local forwarding.',
      );
    for (const problem of problems) context.terminal.write(`${problem}\n`, 'err');
  }
  const neighbour = neighbourAt(target.address);
  const hasSession = !target.isSilent && !target.isBackground;
  const uid = target.userName === 'root' ? 0 : 1000;
  machine.processes.setProgram(owner.pid, {
    kind: 'tunnel',
    socket: connection,
    farHost: neighbour?.host ?? machineHost,
    sshd: { pid: machine.processes.takePid(), command: 'sshd', user: target.userName, uid },
    forwards: open.map(({ port, target: name, targetPort }) => ({
      port,
      target: name,
      targetPort,
    })),
    channels: [],
    firstChannel: listeners + (hasSession ? 1 : 0),
  });
  const stopListening = machine.onServerLog((pid, line) => {
    if (pid === owner.pid) context.terminal.write(`${line}\n`, 'err');
  });
  const stop = machine.onProcessEnd((pid) => {
    if (pid !== owner.pid) return;
    stopListening();
    stop();
  });
  await settle(context);
  return null;
}

/** Lets what is under way arrive. */
async function settle(context: CommandContext): Promise<void> {
  const until = context.machine.world.nowMs + 6;
  await waitUntil(context, () => context.machine.world.nowMs >= until, 6);
}

/** What a command finds on the other host. */
function otherSide(context: CommandContext, target: Target, fromPort: number): CommandContext {
  const neighbour = neighbours.find((candidate) => candidate.address === target.address);
  const hostName = neighbour === undefined ? context.machine.hostName() : neighbour.host;
  const host = context.machine.world.host(neighbour?.host ?? machineHost);
  const connection = `${context.host.addresses[0] ?? ''} ${fromPort} ${target.address} ${target.port}`;
  return {
    ...context,
    socketEntries: () => toSocketEntries(host.sockets(), context.machine.world.nowMs),
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
