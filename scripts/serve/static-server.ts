/**
 * The built site, served as a static host does it: folders by their index page, a missing page by
 * the 404 page of its language, everything below a base path, ready-compressed files where a
 * browser accepts them. For this machine and for tests; it adds no encryption. Whatever a request
 * says, it gets an answer, and the server goes on.
 */
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { readTarget, type Target } from './request-target.ts';
import { sendFile } from './send-file.ts';

export interface SiteOptions {
  /** The folder of the built site. Files are looked up at each request: a new build shows at once. */
  readonly folder: string;
  /** The path that the site was built for, with a slash at both ends: `/` or `/x/`. */
  readonly base: string;
  /** Whether `.br` and `.gz` files beside the originals are sent to those who accept them. */
  readonly isPrecompressed?: boolean;
}

/** A path as a base path: one slash at either end. */
export function normalizeBase(path: string): string {
  const inner = path.replace(/^\/+|\/+$/g, '');
  return inner === '' ? '/' : `/${inner}/`;
}

/** The pages that other sites may show in a frame, by their path below the base path. */
const framablePages: readonly RegExp[] = [/^(?:[a-z]{2}(?:-[A-Za-z]+)?\/)?embed\//];

/** The server of a built site, not yet listening. */
export function createSiteServer({ folder, base, isPrecompressed = false }: SiteOptions): Server {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = readTarget(request.url ?? '');
    protect(response, target?.path.startsWith(base) ? target.path.slice(base.length) : '');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      // What it may go on sending is not read.
      response.setHeader('connection', 'close');
      sayPlainly(response, 405, 'Method not allowed');
      return;
    }
    if (target === null) {
      sayPlainly(response, 400, 'Bad request');
      return;
    }
    const { path, query, name } = target;
    if (base !== '/' && path === '/') redirect(response, base);
    else if (`${path}/` === base) redirect(response, base + query);
    else if (name === null || !path.startsWith(base)) await sendNotFound(target, request, response);
    else {
      const inside = name.slice(base.length);
      const isFolder = inside === '' || inside.endsWith('/');
      if (!isFolder && existsSync(join(folder, inside, 'index.html'))) {
        redirect(response, `${path}/${query}`);
        return;
      }
      const file = join(folder, inside, isFolder ? 'index.html' : '');
      const isSent = await sendFile(file, request, response, { status: 200, isPrecompressed });
      if (!isSent) await sendNotFound(target, request, response);
    }
  }

  /** The page of the first folder of the path, then the one at the root, then a plain line. */
  async function sendNotFound(
    { name }: Target,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const inside = name?.startsWith(base) ? name.slice(base.length) : (name ?? '').slice(1);
    const [first = ''] = inside.split('/');
    for (const page of [join(first, '404.html'), join(first, '404/index.html'), '404.html']) {
      const file = join(folder, page);
      if (await sendFile(file, request, response, { status: 404, isPrecompressed })) return;
    }
    sayPlainly(response, 404, 'Not found');
  }

  return createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // Such as too many open files. What was begun cannot be mended; the next request may succeed.
      console.error(`${request.url ?? ''}: ${error instanceof Error ? error.message : 'failed'}`);
      if (response.headersSent) response.destroy();
      else sayPlainly(response, 500, 'The file cannot be read');
    });
  });
}

/** @param page its path below the base path */
function protect(response: ServerResponse, page: string): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  if (framablePages.some((pattern) => pattern.test(page))) return;
  // A policy in the page itself cannot say this; browsers take it from the header alone.
  response.setHeader('content-security-policy', "frame-ancestors 'self'");
  response.setHeader('x-frame-options', 'SAMEORIGIN');
}

/**
 * Listens on a port, or on the next free one.
 * @returns the port it got; rejects where `tries` ports in a row are taken
 */
export async function listen(
  server: Server,
  { port, host, tries }: { port: number; host: string; tries: number },
): Promise<number> {
  for (let candidate = port; ; candidate += 1) {
    try {
      return await listenOn(server, candidate, host);
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      const isLast = candidate + 1 >= port + tries || candidate >= 65_535;
      if (!isTaken || isLast) throw error;
    }
  }
}

function listenOn(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(301, { location, 'content-length': 0 });
  response.end();
}

function sayPlainly(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain;charset=utf-8' });
  response.end(`${text}\n`);
}
