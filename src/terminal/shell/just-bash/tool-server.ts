/**
 * What a thread loads to run tools. Its address is the page's own file, in which the shell library is:
 * a script built for the thread alone would bring the library a second time.
 */

import { serveTools } from './tool-thread.ts';

/** In one: what the page does not use of it must stay for the thread. */
export const toolServer = { address: import.meta.url, serveTools };
