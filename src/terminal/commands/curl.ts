/**
 * curl (7.88.1) over HTTP: which port it leaves from, what it meets, what it prints. The pages are
 * short and say who asked. HTTPS is treated as HTTP on port 443: no TLS is simulated.
 */

import { errnoNumber, strerror } from '../linux/error-texts.ts';
import { respond } from '../linux/http-server.ts';
import { toBytes, resolvePath } from '../linux/file-system.ts';
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
import { closeFromServer, connectTcp, exchange, type ConnectOutcome } from './connecting.ts';
import { readCurlOptions } from './curl-options.ts';
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
    let exitCode = 0;
    for (const [index, url] of read.urls.entries())
      exitCode = await new Transfer(context, read.options, url, index, read.localPorts, out).run();
    return out.result(exitCode);
  },
};

class Transfer {
  private readonly context: CommandContext;
  private readonly options: readonly GivenOption[];
  private readonly url: string;
  private readonly urlNumber: number;
  private readonly localPorts: readonly [number, number] | undefined;
  private readonly out: Printer;
  private readonly facts: Record<string, string | number> = {};

  constructor(
    context: CommandContext,
    options: readonly GivenOption[],
    url: string,
    urlNumber: number,
    localPorts: readonly [number, number] | undefined,
    out: Printer,
  ) {
    this.context = context;
    this.options = options;
    this.url = url;
    this.urlNumber = urlNumber;
    this.localPorts = localPorts;
    this.out = out;
  }

  async run(): Promise<number> {
    const exitCode = await this.transfer();
    const format = this.value('w');
    if (format === undefined) return exitCode;
    const facts: Facts = {
      ...emptyFacts,
      url: this.url,
      url_effective: effectiveUrl(this.url),
      urlnum: this.urlNumber,
      method: this.method,
      exitcode: exitCode,
      ...this.facts,
    };
    for (const { stream, text } of writeOut(format, facts)) this.out.piece(stream, text);
    return exitCode;
  }

  private get method(): string {
    return this.value('X') ?? (this.has('I') ? 'HEAD' : 'GET');
  }

  private async transfer(): Promise<number> {
    const target = readUrl(this.url);
    if (target === undefined) return this.problem(3, 'URL using bad/illegal format or missing URL');
    if (!isKnownScheme(target.scheme))
      return this.problem(1, `Protocol "${target.scheme}" not supported or disabled in libcurl`);
    if (target.isSix) return this.noWayToSix(target);
    const { machine } = this.context;
    const address = this.resolved(target);
    if (address === undefined) {
      this.say(`* Could not resolve host: ${target.host}`);
      this.meter(0);
      this.say('* Closing connection 0');
      return this.problem(6, `Could not resolve host: ${target.host}`, true);
    }
    if (this.has('6')) return this.problem(7, "Couldn't connect to server");
    const source = this.source();
    if (source === undefined)
      return this.problem(45, `Couldn't bind to '${this.value('ι') ?? ''}'`);
    const startedAtMs = machine.world.nowMs;
    const { owner, end } = startOwner(this.context, 'curl', { kind: 'idle' });
    try {
      this.say(`*   Trying ${address}:${target.port}...`);
      const outcome = await this.connect(address, target.port, owner, source);
      const elapsedMs = Math.round(machine.world.nowMs - startedAtMs);
      if (outcome.kind !== 'connected')
        return this.connectProblem(outcome, target, address, elapsedMs);
      return await this.talk(outcome, target, startedAtMs);
    } finally {
      end();
    }
  }

  private resolved(target: Target): string | undefined {
    const own = this.values('ρ')
      .map((entry) => entry.replace(/^\+/, '').split(':'))
      .findLast(([host, port]) => host === target.host && Number(port) === target.port);
    return own?.[2] ?? this.context.machine.resolve(target.host);
  }

  private noWayToSix(target: Target): number {
    const { host, port } = target;
    this.say(`*   Trying [${host}]:${port}...`);
    this.say(`* Immediate connect fail for ${host}: ${strerror('EADDRNOTAVAIL')}`);
    const text = `Failed to connect to ${host} port ${port} after 0 ms: Couldn't connect to server`;
    this.say(`* ${text}`);
    this.meter(0);
    this.say('* Closing connection 0');
    return this.problem(7, text, true);
  }

  /** The address to leave from: null for any, undefined where `--interface` names nothing. */
  private source(): string | null | undefined {
    const name = this.value('ι')?.replace(/^(?:if|host)!/, '');
    if (name === undefined) return null;
    const { host, machine } = this.context;
    if (name === 'lo') return '127.0.0.1';
    return name === 'eth0' ? host.addresses[0] : machine.resolve(name);
  }

  /** With a range of local ports each is tried in turn. */
  private async connect(
    address: string,
    port: number,
    owner: ReturnType<typeof startOwner>['owner'],
    source: string | null,
  ): Promise<ConnectOutcome> {
    const limit = Number(this.value('τ') ?? this.value('m'));
    const named = this.value('ι');
    if (named !== undefined && source !== null)
      this.say(
        named === source
          ? `* Name '${named}' family 2 resolved to '${source}' family 2`
          : `* Local Interface ${named} is ip ${source} using address family 2`,
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
      this.say('* Closing connection 0');
      return this.problem(45, text);
    }
    this.say(
      outcome.isImmediate
        ? `* Immediate connect fail for ${address}: ${strerror(outcome.error)}`
        : `* connect to ${address} port ${port} failed: ${strerror(outcome.error)}`,
    );
    const text = `Failed to connect to ${host} port ${port} after ${elapsedMs} ms: Couldn't connect to server`;
    this.say(`* ${text}`);
    this.meter(0);
    this.say('* Closing connection 0');
    return this.problem(outcome.error === 'ETIMEDOUT' ? 28 : 7, text, true);
  }

  private async talk(
    outcome: Extract<ConnectOutcome, { kind: 'connected' }>,
    target: Target,
    startedAtMs: number,
  ): Promise<number> {
    const { context } = this;
    const { socket } = outcome;
    const { machine } = context;
    const app = machine.appAt(socket.remoteAddress, socket.remotePort);
    this.say(
      `* Connected to ${target.host} (${socket.remoteAddress}) port ${socket.remotePort} (#0)`,
    );
    Object.assign(this.facts, {
      local_ip: socket.localAddress,
      local_port: socket.localPort,
      remote_ip: socket.remoteAddress,
      remote_port: socket.remotePort,
      num_connects: 1,
      scheme: target.scheme.toUpperCase(),
    });
    if (!target.scheme.startsWith('http')) {
      context.host.close(socket.id);
      return unsupportedScheme(context, this.out, target.scheme);
    }
    const isTls = target.port === 443 && !socket.remoteAddress.startsWith('127.');
    if (target.scheme === 'https' && !isTls) return this.noTls(socket.id);
    const { method } = this;
    const hostHeader =
      target.port === (target.scheme === 'https' ? 443 : 80)
        ? target.host
        : `${target.host}:${target.port}`;
    const extra = this.values('H');
    const request = [
      `${method} ${target.path} HTTP/${this.has('0') ? '1.0' : '1.1'}`,
      `Host: ${hostHeader}`,
      `User-Agent: ${this.value('A') ?? 'curl/7.88.1'}`,
      'Accept: */*',
      ...extra,
      '',
    ];
    for (const line of request) this.say(`> ${line}${this.lineEnd}`);
    await exchange(context, socket, request.join('\r\n').length);
    if (app !== 'http' && app !== 'http-closing')
      return this.noAnswer(socket.id, app === 'ssh', startedAtMs);
    return this.answer(socket, target, app, method, startedAtMs);
  }

  /** The port speaks plainly: what comes back is no TLS record. */
  private noTls(id: number): number {
    this.context.host.close(id);
    const text = 'error:0A00010B:SSL routines::wrong version number';
    this.say('* ALPN: offers h2,http/1.1');
    this.say('* TLSv1.3 (OUT), TLS handshake, Client hello (1):');
    this.say(`* OpenSSL/3.0.15: ${text}`);
    this.say('* Closing connection 0');
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
    socket: Extract<ConnectOutcome, { kind: 'connected' }>['socket'],
    target: Target,
    app: 'http' | 'http-closing',
    method: string,
    startedAtMs: number,
  ): Promise<number> {
    const { context } = this;
    const { machine } = context;
    const response = respond(machine, machine.httpPlace(app, socket), {
      method,
      path: target.path,
      version: this.has('0') ? 'HTTP/1.0' : 'HTTP/1.1',
      headers: new Map([['host', target.host]]),
      body: '',
      rest: '',
    });
    const { body, status } = response;
    const isThere = status < 400;
    const version = response.head[0]?.startsWith('HTTP/1.1') === true ? '1.1' : '1.0';
    const head = [...response.head, ''];
    if (response.logLine !== undefined) machine.serverLogged(socket, response.logLine);
    if (app === 'http-closing') this.say('* HTTP 1.0, assume close after body');
    for (const line of head) this.say(`< ${line}${this.lineEnd}`);
    if (app === 'http-closing') {
      await closeFromServer(context, socket);
      this.say('* Closing connection 0');
    } else {
      this.say(`* Connection #0 to host ${target.host} left intact`);
    }
    // The connection is closed when curl ends: by the client, which then has the TIME-WAIT.
    if (context.host.socket(socket.id) !== undefined) context.host.close(socket.id);
    const settled = machine.world.nowMs + 6;
    await waitUntil(context, () => machine.world.nowMs >= settled, 6);
    Object.assign(this.facts, {
      http_code: status,
      response_code: status,
      size_download: method === 'HEAD' ? 0 : body.length,
      http_version: version === '1.1' ? '1.1' : '1',
      content_type: /^content-type: (.*)$/im.exec(head.join('\n'))?.[1] ?? '',
      num_headers: head.length - 2,
      time_total: ((machine.world.nowMs - startedAtMs) / 1000).toFixed(6),
    });
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

  private store(text: string, length: number): number {
    const remoteName = this.url
      .replace(/^[a-z]+:\/\//i, '')
      .replace(/^[^/]*\/?/, '')
      .replace(/^.*\//, '');
    const path = this.value('o') ?? (this.has('O') ? remoteName : undefined);
    if (path === '') return this.problem(23, 'Failed writing received data to disk/application');
    if (path === undefined || path === '-') {
      this.out.text(text);
      if (!this.context.isTty) this.meter(length);
      return 0;
    }
    this.meter(length);
    if (path === '/dev/null') return 0;
    this.context.machine.files.write(
      resolvePath(this.context.cwd, path),
      toBytes(text),
      this.context.identity,
    );
    return 0;
  }

  /** The progress meter shows where the body does not go to the terminal. */
  private meter(length: number): void {
    const isQuiet =
      this.has('s') ||
      this.has('π') ||
      this.has('#') ||
      (this.context.isTty && this.value('o') === undefined && !this.has('O'));
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
