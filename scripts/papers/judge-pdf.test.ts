import { describe, expect, it } from 'vitest';
import { hasInkAtEdge, plain, readPictures } from './judge-pdf.ts';

/** A white page with one black dot, as pdftoppm writes it. */
function pageWithDot(width: number, height: number, dot: number): Buffer {
  const dots = Buffer.alloc(width * height, 255);
  dots[dot] = 0;
  return Buffer.concat([Buffer.from(`P5\n${String(width)} ${String(height)}\n255\n`), dots]);
}

describe('the pages of a PDF as pictures', () => {
  const [width, height] = [298, 421];
  const middle = 200 * width + 150;

  it('are read one after the other', () => {
    const bytes = Buffer.concat([pageWithDot(width, height, 0), pageWithDot(8, 9, 3)]);
    const pictures = readPictures(bytes);
    expect(pictures.map((one) => [one.width, one.height])).toEqual([
      [width, height],
      [8, 9],
    ]);
    expect(pictures[1]?.dots.indexOf(0)).toBe(3);
  });

  it.each([
    ['in the middle', middle, false],
    ['at the top', 150, true],
    ['at the left', 200 * width + 10, true],
    ['at the right', 200 * width + width - 3, true],
    ['at the bottom', 410 * width + 150, true],
  ])('have ink at their edge or not: %s', (_, dot, isAtEdge) => {
    const [picture] = readPictures(pageWithDot(width, height, dot));
    expect(picture && hasInkAtEdge(picture)).toBe(isAtEdge);
  });
});

it('words are compared without the spaces that a line of paper makes', () => {
  expect(plain('Version B\n  ·  seed １')).toBe('VersionB·seed1');
});
