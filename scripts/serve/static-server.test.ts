import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server } from 'node:http';
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
