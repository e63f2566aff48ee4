/** Where a lit port lies on the unfolded number line: low ones on the lower line, to scale. */

import { positionOfPort, scaleTrue } from '../../simulation-kit/number-line-geometry.ts';

const whole = scaleTrue();
const low = scaleTrue(0, 1023);
const digit = 8.6;

export interface Landed {
  /** Of the figure's width. */
  readonly x: string;
  readonly y: number;
  /** Of the plate under the number, in pixels. */
  readonly width: number;
}

export function landed(port: number): Landed {
  const share = positionOfPort(low, port);
  const plate = { width: String(port).length * digit + 14 };
  const place = share ?? positionOfPort(whole, port) ?? 0;
  return { ...plate, x: `${(place * 100).toFixed(3)}%`, y: share === null ? 103 : 209 };
}
