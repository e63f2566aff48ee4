/**
 * Keeps what is shown, once the page is there, and in the built site only: a worker would hide what
 * changes while one develops.
 */

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => {
    import('../offline/keep-offline.ts').then(
      ({ keepOffline }) => keepOffline(),
      // The network has gone in between: the next page tries again.
      () => undefined,
    );
  });
}
