/**
 * curl (7.88.1) over HTTP: which port it leaves from, what it meets, what it prints. The pages are
 * short and say who asked. HTTPS is treated as HTTP on port 443: no TLS is simulated.
 */

import type { SocketInfo, SocketOwner } from '../../network/world.ts';
import { familyOf, isLoopbackAddress } from '../linux/address-texts.ts';
import { errnoNumber, strerror } from '../linux/error-texts.ts';
import { endpointsOf } from '../linux/conversations.ts';
import { readRequest, respond, wireText, type HttpResponse } from '../linux/http-server.ts';
import { fromBytes, resolvePath, toBytes } from '../linux/file-system.ts';
import {
  failed,
  Printer,
  printed,
  startOwner,
  unsupported,
  waitUntil,
  type Command,
  type CommandContext,
} from './command.ts';
import {
  closeFromServer,
  connectTcp,
  exchange,
  isTaken,
  type ConnectOutcome,
} from './client-connection.ts';
import { readBody, type RequestBody } from './curl-body.ts';
import { readCurlOptions, type CurlOptions } from './curl-options.ts';
import { effectiveUrl, isKnownScheme, readUrl, type Target } from './curl-url.ts';
import { emptyFacts, writeOut, type Facts } from './curl-write-out.ts';
import type { GivenOption } from './options.ts';

const tryHelp = "curl: try 'curl --help' or 'curl --manual' for more information";

export const curl: Command = {
  name: 'curl',
  async run(context) {
    const first = context.args[0] ?? '';
    if (first === '-h' || first === '--help') return printed((await context.manual('curl')) ?? '');
    if (first === '-V' || first === '--version')
      return printed(
        'curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1\nRelease-Date: 2023-02-20\n',
      );
    const read = readCurlOptions(context.args);
    if (read.kind === 'unsupported') return unsupported(context, 'curl', read.option);
    if (read.kind === 'problem')
      return failed(read.problem === '' ? tryHelp : `curl: ${read.problem}\n${tryHelp}`, 2);
    const out = new Printer();
    const connections = new Connections();
    const { owner, end } = startOwner(context, 'curl', { kind: 'idle' });
    let exitCode = 0;
    try {
      for (const [index, url] of read.urls.entries())
        exitCode = await new Transfer(context, read, url, index, out, connections, owner).run();
      await connections.closeAll(context);
    } finally {
      end();
    }
    return out.result(exitCode);
  },
};

/** The connections of one run of curl: what is left open is used again for the same host and port. */
class Connections {
  /** How many there have been; the next one's number. */
  count = 0;
  private readonly open = new Map<string, { readonly id: number; readonly number: number }>();
  private readonly looked = new Set<string>();

  /** Whether a name was looked up before in this run. */
  knows(host: string): boolean {
    const isKnown = this.looked.has(host);
    this.looked.add(host);
    return isKnown;
  }

  keep(key: string, id: number, number: number): void {
    this.open.set(key, { id, number });
  }

  /** A connection that is still open at both ends. */
  take(context: CommandContext, key: string): { id: number; number: number } | undefined {
    const kept = this.open.get(key);
    this.open.delete(key);
    return kept !== undefined && context.host.socket(kept.id)?.state === 'ESTABLISHED'
      ? kept
      : undefined;
  }

  /** At curl's end: it closes what is open, and then has the TIME-WAIT. */
  async closeAll(context: CommandContext): Promise<void> {
    const { host, machine } = context;
    for (const { id } of this.open.values()) if (host.socket(id) !== undefined) host.close(id);
    if (this.open.size === 0) return;
    const settled = machine.world.nowMs + 6;
    await waitUntil(context, () => machine.world.nowMs >= settled, 6);
  }
}

/** How often curl follows a redirection where `--max-redirs` does not say. */
const mostRedirections = 50;

class Transfer {
  private readonly context: CommandContext;
  private readonly options: readonly GivenOption[];
  private readonly url: string;
  private readonly urlNumber: number;
  private readonly localPorts: readonly [number, number] | undefined;
  private readonly out: Printer;
  private readonly facts: Record<string, string | number> = {};
  private readonly connections: Connections;
  private readonly owner: SocketOwner;
  private readonly body: RequestBody | null;
  /** Where it is by now, after redirections. */
  private place: string;
  /** A server that spoke 1.0 is spoken to in 1.0 when it sends curl on. */
  private isOldServer = false;
  private retriesLeft: number;

  constructor(
    context: CommandContext,
    request: Extract<CurlOptions, { kind: 'request' }>,
    url: string,
    urlNumber: number,
    out: Printer,
    connections: Connections,
    owner: SocketOwner,
  ) {
    this.context = context;
    this.options = request.options;
    this.localPorts = request.localPorts;
    this.url = url;
    this.place = url;
    this.urlNumber = urlNumber;
    this.out = out;
    this.connections = connections;
    this.owner = owner;
    this.body = readBody(request.options, (path) => this.readFile(path));
    this.retriesLeft = Number(this.value('ψ') ?? 0);
  }

  private readFile(path: string): string {
    const { context } = this;
    if (path === '-') return context.stdin ?? '';
    try {
      return fromBytes(
        context.machine.files.read(resolvePath(context.cwd, path), context.identity),
      );
    } catch {
      this.warn(`Couldn't read data from file "${path}", this makes an empty POST.`);
      return '';
    }
  }

  async run(): Promise<number> {
    if (this.body !== null && this.has('I')) {
      this.warn('You can only select one HTTP request method! You asked for both POST ');
      this.warn('(-d, --data) and HEAD (-I, --head).');
      return 2;
    }
    let exitCode = await this.transfer();
    for (let waitMs = 1000; this.wantsAgain(exitCode); waitMs *= 2) {
      await this.waitForRetry(waitMs, exitCode);
      exitCode = await this.transfer();
    }
    const format = this.value('w');
    if (format === undefined) return exitCode;
    const facts: Facts = {
      ...emptyFacts,
      url: this.url,
      url_effective: effectiveUrl(this.place),
      urlnum: this.urlNumber,
      method: this.method,
      exitcode: exitCode,
      ...this.facts,
    };
    for (const { stream, text } of writeOut(format, facts)) this.out.piece(stream, text);
    return exitCode;
  }

  private get method(): string {
    const isPost = this.body !== null && !this.has('G');
    return this.value('X') ?? (this.has('I') ? 'HEAD' : isPost ? 'POST' : 'GET');
  }

  /** Whether a failure is one that passes, and a further try was asked for. */
  private wantsAgain(exitCode: number): boolean {
    if (this.retriesLeft <= 0 || exitCode === 0 || this.context.signal.aborted) return false;
    if (this.has('α')) return true;
    if (exitCode === 28 || exitCode === 6) return true;
    return exitCode === 7 && this.has('γ');
  }

  private async waitForRetry(waitMs: number, exitCode: number): Promise<void> {
    const { context } = this;
    const ms = this.value('ε') === undefined ? waitMs : Number(this.value('ε')) * 1000;
    const why = exitCode === 7 ? 'connection refused' : exitCode === 28 ? 'timeout' : 'transient';
    const isCommon = exitCode === 7 || exitCode === 28;
    const problem = isCommon ? why : '(retrying all errors)';
    const left = this.retriesLeft;
    this.warn(
      `Problem : ${problem}. Will retry in ${ms / 1000} seconds. ${left} ${left === 1 ? 'retries' : 'retries'} left.`,
    );
    this.retriesLeft -= 1;
    await context.pace.pass(ms, context.signal);
  }

  /** A warning, folded as curl folds it: its line end counts, too. */
  private warn(text: string): void {
    if (this.has('s')) return;
    let rest = text;
    const room = 79 - 'Warning: '.length;
    while (rest.length >= room) {
      const at = rest.lastIndexOf(' ', room - 1);
      const cut = at <= 0 ? room : at + 1;
      this.out.problem(`Warning: ${rest.slice(0, cut)}`);
      rest = rest.slice(cut);
    }
    this.out.problem(`Warning: ${rest}`);
  }

  private async transfer(): Promise<number> {
    this.place = this.url;
    const most = Number(this.value('σ') ?? mostRedirections);
    for (let followed = 0; ; followed++) {
      const exitCode = await this.once();
      const next = exitCode === 0 && this.has('L') ? this.facts['redirect_url'] : '';
      if (typeof next !== 'string' || next === '') return exitCode;
      if (followed >= most) {
        this.say(`* Maximum (${most}) redirects followed`);
        return this.problem(47, `Maximum (${most}) redirects followed`, true);
      }
      this.say(`* Issue another request to this URL: '${next}'`);
      this.place = next;
      Object.assign(this.facts, { num_redirects: followed + 1, redirect_url: '' });
    }
  }

  private async once(): Promise<number> {
    const target = readUrl(this.place);
    if (target === undefined) return this.problem(3, 'URL using bad/illegal format or missing URL');
    if (!isKnownScheme(target.scheme))
      return this.problem(1, `Protocol "${target.scheme}" not supported or disabled in libcurl`);
    const { machine } = this.context;
    if (target.isSix && !machine.hasIPv6) return this.noWayToSix(target);
    const addresses = this.resolved(target);
    if (addresses.length === 0) {
      this.say(`* Could not resolve host: ${target.host}`);
      this.meter(0);
      this.say('* Closing connection 0');
      return this.problem(6, `Could not resolve host: ${target.host}`, true);
    }
    const wanted = this.has('6') ? 6 : this.has('4') ? 4 : undefined;
    const usable = addresses.filter(
      (address) => wanted === undefined || familyOf(address) === wanted,
    );
    if (usable.length === 0) return this.problem(7, "Couldn't connect to server");
    const source = this.source();
    if (source === undefined)
      return this.problem(45, `Couldn't bind to '${this.value('ι') ?? ''}'`);
    const startedAtMs = machine.world.nowMs;
    const key = `${target.scheme} ${target.host} ${target.port}`;
    const kept = this.connections.take(this.context, key);
    const wasLookedUp = this.connections.knows(target.host);
    if (kept !== undefined) {
      const socket = this.context.host.socket(kept.id);
      if (socket !== undefined) {
        // curl names the place in its memory as well, which is a new one each time.
        this.say(`* Found bundle for host: 0x5581a3c0e200 [serially]`);
        this.say('* Can not multiplex, even if we wanted to');
        this.say(`* Re-using existing connection #${kept.number} with host ${target.host}`);
        this.facts['num_connects'] = 0;
        return this.talk(socket, kept.number, target, startedAtMs);
      }
    }
    if (wasLookedUp) this.say(`* Hostname ${target.host} was found in DNS cache`);
    const number = this.connections.count++;
    const { inherited, limit } = this.context.descriptors;
    // curl keeps a pair of sockets to wake itself by where two descriptors are free: then none is left.
    if (limit - inherited === 2) return this.cannotConnect(target, 0, number, 7);
    for (const [index, address] of usable.entries()) {
      this.say(`*   Trying ${bracketed(address)}:${target.port}...`);
      const outcome = await this.connect(address, target.port, this.owner, source);
      const elapsedMs = Math.round(machine.world.nowMs - startedAtMs);
      if (outcome.kind !== 'connected') {
        const isNextTried = index < usable.length - 1 && isConnectProblem(outcome);
        if (!isNextTried) return this.connectProblem(outcome, target, address, elapsedMs, number);
        this.sayFailed(outcome, target, address);
        continue;
      }
      const { socket } = outcome;
      this.say(
        `* Connected to ${target.host} (${socket.remoteAddress}) port ${socket.remotePort} (#${number})`,
      );
      this.facts['num_connects'] = 1;
      return this.talk(socket, number, target, startedAtMs);
    }
    return 7;
  }

  /** Of `localhost` curl has its own idea, IPv4 first; else as getaddrinfo(3) orders them. */
  private resolved(target: Target): readonly string[] {
    const { machine } = this.context;
    const own = this.values('ρ')
      .map((entry) => entry.replace(/^\+/, '').split(':'))
      .findLast(([host, port]) => host === target.host && Number(port) === target.port);
    if (own?.[2] !== undefined) return [own[2]];
    if (target.host === 'localhost' && machine.hasIPv6) return ['127.0.0.1', '::1'];
    return machine.resolveAll(target.host);
  }

  private noWayToSix(target: Target): number {
    const { host, port } = target;
    this.say(`*   Trying [${host}]:${port}...`);
    this.say(`* Immediate connect fail for ${host}: ${strerror('EADDRNOTAVAIL')}`);
    return this.cannotConnect(target, 0, 0, 7);
  }

  /** The address to leave from: null for any, undefined where `--interface` names nothing. */
  private source(): string | null | undefined {
    const name = this.value('ι')?.replace(/^(?:if|host)!/, '');
    if (name === undefined) return null;
    return name === 'lo' || name === 'eth0' ? name : this.context.machine.resolve(name);
  }

  /** With a range of local ports each is tried in turn. */
  private async connect(
    address: string,
    port: number,
    owner: SocketOwner,
    from: string | null,
  ): Promise<ConnectOutcome> {
    const limit = Number(this.value('τ') ?? this.value('m'));
    const named = this.value('ι');
    const source = from === null ? null : this.sourceTowards(address, from);
    if (source === undefined)
      return { kind: 'failed', call: 'connect', error: 'EADDRNOTAVAIL', isImmediate: true };
    const family = familyOf(address) === 6 ? 10 : 2;
    if (named !== undefined && source !== null)
      this.say(
        named === source
          ? `* Name '${named}' family ${family} resolved to '${source}' family ${family}`
          : `* Local Interface ${named} is ip ${source} using address family ${family}`,
      );
    const request = {
      address,
      port,
      owner,
      isRoot: this.context.user.uid === 0,
      ...(limit > 0 && { limitMs: limit * 1000 }),
      ...(source !== null && { localAddress: source }),
    };
    if (this.localPorts === undefined) {
      const outcome = await connectTcp(this.context, request);
      if (source !== null && !isBindProblem(outcome)) this.say('* Local port: 0');
      return outcome;
    }
    let outcome: ConnectOutcome = {
      kind: 'failed',
      call: 'bind',
      error: 'EADDRINUSE',
      isImmediate: true,
    };
    for (let localPort = this.localPorts[0]; localPort <= this.localPorts[1]; localPort++) {
      outcome = await connectTcp(this.context, { ...request, localPort });
      if (!(isBindProblem(outcome) && outcome.error === 'EADDRINUSE')) {
        if (!isBindProblem(outcome)) this.say(`* Local port: ${localPort}`);
        break;
      }
    }
    return outcome;
  }

  private connectProblem(
    outcome: Exclude<ConnectOutcome, { kind: 'connected' }>,
    target: Target,
    address: string,
    elapsedMs: number,
    number: number,
  ): number {
    const { host, port } = target;
    if (outcome.kind === 'timed-out')
      return this.problem(28, `Connection timed out after ${elapsedMs} milliseconds`);
    if (outcome.call === 'bind') {
      const text = `bind failed with errno ${errnoNumber(outcome.error)}: ${strerror(outcome.error)}`;
      this.say(`* ${text}`);
      this.say(
        `* Failed to connect to ${host} port ${port} after ${elapsedMs} ms: Failed binding local connection end`,
      );
      this.say(`* Closing connection ${number}`);
      return this.problem(45, text);
    }
    this.sayFailed(outcome, target, address);
    return this.cannotConnect(target, elapsedMs, number, outcome.error === 'ETIMEDOUT' ? 28 : 7);
  }

  private cannotConnect(
    { host, port }: Target,
    elapsedMs: number,
    number: number,
    status: number,
  ): number {
    const text = `Failed to connect to ${host} port ${port} after ${elapsedMs} ms: Couldn't connect to server`;
    this.say(`* ${text}`);
    this.meter(0);
    this.say(`* Closing connection ${number}`);
    return this.problem(status, text, true);
  }

  private sayFailed(
    outcome: Extract<ConnectOutcome, { kind: 'failed' }>,
    { port }: Target,
    address: string,
  ): void {
    this.say(
      outcome.isImmediate
        ? `* Immediate connect fail for ${address}: ${strerror(outcome.error)}`
        : `* connect to ${address} port ${port} failed: ${strerror(outcome.error)}`,
    );
  }

  /** The source's address of the destination's family; undefined where it has none. */
  private sourceTowards(address: string, source: string): string | undefined {
    const family = familyOf(address);
    const { addresses } = this.context.host;
    const own = source === 'lo' ? ['127.0.0.1', '::1'] : source === 'eth0' ? addresses : [source];
    return own.find((one) => familyOf(one) === family);
  }

  private async talk(
    socket: SocketInfo,
    number: number,
    target: Target,
    startedAtMs: number,
  ): Promise<number> {
    const { context } = this;
    const { machine } = context;
    const end = await this.behind(socket);
    const app = end && machine.appAt(end.remoteAddress, end.remotePort);
    Object.assign(this.facts, {
      local_ip: socket.localAddress,
      local_port: socket.localPort,
      remote_ip: socket.remoteAddress,
      remote_port: socket.remotePort,
      scheme: target.scheme.toUpperCase(),
    });
    if (!target.scheme.startsWith('http')) {
      context.host.close(socket.id);
      return unsupportedScheme(context, this.out, target.scheme);
    }
    const isTls = isLoopbackAddress(socket.remoteAddress)
      ? end?.remotePort === 443
      : target.port === 443;
    if (target.scheme === 'https' && !isTls) return this.noTls(socket.id, number);
    const lines = this.requestLines(target);
    const body = this.has('G') ? '' : (this.body?.text ?? '');
    const [userName] = (this.value('u') ?? '').split(':');
    if (userName !== '') this.say(`* Server auth using Basic with user '${userName ?? ''}'`);
    for (const line of lines) this.say(`> ${line}${this.lineEnd}`);
    if (body !== '') this.sayData('}', body.length);
    const text = `${lines.join('\r\n')}\r\n${body}`;
    Object.assign(this.facts, {
      size_request: byteLength(text),
      size_upload: byteLength(body),
    });
    const [from, to] = endpointsOf(socket);
    machine.wireTexts.add(from, to, toBytes(text));
    if (app !== 'http' && app !== 'http-closing') {
      await exchange(context, socket, byteLength(text));
      return this.noAnswer(socket.id, app === 'ssh', startedAtMs);
    }
    const asked = readRequest(text);
    if (asked === null) return this.problem(52, 'Empty reply from server');
    const place = machine.httpPlace(app, end ?? socket);
    const isMistaken = place.isTls && target.scheme !== 'https';
    const response = respond(machine, { ...place, isTls: isMistaken }, asked);
    this.carry(socket, byteLength(text), byteLength(wireText(response)));
    machine.wireTexts.add(to, from, toBytes(wireText(response)));
    await exchange(context, socket, byteLength(text), byteLength(wireText(response)));
    const limitMs = Number(this.value('m')) * 1000;
    const endMs = limitMs > 0 ? startedAtMs + limitMs : Number.POSITIVE_INFINITY;
    const isOver = () =>
      isTaken(context, socket) || context.host.socket(socket.id)?.state !== 'ESTABLISHED';
    await waitUntil(context, isOver, endMs - machine.world.nowMs);
    if (!isTaken(context, socket)) return this.noAnswer(socket.id, false, startedAtMs);
    return this.answer(socket, number, target, response, startedAtMs);
  }

  /** Whose socket answers: through a tunnel the one of its far end; undefined where there is none. */
  private async behind(socket: SocketInfo): Promise<SocketInfo | undefined> {
    const { context } = this;
    const { host, machine } = context;
    if (host.name !== machine.host.name) return socket;
    const leg = () => machine.tunnelLeg(socket);
    const isKnown = () => leg() !== null || host.socket(socket.id)?.state !== 'ESTABLISHED';
    await waitUntil(context, isKnown, Number.POSITIVE_INFINITY);
    const found = leg();
    return found === undefined ? socket : found?.socket;
  }

  /** The same bytes go over the far end's connection too. */
  private carry(socket: SocketInfo, bytes: number, answer: number): void {
    const { host, machine } = this.context;
    const leg = host.name === machine.host.name ? machine.tunnelLeg(socket) : undefined;
    if (leg != null) leg.host.send(leg.socket.id, bytes, answer);
  }

  /** The request's first line and headers, as curl puts them in order, with the empty line. */
  private requestLines(target: Target): readonly string[] {
    const hostName = bracketed(target.host);
    const isUsual = target.port === (target.scheme === 'https' ? 443 : 80);
    const own = this.values('H').map((line) => line.replace(/;$/, ':'));
    const nameOf = (line: string) => (line.split(':')[0] ?? '').toLowerCase();
    const replaced = new Set(own.map(nameOf));
    const unless = (name: string, line: string | undefined) =>
      line === undefined || replaced.has(name.toLowerCase()) ? [] : [line];
    const hostLine = own.find((line) => nameOf(line) === 'host');
    const user = this.value('u');
    const { body } = this;
    const posts = body !== null && !this.has('G');
    const query = body !== null && this.has('G') ? body.text : '';
    const sign = target.path.includes('?') ? '&' : '?';
    const isOld = this.has('0') || this.isOldServer;
    return [
      `${this.method} ${target.path}${query === '' ? '' : `${sign}${query}`} HTTP/${isOld ? '1.0' : '1.1'}`,
      hostLine ?? `Host: ${isUsual ? hostName : `${hostName}:${target.port}`}`,
      ...unless(
        'authorization',
        user === undefined ? undefined : `Authorization: Basic ${base64(user)}`,
      ),
      ...unless('user-agent', `User-Agent: ${this.value('A') ?? 'curl/7.88.1'}`),
      ...(posts && body.isJson
        ? [
            ...unless('content-type', 'Content-Type: application/json'),
            ...unless('accept', 'Accept: application/json'),
          ]
        : unless('accept', 'Accept: */*')),
      ...unless(
        'accept-encoding',
        this.has('ξ') ? 'Accept-Encoding: deflate, gzip, br, zstd' : undefined,
      ),
      ...unless(
        'referer',
        this.value('e') === undefined ? undefined : `Referer: ${this.value('e') ?? ''}`,
      ),
      ...unless(
        'cookie',
        this.value('b')?.includes('=') ? `Cookie: ${this.value('b') ?? ''}` : undefined,
      ),
      ...own.filter((line) => nameOf(line) !== 'host' && /:\s*\S/.test(line)),
      ...(posts ? unless('content-length', `Content-Length: ${byteLength(body.text)}`) : []),
      ...(posts && !body.isJson
        ? unless('content-type', 'Content-Type: application/x-www-form-urlencoded')
        : []),
      '',
    ];
  }

  /** The port speaks plainly: what comes back is no TLS record. */
  private noTls(id: number, number: number): number {
    this.context.host.close(id);
    const text = 'error:0A00010B:SSL routines::wrong version number';
    this.say('* ALPN: offers h2,http/1.1');
    this.say('* TLSv1.3 (OUT), TLS handshake, Client hello (1):');
    this.say(`* OpenSSL/3.0.15: ${text}`);
    this.say(`* Closing connection ${number}`);
    return this.problem(35, text);
  }

  /** Whoever listens there does not speak HTTP. */
  private async noAnswer(id: number, isSsh: boolean, startedAtMs: number): Promise<number> {
    const { context } = this;
    if (isSsh) {
      context.host.close(id);
      this.say('* Received HTTP/0.9 when not allowed');
      return this.problem(1, 'Received HTTP/0.9 when not allowed');
    }
    const limit = Number(this.value('m'));
    const end = limit > 0 ? startedAtMs + limit * 1000 : Number.POSITIVE_INFINITY;
    const isGone = () => context.host.socket(id)?.state !== 'ESTABLISHED';
    const wasClosed = await waitUntil(context, isGone, end - context.machine.world.nowMs);
    context.host.close(id);
    if (wasClosed) return this.problem(52, 'Empty reply from server');
    if (context.signal.aborted) return 130;
    return this.problem(
      28,
      `Operation timed out after ${limit * 1000} milliseconds with 0 bytes received`,
    );
  }

  private async answer(
    socket: SocketInfo,
    number: number,
    target: Target,
    response: HttpResponse,
    startedAtMs: number,
  ): Promise<number> {
    const { context } = this;
    const { machine } = context;
    const { body, status } = response;
    const isThere = status < 400;
    const isNew = response.head[0]?.startsWith('HTTP/1.1') === true;
    this.isOldServer = !isNew && response.head.length > 0;
    const head = [...response.head, ''];
    if (response.logLine !== undefined) machine.serverLogged(socket, response.logLine);
    if (!isNew) this.say('* HTTP 1.0, assume close after body');
    for (const line of head) this.say(`< ${line}${this.lineEnd}`);
    // `-X HEAD` asks for what -I knows how to read: curl waits for a body that does not come.
    const length = Number(headerOf(head, 'content-length') ?? body.length);
    if (this.value('X') === 'HEAD' && !this.has('I') && length > 0 && isNew)
      return this.neverComes(socket.id, length, startedAtMs);
    if (body !== '' && this.method !== 'HEAD') this.sayData('{', body.length);
    if (response.closes) {
      await closeFromServer(context, socket);
      this.say(`* Closing connection ${number}`);
      if (context.host.socket(socket.id) !== undefined) context.host.close(socket.id);
      const settled = machine.world.nowMs + 6;
      await waitUntil(context, () => machine.world.nowMs >= settled, 6);
    } else {
      this.say(`* Connection #${number} to host ${target.host} left intact`);
      this.connections.keep(`${target.scheme} ${target.host} ${target.port}`, socket.id, number);
    }
    const location = headerOf(head, 'location');
    Object.assign(this.facts, {
      http_code: status,
      response_code: status,
      size_download: this.method === 'HEAD' ? 0 : body.length,
      http_version: isNew ? '1.1' : '1',
      content_type: headerOf(head, 'content-type') ?? '',
      num_headers: head.length - 2,
      redirect_url:
        location === undefined || status < 300 || status > 399
          ? ''
          : new URL(location, effectiveUrl(this.place)).href,
      time_total: ((machine.world.nowMs - startedAtMs) / 1000).toFixed(6),
    });
    this.dumpHead(head);
    if (this.has('L') && this.facts['redirect_url'] !== '') return 0;
    const isFailure = (this.has('f') || this.has('φ')) && !isThere;
    const showsHead = this.has('I') || this.has('i');
    const shownBody = this.has('I') || (isFailure && !this.has('φ')) ? '' : body;
    const shownHead = showsHead ? head.map((line) => `${line}${this.lineEnd}\n`).join('') : '';
    const stored =
      isFailure && shownHead + shownBody === ''
        ? 0
        : this.store(shownHead + shownBody, shownBody.length);
    return isFailure
      ? this.problem(22, `The requested URL returned error: ${status}`, true)
      : stored;
  }

  /** The headers, where `-D` wants them. */
  private dumpHead(head: readonly string[]): void {
    const path = this.value('D');
    if (path === undefined) return;
    const text = head.map((line) => `${line}${path === '-' ? this.lineEnd : '\r'}\n`).join('');
    if (path === '-') this.out.text(text);
    else this.write(path, text);
  }

  private write(path: string, text: string): void {
    const { context } = this;
    if (path === '/dev/null') return;
    const at = resolvePath(context.cwd, path);
    context.machine.files.write(at, toBytes(text), context.identity);
  }

  /** The server has answered a HEAD as it should, and curl was told to expect a page. */
  private async neverComes(id: number, length: number, startedAtMs: number): Promise<number> {
    const { context } = this;
    const limit = Number(this.value('m'));
    const end = limit > 0 ? startedAtMs + limit * 1000 : Number.POSITIVE_INFINITY;
    const isGone = () => context.host.socket(id)?.state !== 'ESTABLISHED';
    await waitUntil(context, isGone, end - context.machine.world.nowMs);
    context.host.close(id);
    if (context.signal.aborted) return 130;
    return this.problem(
      28,
      `Operation timed out after ${limit * 1000} milliseconds with 0 out of ${length} bytes received`,
    );
  }

  private store(text: string, length: number): number {
    const remoteName = this.place
      .replace(/^[a-z]+:\/\//i, '')
      .replace(/^[^/]*\/?/, '')
      .replace(/^.*\//, '');
    const path = this.values('o')[this.urlNumber] ?? (this.has('O') ? remoteName : undefined);
    if (path === '') return this.problem(23, 'Failed writing received data to disk/application');
    if (path === undefined || path === '-') {
      const isMetered = !this.context.isTty;
      // What is short stays in the program's buffer until it ends.
      if (isMetered && this.has('I')) this.meter(0);
      this.out.text(text);
      if (isMetered && !this.has('I')) this.meter(length);
      return 0;
    }
    this.meter(length);
    this.write(path, text);
    return 0;
  }

  /** The progress meter shows where the body does not go to the terminal. */
  private meter(length: number): void {
    const isQuiet =
      this.has('s') ||
      this.has('π') ||
      this.has('#') ||
      (this.context.isTty && this.values('o')[this.urlNumber] === undefined && !this.has('O'));
    if (isQuiet) return;
    this.out.problem(
      '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current',
    );
    this.out.problem(
      '                                 Dload  Upload   Total   Spent    Left  Speed',
    );
    const percent = length === 0 ? 0 : 100;
    const size = String(length).padStart(5);
    const rate = length === 0 ? '0' : String(length * 100);
    this.out.problem(
      `${String(percent).padStart(3)} ${size}  ${percent === 0 ? '  0' : '100'} ${size}    0     0  ${rate.padStart(5)}      0 --:--:-- --:--:-- --:--:-- ${rate.padStart(5)}`,
    );
  }

  /** Lines of HTTP end in CR LF; on a terminal the CR does not show. */
  private get lineEnd(): string {
    return this.context.isTty ? '' : '\r';
  }

  /** That bytes have gone by which the screen does not show. */
  private sayData(sign: '{' | '}', bytes: number): void {
    if (!this.context.isTty) this.say(`${sign} [${bytes} bytes data]`);
  }

  private say(line: string): void {
    if (this.has('v')) this.out.problem(line);
  }

  private problem(exitCode: number, text: string, isMetered = false): number {
    if (!isMetered && exitCode !== 3 && exitCode !== 1 && exitCode !== 45) this.meter(0);
    this.facts['errormsg'] = text;
    if (!this.has('s') || this.has('S')) this.out.problem(`curl: (${exitCode}) ${text}`);
    return exitCode;
  }

  private has(letter: string): boolean {
    return this.options.some((option) => option.letter === letter);
  }

  private value(letter: string): string | undefined {
    return this.options.findLast((option) => option.letter === letter)?.value;
  }

  private values(letter: string): string[] {
    return this.options.flatMap((option) =>
      option.letter === letter && option.value !== undefined ? [option.value] : [],
    );
  }
}

function headerOf(head: readonly string[], name: string): string | undefined {
  const line = head.find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function base64(text: string): string {
  return btoa(toBytes(text));
}

/** The next address is tried after it. */
function isConnectProblem(
  outcome: ConnectOutcome,
): outcome is Extract<ConnectOutcome, { kind: 'failed' }> {
  return outcome.kind === 'failed' && outcome.call === 'connect';
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function isBindProblem(
  outcome: ConnectOutcome,
): outcome is Extract<ConnectOutcome, { kind: 'failed' }> {
  return outcome.kind === 'failed' && outcome.call === 'bind';
}

/** It is open, and what would be said there is not simulated. */
function unsupportedScheme(context: CommandContext, out: Printer, scheme: string): number {
  const { stderr, exitCode } = unsupported(context, 'curl', `${scheme}://`);
  out.piece('err', stderr);
  return exitCode;
}
