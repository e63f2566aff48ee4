/**
 * The built site, served as a static host does it: folders by their index page, a missing page by
 * the 404 page of its language, everything below a base path, ready-compressed files where a
 * browser accepts them. For this machine and for tests; it adds no caching and no encryption.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';

export interface SiteOptions {
  /** The folder of the built site. */
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

/** The server of a built site, not yet listening. */
export function createSiteServer({ folder, base, isPrecompressed = false }: SiteOptions): Server {
  const serveFile = sirv(folder, {
    // Files are looked up at each request, so a new build shows at once; a precompressed folder
    // does not change, and only the other mode knows encodings.
    dev: !isPrecompressed,
    brotli: isPrecompressed,
    gzip: isPrecompressed,
    etag: true,
  });

  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (base !== '/' && url.pathname === '/') {
      redirect(response, base);
      return;
    }
    if (!url.pathname.startsWith(base)) {
      if (`${url.pathname}/` === base) redirect(response, base + url.search);
      else sendNotFound(folder, url.pathname, request, response);
      return;
    }
    const path = `/${url.pathname.slice(base.length)}`;
    const name = decodePath(path);
    if (name === undefined) {
      sendNotFound(folder, path, request, response);
      return;
    }
    if (!path.endsWith('/') && existsSync(join(folder, name, 'index.html'))) {
      redirect(response, `${url.pathname}/${url.search}`);
      return;
    }
    request.url = path + url.search;
    serveFile(request, response, () => {
      sendNotFound(folder, path, request, response);
    });
  });
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
  response.writeHead(301, { location });
  response.end();
}

/** The path as names of files; undefined for one that names none. */
function decodePath(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path);
    return decoded.includes('\0') || decoded.includes('..') ? undefined : decoded;
  } catch {
    return undefined;
  }
}

/** The page of the first folder of the path, then the one at the root, then a plain line. */
function sendNotFound(
  folder: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const [, first = ''] = (decodePath(path) ?? '/').split('/');
  const page = [join(folder, first, '404.html'), join(folder, first, '404', 'index.html')]
    .concat(join(folder, '404.html'))
    .find((file) => existsSync(file));
  const body = page === undefined ? 'Not found\n' : readFileSync(page);
  const type = page === undefined ? 'text/plain' : 'text/html';
  response.writeHead(404, { 'content-type': `${type};charset=utf-8` });
  response.end(request.method === 'HEAD' ? undefined : body);
}
