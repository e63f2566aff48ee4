/**
 * The service worker. It knows every file of one build by its digest and keeps them in one cache under
 * `address?revision=digest`: what is shown is kept, all of it is fetched when the learner asks. Files
 * come from the cache first, so that a page and what it loads later are of one build; an answer of the
 * server that belongs to another build is shown and not kept. A new worker waits until no tab of the
 * site is open, or until the learner says so in the only one.
 */

import { revisionLength, type Answer, type Request as Asked, type SiteFile } from './messages.ts';

/** Put in while the site is built: scripts/build/offline-worker.ts. */
declare const siteFiles: readonly SiteFile[];

interface ExtendableEvent extends Event {
  readonly waitUntil: (work: Promise<unknown>) => void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  readonly respondWith: (answer: Promise<Response>) => void;
}

interface WorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: {
    readonly claim: () => Promise<void>;
    readonly matchAll: (options: {
      readonly type: 'window';
      readonly includeUncontrolled: boolean;
    }) => Promise<readonly { readonly url: string }[]>;
  };
  readonly skipWaiting: () => Promise<void>;
  readonly addEventListener: {
    (name: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
    (name: 'fetch', listener: (event: FetchEvent) => void): void;
    (name: 'message', listener: (event: ExtendableEvent & MessageEvent<Asked>) => void): void;
  };
}

/** The types of a worker and of a page exclude each other in one program. */
const worker = self as unknown as WorkerScope;

const { scope } = worker.registration;
const cacheName = `port-dojo ${scope}`;
/** Its presence says that everything is to be kept. */
const wholeMark = new URL('offline-whole', scope).href;
const places = new Map(siteFiles.map(({ path }, place) => [path, place]));
const allBytes = siteFiles.reduce((sum, { bytes }) => sum + bytes, 0);
/** Files fetched at the same time. */
const lanes = 6;

class OtherVersion extends Error {}

/** The file that an address shows, by its place in the list. */
function placeOf(url: string): number | undefined {
  const { origin, pathname } = new URL(url);
  const address = origin + pathname;
  if (!address.startsWith(scope)) return undefined;
  let path = address.slice(scope.length);
  try {
    path = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  return places.get(path === '' || path.endsWith('/') ? `${path}index.html` : path);
}

function addressOf({ path }: SiteFile): string {
  return new URL(path.replace(/(^|\/)index\.html$/, '$1'), scope).href;
}

function keyOf(file: SiteFile): string {
  return `${addressOf(file)}?revision=${file.revision}`;
}

/** A file and all without which it does not work. */
function withNeeds(start: readonly number[]): readonly SiteFile[] {
  const found = new Set(start);
  for (const place of found) for (const needed of siteFiles[place]?.needs ?? []) found.add(needed);
  return [...found].flatMap((place) => siteFiles[place] ?? []);
}

/**
 * Keeps an answer.
 * @throws OtherVersion where it is not the file of this build.
 */
async function keep(cache: Cache, file: SiteFile, response: Response): Promise<void> {
  const { headers } = response;
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const revision = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (revision.slice(0, revisionLength) !== file.revision) throw new OtherVersion(file.path);
  const kept = new Headers();
  for (const name of ['content-type', 'content-security-policy', 'x-content-type-options']) {
    const value = headers.get(name);
    if (value !== null) kept.set(name, value);
  }
  await cache.put(keyOf(file), new Response(bytes, { headers: kept }));
}

/** Fetches what is not there yet; `isStrict`: the first that fails ends it, else it goes on without. */
async function fetchAll(
  files: readonly SiteFile[],
  isStrict: boolean,
  onFile: () => Promise<void> | void = () => undefined,
): Promise<void> {
  const cache = await caches.open(cacheName);
  const there = new Set((await cache.keys()).map(({ url }) => url));
  const waiting = files.filter((file) => !there.has(keyOf(file)));
  let problem: Error | undefined;
  // All lanes come to their end first: nothing is said about a file after the failure.
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
        try {
          const response = await fetch(addressOf(file), { cache: 'no-cache' });
          if (response.status !== 200) throw new OtherVersion(file.path);
          await keep(cache, file, response);
          await onFile();
        } catch (error) {
          if (!isStrict) continue;
          waiting.length = 0;
          problem ??= error instanceof Error ? error : new Error(String(error));
        }
      }
    }),
  );
  if (problem !== undefined) throw problem;
}

/** What is kept before anything is shown: the pages that say what to do without a network. */
function first(): readonly SiteFile[] {
  const pages = siteFiles.flatMap(({ path }, place) =>
    /(^|\/)offline\/index\.html$/.test(path) ? [place] : [],
  );
  return withNeeds(pages);
}

async function isWhole(): Promise<boolean> {
  return (await (await caches.open(cacheName)).match(wholeMark)) !== undefined;
}

/** All of the new build where all is to be kept, else the files that an earlier one has kept. */
async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  if (await isWhole()) {
    await fetchAll(siteFiles, true);
    return;
  }
  const seen = (await cache.keys()).flatMap(({ url }) => placeOf(url) ?? []);
  await fetchAll([...first(), ...withNeeds(seen)], false);
}

/** Nobody shows the old build any more. */
async function activate(): Promise<void> {
  try {
    const cache = await caches.open(cacheName);
    const ours = new Set([...siteFiles.map(keyOf), wholeMark]);
    for (const request of await cache.keys())
      if (!ours.has(request.url)) await cache.delete(request);
  } catch {
    // Storage is refused: there is nothing to tidy.
  }
  await worker.clients.claim();
}

async function answer(event: FetchEvent, place: number | undefined): Promise<Response> {
  const { request } = event;
  const file = place === undefined ? undefined : siteFiles[place];
  const cache = await caches.open(cacheName).catch(() => undefined);
  const kept = file && (await cache?.match(keyOf(file)));
  if (kept) return kept;
  try {
    const response = await fetch(request);
    if (place !== undefined && file && cache && response.status === 200 && !response.redirected) {
      const copy = response.clone();
      event.waitUntil(
        keep(cache, file, copy)
          .then(() => fetchAll(withNeeds([place]), false))
          // No room, or of another build: then it is not kept.
          .catch(() => undefined),
      );
    }
    return response;
  } catch (error) {
    const instead = request.mode === 'navigate' ? await withoutNetwork(request, cache) : undefined;
    if (instead === undefined) throw error;
    return instead;
  }
}

/** For a page that is not kept: the address with its slash, or the page that says what to do. */
async function withoutNetwork(
  { url }: Request,
  cache: Cache | undefined,
): Promise<Response | undefined> {
  if (placeOf(url) === undefined) {
    const address = new URL(url);
    address.pathname += '/';
    if (placeOf(address.href) !== undefined) return Response.redirect(address.href);
  }
  const folder = new URL(url).href.slice(scope.length).split(/[/?#]/)[0] ?? '';
  const place = places.get(`${folder}/offline/index.html`) ?? places.get('offline/index.html');
  const file = place === undefined ? undefined : siteFiles[place];
  return file && (await cache?.match(keyOf(file)));
}

async function state(kind: 'state' | 'progress'): Promise<Answer> {
  let files = 0;
  let bytes = 0;
  let whole = false;
  try {
    const cache = await caches.open(cacheName);
    const there = new Set((await cache.keys()).map(({ url }) => url));
    whole = there.has(wholeMark);
    for (const file of siteFiles) {
      if (!there.has(keyOf(file))) continue;
      files += 1;
      bytes += file.bytes;
    }
  } catch {
    // Storage is refused: nothing is saved.
  }
  return { kind, files, allFiles: siteFiles.length, bytes, allBytes, isWhole: whole };
}

async function save(say: (answer: Answer) => void): Promise<void> {
  try {
    const cache = await caches.open(cacheName);
    const before = await state('progress');
    if (before.kind !== 'progress') return;
    let { files } = before;
    say(before);
    await fetchAll(siteFiles, true, async () => {
      files += 1;
      if (files % 10 === 0) say(await state('progress'));
    });
    await cache.put(wholeMark, new Response(''));
    say(await state('state'));
  } catch (error) {
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    const isRefused = error instanceof DOMException && error.name === 'SecurityError';
    const reason =
      error instanceof OtherVersion ? 'newer' : isFull || isRefused ? 'room' : 'network';
    say({ kind: 'failed', reason });
  }
}

async function begin(say: (answer: Answer) => void): Promise<void> {
  const tabs = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const count = tabs.filter(({ url }) => url.startsWith(scope)).length - 1;
  if (count > 0) say({ kind: 'others', count });
  else await worker.skipWaiting();
}

async function hear(asked: Asked, say: (answer: Answer) => void): Promise<void> {
  switch (asked.kind) {
    case 'seen':
      await fetchAll(withNeeds(asked.urls.flatMap((url) => placeOf(url) ?? [])), false);
      return;
    case 'state':
      say(await state('state'));
      return;
    case 'save':
      await save(say);
      return;
    case 'remove':
      await caches.delete(cacheName).catch(() => false);
      await fetchAll(first(), false).catch(() => undefined);
      say(await state('state'));
      return;
    case 'begin':
      await begin(say);
  }
}

worker.addEventListener('install', (event) => {
  event.waitUntil(install());
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(activate());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || request.headers.has('range')) return;
  if (!request.url.startsWith(scope)) return;
  const place = placeOf(request.url);
  if (place === undefined && request.mode !== 'navigate') return;
  event.respondWith(answer(event, place));
});

worker.addEventListener('message', (event) => {
  const { ports, data } = event;
  const say = (answer: Answer) => {
    ports[0]?.postMessage(answer);
  };
  event.waitUntil(hear(data, say).catch(() => undefined));
});
