/**
 * The page's side of the service worker: registers it, tells it what was
 * loaded before it was there, and says when a new version waits. Where there is no worker (no https,
 * storage refused, an old browser) the site is as it was.
 */

import type { Answer, Request } from './messages.ts';

/**
 * Asks a worker and hears all it has to say.
 * @returns a function that stops hearing.
 */
export function ask(
  worker: ServiceWorker,
  request: Request,
  hear: (answer: Answer) => void = () => undefined,
): () => void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<Answer>) => {
    hear(data);
  };
  worker.postMessage(request, [port2]);
  return () => {
    port1.close();
  };
}

function offerNewVersion(registration: ServiceWorkerRegistration, notice: HTMLElement): void {
  const waiting = registration.waiting;
  // Without a controller it is the first version, and nothing is old.
  if (waiting === null || !navigator.serviceWorker.controller) return;
  notice.hidden = false;
  const button = notice.querySelector('button');
  const others = notice.querySelector<HTMLElement>('.other-tabs');
  button?.addEventListener('click', () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      location.reload();
    });
    ask(registration.waiting ?? waiting, { kind: 'begin' }, (answer) => {
      if (answer.kind === 'others' && others) others.hidden = false;
    });
  });
}

async function start(address: string, notice: HTMLElement): Promise<void> {
  const registration = await navigator.serviceWorker.register(address, { updateViaCache: 'none' });
  const wasControlled = navigator.serviceWorker.controller !== null;
  let isOffered = false;
  const look = () => {
    if (isOffered || registration.waiting === null) return;
    isOffered = true;
    offerNewVersion(registration, notice);
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
  const notice = document.querySelector<HTMLElement>('.new-version');
  const address = notice?.dataset['worker'];
  if (!notice || address === undefined) return;
  try {
    await start(address, notice);
  } catch {
    // Refused by the browser: the page for offline use says so.
  }
}
