/** The icon on a phone's home screen: no round corners of its own, no transparency. */
import type { APIRoute } from 'astro';
import { iconPng } from '../site-ui/share/icons.ts';

export const GET: APIRoute = async () =>
  new Response(new Uint8Array(await iconPng(180, '#b5341c')), {
    headers: { 'content-type': 'image/png' },
  });
