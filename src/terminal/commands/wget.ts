/** wget (1.21.3): a file over HTTP, saved under its own name, with a log of how that went. */

import type { SocketInfo, SocketOwner } from '../../network/world.ts';
import { isAddress, isLoopbackAddress } from '../linux/address-texts.ts';
import { endpointsOf } from '../linux/conversations.ts';
import { strerror } from '../linux/error-texts.ts';
import { FileError, errorText, resolvePath, toBytes } from '../linux/file-system.ts';
import { readRequest, respond, wireText, type HttpResponse } from '../linux/http-server.ts';
import { failed, printed, startOwner, unsupported, waitUntil, type Command } from './command.ts';
import type { CommandContext } from './command.ts';
import { closeFromServer, connectTcp, exchange } from './client-connection.ts';
import { readUrl, type Target } from './url.ts';
import { lookUp } from './name-lookup.ts';
import { parseOptions } from './options.ts';

const long: Readonly<Record<string, string>> = {
  'output-document': 'O',
  quiet: 'q',
  'no-verbose': 'ν',
  'server-response': 'S',
  spider: 'σ',
  timeout: 'T',
  'connect-timeout': 'T',
  'read-timeout': 'T',
  'dns-timeout': 'T',
  tries: 't',
  'user-agent': 'U',
  header: 'η',
  'inet4-only': '4',
  'inet6-only': '6',
  'retry-connrefused': 'ρ',
  waitretry: 'ω',
  'max-redirect': 'μ',
  help: 'h',
  version: 'V',
};

const usage = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n";

interface Wish {
  readonly output: string | undefined;
  readonly isQuiet: boolean;
  /** `-nv`: one line a file. */
  readonly isBrief: boolean;
  readonly showsHead: boolean;
  readonly isSpider: boolean;
  /** Infinity where nothing was said: the kernel's own limit, and 900 seconds to read. */
  readonly limitMs: number;
  readonly tries: number;
  readonly waitRetryMs: number;
  readonly retriesRefused: boolean;
  readonly redirections: number;
  readonly agent: string;
  readonly headers: readonly string[];
  readonly families: readonly (4 | 6)[];
}

export const wget: Command = {
  name: 'wget',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'qSvhV46cbNrpmkKxdFνσρ',
      valued: 'OTtUnPioaeQAwRBlDIημω',
      long,
    });
    if (!parsed.ok) {
      const { option, problem } = parsed;
      if (option.startsWith('--')) return unsupported(context, 'wget', option);
      const letter = option.replace(/^-+/, '');
      const said =
        problem === 'needs-value'
          ? `option requires an argument -- '${letter}'`
          : `invalid option -- '${letter}'`;
      return failed(`wget: ${said}\n${usage}`, 2);
    }
    const { has, value } = parsed.options;
    if (has('h')) return printed((await context.manual('wget')) ?? '');
    if (has('V')) return printed('GNU Wget 1.21.3 built on linux-gnu.\n');
    const missing = parsed.options.list.find(
      ({ letter, value: given }) =>
        'cbNrpmkKxdFPioaeQAwRBlDI'.includes(letter) || (letter === 'n' && given !== 'v'),
    );
    if (missing !== undefined)
      return unsupported(
        context,
        'wget',
        `-${missing.letter}${missing.letter === 'n' ? (missing.value ?? '') : ''}`,
      );
    const time = value('T');
    if (time !== undefined && !/^\d*\.?\d+$/.test(time))
      return failed(`wget: --timeout: Invalid time period ‘${time}’`, 2);
    if (parsed.operands.length === 0) return failed(`wget: missing URL\n${usage}`);
    const tries = Number(value('t') ?? '20') || 0;
    const { owner, end } = startOwner(context, 'wget', { kind: 'idle' });
    const wish: Wish = {
      output: value('O'),
      isQuiet: has('q'),
      isBrief: has('ν') || has('n'),
      showsHead: has('S'),
      isSpider: has('σ'),
      limitMs: Number(time) > 0 ? Number(time) * 1000 : Number.POSITIVE_INFINITY,
      tries: tries > 0 ? tries : Number.POSITIVE_INFINITY,
      waitRetryMs: Number(value('ω') ?? '10') * 1000,
      retriesRefused: has('ρ'),
      redirections: Number(value('μ') ?? '20'),
      agent: value('U') ?? 'Wget/1.21.3',
      headers: parsed.options.values('η'),
      families: has('4') === has('6') ? [4, 6] : has('4') ? [4] : [6],
    };
    const run = new Download(context, owner, wish);
    try {
      let exitCode = 0;
      for (const url of parsed.operands) {
        const code = await run.get(url);
        exitCode = exitCode === 0 ? code : exitCode;
      }
      await run.end(parsed.operands.length);
      return printed('', context.signal.aborted ? 130 : exitCode);
    } finally {
      end();
    }
  },
};

/** Exit statuses: of the network, and of a server that says no. */
const NETWORK = 4;
const SERVER = 8;
/** How long it reads where nothing was said. */
const usualReadMs = 900_000;

type Outcome =
  | { readonly kind: 'done' | 'failed'; readonly exitCode: number }
  | { readonly kind: 'again' }
  | { readonly kind: 'moved'; readonly url: string };

class Download {
  private readonly context: CommandContext;
  private readonly owner: SocketOwner;
  private readonly wish: Wish;
  /** A connection that is left open, and whose it is. */
  private kept: { readonly id: number; readonly key: string } | null = null;
  /** Names that it has asked for already. */
  private readonly known = new Map<string, readonly string[]>();
  private files = 0;
  private bytes = 0;
  private tookMs = 0;
  private readonly startedAtMs: number;
  private output: { readonly path: string; text: string } | null = null;

  constructor(context: CommandContext, owner: SocketOwner, wish: Wish) {
    this.context = context;
    this.owner = owner;
    this.wish = wish;
    this.startedAtMs = context.machine.world.nowMs;
  }

  /** @returns the exit status */
  async get(given: string): Promise<number> {
    const { context, wish } = this;
    if (wish.output !== undefined && wish.output !== '-' && this.output === null) {
      const problem = this.write(wish.output, '');
      if (problem !== null) {
        context.terminal.write(`${wish.output}: ${problem}\n`, 'err');
        return 1;
      }
      this.output = { path: wish.output, text: '' };
    }
    if (wish.isSpider) this.log('Spider mode enabled. Check if remote file exists.\n');
    let url = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
    let redirections = 0;
    for (let attempt = 1; ; attempt++) {
      const target = readUrl(url);
      const shown = target === undefined ? url : textOf(target);
      if (target === undefined) {
        context.terminal.write(`${url}: Invalid host name.\n`, 'err');
        return 1;
      }
      if (target.scheme === 'ftp') {
        const { exitCode, stderr } = unsupported(context, 'wget', 'ftp://');
        context.terminal.write(stderr, 'err');
        return exitCode;
      }
      if (target.scheme !== 'http' && target.scheme !== 'https') {
        context.terminal.write(`${url}: Unsupported scheme ‘${target.scheme}’.\n`, 'err');
        return 1;
      }
      const count = attempt > 1 ? `  (try:${String(attempt).padStart(2)})` : '';
      this.log(`--${this.now()}--${count}  ${shown}\n`);
      const outcome = await this.once(target, shown);
      if (context.signal.aborted) return 130;
      if (outcome.kind === 'done' || outcome.kind === 'failed') return outcome.exitCode;
      if (outcome.kind === 'moved') {
        if (redirections >= wish.redirections) {
          this.log(`${wish.redirections} redirections exceeded.\n`);
          return SERVER;
        }
        redirections += 1;
        url = outcome.url;
        attempt = 0;
        continue;
      }
      if (attempt >= wish.tries) {
        this.log('Giving up.\n\n');
        return NETWORK;
      }
      this.log('Retrying.\n\n');
      await context.pace.pass(Math.min(attempt * 1000, wish.waitRetryMs), context.signal);
    }
  }

  private async once(target: Target, url: string): Promise<Outcome> {
    const { context } = this;
    const opened = await this.open(target);
    if ('kind' in opened) return opened;
    const { socket } = opened;
    const isTls = target.port === 443 && !isLoopbackAddress(socket.remoteAddress);
    if (target.scheme === 'https' && !isTls) {
      context.host.close(socket.id);
      this.log(
        'GnuTLS: An unexpected TLS packet was received.\nUnable to establish SSL connection.\n',
      );
      return { kind: 'failed', exitCode: NETWORK };
    }
    this.log('HTTP request sent, awaiting response... ');
    const startedAtMs = context.machine.world.nowMs;
    const response = await this.ask(socket, target);
    if (response === null) return { kind: 'again' };
    const tookMs = context.machine.world.nowMs - startedAtMs;
    await this.afterwards(socket, target, response);
    return this.take(target, url, response, tookMs);
  }

  /** A connection to the target: one that is still open, or a new one. */
  private async open(target: Target): Promise<{ readonly socket: SocketInfo } | Outcome> {
    const { context, owner, wish } = this;
    const { host: name, port } = target;
    const key = `${target.scheme} ${name} ${port}`;
    const kept = this.kept?.key === key ? context.host.socket(this.kept.id) : undefined;
    if (kept?.state === 'ESTABLISHED') {
      this.log(`Reusing existing connection to ${bracketed(name)}:${port}.\n`);
      return { socket: kept };
    }
    this.closeKept();
    const isNumber = isAddress(name);
    const known = this.known.get(name);
    const isAsked = !isNumber && known === undefined;
    if (isAsked) this.log(`Resolving ${name} (${name})... `);
    const found =
      known === undefined
        ? await lookUp(context, owner, name, wish.families)
        : ({ ok: true, addresses: known } as const);
    if (!found.ok) {
      const why =
        found.problem === 'Address family for hostname not supported'
          ? 'No address associated with hostname'
          : found.problem;
      this.log(`failed: ${why}.\n`);
      this.problem(`wget: unable to resolve host address ‘${name}’\n`);
      return { kind: 'failed', exitCode: NETWORK };
    }
    if (isAsked) this.log(`${found.addresses.join(', ')}\n`);
    this.known.set(name, found.addresses);
    let last: Outcome = { kind: 'failed', exitCode: NETWORK };
    for (const address of found.addresses) {
      const shown = isNumber
        ? `${bracketed(name)}:${port}`
        : `${name} (${name})|${address}|:${port}`;
      this.log(`Connecting to ${shown}... `);
      const outcome = await connectTcp(context, {
        address,
        port,
        owner,
        isRoot: context.user.uid === 0,
        ...(Number.isFinite(wish.limitMs) && { limitMs: wish.limitMs }),
      });
      if (outcome.kind === 'connected') {
        this.log('connected.\n');
        return { socket: outcome.socket };
      }
      if (context.signal.aborted) return last;
      const error = outcome.kind === 'failed' ? outcome.error : 'ETIMEDOUT';
      this.log(`failed: ${strerror(error)}.\n`);
      const isFinal =
        error === 'EHOSTUNREACH' ||
        error === 'ENETUNREACH' ||
        (error === 'ECONNREFUSED' && !wish.retriesRefused);
      last = isFinal ? { kind: 'failed', exitCode: NETWORK } : { kind: 'again' };
    }
    return last;
  }

  /** Sends the request; null where no answer came, which has been said. */
  private async ask(socket: SocketInfo, target: Target): Promise<HttpResponse | null> {
    const { context, wish } = this;
    const { host, machine } = context;
    const app = machine.appAt(socket.remoteAddress, socket.remotePort);
    const isUsual = target.port === (target.scheme === 'https' ? 443 : 80);
    const name = bracketed(target.host);
    const own = new Set(wish.headers.map((line) => (line.split(':')[0] ?? '').toLowerCase()));
    const text = [
      `${wish.isSpider ? 'HEAD' : 'GET'} ${target.path} HTTP/1.1`,
      ...[
        `Host: ${isUsual ? name : `${name}:${target.port}`}`,
        `User-Agent: ${wish.agent}`,
        'Accept: */*',
        'Accept-Encoding: identity',
        'Connection: Keep-Alive',
      ].filter((line) => !own.has((line.split(':')[0] ?? '').toLowerCase())),
      ...wish.headers,
      '',
      '',
    ].join('\r\n');
    const [from, to] = endpointsOf(socket);
    const size = (one: string) => new TextEncoder().encode(one).length;
    machine.wireTexts.add(from, to, toBytes(text));
    const asked = app === 'http' || app === 'http-closing' ? readRequest(text) : null;
    if ((app !== 'http' && app !== 'http-closing') || asked === null)
      return this.noAnswer(socket, size(text));
    const place = machine.httpPlace(app, socket);
    const response = respond(
      machine,
      { ...place, isTls: place.isTls && target.scheme !== 'https' },
      asked,
    );
    const answer = wireText(response);
    machine.wireTexts.add(to, from, toBytes(answer));
    const before = host.traffic(socket.id)?.bytesReceived ?? 0;
    await exchange(context, socket, size(text), size(answer));
    const isThere = () => {
      const traffic = host.traffic(socket.id);
      return traffic === undefined || traffic.bytesReceived > before;
    };
    const limitMs = Math.min(wish.limitMs, usualReadMs);
    if (!(await waitUntil(context, isThere, limitMs))) {
      host.reset(socket.id);
      if (!context.signal.aborted) this.log('Read error (Connection timed out) in headers.\n');
      return null;
    }
    if (response.logLine !== undefined) machine.serverLogged(socket, response.logLine);
    return response;
  }

  /** Whoever listens there does not speak HTTP. */
  private async noAnswer(socket: SocketInfo, bytes: number): Promise<null> {
    const { context, wish } = this;
    const { host } = context;
    await exchange(context, socket, bytes, 0);
    const isGone = () => host.socket(socket.id)?.state !== 'ESTABLISHED';
    const wasClosed = await waitUntil(context, isGone, Math.min(wish.limitMs, usualReadMs));
    if (host.socket(socket.id) !== undefined) host.close(socket.id);
    if (!context.signal.aborted)
      this.log(
        wasClosed ? 'No data received.\n' : 'Read error (Connection timed out) in headers.\n',
      );
    return null;
  }

  private async afterwards(
    socket: SocketInfo,
    target: Target,
    response: HttpResponse,
  ): Promise<void> {
    const { context } = this;
    if (!response.closes) {
      this.kept = { id: socket.id, key: `${target.scheme} ${target.host} ${target.port}` };
      return;
    }
    await closeFromServer(context, socket);
    if (context.host.socket(socket.id) !== undefined) context.host.close(socket.id);
  }

  private take(target: Target, url: string, response: HttpResponse, tookMs: number): Outcome {
    const { context, wish } = this;
    const { body, head, status } = response;
    const reason = (head[0] ?? '').replace(/^\S+ \d+ ?/, '');
    this.log(wish.showsHead ? '\n' : `${status} ${reason}\n`);
    if (wish.showsHead && !(wish.isBrief && !wish.isQuiet))
      context.terminal.write(head.map((line) => `  ${line}\n`).join(''), 'err');
    const location = headerOf(head, 'location');
    if (status >= 300 && status < 400 && location !== undefined) {
      this.log(`Location: ${location} [following]\n`);
      return { kind: 'moved', url: new URL(location, url).href };
    }
    if (status >= 400) {
      if (wish.isSpider) {
        this.log('Remote file does not exist -- broken link!!!\n\n');
        return { kind: 'failed', exitCode: SERVER };
      }
      if (wish.isBrief) this.problem(`${url}:\n`);
      this.problem(`${this.now()} ERROR ${status}: ${reason}.\n`);
      this.log('\n');
      return { kind: 'failed', exitCode: SERVER };
    }
    const length = headerOf(head, 'content-length');
    const type = (headerOf(head, 'content-type') ?? '').split(';')[0] ?? '';
    const human = Number(length) >= 1024 ? ` (${humanSize(Number(length))})` : '';
    this.log(`Length: ${length ?? 'unspecified'}${human}${type === '' ? '' : ` [${type}]`}\n`);
    if (wish.isSpider) {
      this.log('Remote file exists.\n\n');
      if (wish.isBrief) this.problem(`${this.now()} URL: ${url} ${status} ${reason}\n`);
      return { kind: 'done', exitCode: 0 };
    }
    return this.save(target, url, body, tookMs);
  }

  private save(target: Target, url: string, body: string, tookMs: number): Outcome {
    const { context, wish } = this;
    const size = new TextEncoder().encode(body).length;
    const isStandard = wish.output === '-';
    const name = wish.output ?? this.freeName(target.path);
    this.log(`Saving to: ‘${isStandard ? 'STDOUT' : name}’\n`);
    if (isStandard) context.terminal.write(body);
    else {
      const text = this.output === null ? body : (this.output.text += body);
      const problem = this.write(name, text);
      if (problem !== null) {
        this.log('\n');
        this.problem(`${name}: ${problem}\n\nCannot write to ‘${name}’ (${problem}).\n`);
        return { kind: 'failed', exitCode: 3 };
      }
    }
    this.files += 1;
    this.bytes += size;
    this.tookMs += tookMs;
    this.log(context.isTty ? bar(name, size, tookMs) : dots(size, tookMs));
    const stored = isStandard ? 'written to stdout' : `‘${name}’ saved`;
    this.log(`\n${this.now()} (${longRate(size, tookMs)}) - ${stored} [${size}/${size}]\n\n`);
    if (wish.isBrief) this.problem(`${this.now()} URL:${url} [${size}/${size}] -> "${name}" [1]\n`);
    return { kind: 'done', exitCode: 0 };
  }

  /** The name in the address, with a number where there is such a file. */
  private freeName(path: string): string {
    const { context } = this;
    const plain = path.replace(/#.*$/, '').replace(/^.*\/(?=[^/]*$)/, '');
    const name = plain === '' ? 'index.html' : plain;
    const isThere = (one: string) =>
      context.machine.files.exists(resolvePath(context.cwd, one), context.identity);
    if (!isThere(name)) return name;
    for (let number = 1; ; number++) if (!isThere(`${name}.${number}`)) return `${name}.${number}`;
  }

  /** The problem, where there is one. */
  private write(name: string, text: string): string | null {
    const { context } = this;
    if (name === '/dev/null') return null;
    try {
      const path = resolvePath(context.cwd, name);
      context.machine.files.write(path, toBytes(text), context.identity);
      return null;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return errorText(error.code);
    }
  }

  /** Closes what is open, and sums up several files. */
  async end(urls: number): Promise<void> {
    const { context } = this;
    if (urls > 1 && this.files > 0) {
      const wall = (context.machine.world.nowMs - this.startedAtMs) / 1000;
      this.log(
        `FINISHED --${this.now()}--\nTotal wall clock time: ${decimal(wall)}s\n` +
          `Downloaded: ${this.files} files, ${humanSize(this.bytes)} in ${decimal(this.tookMs / 1000)}s (${longRate(this.bytes, this.tookMs)})\n`,
      );
    }
    if (this.kept === null) return;
    this.closeKept();
    const settled = context.machine.world.nowMs + 6;
    await waitUntil(context, () => context.machine.world.nowMs >= settled, 6);
  }

  private closeKept(): void {
    const { context, kept } = this;
    if (kept !== null && context.host.socket(kept.id) !== undefined) context.host.close(kept.id);
    this.kept = null;
  }

  private now(): string {
    return new Date(this.context.machine.epochNowMs).toISOString().slice(0, 19).replace('T', ' ');
  }

  /** What is said unless it was told to say little. */
  private log(text: string): void {
    if (!this.wish.isQuiet && !this.wish.isBrief) this.context.terminal.write(text, 'err');
  }

  /** What is said unless it was told to say nothing. */
  private problem(text: string): void {
    if (!this.wish.isQuiet) this.context.terminal.write(text, 'err');
  }
}

function headerOf(head: readonly string[], name: string): string | undefined {
  const line = head.find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** An address as wget writes it: whole, without the usual port. */
function textOf({ host, path, port, scheme }: Target): string {
  const usual = scheme === 'https' ? 443 : 80;
  return `${scheme}://${bracketed(host)}${port === usual ? '' : `:${port}`}${path}`;
}

/** Three digits that count. */
function short(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

function decimal(seconds: number): string {
  if (seconds < 0.0005) return '0';
  return seconds < 10 ? String(Number(seconds.toPrecision(1))) : seconds.toFixed(0);
}

function humanSize(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  const [value, unit] = bytes < 1024 ** 2 ? [bytes / 1024, 'K'] : [bytes / 1024 ** 2, 'M'];
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)}${unit}`;
}

/** As if the way took a microsecond where it takes no time here. */
function rateOf(bytes: number, ms: number): readonly [number, 'B' | 'K' | 'M' | 'G'] {
  const rate = (bytes * 1000) / Math.max(ms, 0.001);
  if (rate < 1024) return [rate, 'B'];
  if (rate < 1024 ** 2) return [rate / 1024, 'K'];
  return rate < 1024 ** 3 ? [rate / 1024 ** 2, 'M'] : [rate / 1024 ** 3, 'G'];
}

function longRate(bytes: number, ms: number): string {
  const [value, unit] = rateOf(bytes, ms);
  return `${short(value)} ${unit === 'B' ? 'B/s' : `${unit}B/s`}`;
}

/** A dot for each 1024 bytes, fifty a line: what a file or a pipe is given. */
function dots(size: number, ms: number): string {
  const [value, unit] = rateOf(size, ms);
  const rate = `${short(value)}${unit}`.padStart(5);
  const all = Math.floor(size / 1024);
  let text = '\n';
  for (let row = 0; row <= Math.floor(all / 50); row++) {
    let line = `${String(row * 50).padStart(6)}K`;
    for (let at = 0; at < 50; at++) {
      const isThere = row * 50 + at < all;
      line += `${at % 10 === 0 ? ' ' : ''}${isThere ? '.' : ' '}`;
    }
    const isLast = row === Math.floor(all / 50);
    const percent = isLast ? 100 : Math.floor(((row + 1) * 50 * 1024 * 100) / size);
    const time = isLast ? `=${decimal(ms / 1000)}s` : ' 0s';
    text += `${line}${String(percent).padStart(3)}% ${rate}${time}\n`;
  }
  return text;
}

/** The bar on a terminal, when it is full. */
function bar(name: string, size: number, ms: number): string {
  const shown = name.length > 19 ? name.slice(0, 19) : name;
  return `\n${shown.padEnd(20)}100%[===================>] ${String(size).padStart(7)}  --.-KB/s    in ${decimal(ms / 1000)}s\n`;
}
