/**
 * One address that curl fetches: the request and the answer over a connection, redirections, further
 * tries, and where the page goes.
 */

import type { SocketInfo, SocketOwner } from '../../../network/world.ts';
import { isLoopbackAddress } from '../../linux/address-texts.ts';
import { endpointsOf } from '../../linux/conversations.ts';
import { readRequest, respond, wireText, type HttpResponse } from '../../linux/http-server.ts';
import { fromBytes, resolvePath, toBytes } from '../../linux/file-system.ts';
import { closeFromServer, exchange, isTaken } from '../client-connection.ts';
import { unsupported, waitUntil, type CommandContext, type Printer } from '../command.ts';
import type { GivenOptions } from '../options.ts';
import { effectiveUrl, isKnownScheme, readUrl, type Target } from '../url.ts';
import type { CurlRequest } from './command-line.ts';
import { Connector, keyOf } from './connecting.ts';
import type { Connections } from './connections.ts';
import { Report } from './report.ts';
import { readBody, type RequestBody } from './request-body.ts';
import { byteLength, headerOf, methodOf, requestHead } from './request-head.ts';
import { emptyFacts, writeOut, type Facts } from './write-out.ts';

/** How often curl follows a redirection where `--max-redirs` does not say. */
const mostRedirections = 50;

export class Transfer {
  private readonly context: CommandContext;
  private readonly options: GivenOptions;
  private readonly url: string;
  private readonly urlNumber: number;
  private readonly report: Report;
  private readonly connector: Connector;
  private readonly facts: Record<string, string | number> = {};
  private readonly connections: Connections;
  private readonly body: RequestBody | null;
  /** What it asks for now, after redirections. */
  private currentUrl: string;
  /** A server that spoke 1.0 is spoken to in 1.0 when it sends curl on. */
  private isOldServer = false;
  private retriesLeft: number;

  constructor(
    context: CommandContext,
    request: CurlRequest,
    url: string,
    urlNumber: number,
    out: Printer,
    connections: Connections,
    owner: SocketOwner,
  ) {
    this.context = context;
    this.options = request.options;
    this.url = url;
    this.currentUrl = url;
    this.urlNumber = urlNumber;
    this.report = new Report(context, request.options, urlNumber, out);
    this.connections = connections;
    this.connector = new Connector(context, request, owner, connections, this.report);
    this.body = readBody(request.options, (path) => this.readFile(path));
    this.retriesLeft = Number(this.options.value('ψ') ?? 0);
  }

  private readFile(path: string): string {
    const { context } = this;
    if (path === '-') return context.stdin ?? '';
    try {
      return fromBytes(
        context.machine.files.read(resolvePath(context.cwd, path), context.identity),
      );
    } catch {
      this.report.warn(`Couldn't read data from file "${path}", this makes an empty POST.`);
      return '';
    }
  }

  async run(): Promise<number> {
    if (this.body !== null && this.options.has('I')) {
      this.report.warn('You can only select one HTTP request method! You asked for both POST ');
      this.report.warn('(-d, --data) and HEAD (-I, --head).');
      return 2;
    }
    let exitCode = await this.transfer();
    for (let waitMs = 1000; this.wantsAgain(exitCode); waitMs *= 2) {
      await this.waitForRetry(waitMs, exitCode);
      exitCode = await this.transfer();
    }
    const format = this.options.value('w');
    if (format === undefined) return exitCode;
    const facts: Facts = {
      ...emptyFacts,
      url: this.url,
      url_effective: effectiveUrl(this.currentUrl),
      urlnum: this.urlNumber,
      method: this.method,
      exitcode: exitCode,
      errormsg: this.report.errorMessage,
      ...this.facts,
    };
    for (const { stream, text } of writeOut(format, facts)) this.report.out.piece(stream, text);
    return exitCode;
  }

  private get method(): string {
    return methodOf(this.options, this.body);
  }

  /** Whether a failure is one that passes, and a further try was asked for. */
  private wantsAgain(exitCode: number): boolean {
    if (this.retriesLeft <= 0 || exitCode === 0 || this.context.signal.aborted) return false;
    if (this.options.has('α')) return true;
    if (exitCode === 28 || exitCode === 6) return true;
    return exitCode === 7 && this.options.has('γ');
  }

  private async waitForRetry(waitMs: number, exitCode: number): Promise<void> {
    const { context } = this;
    const ms =
      this.options.value('ε') === undefined ? waitMs : Number(this.options.value('ε')) * 1000;
    const why = exitCode === 7 ? 'connection refused' : exitCode === 28 ? 'timeout' : 'transient';
    const isCommon = exitCode === 7 || exitCode === 28;
    const problem = isCommon ? why : '(retrying all errors)';
    const left = this.retriesLeft;
    this.report.warn(
      `Problem : ${problem}. Will retry in ${ms / 1000} seconds. ${left} retries left.`,
    );
    this.retriesLeft -= 1;
    await context.pace.pass(ms, context.signal);
  }

  private async transfer(): Promise<number> {
    this.currentUrl = this.url;
    const most = Number(this.options.value('σ') ?? mostRedirections);
    for (let followed = 0; ; followed++) {
      const exitCode = await this.once();
      const next = exitCode === 0 && this.options.has('L') ? this.facts['redirect_url'] : '';
      if (typeof next !== 'string' || next === '') return exitCode;
      if (followed >= most) {
        this.report.say(`* Maximum (${most}) redirects followed`);
        return this.report.problem(47, `Maximum (${most}) redirects followed`, true);
      }
      this.report.say(`* Issue another request to this URL: '${next}'`);
      this.currentUrl = next;
      Object.assign(this.facts, { num_redirects: followed + 1, redirect_url: '' });
    }
  }

  private async once(): Promise<number> {
    const target = readUrl(this.currentUrl);
    if (target === undefined)
      return this.report.problem(3, 'URL using bad/illegal format or missing URL');
    if (!isKnownScheme(target.scheme))
      return this.report.problem(
        1,
        `Protocol "${target.scheme}" not supported or disabled in libcurl`,
      );
    const startedAtMs = this.context.machine.world.nowMs;
    const outcome = await this.connector.connect(target);
    if (outcome.kind === 'failed') return outcome.exitCode;
    this.facts['num_connects'] = outcome.isNew ? 1 : 0;
    return this.talk(outcome.socket, outcome.number, target, startedAtMs);
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
      return unsupportedScheme(context, this.report.out, target.scheme);
    }
    const isTls = isLoopbackAddress(socket.remoteAddress)
      ? end?.remotePort === 443
      : target.port === 443;
    if (target.scheme === 'https' && !isTls) return this.noTls(socket.id, number);
    const lines = requestHead({
      target,
      options: this.options,
      body: this.body,
      isOld: this.options.has('0') || this.isOldServer,
    });
    const body = this.options.has('G') ? '' : (this.body?.text ?? '');
    const [userName] = (this.options.value('u') ?? '').split(':');
    if (userName !== '') this.report.say(`* Server auth using Basic with user '${userName ?? ''}'`);
    for (const line of lines) this.report.say(`> ${line}${this.report.lineEnd}`);
    if (body !== '') this.report.sayData('}', body.length);
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
    if (asked === null) return this.report.problem(52, 'Empty reply from server');
    const place = machine.httpPlace(app, end ?? socket);
    const isMistaken = place.isTls && target.scheme !== 'https';
    const response = respond(machine, { ...place, isTls: isMistaken }, asked);
    this.carry(socket, byteLength(text), byteLength(wireText(response)));
    machine.wireTexts.add(to, from, toBytes(wireText(response)));
    await exchange(context, socket, byteLength(text), byteLength(wireText(response)));
    const limitMs = Number(this.options.value('m')) * 1000;
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

  /** The port speaks plainly: what comes back is no TLS record. */
  private noTls(id: number, number: number): number {
    this.context.host.close(id);
    const text = 'error:0A00010B:SSL routines::wrong version number';
    this.report.say('* ALPN: offers h2,http/1.1');
    this.report.say('* TLSv1.3 (OUT), TLS handshake, Client hello (1):');
    this.report.say(`* OpenSSL/3.0.15: ${text}`);
    this.report.say(`* Closing connection ${number}`);
    return this.report.problem(35, text);
  }

  /** Whoever listens there does not speak HTTP. */
  private async noAnswer(id: number, isSsh: boolean, startedAtMs: number): Promise<number> {
    const { context } = this;
    if (isSsh) {
      context.host.close(id);
      this.report.say('* Received HTTP/0.9 when not allowed');
      return this.report.problem(1, 'Received HTTP/0.9 when not allowed');
    }
    const limit = Number(this.options.value('m'));
    const end = limit > 0 ? startedAtMs + limit * 1000 : Number.POSITIVE_INFINITY;
    const isGone = () => context.host.socket(id)?.state !== 'ESTABLISHED';
    const wasClosed = await waitUntil(context, isGone, end - context.machine.world.nowMs);
    context.host.close(id);
    if (wasClosed) return this.report.problem(52, 'Empty reply from server');
    if (context.signal.aborted) return 130;
    return this.report.problem(
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
    if (!isNew) this.report.say('* HTTP 1.0, assume close after body');
    for (const line of head) this.report.say(`< ${line}${this.report.lineEnd}`);
    // `-X HEAD` asks for what -I knows how to read: curl waits for a body that does not come.
    const length = Number(headerOf(head, 'content-length') ?? body.length);
    if (this.options.value('X') === 'HEAD' && !this.options.has('I') && length > 0 && isNew)
      return this.neverComes(socket.id, length, startedAtMs);
    if (body !== '' && this.method !== 'HEAD') this.report.sayData('{', body.length);
    if (response.closes) {
      await closeFromServer(context, socket);
      this.report.say(`* Closing connection ${number}`);
      if (context.host.socket(socket.id) !== undefined) context.host.close(socket.id);
      const settled = machine.world.nowMs + 6;
      await waitUntil(context, () => machine.world.nowMs >= settled, 6);
    } else {
      this.report.say(`* Connection #${number} to host ${target.host} left intact`);
      this.connections.keep(keyOf(target), socket.id, number);
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
          : new URL(location, effectiveUrl(this.currentUrl)).href,
      time_total: ((machine.world.nowMs - startedAtMs) / 1000).toFixed(6),
    });
    this.dumpHead(head);
    if (this.options.has('L') && this.facts['redirect_url'] !== '') return 0;
    const isFailure = (this.options.has('f') || this.options.has('φ')) && !isThere;
    const showsHead = this.options.has('I') || this.options.has('i');
    const shownBody = this.options.has('I') || (isFailure && !this.options.has('φ')) ? '' : body;
    const shownHead = showsHead
      ? head.map((line) => `${line}${this.report.lineEnd}\n`).join('')
      : '';
    const stored =
      isFailure && shownHead + shownBody === ''
        ? 0
        : this.store(shownHead + shownBody, shownBody.length);
    return isFailure
      ? this.report.problem(22, `The requested URL returned error: ${status}`, true)
      : stored;
  }

  /** The headers, where `-D` wants them. */
  private dumpHead(head: readonly string[]): void {
    const path = this.options.value('D');
    if (path === undefined) return;
    const text = head
      .map((line) => `${line}${path === '-' ? this.report.lineEnd : '\r'}\n`)
      .join('');
    if (path === '-') this.report.out.text(text);
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
    const limit = Number(this.options.value('m'));
    const end = limit > 0 ? startedAtMs + limit * 1000 : Number.POSITIVE_INFINITY;
    const isGone = () => context.host.socket(id)?.state !== 'ESTABLISHED';
    await waitUntil(context, isGone, end - context.machine.world.nowMs);
    context.host.close(id);
    if (context.signal.aborted) return 130;
    return this.report.problem(
      28,
      `Operation timed out after ${limit * 1000} milliseconds with 0 out of ${length} bytes received`,
    );
  }

  private store(text: string, length: number): number {
    const remoteName = this.currentUrl
      .replace(/^[a-z]+:\/\//i, '')
      .replace(/^[^/]*\/?/, '')
      .replace(/^.*\//, '');
    const path =
      this.options.values('o')[this.urlNumber] ?? (this.options.has('O') ? remoteName : undefined);
    if (path === '')
      return this.report.problem(23, 'Failed writing received data to disk/application');
    if (path === undefined || path === '-') {
      const isMetered = !this.context.isTty;
      // What is short stays in the program's buffer until it ends.
      if (isMetered && this.options.has('I')) this.report.meter(0);
      this.report.out.text(text);
      if (isMetered && !this.options.has('I')) this.report.meter(length);
      return 0;
    }
    this.report.meter(length);
    this.write(path, text);
    return 0;
  }
}

/** It is open, and what would be said there is not simulated. */
function unsupportedScheme(context: CommandContext, out: Printer, scheme: string): number {
  const { stderr, exitCode } = unsupported(context, 'curl', `${scheme}://`);
  out.piece('err', stderr);
  return exitCode;
}
