/**
 * The built site as a server gives it, but for one more script at the head of each page, which writes
 * down what goes wrong: WebDriver does not say what is in a console.
 */
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWorker } from '../../scripts/build/offline-worker.ts';
import { createSiteServer, listen } from '../../scripts/serve/static-server.ts';

/** Of the site's own origin, so that the policy lets it run; it waits for nothing. */
const watcherFile = 'what-goes-wrong.js';
const watcher = `(() => {
  const problems = (window.whatWentWrong = []);
  const say = (kind, what) => problems.push(kind + ': ' + what);
  addEventListener('error', (event) => {
    const { target } = event;
    // Firefox fires it at hints for modules that it has already.
    if (target instanceof HTMLLinkElement && target.rel === 'modulepreload') return;
    if (target instanceof Element) say('not loaded', target.src || target.href);
    // What a page sees of it in WebKit and Firefox is this line and nothing else.
    else if (!/ResizeObserver loop/.test(event.message)) say('thrown', event.message);
  }, true);
  addEventListener('unhandledrejection', ({ reason }) => say('rejected', reason));
  addEventListener('securitypolicyviolation', (event) =>
    say('policy', event.violatedDirective + ' ' + event.blockedURI));
  for (const level of ['error', 'warn']) {
    const before = console[level];
    console[level] = (...what) => { say('console', what.map(String).join(' ')); before(...what); };
  }
})();`;

export interface WatchedSite {
  /** Without a slash at its end. */
  readonly origin: string;
  /** The server ends: only what the browser has kept can be shown. */
  readonly goOffline: () => Promise<void>;
  readonly end: () => Promise<void>;
}

export async function serveWatched(built: string): Promise<WatchedSite> {
  const folder = mkdtempSync(join(tmpdir(), 'watched-site-'));
  cpSync(built, folder, { recursive: true });
  writeFileSync(join(folder, watcherFile), watcher);
  for (const file of globSync('**/*.html', { cwd: folder })) {
    const path = join(folder, file);
    const html = readFileSync(path, 'utf8');
    const policy = /<meta http-equiv="content-security-policy"[^>]*>/i;
    writeFileSync(path, html.replace(policy, `$&<script src="/${watcherFile}"></script>`));
  }
  await writeWorker(folder, '/');
  const server = createSiteServer({ folder, base: '/' });
  const port = await listen(server, { port: 0, host: 'localhost', tries: 1 });
  let isOnline = true;
  const goOffline = () =>
    new Promise<void>((resolve) => {
      if (!isOnline) {
        resolve();
        return;
      }
      isOnline = false;
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return {
    origin: `http://localhost:${String(port)}`,
    goOffline,
    end: async () => {
      await goOffline();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
