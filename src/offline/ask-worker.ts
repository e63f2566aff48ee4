/** How a page speaks with the service worker. */

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
