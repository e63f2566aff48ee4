/** The script of a thread in which the shell library's tools run. Its first message is the address of tool-server.ts. */

import type * as ToolServer from './tool-server.ts';
import type { ToThread } from './tool-thread.ts';

let serving: Promise<(message: ToThread) => void> | undefined;

async function load(address: string): Promise<(message: ToThread) => void> {
  const { toolServer } = (await import(/* @vite-ignore */ address)) as typeof ToolServer;
  return toolServer.serveTools((message) => {
    globalThis.postMessage(message);
  });
}

globalThis.addEventListener('message', ({ data }: MessageEvent<string | ToThread>) => {
  if (typeof data === 'string') {
    serving = load(data);
    serving.catch(() => {
      globalThis.postMessage({ kind: 'lost' });
    });
  } else
    void serving?.then((serve) => {
      serve(data);
    });
});
