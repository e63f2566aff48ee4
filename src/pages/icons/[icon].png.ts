/** The icons of the installed site. A maskable one may be cut to a circle: its ground goes to the edge. */

import type { APIRoute } from 'astro';
import { iconPng } from '../../site-ui/share/icons.ts';

const icons: Readonly<Record<string, readonly [size: number, ground?: string]>> = {
  'icon-192': [192],
  'icon-512': [512],
  'maskable-512': [512, '#b5341c'],
};

export function getStaticPaths() {
  return Object.keys(icons).map((icon) => ({ params: { icon } }));
}

export const GET: APIRoute = async ({ params }) => {
  const [size, ground] = icons[params['icon'] ?? ''] ?? [192];
  return new Response(new Uint8Array(await iconPng(size, ground)), {
    headers: { 'content-type': 'image/png' },
  });
};
