/** A text as a QR code (ISO/IEC 18004), by the npm package uqr: the dark squares as one SVG path. */

import { encode } from 'uqr';

export interface QrPicture {
  /** Squares along one side, with the quiet zone of four around it. */
  readonly size: number;
  /** The dark ones, each a square of one. */
  readonly path: string;
}

/** No code of this kind (version 40, level M) holds more, in bytes of UTF-8. */
export const longestText = 2331;

/** @throws Error for a longer text. */
export function qrOf(text: string): QrPicture {
  const { data, size } = encode(text, { border: 4, ecc: 'M' });
  const squares = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${String(x)} ${String(y)}h1v1h-1z`] : [])),
  );
  return { size, path: squares.join('') };
}
