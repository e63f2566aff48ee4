/** nc (OpenBSD netcat 1.219): one connection, a scan, or a listener. */

import { strerror } from '../linux/error-texts.ts';
import { isAddress } from '../linux/linux-host.ts';
import {
  failed,
  Printer,
  printed,
  startOwner,
  unsupported,
  waitUntil,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';
import { connectTcp, exchange, say } from './connecting.ts';
import { optionProblem, parseOptions } from './options.ts';

const notHere = ['U', 'x', 'X', 'b', 'S', 'V', 'r', 'i', 'W', 'F', 'Z'];

const usage = `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
\t  [destination] [port]`;

/** Words of getaddrinfo(3). */
const noName = 'Name or service not known';
const noService = 'nc: getaddrinfo: Servname not supported for ai_socktype';

interface NcOptions {
  readonly letters: ReadonlySet<string>;
  readonly value: (letter: string) => string | undefined;
}

export const nc: Command = {
  name: 'nc',
  aliases: ['netcat', 'ncat'],
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: '46bCDdFhklNnrStUuvZz',
      valued: 'IiMmOPpqsTVWwXx',
    });
    if (!parsed.ok) {
      // Only short options are known: a second dash is a letter that is not.
      const option = parsed.option.startsWith('--') ? '--' : parsed.option;
      const problem = option === '--' ? "nc: invalid option -- '-'" : optionProblem('nc', parsed);
      return failed(`${problem}\n${usage}`);
    }
    const letters = new Set(parsed.options.map((option) => option.letter));
    if (letters.has('h')) return printed((await context.manual('nc')) ?? '');
    for (const letter of notHere)
      if (letters.has(letter)) return unsupported(context, 'nc', `-${letter}`);
    const value = (letter: string) =>
      parsed.options.findLast((option) => option.letter === letter)?.value;
    const seconds = value('w');
    const wrong = seconds === undefined ? undefined : wrongNumber(seconds, 0, 2_147_483);
    if (wrong !== undefined) return failed(`nc: timeout ${wrong}: ${seconds ?? ''}`);
    const options = { letters, value };
    if (letters.has('l')) return listen(context, options, parsed.operands);
    if (letters.has('k')) return failed('nc: must use -l with -k');
    const [name, ...ports] = parsed.operands;
    if (name === undefined) return failed(usage);
    if (ports.length === 0) return failed('nc: missing port number');
    return connect(context, options, name, ports);
  },
};

/** As strtonum(3) judges a number. */
function wrongNumber(text: string, least: number, most: number): string | undefined {
  if (!/^[+-]?\d+$/.test(text)) return 'invalid';
  if (Number(text) < least) return 'too small';
  return Number(text) > most ? 'too large' : undefined;
}

type ReadPort =
  { readonly ok: true; readonly port: number } | { readonly ok: false; readonly problem: string };

/** nc's own reading of a port to connect to: a service's name, or a number in 1–65535. */
function readPort(context: CommandContext, text: string, protocol: 'tcp' | 'udp'): ReadPort {
  const entry = context.machine.serviceNames().byName(text, protocol);
  if (entry !== undefined) return { ok: true, port: entry.port };
  const wrong = wrongNumber(text, 1, 65_535);
  return wrong === undefined
    ? { ok: true, port: Number(text) }
    : { ok: false, problem: `nc: port number ${wrong}: ${text}` };
}

/** getaddrinfo's reading of a port to bind: of a number that is too large, the lower 16 bits. */
function readLocalPort(context: CommandContext, text: string, protocol: 'tcp' | 'udp'): ReadPort {
  if (/^\d+$/.test(text)) return { ok: true, port: Number(text) % 65_536 };
  const entry = context.machine.serviceNames().byName(text, protocol);
  return entry === undefined ? { ok: false, problem: noService } : { ok: true, port: entry.port };
}

/** A name's address; with `-n` only numbers will do, and with `-6` there is none. */
function addressOf(context: CommandContext, options: NcOptions, name: string): string | undefined {
  if (options.letters.has('6')) return undefined;
  return options.letters.has('n') && !isAddress(name) ? undefined : context.machine.resolve(name);
}

async function listen(
  context: CommandContext,
  options: NcOptions,
  operands: readonly string[],
): Promise<CommandResult> {
  if (options.letters.has('z')) return failed('nc: cannot use -z and -l');
  const [first, second, extra] = operands;
  const local = options.value('p');
  const source = options.value('s');
  // `-p` and `-s` say all there is; else a port, or an address and a port.
  const isTooMuch =
    extra !== undefined ||
    (local !== undefined && first !== undefined) ||
    (source !== undefined && first !== undefined);
  if (isTooMuch) return failed(usage);
  const portText = local ?? second ?? first;
  const addressText = second === undefined ? source : first;
  if (portText === undefined) return failed('nc: missing port number');
  const protocol = options.letters.has('u') ? 'udp' : 'tcp';
  const read = readLocalPort(context, portText, protocol);
  const address = addressText === undefined ? '0.0.0.0' : addressOf(context, options, addressText);
  if (address === undefined) return failed(`nc: getaddrinfo: ${noName}`);
  if (!read.ok) return failed(read.problem);
  const { machine } = context;
  const { owner, end } = startOwner(context, 'nc', { kind: 'idle' });
  const result = context.host.listen(protocol, address, read.port, {
    owner,
    reuseAddress: true,
    privileged: context.user.uid === 0,
    backlog: 1,
    responds: false,
  });
  if (!result.ok) {
    end();
    return failed(`nc: ${strerror(result.error)}`);
  }
  const staysOpen = options.letters.has('k') || protocol === 'udp';
  machine.processes.setProgram(owner.pid, {
    kind: 'one-listener',
    socket: result.value,
    staysOpen,
    peer: null,
  });
  const forget = options.letters.has('v')
    ? tellOfPeers(context, options, owner.pid, result.value)
    : () => undefined;
  const heard = new Printer();
  const stopHearing = machine.conversations.hear(owner.pid, (text) => {
    if (context.isTty) context.terminal.write(text);
    else heard.text(text);
  });
  await untilEnd(context, owner.pid, () => machine.processes.get(owner.pid) === undefined);
  stopHearing();
  forget();
  end();
  return heard.result(context.signal.aborted ? 130 : 0);
}

/** With `-v`: where it listens, and who comes. */
function tellOfPeers(
  context: CommandContext,
  options: NcOptions,
  pid: number,
  listener: number,
): () => void {
  const { machine } = context;
  const named = (address: string) =>
    options.letters.has('n') || address === '0.0.0.0' ? address : machine.nameOf(address);
  const socket = context.host.socket(listener);
  const what = options.letters.has('u') ? 'Bound' : 'Listening';
  const where = `${named(socket?.localAddress ?? '')} ${socket?.localPort ?? 0}`;
  context.terminal.write(`${what} on ${where}\n`, 'err');
  let told: number | null = null;
  return machine.onChange(() => {
    const program = machine.processes.get(pid)?.program;
    const peer = program?.kind === 'one-listener' ? program.peer : null;
    if (peer === told) return;
    told = peer;
    const connection = peer === null ? undefined : context.host.socket(peer);
    if (connection === undefined) return;
    const { remoteAddress, remotePort } = connection;
    context.terminal.write(`Connection received on ${named(remoteAddress)} ${remotePort}\n`, 'err');
  });
}

/** Waits in the foreground; typed lines are sent and go nowhere further. */
async function untilEnd(
  context: CommandContext,
  pid: number,
  isOver: () => boolean,
): Promise<void> {
  const reading = new AbortController();
  const stop = () => {
    reading.abort();
  };
  context.signal.addEventListener('abort', stop);
  const forget = context.machine.onProcessEnd((ended) => {
    if (ended === pid) reading.abort();
  });
  try {
    if (context.stdin === null && context.isTty) {
      for (;;) {
        const line = await context.terminal.readLine('', reading.signal);
        if (line === null || isOver()) break;
      }
    }
    await waitUntil(context, isOver, Number.POSITIVE_INFINITY);
  } finally {
    forget();
    context.signal.removeEventListener('abort', stop);
  }
}

async function connect(
  context: CommandContext,
  options: NcOptions,
  name: string,
  portTexts: readonly string[],
): Promise<CommandResult> {
  const out = new Printer();
  const protocol = options.letters.has('u') ? 'udp' : 'tcp';
  const ports: number[] = [];
  for (const text of portTexts) {
    const [, lowText, highText] = /^(\d[^-]*)-(.*)$/s.exec(text) ?? [];
    const high = readPort(context, highText ?? text, protocol);
    if (!high.ok) return failed(high.problem);
    const low = lowText === undefined ? high : readPort(context, lowText, protocol);
    if (!low.ok) return failed(low.problem);
    const last = Math.max(low.port, high.port);
    for (let port = Math.min(low.port, high.port); port <= last; port++) ports.push(port);
  }
  const source = options.value('s');
  if (source !== undefined && addressOf(context, options, source) === undefined)
    return failed(`nc: getaddrinfo: ${noName}`);
  const local = options.value('p');
  const localPort = local === undefined ? undefined : readLocalPort(context, local, protocol);
  if (localPort?.ok === false) return failed(localPort.problem);
  const address = addressOf(context, options, name);
  if (address === undefined) {
    const isOther = options.letters.has('6') && isAddress(name);
    const reason = isOther ? 'Address family for hostname not supported' : noName;
    return failed(`nc: getaddrinfo for host "${name}" port ${ports[0] ?? 0}: ${reason}`);
  }
  let hasSucceeded = false;
  for (const port of ports) {
    if (context.signal.aborted) break;
    const isDone = options.letters.has('u')
      ? await tryUdp(context, options, name, address, port, out)
      : await tryTcp(context, options, name, address, port, out);
    hasSucceeded ||= isDone;
    if (isDone && !options.letters.has('z')) break;
  }
  return out.result(context.signal.aborted ? 130 : hasSucceeded ? 0 : 1);
}

/** 0 where any will do. */
function boundPort(context: CommandContext, options: NcOptions, protocol: 'tcp' | 'udp'): number {
  const text = options.value('p');
  const read = text === undefined ? undefined : readLocalPort(context, text, protocol);
  return read?.ok ? read.port : 0;
}

function serviceText(
  context: CommandContext,
  port: number,
  protocol: 'tcp' | 'udp',
  isNumeric: boolean,
): string {
  const service = isNumeric
    ? undefined
    : context.machine.serviceNames().byPort(port, protocol)?.name;
  return `[${protocol}/${service ?? '*'}]`;
}

async function tryTcp(
  context: CommandContext,
  options: NcOptions,
  name: string,
  address: string,
  port: number,
  out: Printer,
): Promise<boolean> {
  const seconds = Number(options.value('w'));
  const localPort = boundPort(context, options, 'tcp');
  const shown = options.letters.has('n') || name === address ? name : `${name} (${address})`;
  const { owner, end } = startOwner(context, 'nc', { kind: 'idle' });
  try {
    const outcome = await connectTcp(context, {
      address,
      port,
      owner,
      isRoot: context.user.uid === 0,
      ...(seconds > 0 && { limitMs: seconds * 1000 }),
      ...(localPort > 0 && { localPort }),
      ...(options.value('s') !== undefined && {
        localAddress: context.machine.resolve(options.value('s') ?? '') ?? '',
      }),
    });
    if (context.signal.aborted) return false;
    const isVerbose = options.letters.has('v');
    if (outcome.kind === 'timed-out') {
      if (isVerbose)
        out.problem(
          `nc: connect to ${shown} port ${port} (tcp) timed out: Operation now in progress`,
        );
      return false;
    }
    if (outcome.kind === 'failed') {
      if (outcome.call === 'bind') out.problem(`nc: bind failed: ${strerror(outcome.error)}`);
      else if (isVerbose)
        out.problem(
          `nc: connect to ${shown} port ${port} (tcp) failed: ${strerror(outcome.error)}`,
        );
      return false;
    }
    const line = `Connection to ${shown} ${port} port ${serviceText(context, port, 'tcp', options.letters.has('n'))} succeeded!`;
    if (options.letters.has('z')) {
      if (isVerbose) out.problem(line);
      context.host.close(outcome.socket.id);
      const settled = context.machine.world.nowMs + 6;
      await waitUntil(context, () => context.machine.world.nowMs >= settled, 6);
      return true;
    }
    if (isVerbose) {
      if (context.isTty) context.terminal.write(`${line}\n`, 'err');
      else out.problem(line);
    }
    await converse(context, options, outcome.socket.id, out);
    return true;
  } finally {
    end();
  }
}

/** The connection stays until either side closes; a blank line after a request gets its page. */
async function converse(
  context: CommandContext,
  options: NcOptions,
  id: number,
  out: Printer,
): Promise<void> {
  const { host, machine } = context;
  const isOver = () => {
    const state = host.socket(id)?.state;
    return state !== 'ESTABLISHED' && state !== 'CLOSE-WAIT';
  };
  const socket = host.socket(id);
  if (socket === undefined) return;
  const app = machine.appAt(socket.remoteAddress, socket.remotePort);
  const answer = async () => {
    await exchange(context, socket, 60);
    const body = `Hello from ${machine.nameOf(socket.remoteAddress)}, port ${socket.remotePort}.\n`;
    const text = `HTTP/1.1 200 OK\nContent-Length: ${body.length}\n\n${body}`;
    if (context.isTty) context.terminal.write(text);
    else out.text(text);
  };
  if (app === 'ssh') {
    if (context.isTty) context.terminal.write('SSH-2.0-OpenSSH_9.2\n');
    else out.line('SSH-2.0-OpenSSH_9.2');
  }
  if (context.stdin !== null) {
    if (/^GET .*\n\r?\n/s.test(context.stdin) && app?.startsWith('http')) await answer();
    else await say(context, socket, context.stdin);
    // A server hangs up on what it does not understand; one that only listens does not.
    if (app !== undefined && app !== 'silent') host.close(id);
    await afterInput(context, options, id, isOver);
    return;
  }
  let request = '';
  while (!isOver() && !context.signal.aborted) {
    const line = await context.terminal.readLine('', context.signal);
    if (line === null) break;
    request += `${line}\n`;
    if (isOver()) break;
    await say(context, socket, `${line}\n`);
    if (line === '' && request.startsWith('GET ') && app?.startsWith('http')) {
      request = '';
      await answer();
    }
  }
  if (!context.signal.aborted) await waitUntil(context, isOver, Number.POSITIVE_INFINITY);
  host.close(id);
}

/**
 * The input is at its end. nc waits on for the other side, however long, unless it has been told to say
 * so (`-N`), to go after some seconds (`-q`), or not to wait longer than some (`-w`).
 */
async function afterInput(
  context: CommandContext,
  options: NcOptions,
  id: number,
  isOver: () => boolean,
): Promise<void> {
  if (options.letters.has('N')) context.host.shutdown(id);
  const seconds = [options.value('q'), options.value('w')].map(Number).filter((it) => it >= 0);
  await waitUntil(context, isOver, Math.min(...seconds) * 1000);
  context.host.close(id);
}

async function tryUdp(
  context: CommandContext,
  options: NcOptions,
  name: string,
  address: string,
  port: number,
  out: Printer,
): Promise<boolean> {
  const { owner, end } = startOwner(context, 'nc', { kind: 'idle' });
  try {
    const localPort = boundPort(context, options, 'udp');
    const shown = options.letters.has('n') || name === address ? name : `${name} (${address})`;
    const result = context.host.connect('udp', address, port, {
      owner,
      ...(localPort > 0 && { localPort }),
    });
    if (!result.ok) {
      if (options.letters.has('v'))
        out.problem(`nc: connect to ${shown} port ${port} (udp) failed: ${strerror(result.error)}`);
      return false;
    }
    const id = result.value;
    const settled = context.machine.world.nowMs + 10;
    await waitUntil(context, () => context.machine.world.nowMs >= settled, 10);
    if (context.host.failure(id) !== undefined) return false;
    if (options.letters.has('v'))
      out.problem(
        `Connection to ${shown} ${port} port ${serviceText(context, port, 'udp', options.letters.has('n'))} succeeded!`,
      );
    const socket = context.host.socket(id);
    if (!options.letters.has('z') && context.stdin !== null && socket !== undefined) {
      await say(context, socket, context.stdin);
      await afterInput(context, options, id, () => context.host.failure(id) !== undefined);
    } else if (!options.letters.has('z') && socket !== undefined) {
      while (!context.signal.aborted) {
        const line = await context.terminal.readLine('', context.signal);
        if (line === null) break;
        await say(context, socket, `${line}\n`);
      }
    }
    context.host.close(id);
    return true;
  } finally {
    end();
  }
}
