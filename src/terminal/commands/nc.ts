/** nc (OpenBSD netcat 1.219): one connection, a scan, or a listener. */

import { strerror } from '../linux/error-texts.ts';
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
import { connectTcp, exchange } from './connecting.ts';
import { optionProblem, parseOptions } from './options.ts';

const notHere = [
  'U',
  'x',
  'X',
  'b',
  'C',
  'D',
  'd',
  'S',
  'T',
  't',
  'V',
  'r',
  'i',
  'I',
  'O',
  'm',
  '6',
];

interface NcOptions {
  readonly letters: ReadonlySet<string>;
  readonly value: (letter: string) => string | undefined;
}

export const nc: Command = {
  name: 'nc',
  aliases: ['netcat', 'ncat'],
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: '46bCDdhklnNrStUuvz',
      valued: 'IiMmOPpqsTVWwXxH',
    });
    if (!parsed.ok)
      return failed(
        `${optionProblem('nc', parsed)}\nusage: nc [-46klNnuvz] [-p source_port] [-s sourceaddr] [-w timeout] [destination] [port]`,
      );
    const letters = new Set(parsed.options.map((option) => option.letter));
    if (letters.has('h')) return printed((await context.manual('nc')) ?? '');
    for (const letter of notHere)
      if (letters.has(letter)) return unsupported(context, 'nc', `-${letter}`);
    const value = (letter: string) =>
      parsed.options.findLast((option) => option.letter === letter)?.value;
    const options = { letters, value };
    if (letters.has('l')) return listen(context, options, parsed.operands);
    const [name, ports] = parsed.operands;
    if (name === undefined || ports === undefined)
      return failed(
        'usage: nc [-46klNnuvz] [-p source_port] [-s sourceaddr] [-w timeout] [destination] [port]',
      );
    return connect(context, options, name, ports);
  },
};

/** nc's own reading of a port: a number in 1–65535 or a service's name. */
function readPort(
  context: CommandContext,
  text: string,
): { readonly ok: true; readonly port: number } | { readonly ok: false; readonly problem: string } {
  if (/^\d+$/.test(text)) {
    const port = Number(text);
    if (port > 65_535) return { ok: false, problem: `nc: port number too large: ${text}` };
    if (port < 1) return { ok: false, problem: `nc: port number too small: ${text}` };
    return { ok: true, port };
  }
  const entry = context.machine.serviceNames().byName(text);
  return entry === undefined
    ? { ok: false, problem: `nc: port number invalid: ${text}` }
    : { ok: true, port: entry.port };
}

async function listen(
  context: CommandContext,
  options: NcOptions,
  operands: readonly string[],
): Promise<CommandResult> {
  const [first, second] = operands;
  const portText = second ?? options.value('p') ?? first;
  const addressText = second === undefined && options.value('p') === undefined ? undefined : first;
  if (portText === undefined) return failed('nc: missing port with option -l');
  const read = readPort(context, portText);
  if (!read.ok) return failed(read.problem);
  const address = addressText === undefined ? '0.0.0.0' : context.machine.resolve(addressText);
  if (address === undefined)
    return failed(
      `nc: getaddrinfo for host "${addressText ?? ''}" port ${portText}: Name or service not known`,
    );
  const protocol = options.letters.has('u') ? 'udp' : 'tcp';
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
  if (options.letters.has('v'))
    context.terminal.write(`Listening on ${address} ${read.port}\n`, 'err');
  await untilEnd(context, owner.pid, () => machine.processes.get(owner.pid) === undefined);
  end();
  return { stdout: '', stderr: '', exitCode: context.signal.aborted ? 130 : 0 };
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
  portsText: string,
): Promise<CommandResult> {
  const out = new Printer();
  const ports: number[] = [];
  const [lowText = '', highText] = /^\d+-\d+$/.test(portsText) ? portsText.split('-') : [portsText];
  const low = readPort(context, lowText);
  const high = highText === undefined ? low : readPort(context, highText);
  if (!low.ok) return failed(low.problem);
  if (!high.ok) return failed(high.problem);
  for (let port = Math.min(low.port, high.port); port <= Math.max(low.port, high.port); port++)
    ports.push(port);
  const address = context.machine.resolve(name);
  if (address === undefined)
    return failed(`nc: getaddrinfo for host "${name}" port ${lowText}: Name or service not known`);
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
  const localText = options.value('p');
  const { owner, end } = startOwner(context, 'nc', { kind: 'idle' });
  try {
    const outcome = await connectTcp(context, {
      address,
      port,
      owner,
      isRoot: context.user.uid === 0,
      ...(seconds > 0 && { limitMs: seconds * 1000 }),
      ...(localText !== undefined && localText !== '0' && { localPort: Number(localText) }),
      ...(options.value('s') !== undefined && { localAddress: options.value('s') ?? '' }),
    });
    if (context.signal.aborted) return false;
    const isVerbose = options.letters.has('v');
    if (outcome.kind === 'timed-out') {
      if (isVerbose)
        out.problem(
          `nc: connect to ${name} port ${port} (tcp) timed out: Operation now in progress`,
        );
      return false;
    }
    if (outcome.kind === 'failed') {
      if (outcome.call === 'bind') out.problem(`nc: bind failed: ${strerror(outcome.error)}`);
      else if (isVerbose)
        out.problem(`nc: connect to ${name} port ${port} (tcp) failed: ${strerror(outcome.error)}`);
      return false;
    }
    const line = `Connection to ${name} ${port} port ${serviceText(context, port, 'tcp', options.letters.has('n'))} succeeded!`;
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
    await converse(context, outcome.socket.id, out);
    return true;
  } finally {
    end();
  }
}

/** The connection stays until either side closes; a blank line after a request gets its page. */
async function converse(context: CommandContext, id: number, out: Printer): Promise<void> {
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
    if (context.stdin !== '' || app !== undefined) host.close(id);
    await waitUntil(context, isOver, Number.POSITIVE_INFINITY);
    return;
  }
  let request = '';
  while (!isOver() && !context.signal.aborted) {
    const line = await context.terminal.readLine('', context.signal);
    if (line === null) break;
    request += `${line}\n`;
    if (isOver()) break;
    host.send(id, line.length + 1, 0);
    if (line === '' && request.startsWith('GET ') && app?.startsWith('http')) {
      request = '';
      await answer();
    }
  }
  if (!context.signal.aborted) await waitUntil(context, isOver, Number.POSITIVE_INFINITY);
  host.close(id);
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
    const localText = options.value('p');
    const result = context.host.connect('udp', address, port, {
      owner,
      ...(localText !== undefined && { localPort: Number(localText) }),
    });
    if (!result.ok) {
      if (options.letters.has('v'))
        out.problem(`nc: connect to ${name} port ${port} (udp) failed: ${strerror(result.error)}`);
      return false;
    }
    const id = result.value;
    const settled = context.machine.world.nowMs + 10;
    await waitUntil(context, () => context.machine.world.nowMs >= settled, 10);
    if (context.host.failure(id) !== undefined) return false;
    if (options.letters.has('v'))
      out.problem(
        `Connection to ${name} ${port} port ${serviceText(context, port, 'udp', options.letters.has('n'))} succeeded!`,
      );
    if (!options.letters.has('z') && context.stdin === null) {
      while (!context.signal.aborted) {
        const line = await context.terminal.readLine('', context.signal);
        if (line === null) break;
        context.host.send(id, line.length + 1, 0);
      }
    }
    context.host.close(id);
    return true;
  } finally {
    end();
  }
}
