/** Words as outlines of one font, so that a picture shows the same on every machine that makes it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import opentype, { type Font, type Glyph, type PathCommand } from 'opentype.js';

/** Hina Mincho (SIL Open Font License 1.1), in the parts that its package has. */
const files = ['latin', 'latin-ext', 'japanese'].map(
  (part) => `@fontsource/hina-mincho/files/hina-mincho-${part}-400-normal.woff`,
);

let loaded: readonly Font[] | undefined;

function fonts(): readonly Font[] {
  loaded ??= files.map((file) => {
    const bytes = readFileSync(join(process.cwd(), 'node_modules', file));
    return opentype.parse(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    );
  });
  return loaded;
}

interface Placed {
  readonly glyph: Glyph;
  readonly x: number;
}

/** Each letter's glyph with its place from the line's beginning, and how wide the line is. */
function layOut(text: string, size: number): { placed: readonly Placed[]; width: number } {
  const placed: Placed[] = [];
  let x = 0;
  let before: { font: Font; glyph: Glyph } | undefined;
  for (const letter of text) {
    // A wide space, which the font does not draw either.
    if (letter === '\u3000') {
      x += size / 2;
      continue;
    }
    const font = fonts().find((one) => one.charToGlyphIndex(letter) > 0);
    if (!font) {
      throw new Error(`The font of the pictures has no “${letter}”, which is in “${text}”.`);
    }
    const glyph = font.charToGlyph(letter);
    const perUnit = size / font.unitsPerEm;
    // opentype.js 2.0.0 answers NaN for pairs that its tables leave open.
    if (before?.font === font) x += (font.getKerningValue(before.glyph, glyph) || 0) * perUnit;
    placed.push({ glyph, x });
    x += glyph.advanceWidth * perUnit;
    before = { font, glyph };
  }
  return { placed, width: x };
}

/** The library's own writing turns very small numbers into NaN. */
function pathData(commands: readonly PathCommand[]): string {
  const tenth = (value: number) => Math.round(value * 10) / 10;
  return commands
    .map(({ type, x1, y1, x2, y2, x, y }) => {
      const places = [x1, y1, x2, y2, x, y].filter((value) => value !== undefined);
      return type + places.map(tenth).join(' ');
    })
    .join('');
}

/** How wide a line is at a size, in pixels. */
export function widthOf(text: string, size: number): number {
  return layOut(text, size).width;
}

/**
 * One line of text as the data of an SVG path.
 * @param x where it begins.
 * @param y its base line.
 * @throws Error naming the letter that the font lacks.
 */
export function outlineOf(text: string, x: number, y: number, size: number): string {
  return layOut(text, size)
    .placed.map(({ glyph, x: offset }) => pathData(glyph.getPath(x + offset, y, size).commands))
    .join('');
}

/** What may not begin a line in Japanese. */
const closing = /^[、。，．・：；？！」』）】〜ー％\s]/u;

/** Text in lines no wider than `width`, broken between words as its language knows them. */
export function linesOf(text: string, locale: string, size: number, width: number): string[] {
  const words = [...new Intl.Segmenter(locale, { granularity: 'word' }).segment(text)];
  const lines: string[] = [];
  for (const { segment } of words) {
    const line = lines.at(-1) ?? '';
    const isFitting = widthOf((line + segment).trimEnd(), size) <= width;
    if (lines.length > 0 && (isFitting || closing.test(segment)))
      lines[lines.length - 1] += segment;
    else if (segment.trim() !== '') lines.push(segment);
  }
  return lines.map((line) => line.trim());
}
