/** The script of a thread in which the shell library's tools run. */

import { serveTools, type ToThread } from './tool-thread.ts';

const serve = serveTools((message) => {
  globalThis.postMessage(message);
});
globalThis.addEventListener('message', ({ data }: MessageEvent<ToThread>) => {
  serve(data);
});
