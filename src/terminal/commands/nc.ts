/** nc (OpenBSD netcat 1.219): one connection, a scan, or a listener. */

import { strerror } from '../linux/error-texts.ts';
import { fromBytes, toBytes } from '../linux/file-system.ts';
import { familyOf, isAddress } from '../linux/address-texts.ts';
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
import { connectTcp } from './client-connection.ts';
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

export interface NcOptions {
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
    const { letters } = parsed.options;
    if (letters.has('h')) return printed((await context.manual('nc')) ?? '');
    for (const letter of notHere)
      if (letters.has(letter)) return unsupported(context, 'nc', `-${letter}`);
    const { value } = parsed.options;
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
  | { readonly ok: true; readonly port: number }
  | { readonly ok: false; readonly problem: string };

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

/** A name's addresses, of the family asked for; with `-n` only numbers will do. */
function addressesOf(
  context: CommandContext,
  { letters }: NcOptions,
  name: string,
): readonly string[] {
  if (letters.has('n') && !isAddress(name)) return [];
  const family = letters.has('6') ? 6 : letters.has('4') ? 4 : undefined;
  return context.machine
    .resolveAll(name)
    .filter((address) => family === undefined || familyOf(address) === family);
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
  const any = options.letters.has('6') ? '::' : '0.0.0.0';
  const [address] = addressText === undefined ? [any] : addressesOf(context, options, addressText);
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
  // accept(2) takes a descriptor before it waits.
  const { inherited, limit } = context.descriptors;
  if (protocol === 'tcp' && limit - inherited < 2) {
    context.host.close(result.value);
    end();
    const lines = options.letters.has('v') ? ['getnameinfo', 'accept'] : ['accept'];
    return failed(lines.map((call) => `nc: ${call}: Too many open files\n`).join(''));
  }
  const staysOpen = options.letters.has('k') || protocol === 'udp';
  machine.processes.setProgram(owner.pid, {
    kind: 'one-listener',
    socket: result.value,
    staysOpen,
    peer: null,
  });
  const listener = result.value;
  const isGone = () => machine.processes.get(owner.pid) === undefined;
  try {
    if (options.letters.has('v')) sayWhere(context, options, listener);
    if (protocol === 'udp') await hearDatagrams(context, listener, isGone);
    else await hearPeers(context, options, owner.pid, isGone);
  } finally {
    end();
  }
  return printed('', context.signal.aborted ? 130 : 0);
}

function named(context: CommandContext, options: NcOptions, address: string): string {
  return options.letters.has('n') || address === '0.0.0.0' || address === '::'
    ? address
    : context.machine.nameOf(address);
}

/** With `-v`: where it listens. */
function sayWhere(context: CommandContext, options: NcOptions, listener: number): void {
  const socket = context.host.socket(listener);
  const what = options.letters.has('u') ? 'Bound' : 'Listening';
  const where = `${named(context, options, socket?.localAddress ?? '')} ${socket?.localPort ?? 0}`;
  context.terminal.write(`${what} on ${where}\n`, 'err');
}

/** One connection, or with `-k` one after the other: each is talked to until it ends. */
async function hearPeers(
  context: CommandContext,
  options: NcOptions,
  pid: number,
  isGone: () => boolean,
): Promise<void> {
  const { machine } = context;
  const peerOf = () => {
    const program = machine.processes.get(pid)?.program;
    return program?.kind === 'one-listener' ? program.peer : null;
  };
  const waiting: number[] = [];
  let last: number | null = null;
  const see = () => {
    const peer = peerOf();
    if (peer === null || peer === last) return;
    last = peer;
    waiting.push(peer);
    const connection = context.host.socket(peer);
    if (connection === undefined || !options.letters.has('v')) return;
    const { remoteAddress, remotePort } = connection;
    const from = `${named(context, options, remoteAddress)} ${remotePort}`;
    context.terminal.write(`Connection received on ${from}\n`, 'err');
  };
  // A short connection may be over before this one's turn comes: it is seen as it happens.
  const forget = machine.onChange(see);
  try {
    for (;;) {
      await waitUntil(context, () => isGone() || waiting.length > 0, Number.POSITIVE_INFINITY);
      const peer = waiting.shift();
      if (context.signal.aborted || peer === undefined) break;
      await converse(context, options, peer);
      if (!options.letters.has('k')) break;
    }
    const late = machine.conversations.takeFor(pid);
    if (late !== '') await context.writeBytes(toBytes(late));
  } finally {
    forget();
  }
}

async function hearDatagrams(
  context: CommandContext,
  listener: number,
  isGone: () => boolean,
): Promise<void> {
  const { host, machine } = context;
  const { conversations } = machine;
  while (!context.signal.aborted) {
    await waitUntil(
      context,
      () => isGone() || conversations.hasText(host, listener),
      Number.POSITIVE_INFINITY,
    );
    const text = conversations.take(host, listener);
    if (text !== '') await context.writeBytes(toBytes(text));
    else if (isGone()) return;
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
  if (source !== undefined && addressesOf(context, options, source).length === 0)
    return failed(`nc: getaddrinfo: ${noName}`);
  const local = options.value('p');
  const localPort = local === undefined ? undefined : readLocalPort(context, local, protocol);
  if (localPort?.ok === false) return failed(localPort.problem);
  const addresses = addressesOf(context, options, name);
  if (addresses.length === 0) {
    const isOther = (options.letters.has('6') || options.letters.has('4')) && isAddress(name);
    const reason = isOther ? 'Address family for hostname not supported' : noName;
    return failed(`nc: getaddrinfo for host "${name}" port ${ports[0] ?? 0}: ${reason}`);
  }
  let hasSucceeded = false;
  for (const port of ports) {
    let isDone = false;
    for (const address of addresses) {
      if (context.signal.aborted || isDone) break;
      if (source !== undefined && isOfOtherFamily(context, options, source, address))
        return failed(`nc: getaddrinfo: Address family for hostname not supported`);
      isDone = options.letters.has('u')
        ? await tryUdp(context, options, name, address, port, out)
        : await tryTcp(context, options, name, address, port, out);
    }
    hasSucceeded ||= isDone;
    if (isDone && !options.letters.has('z')) break;
  }
  return out.result(context.signal.aborted ? 130 : hasSucceeded ? 0 : 1);
}

/** Whether none of the source's addresses is of the destination's family. */
function isOfOtherFamily(
  context: CommandContext,
  options: NcOptions,
  source: string,
  address: string,
): boolean {
  return !addressesOf(context, options, source).some((one) => familyOf(one) === familyOf(address));
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
        localAddress:
          addressesOf(context, options, options.value('s') ?? '').find(
            (one) => familyOf(one) === familyOf(address),
          ) ?? '',
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
    if (isVerbose) context.terminal.write(`${line}\n`, 'err');
    await converse(context, options, outcome.socket.id);
    return true;
  } finally {
    end();
  }
}

/**
 * Both ways at once, until the other side closes. At the end of its input nc waits on for the other side,
 * however long, unless it has been told to say so (`-N`), to go after some seconds (`-q`), or not to wait
 * longer than some for anything at all (`-w`).
 */
export async function converse(
  context: CommandContext,
  options: NcOptions,
  id: number,
): Promise<void> {
  const { host, machine } = context;
  const { conversations, world } = machine;
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const silenceMs =
    options.value('w') === undefined ? Number.POSITIVE_INFINITY : Number(options.value('w')) * 1000;
  let lastMs = world.nowMs;
  let endMs = Number.POSITIVE_INFINITY;
  conversations.greet(host, id);
  const send = async () => {
    while (!options.letters.has('d')) {
      const bytes = await context.input.read(65_536, signal);
      if (signal.aborted) return;
      if (bytes === null) break;
      const text = fromBytes(bytes);
      lastMs = world.nowMs;
      if (
        !conversations.say(
          host,
          id,
          options.letters.has('C') ? text.replaceAll(/\r?\n/g, '\r\n') : text,
        )
      )
        return;
    }
    if (options.letters.has('d')) return;
    if (options.letters.has('N')) host.shutdown(id);
    const seconds = options.value('q');
    if (seconds !== undefined && Number(seconds) >= 0) endMs = world.nowMs + Number(seconds) * 1000;
  };
  const sending = send();
  try {
    for (;;) {
      const deadline = () => Math.min(endMs, lastMs + silenceMs);
      const isDue = () =>
        conversations.hasText(host, id) ||
        conversations.isAtEnd(host, id) ||
        world.nowMs >= deadline();
      const limit = deadline() - world.nowMs;
      const hadLimit = limit !== Number.POSITIVE_INFINITY;
      await waitUntil(
        context,
        () => isDue() || (!hadLimit && deadline() !== Number.POSITIVE_INFINITY),
        limit,
      );
      const text = conversations.take(host, id);
      if (text !== '') {
        lastMs = world.nowMs;
        await context.writeBytes(toBytes(text));
      } else if (
        context.signal.aborted ||
        conversations.isAtEnd(host, id) ||
        world.nowMs >= deadline()
      )
        return;
    }
  } finally {
    over.abort();
    host.close(id);
    conversations.forget(host, id);
    await sending;
    // What was said last still has to arrive.
    const settledMs = world.nowMs + 6;
    await waitUntil(context, () => world.nowMs >= settledMs, 6);
  }
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
    const isTest = options.letters.has('v') || options.letters.has('z');
    const shown = options.letters.has('n') || name === address ? name : `${name} (${address})`;
    const result = context.host.connect('udp', address, port, {
      owner,
      request: isTest ? 1 : 0,
      response: 0,
      ...(localPort > 0 && { localPort }),
    });
    if (!result.ok) {
      if (options.letters.has('v'))
        out.problem(`nc: connect to ${shown} port ${port} (udp) failed: ${strerror(result.error)}`);
      return false;
    }
    const id = result.value;
    if (isTest && !(await takesLetters(context, id))) return false;
    if (options.letters.has('v'))
      out.problem(
        `Connection to ${shown} ${port} port ${serviceText(context, port, 'udp', options.letters.has('n'))} succeeded!`,
      );
    if (!options.letters.has('z')) await converse(context, options, id);
    context.host.close(id);
    return true;
  } finally {
    end();
  }
}

/**
 * With -v or -z a port is tried with single letters: two at once, and one a second for three seconds.
 * @returns whether none was refused
 */
async function takesLetters(context: CommandContext, id: number): Promise<boolean> {
  // On loopback the refusal of the first is there before the second leaves.
  for (const ms of [0.01, 1000, 1000, 1000]) {
    const settled = context.machine.world.nowMs + ms;
    await waitUntil(context, () => context.machine.world.nowMs >= settled, ms);
    if (context.host.failure(id) !== undefined || context.signal.aborted) return false;
    context.host.send(id, 1);
  }
  return true;
}
