/** For what asks for /favicon.ico without being told of an icon: feed readers, old browsers. */
import type { APIRoute } from 'astro';
import { iconIco } from '../site-ui/share/icons.ts';

export const GET: APIRoute = async () =>
  new Response(new Uint8Array(await iconIco([16, 32, 48])), {
    headers: { 'content-type': 'image/x-icon' },
  });
