/**
 * The page's side of the service worker: registers it, tells it what was
 * loaded before it was there, and says when a new version waits. Where there is no worker (no https,
 * storage refused, an old browser) the site is as it was.
 */

import { ask } from './ask-worker.ts';
import styles from './new-version.css?inline';

const wordFiles = import.meta.glob<typeof import('../../content/interface/new-version/en.json')>(
  '/content/interface/new-version/*.json',
  { import: 'default' },
);

async function offerNewVersion(registration: ServiceWorkerRegistration): Promise<void> {
  const { waiting } = registration;
  // Without a controller it is the first version, and nothing is old.
  if (waiting === null || !navigator.serviceWorker.controller) return;
  const words =
    await wordFiles[`/content/interface/new-version/${document.documentElement.lang}.json`]?.();
  if (words === undefined) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const notice = document.createElement('div');
  notice.className = 'new-version';
  notice.setAttribute('role', 'status');
  document.querySelector('.site-header')?.after(notice);
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = words.begin;
  const others = document.createElement('p');
  const waits = document.createElement('p');
  waits.append(words.waits, ' ', button);
  notice.append(waits, others);
  button.addEventListener('click', () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      location.reload();
    });
    ask(registration.waiting ?? waiting, { kind: 'begin' }, (answer) => {
      if (answer.kind === 'others') others.textContent = words.others;
    });
  });
}

async function start(): Promise<void> {
  const address = `${import.meta.env.BASE_URL.replace(/\/*$/, '/')}sw.js`;
  const registration = await navigator.serviceWorker.register(address, { updateViaCache: 'none' });
  const wasControlled = navigator.serviceWorker.controller !== null;
  let isOffered = false;
  const look = () => {
    if (isOffered || registration.waiting === null) return;
    isOffered = true;
    void offerNewVersion(registration);
  };
  look();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look);
  });
  const { active } = await navigator.serviceWorker.ready;
  if (wasControlled || active === null) return;
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
  ask(active, { kind: 'seen', urls: [location.href, ...loaded] });
}

/** Once for each page, after it has loaded. */
export async function keepOffline(): Promise<void> {
  try {
    await start();
  } catch {
    // Refused by the browser: the page for offline use says so.
  }
}
