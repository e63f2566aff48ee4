import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSiteServer, listen, normalizeBase } from './static-server.ts';

let folder = '';
let servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
  for (const page of ['', 'course', 'ja', '404', 'ja/404']) {
    mkdirSync(join(folder, page), { recursive: true });
  }
  writeFileSync(join(folder, 'index.html'), 'home');
  writeFileSync(join(folder, 'course/index.html'), 'course');
  writeFileSync(join(folder, '404.html'), 'no such page');
  writeFileSync(join(folder, 'ja/404/index.html'), 'ありません');
});

afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
  rmSync(folder, { recursive: true });
});

async function serve(base: string): Promise<(path: string) => Promise<string>> {
  const server = createSiteServer({ folder, base });
  servers.push(server);
  const port = await listen(server, { port: 0, host: '127.0.0.1', tries: 1 });
  return async (path) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
    const where = response.headers.get('location') ?? (await response.text());
    return `${response.status} ${where}`;
  };
}

async function serveAt(base = '/', isPrecompressed = false): Promise<number> {
  const server = createSiteServer({ folder, base, isPrecompressed });
  servers.push(server);
  return await listen(server, { port: 0, host: '127.0.0.1', tries: 1 });
}

/** Sends bytes as they are, and gives what comes back until the other side closes. */
function exchange(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(answer);
    });
  });
}

const request = (line: string, ...headers: string[]): string =>
  [`${line} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, '', ''].join('\r\n');

/** How many files, pipes and sockets this process holds open. */
const openFiles = (): number => readdirSync('/dev/fd').length;

describe('the static server', () => {
  it('serves folders by their index page and sends paths without a slash there', async () => {
    const get = await serve('/');
    expect(await get('/')).toBe('200 home');
    expect(await get('/course/')).toBe('200 course');
    expect(await get('/course?x=1')).toBe('301 /course/?x=1');
  });

  it('answers a missing page in its language, with the status of a missing page', async () => {
    const get = await serve('/');
    expect(await get('/none/')).toBe('404 no such page');
    expect(await get('/ja/none/')).toBe('404 ありません');
  });

  it('serves below a base path, and only there', async () => {
    const get = await serve('/x/');
    expect(await get('/')).toBe('301 /x/');
    expect(await get('/x')).toBe('301 /x/');
    expect(await get('/x/course/')).toBe('200 course');
    expect(await get('/x/course')).toBe('301 /x/course/');
    expect(await get('/course/')).toBe('404 no such page');
    expect(await get('/x/ja/none')).toBe('404 ありません');
  });

  it('gives nothing outside its folder', async () => {
    const get = await serve('/');
    expect(await get('/..%2f..%2fetc/passwd')).toMatch(/^404/);
    expect(await get('/%00')).toMatch(/^404/);
    expect(await get('/%zz')).toMatch(/^404/);
  });

  it('takes the next port where one is taken', async () => {
    const first = createSiteServer({ folder, base: '/' });
    const second = createSiteServer({ folder, base: '/' });
    servers.push(first, second);
    const port = await listen(first, { port: 0, host: '127.0.0.1', tries: 1 });
    await expect(listen(second, { port, host: '127.0.0.1', tries: 1 })).rejects.toThrow(
      'EADDRINUSE',
    );
    const next = await listen(second, { port, host: '127.0.0.1', tries: 20 });
    expect(next).toBeGreaterThan(port);
  });

  it.each([
    ['', '/'],
    ['/', '/'],
    ['x', '/x/'],
    ['/x/y', '/x/y/'],
  ])('takes "%s" for the base path %s', (path, base) => {
    expect(normalizeBase(path)).toBe(base);
  });
});

describe('a request that no browser would send', () => {
  it.each([
    ['//', /^HTTP\/1.1 404 /],
    ['//course', /^HTTP\/1.1 404 /],
    ['//[', /^HTTP\/1.1 404 /],
    ['/\\\\course', /^HTTP\/1.1 404 /],
    ['/../../etc/passwd', /^HTTP\/1.1 404 /],
    ['/.git/config', /^HTTP\/1.1 404 /],
    [`/${'a'.repeat(5000)}`, /^HTTP\/1.1 404 /],
    ['http://', /^HTTP\/1.1 400 /],
    ['http://[/', /^HTTP\/1.1 400 /],
    ['*', /^HTTP\/1.1 400 /],
    ['http://x/course/', /^HTTP\/1.1 200 [^]*course$/],
    ['/course/#x', /^HTTP\/1.1 200 [^]*course$/],
  ])('is answered, and the next one too: GET %s', async (target, expected) => {
    const port = await serveAt();
    expect(await exchange(port, request(`GET ${target}`))).toMatch(expected);
    expect(await exchange(port, request('GET /'))).toMatch(/^HTTP\/1.1 200 [^]*home$/);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
    'is told which methods there are: %s',
    async (method) => {
      const answer = await exchange(await serveAt(), request(`${method} /`));
      expect(answer).toMatch(/^HTTP\/1.1 405 /);
      expect(answer).toMatch(/^allow: GET, HEAD\r$/im);
      expect(answer).not.toContain('home');
    },
  );

  it('gets the headers of a file without the file: HEAD', async () => {
    const answer = await exchange(await serveAt(), request('HEAD /'));
    expect(answer).toMatch(/^HTTP\/1.1 200 [^]*content-length: 4\r[^]*\r\n\r\n$/);
  });
});

describe('a part of a file', () => {
  const digits = '0123456789';

  it.each([
    ['bytes=2-4', '206 2-4/10 234'],
    ['bytes=7-', '206 7-9/10 789'],
    ['bytes=-3', '206 7-9/10 789'],
    ['bytes=-99', `206 0-9/10 ${digits}`],
    ['bytes=8-99999999999999999999', '206 8-9/10 89'],
    ['bytes=10-', '416 */10 '],
    ['bytes=99999999999999999999-', '416 */10 '],
    ['bytes=-0', '416 */10 '],
    ['bytes=5-2', `200  ${digits}`],
    ['bytes=-', `200  ${digits}`],
    ['bytes=1-2,4-5', `200  ${digits}`],
    ['bytes=1e2-', `200  ${digits}`],
    ['lines=1-2', `200  ${digits}`],
  ])('%s', async (range, expected) => {
    writeFileSync(join(folder, 'digits.txt'), digits);
    const answer = await exchange(await serveAt(), request('GET /digits.txt', `Range: ${range}`));
    const status = /^HTTP\/1.1 (\d+)/.exec(answer)?.[1] ?? '';
    const part = /^content-range: bytes (.*)\r$/im.exec(answer)?.[1] ?? '';
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    expect(`${status} ${part} ${body}`).toBe(expected);
    expect(answer).toMatch(new RegExp(`^content-length: ${body.length}\r$`, 'im'));
  });

  it('is given only of the file that the reader knows (If-Range)', async () => {
    writeFileSync(join(folder, 'digits.txt'), digits);
    const url = `http://127.0.0.1:${await serveAt()}/digits.txt`;
    const tag = (await fetch(url)).headers.get('etag') ?? '';
    const ask = async (known: string): Promise<string> => {
      const answer = await fetch(url, { headers: { range: 'bytes=0-0', 'if-range': known } });
      return await answer.text();
    };
    expect(await ask(tag)).toBe('0');
    expect(await ask('"other"')).toBe(digits);
  });

  it('is not sent again where nothing has changed', async () => {
    const url = `http://127.0.0.1:${await serveAt()}/`;
    const first = await fetch(url);
    const [tag, date] = ['etag', 'last-modified'].map((name) => first.headers.get(name) ?? '');
    const ask = async (name: string, value = ''): Promise<number> =>
      (await fetch(url, { headers: { [name]: value }, cache: 'no-store' })).status;
    expect(await ask('if-none-match', tag)).toBe(304);
    expect(await ask('if-none-match', `"x", W/${tag}`)).toBe(304);
    expect(await ask('if-none-match', '"x"')).toBe(200);
    expect(await ask('if-modified-since', date)).toBe(304);
    expect(await ask('if-modified-since', 'yesterday')).toBe(200);
  });
});

describe('the static server under use', () => {
  it('closes the file of a reader who goes away', async () => {
    writeFileSync(join(folder, 'large.bin'), Buffer.alloc(8_000_000));
    const port = await serveAt();
    const before = openFiles();
    for (let round = 0; round < 40; round += 1) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(request('GET /large.bin')));
        socket.once('data', () => {
          socket.resetAndDestroy();
        });
        socket.once('close', () => {
          resolve();
        });
        socket.on('error', () => undefined);
      });
    }
    await expect.poll(() => openFiles() - before).toBeLessThan(10);
    expect(await exchange(port, request('GET /'))).toMatch(/home$/);
  });

  it('gives each answer whole while a build takes the place of another', async () => {
    const page = (letter: string): string => letter.repeat(300_000);
    writeFileSync(join(folder, 'index.html'), page('a'));
    const port = await serveAt();
    const seen: string[] = [];
    const readers = Array.from({ length: 8 }, async () => {
      for (let round = 0; round < 25; round += 1) {
        const answer = await exchange(port, request('GET /'));
        const length = Number(/^content-length: (\d+)/im.exec(answer)?.[1]);
        const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
        if (answer.startsWith('HTTP/1.1 200') && body.length !== length) seen.push('torn');
        if (answer.startsWith('HTTP/1.1 200') && new Set(body).size !== 1) seen.push('mixed');
      }
    });
    for (let round = 0; round < 30; round += 1) {
      const [aside, old] = [`${folder}-next`, `${folder}-old`];
      mkdirSync(aside);
      writeFileSync(join(aside, 'index.html'), 'bc'[round % 2]?.repeat(100_000 + round) ?? '');
      renameSync(folder, old);
      renameSync(aside, folder);
      rmSync(old, { recursive: true });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(readers);
    expect(seen).toEqual([]);
  });

  it('sends the compressed file to those who accept it', async () => {
    writeFileSync(join(folder, 'index.html.br'), 'packed');
    const port = await serveAt('/', true);
    const ask = (accepted: string): Promise<string> =>
      exchange(port, request('GET /', `Accept-Encoding: ${accepted}`));
    expect(await ask('gzip, br;q=0.9')).toMatch(/content-encoding: br\r[^]*packed$/);
    expect(await ask('br;q=0')).toMatch(/\r\n\r\nhome$/);
    expect(await ask('gzip')).toMatch(/vary: accept-encoding\r[^]*\r\n\r\nhome$/);
  });

  it('keeps other sites from framing it, but for what is made to be embedded', async () => {
    mkdirSync(join(folder, 'ja/embed/x'), { recursive: true });
    writeFileSync(join(folder, 'ja/embed/x/index.html'), 'embedded');
    const port = await serveAt();
    const [page, embedded] = await Promise.all(
      ['/course/', '/ja/embed/x/'].map((path) => fetch(`http://127.0.0.1:${port}${path}`)),
    );
    expect(page?.headers.get('content-security-policy')).toBe("frame-ancestors 'self'");
    expect(page?.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(embedded?.headers.has('content-security-policy')).toBe(false);
    expect(embedded?.headers.has('x-frame-options')).toBe(false);
    for (const answer of [page, embedded]) {
      expect(answer?.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer?.headers.get('referrer-policy')).toBe('no-referrer');
    }
  });
});
