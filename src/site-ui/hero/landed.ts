/** Where a lit port lies on the unfolded number line: low ones on the lower line, to scale. */

import { rangeOf } from '../../network/port-ranges.ts';
import { positionOfPort, scaleTrue } from '../../simulation-kit/number-line-geometry.ts';

const whole = scaleTrue();
const low = scaleTrue(0, 1023);
const digit = 8.6;

/** One lit port as the page hands it to its script: `443,43.3%,209,40,well-known`. */
export function landing(port: number): string {
  const { x, y, width } = landed(port);
  return [port, x, y, width.toFixed(0), rangeOf(port)].join(',');
}

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
