/**
 * curl (7.88.1) over HTTP: which port it leaves from, what it meets, what it prints. The pages are
 * short and say who asked. HTTPS is treated as HTTP on port 443: no TLS is simulated.
 */

import { errnoNumber, strerror } from '../linux/error-texts.ts';
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
import { parseOptions, type GivenOption } from './options.ts';

const notHere: Readonly<Record<string, string>> = {
  d: '-d',
  F: '-F',
  T: '-T',
  u: '-u',
  x: '-x',
  R: '--resolve',
  '6': '-6',
  Z: '-Z',
};

export const curl: Command = {
  name: 'curl',
  async run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'vsSIifkL4hVgNOZ601C',
      valued: 'owmHAXdFTuxelLPRcY',
      long: {
        verbose: 'v',
        silent: 's',
        'show-error': 'S',
        head: 'I',
        include: 'i',
        fail: 'f',
        insecure: 'k',
        location: 'L',
        ipv4: '4',
        ipv6: '6',
        help: 'h',
        version: 'V',
        output: 'o',
        'write-out': 'w',
        'max-time': 'm',
        header: 'H',
        'user-agent': 'A',
        request: 'X',
        data: 'd',
        form: 'F',
        'upload-file': 'T',
        user: 'u',
        proxy: 'x',
        interface: 'e',
        'local-port': 'P',
        'connect-timeout': 'Y',
        resolve: 'R',
        'no-progress-meter': 'N',
        'remote-name': 'O',
        'http1.0': '0',
        'http1.1': '1',
        parallel: 'Z',
      },
    });
    if (!parsed.ok) {
      const what = parsed.problem === 'unknown' ? 'is unknown' : 'requires parameter';
      return failed(
        `curl: option ${parsed.option}: ${what}\ncurl: try 'curl --help' or 'curl --manual' for more information`,
        2,
      );
    }
    const { options, operands } = parsed;
    const has = (letter: string) => options.some((option) => option.letter === letter);
    if (has('h')) return printed((await context.manual('curl')) ?? '');
    if (has('V'))
      return printed(
        'curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1\nRelease-Date: 2023-02-20\n',
      );
    for (const [letter, name] of Object.entries(notHere))
      if (has(letter)) return unsupported(context, 'curl', name);
    const localPorts = readLocalPorts(options);
    if (localPorts === null)
      return failed(
        "curl: option --local-port: is badly used here\ncurl: try 'curl --help' or 'curl --manual' for more information",
        2,
      );
    if (operands.length === 0)
      return failed("curl: try 'curl --help' or 'curl --manual' for more information", 2);
    const out = new Printer();
    let exitCode = 0;
    for (const url of operands)
      exitCode = await new Transfer(context, options, url, localPorts, out).run();
    return out.result(exitCode);
  },
};

/** `40000` or `50000-50010`; undefined where none was asked for, null where it makes no sense. */
function readLocalPorts(
  options: readonly GivenOption[],
): readonly [number, number] | undefined | null {
  const text = options.findLast((option) => option.letter === 'P')?.value;
  if (text === undefined) return undefined;
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (match === null) return null;
  const low = Number(match[1]);
  const high = Number(match[2] ?? match[1]);
  return low > 65_535 || high > 65_535 || high < low ? null : [low, high];
}

interface Target {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

class Transfer {
  private readonly context: CommandContext;
  private readonly options: readonly GivenOption[];
  private readonly url: string;
  private readonly localPorts: readonly [number, number] | undefined;
  private readonly out: Printer;
  private readonly facts: Record<string, string | number> = {};

  constructor(
    context: CommandContext,
    options: readonly GivenOption[],
    url: string,
    localPorts: readonly [number, number] | undefined,
    out: Printer,
  ) {
    this.context = context;
    this.options = options;
    this.url = url;
    this.localPorts = localPorts;
    this.out = out;
  }

  async run(): Promise<number> {
    const exitCode = await this.transfer();
    const format = this.value('w');
    if (format !== undefined)
      this.out.text(
        writeOut(format, {
          ...emptyFacts,
          url_effective: this.url,
          exitcode: exitCode,
          ...this.facts,
        }),
      );
    return exitCode;
  }

  private async transfer(): Promise<number> {
    const target = readUrl(this.url);
    if (target === undefined) return this.problem(3, 'URL using bad/illegal format or missing URL');
    if (!(target.scheme in defaultPorts)) {
      return this.problem(1, `Protocol "${target.scheme}" not supported or disabled in libcurl`);
    }
    const { machine } = this.context;
    const address = machine.resolve(target.host);
    if (address === undefined) return this.problem(6, `Could not resolve host: ${target.host}`);
    const startedAtMs = machine.world.nowMs;
    const { owner, end } = startOwner(this.context, 'curl', { kind: 'idle' });
    try {
      this.say(`*   Trying ${address}:${target.port}...`);
      const outcome = await this.connect(address, target.port, owner);
      const elapsedMs = Math.round(machine.world.nowMs - startedAtMs);
      if (outcome.kind !== 'connected')
        return this.connectProblem(outcome, target, address, elapsedMs);
      return await this.talk(outcome, target, startedAtMs);
    } finally {
      end();
    }
  }

  /** With a range of local ports each is tried in turn. */
  private async connect(
    address: string,
    port: number,
    owner: ReturnType<typeof startOwner>['owner'],
  ): Promise<ConnectOutcome> {
    const limit = Number(this.value('Y') ?? this.value('m'));
    const interfaceAddress = this.value('e');
    const request = {
      address,
      port,
      owner,
      isRoot: this.context.user.uid === 0,
      ...(limit > 0 && { limitMs: limit * 1000 }),
      ...(interfaceAddress !== undefined && { localAddress: interfaceAddress }),
    };
    if (this.localPorts === undefined) return connectTcp(this.context, request);
    let outcome: ConnectOutcome = {
      kind: 'failed',
      call: 'bind',
      error: 'EADDRINUSE',
      isImmediate: true,
    };
    for (let localPort = this.localPorts[0]; localPort <= this.localPorts[1]; localPort++) {
      outcome = await connectTcp(this.context, { ...request, localPort });
      if (!(outcome.kind === 'failed' && outcome.call === 'bind' && outcome.error === 'EADDRINUSE'))
        break;
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
      return this.problem(
        45,
        `bind failed with errno ${errnoNumber(outcome.error)}: ${strerror(outcome.error)}`,
      );
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
    });
    const method = this.has('I') ? 'HEAD' : (this.value('X') ?? 'GET');
    const hostHeader =
      target.port === (target.scheme === 'https' ? 443 : 80)
        ? target.host
        : `${target.host}:${target.port}`;
    const extra = this.values('H');
    const request = [
      `${method} ${target.path} HTTP/1.1`,
      `Host: ${hostHeader}`,
      `User-Agent: ${this.value('A') ?? 'curl/7.88.1'}`,
      'Accept: */*',
      ...extra,
      '',
    ];
    for (const line of request) this.say(`> ${line}`);
    await exchange(context, socket, request.join('\r\n').length);
    if (app !== 'http' && app !== 'http-closing')
      return this.noAnswer(socket.id, app === 'ssh', startedAtMs);
    return this.answer(socket, target, app, method, startedAtMs);
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
    const isThere = target.path === '/' || target.path === '/index.html';
    const body = isThere
      ? `Hello from ${machine.nameOf(socket.remoteAddress)} (${socket.remoteAddress}), port ${socket.remotePort}.\nYou came from ${socket.localAddress}, port ${socket.localPort}.\n`
      : '404: there is no such page.\n';
    const version = app === 'http' ? '1.1' : '1.0';
    const head = [
      `HTTP/${version} ${isThere ? '200 OK' : '404 Not Found'}`,
      `Server: ${app === 'http' ? 'nginx' : 'SimpleHTTP/0.6'}`,
      `Date: ${new Date(machine.epochNowMs).toUTCString()}`,
      'Content-Type: text/plain',
      `Content-Length: ${body.length}`,
      ...(app === 'http' ? ['Connection: keep-alive'] : []),
      '',
    ];
    if (app === 'http-closing') this.say('* HTTP 1.0, assume close after body');
    for (const line of head) this.say(`< ${line}`);
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
      http_code: isThere ? 200 : 404,
      response_code: isThere ? 200 : 404,
      size_download: method === 'HEAD' ? 0 : body.length,
      time_total: ((machine.world.nowMs - startedAtMs) / 1000).toFixed(6),
    });
    if (this.has('f') && !isThere) return this.problem(22, 'The requested URL returned error: 404');
    const showsHead = this.has('I') || this.has('i');
    const text = `${showsHead ? `${head.join('\n')}\n` : ''}${method === 'HEAD' ? '' : body}`;
    return this.store(text, body.length);
  }

  private store(text: string, length: number): number {
    const path = this.value('o') ?? (this.has('O') ? this.url.replace(/^.*\//, '') : undefined);
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
      this.has('N') ||
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

  private say(line: string): void {
    if (this.has('v')) this.out.problem(line);
  }

  private problem(exitCode: number, text: string, isMetered = false): number {
    if (!isMetered && exitCode !== 3 && exitCode !== 1 && exitCode !== 45) this.meter(0);
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

/** Of FTP only the knock at the door is simulated. */
const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21 };

function readUrl(url: string): Target | undefined {
  const match = /^(?:([a-z]+):\/\/)?([^/:?#]+)(?::(\d+))?([/?#].*)?$/i.exec(url);
  if (match === null) return undefined;
  const scheme = (match[1] ?? 'http').toLowerCase();
  const port = Number(match[3] ?? defaultPorts[scheme] ?? 80);
  if (port > 65_535) return undefined;
  return { scheme, host: match[2] ?? '', port, path: match[4] ?? '/' };
}

const emptyFacts: Readonly<Record<string, string | number>> = {
  http_code: '000',
  response_code: '000',
  local_ip: '',
  local_port: 0,
  remote_ip: '',
  remote_port: 0,
  num_connects: 0,
  size_download: 0,
  time_total: '0.000000',
};

/** `-w`: `%{name}` and backslash escapes. Names it does not know print nothing. */
function writeOut(format: string, facts: Readonly<Record<string, string | number>>): string {
  return format
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\r', '\r')
    .replaceAll(/%\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ''))
    .replaceAll('%%', '%');
}
