/**
 * The web servers of the machine's world: nginx, as the neighbours and the machine's own service run it
 * (answers, keeps the connection), and Python's http.server (serves files, hangs up after each answer).
 */

import { FileError, fromBytes, resolvePath, rootIdentity, type FileSystem } from './file-system.ts';

/** What a web server needs of its machine. */
export interface HttpMachine {
  readonly epochNowMs: number;
  readonly files: FileSystem;
  nameOf(address: string): string;
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** `HTTP/1.1`; `HTTP/0.9` where the first line names none. */
  readonly version: string;
  /** By names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** What came after it. */
  readonly rest: string;
}

/** The first whole request of a text; null where more has to come. */
export function readRequest(text: string): HttpRequest | null {
  const lead = /^(?:\r?\n)*/.exec(text)?.[0].length ?? 0;
  const trimmed = text.slice(lead);
  const first = /^([^\r\n]*)\r?\n/.exec(trimmed);
  if (first === null) return null;
  const [method = '', path = '', version] = (first[1] ?? '').trim().split(/\s+/);
  if (version === undefined)
    return {
      method,
      path,
      version: 'HTTP/0.9',
      headers: new Map(),
      body: '',
      rest: trimmed.slice(first[0].length),
    };
  const end = /\r?\n\r?\n/.exec(trimmed);
  if (end === null) return null;
  const headers = new Map<string, string>();
  for (const line of trimmed.slice(first[0].length, end.index).split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0)
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const bodyAt = end.index + end[0].length;
  const length = Number(headers.get('content-length') ?? '0');
  const rest = trimmed.slice(bodyAt);
  if (Number.isFinite(length) && rest.length < length) return null;
  const size = Number.isFinite(length) && length > 0 ? length : 0;
  return { method, path, version, headers, body: rest.slice(0, size), rest: rest.slice(size) };
}

/** Who answers, where, and which client. */
export interface HttpPlace {
  readonly app: 'http' | 'http-closing';
  readonly address: string;
  readonly port: number;
  readonly clientAddress: string;
  readonly clientPort: number;
  /** The port speaks TLS: a plain request is a mistake. */
  readonly isTls: boolean;
  /** The directory whose files are served; without one, a single page. */
  readonly root?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Status line and header lines, without their line ends. */
  readonly head: readonly string[];
  readonly body: string;
  readonly closes: boolean;
  /** A line for the server's log, as Python prints one. */
  readonly logLine?: string;
}

/** The whole response as it goes over the wire. */
export function wireText(response: HttpResponse): string {
  return response.head.length === 0
    ? response.body
    : `${response.head.join('\r\n')}\r\n\r\n${response.body}`;
}

export function respond(
  machine: HttpMachine,
  place: HttpPlace,
  request: HttpRequest,
): HttpResponse {
  return place.app === 'http' ? nginx(machine, place, request) : python(machine, place, request);
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  301: 'Moved Permanently',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Not Allowed',
  501: 'Not Implemented',
};

const errorPage = (status: number, note = ''): string =>
  `<html>\r\n<head><title>${status} ${note === '' ? (reasons[status] ?? '') : note}</title></head>\r\n<body>\r\n<center><h1>${status} ${reasons[status] ?? ''}</h1></center>\r\n${note === '' ? '' : `<center>${note}</center>\r\n`}<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;

function nginx(machine: HttpMachine, place: HttpPlace, request: HttpRequest): HttpResponse {
  const isOld = request.version !== 'HTTP/1.1';
  const asked = request.headers.get('connection')?.toLowerCase();
  const keeps = isOld ? asked === 'keep-alive' : asked !== 'close';
  let status = 200;
  let body = hello(machine, place);
  let type = 'text/plain';
  const isKnown = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH)$/.test(request.method);
  if (place.isTls) {
    status = 400;
    body = errorPage(400, 'The plain HTTP request was sent to HTTPS port');
    type = 'text/html';
  } else if (
    !/^[A-Z_-]+$/.test(request.method) ||
    !/^(?:\/|\*|https?:)/.test(request.path) ||
    !/^HTTP\/(?:0\.9|1\.[01])$/.test(request.version) ||
    (request.version === 'HTTP/1.1' && !request.headers.has('host'))
  ) {
    status = 400;
    body = errorPage(400);
    type = 'text/html';
  } else if (!isKnown || (request.method !== 'GET' && request.method !== 'HEAD')) {
    status = 405;
    body = errorPage(405);
    type = 'text/html';
  } else if (!isFrontPage(request.path)) {
    status = 404;
    body = '404: there is no such page.\n';
  }
  const closes = status === 400 || !keeps;
  if (request.version === 'HTTP/0.9' && status === 200)
    return { status, head: [], body, closes: true };
  return {
    status,
    head: [
      `HTTP/1.1 ${status} ${reasons[status] ?? ''}`,
      'Server: nginx',
      `Date: ${new Date(machine.epochNowMs).toUTCString()}`,
      `Content-Type: ${type}`,
      `Content-Length: ${byteLength(body)}`,
      `Connection: ${closes ? 'close' : 'keep-alive'}`,
    ],
    body: request.method === 'HEAD' ? '' : body,
    closes,
  };
}

function isFrontPage(path: string): boolean {
  return /^(?:\/|\/index\.html)(?:\?.*)?$/.test(path);
}

function hello(machine: HttpMachine, place: HttpPlace): string {
  return `Hello from ${machine.nameOf(place.address)} (${place.address}), port ${place.port}.\nYou came from ${place.clientAddress}, port ${place.clientPort}.\n`;
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css',
  gz: 'application/gzip',
  htm: 'text/html',
  html: 'text/html',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  md: 'text/markdown',
  pdf: 'application/pdf',
  png: 'image/png',
  py: 'text/x-python',
  sh: 'application/x-sh',
  svg: 'image/svg+xml',
  txt: 'text/plain',
};

/** Python 3.11's http.server: HTTP/1.0, one answer a connection. */
function python(machine: HttpMachine, place: HttpPlace, request: HttpRequest): HttpResponse {
  const answer = (
    status: number,
    reason: string,
    lines: readonly string[],
    body: string,
    log?: string,
  ): HttpResponse => ({
    status,
    head: [
      `HTTP/1.0 ${status} ${reason}`,
      'Server: SimpleHTTP/0.6 Python/3.11.2',
      `Date: ${new Date(machine.epochNowMs).toUTCString()}`,
      ...lines,
    ],
    body: request.method === 'HEAD' ? '' : body,
    closes: true,
    logLine: `${log === undefined ? '' : `${log}\n`}${place.clientAddress} - - [${logTime(machine.epochNowMs)}] "${request.method} ${request.path} ${request.version}" ${status} -`,
  });
  const refuse = (status: number, reason: string, explain: string) => {
    const body = pythonErrorPage(status, reason, explain);
    return answer(
      status,
      reason,
      [
        'Connection: close',
        'Content-Type: text/html;charset=utf-8',
        `Content-Length: ${byteLength(body)}`,
      ],
      body,
      `${place.clientAddress} - - [${logTime(machine.epochNowMs)}] code ${status}, message ${reason}`,
    );
  };
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(
      501,
      `Unsupported method ('${request.method}')`,
      'Server does not support this operation.',
    );
  if (place.root === undefined) {
    if (!isFrontPage(request.path))
      return refuse(404, 'File not found', 'Nothing matches the given URI.');
    const body = hello(machine, place);
    return answer(
      200,
      'OK',
      ['Content-Type: text/plain', `Content-Length: ${byteLength(body)}`],
      body,
    );
  }
  const bare = decode(request.path.replace(/[?#].*$/, ''));
  const clean = bare
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/');
  const path = resolvePath(place.root, clean === '' ? '.' : clean);
  const { files } = machine;
  try {
    const node = files.node(path, rootIdentity);
    if (node.kind === 'directory' || node.kind === 'virtual-directory') {
      if (!bare.endsWith('/'))
        return answer(
          301,
          'Moved Permanently',
          [`Location: ${request.path}/`, 'Content-Length: 0'],
          '',
        );
      const index = ['index.html', 'index.htm']
        .map((name) => resolvePath(path, name))
        .find((one) => files.exists(one, rootIdentity));
      if (index !== undefined) return file(index);
      const body = listing(
        bare,
        files.list(path, rootIdentity).map((name) => {
          const one = files.linkNode(resolvePath(path, name), rootIdentity);
          return `${name}${one.kind === 'directory' || one.kind === 'virtual-directory' ? '/' : one.kind === 'link' ? '@' : ''}`;
        }),
      );
      return answer(
        200,
        'OK',
        ['Content-type: text/html; charset=utf-8', `Content-Length: ${byteLength(body)}`],
        body,
      );
    }
    if (bare.endsWith('/')) return refuse(404, 'File not found', 'Nothing matches the given URI.');
    return file(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return refuse(404, 'File not found', 'Nothing matches the given URI.');
  }
  function file(at: string): HttpResponse {
    const node = files.node(at, rootIdentity);
    const text = fromBytes(files.read(at, rootIdentity));
    const extension = /\.(\w+)$/.exec(at)?.[1]?.toLowerCase() ?? '';
    return answer(
      200,
      'OK',
      [
        `Content-type: ${types[extension] ?? 'application/octet-stream'}`,
        `Content-Length: ${byteLength(text)}`,
        `Last-Modified: ${new Date(node.modifiedAtMs).toUTCString()}`,
      ],
      text,
    );
  }
}

function pythonErrorPage(status: number, reason: string, explain: string): string {
  return `<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n        <meta charset="utf-8">\n        <title>Error response</title>\n    </head>\n    <body>\n        <h1>Error response</h1>\n        <p>Error code: ${status}</p>\n        <p>Message: ${escape(reason)}.</p>\n        <p>Error code explanation: ${status} - ${explain}</p>\n    </body>\n</html>\n`;
}

function listing(path: string, names: readonly string[]): string {
  const title = `Directory listing for ${escape(path)}`;
  const sorted = [...names].sort((one, other) =>
    one.toLowerCase() < other.toLowerCase() ? -1 : 1,
  );
  const rows = sorted.map(
    (name) =>
      `<li><a href="${encodeURIComponent(name.replace(/@$/, '')).replaceAll('%2F', '/')}">${escape(name)}</a></li>\n`,
  );
  return `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n<h1>${title}</h1>\n<hr>\n<ul>\n${rows.join('')}</ul>\n<hr>\n</body>\n</html>\n`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** `05/Jan/2026 09:01:02`, as http.server writes its log. */
function logTime(epochMs: number): string {
  const [, day = '', month = '', year = '', time = ''] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(epochMs).toUTCString()) ?? [];
  return `${day}/${month}/${year} ${time}`;
}
