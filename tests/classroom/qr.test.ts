/** QR codes are read back by another library than the one that writes them. */

import jsQR from 'jsqr';
import { expect, it } from 'vitest';
import { longestText, qrOf } from '../../src/site-ui/qr/qr.ts';

/** What a camera sees: four pixels for each square. */
function read(text: string): string | undefined {
  const { size, path } = qrOf(text);
  const scale = 4;
  const side = size * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x = '', y = ''] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let dy = 0; dy < scale; dy++) {
      for (let dx = 0; dx < scale; dx++) {
        const at = 4 * ((Number(y) * scale + dy) * side + Number(x) * scale + dx);
        pixels.fill(0, at, at + 3);
      }
    }
  }
  return jsQR(pixels, side, side)?.data;
}

it.each([
  'https://example.org/lessons/50-ephemeral-ports/',
  'PD-7K2M-9QXF',
  `https://example.org/assignment/#${'x'.repeat(300)}`,
])('%s', (text) => {
  expect(read(text)).toBe(text);
});

it('the longest text makes a code, a longer one none', () => {
  expect(qrOf('x'.repeat(longestText)).size).toBe(177 + 8);
  expect(() => qrOf('x'.repeat(longestText + 1))).toThrow();
});
