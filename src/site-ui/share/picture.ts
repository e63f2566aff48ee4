/**
 * The picture beside a link to a page elsewhere (Open Graph): title and theme, sensei and
 * student, the number line with the page's ranges lit. 1200 × 630, as the networks that show it ask.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { PortRange } from '../../network/port-ranges.ts';
import { rangeSpans, scaleTrue } from '../../simulation-kit/number-line-geometry.ts';
import type { Part } from '../people/brush.ts';
import { pictures, type PersonPicture } from '../people/people.ts';
import { linesOf, outlineOf } from './outlines.ts';

export const pictureSize = { width: 1200, height: 630 } as const;

export interface ShareWords {
  readonly locale: string;
  readonly site: string;
  /** A lesson's number; absent on other pages. */
  readonly number?: number;
  readonly title: string;
  readonly text: string;
  /** Ranges lit on the number line; all when absent. */
  readonly lit?: readonly PortRange[];
}

/** The light side of a `light-dark()` in the site's own styles, so that no colour is kept twice. */
function lightColours(file: string, pattern: RegExp): ReadonlyMap<string, string> {
  const css = readFileSync(join(process.cwd(), file), 'utf8');
  return new Map([...css.matchAll(pattern)].map(([, name = '', colour = '']) => [name, colour]));
}

const escaped = (value: string) =>
  value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

function tones(): string {
  const css = readFileSync(join(process.cwd(), 'src/site-ui/people/people.css'), 'utf8');
  const start = css.indexOf('{', css.indexOf('@layer page'));
  return css
    .slice(start + 1, css.lastIndexOf('}'))
    .replaceAll(/light-dark\(([^,]+),[^)]*\)/g, '$1');
}

function drawn(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if ('tone' in part) return `<path class="p-${part.tone}" d="${part.d}"/>`;
      const turn = 'turn' in part ? ` transform="${part.turn}"` : '';
      return `<g${turn}>${drawn(part.parts)}</g>`;
    })
    .join('');
}

const person = (name: PersonPicture, transform: string) =>
  `<g transform="${transform}">${drawn(pictures.get(name) ?? [])}</g>`;

/** The picture as SVG without any text in it. */
export function shareSvg({ locale, site, number, title, text, lit }: ShareWords): string {
  const colours = lightColours('src/styles/tokens.css', /--([\w-]+): light-dark\((#\w+)/g);
  const colour = (name: string) => colours.get(name) ?? '#000';
  const line = (words: string, x: number, y: number, size: number, ink: string, weight = 0) =>
    `<path d="${escaped(outlineOf(words, x, y, size))}" fill="${ink}" stroke="${ink}" stroke-width="${weight}"/>`;
  const titleSize = linesOf(title, locale, 84, 660).length > 2 ? 66 : 84;
  const titleLines = linesOf(title, locale, titleSize, 660).slice(0, 3);
  const top = 190;
  const below = top + titleLines.length * titleSize * 1.18 + 14;
  const allLines = linesOf(text, locale, 34, 640);
  // Half a sentence says less than none.
  const textLines = below + 50 + (allLines.length - 1) * 48 < 500 ? allLines : [];
  const head = number === undefined ? site : `${site}   ${number}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630">
<style>${tones()}</style>
<rect width="1200" height="630" fill="${colour('paper')}"/>
<g transform="translate(72 62) scale(1.7)"><path fill="${colour('seal')}" d="M4.5 2.3C11 1.7 22 1.6 27.6 2.4c1.5.2 2.1 1 2.2 2.4.5 6.5.4 15.5-.1 22-.2 1.9-1 2.7-2.7 2.9-6.5.6-15.5.6-22 .1-1.7-.2-2.5-1-2.7-2.800C1.7 20.5 1.7 11.5 2.2 5c.1-1.7.8-2.6 2.3-2.700Z"/><path fill="none" stroke="#fffaf0" stroke-width="2.4" stroke-linecap="round" d="M6.5 10.200c6-.9 13-.9 19 0M10.5 9.800v15.400M21.5 9.800v15.400M10.5 14.600h11"/><circle cx="16" cy="21" r="2.4" fill="#fffaf0"/></g>
${line(head, 146, 102, 36, colour('ink'), 0.6)}
${titleLines.map((words, at) => line(words, 72, top + 50 + at * titleSize * 1.18, titleSize, colour('ink'), 1.6)).join('')}
${textLines.map((words, at) => line(words, 72, below + 50 + at * 48, 34, colour('ink-soft'), 0.4)).join('')}
${person('sensei-showing', 'translate(724 168) scale(.78)')}
${person('student-curious', 'matrix(-.78 0 0 .78 1190 168)')}
<rect x="700" y="494" width="500" height="20" fill="#d9b98c"/><rect x="700" y="494" width="500" height="3" fill="${colour('ink-soft')}"/>
<rect y="514" x="0" width="1200" height="116" fill="${colour('paper')}"/>
${rangeSpans(scaleTrue())
  .map(
    ({ range, from, to }) =>
      `<rect x="${from * 1200}" width="${(to - from) * 1200}" y="546" height="84" fill="${colour(`range-${range}`)}" opacity="${lit && !lit.includes(range) ? 0.22 : 1}"/>`,
  )
  .join('')}
</svg>`;
}

/** The picture as PNG. */
export async function sharePicture(words: ShareWords): Promise<Response> {
  const png = await sharp(Buffer.from(shareSvg(words)))
    // A longer search for colours (`effort` is 7 by itself) makes no smaller file.
    .png({ palette: true, compressionLevel: 9, effort: 4 })
    .toBuffer();
  return new Response(new Uint8Array(png), { headers: { 'content-type': 'image/png' } });
}
