/**
 * What a thread loads to run tools. Its address is the page's own file, in which the shell library is:
 * a script built for the thread alone would bring the library a second time.
 */

export { serveTools } from './tool-thread.ts';

export const address = import.meta.url;
