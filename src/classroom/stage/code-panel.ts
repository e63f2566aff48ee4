/** The way from the wall to everybody's own device: a QR code of the lesson at this moment, and its address. */

import { qrOf } from '../../site-ui/qr/qr.ts';

/** A longer address makes squares too small for the last row. */
const LONGEST = 240;

/**
 * @param lesson the lesson's own address
 * @param hash the part that is shown, with the moment of its widget; may be empty
 * @returns the address of that moment; of the part alone where a moment needs too many squares
 */
export function momentAddress(lesson: string, hash: string): string {
  const whole = `${lesson}${hash}`;
  return whole.length <= LONGEST ? whole : `${lesson}${hash.split('=')[0] ?? ''}`;
}

/** Draws the code of an address into the panel, black on white whatever the theme. */
export function drawCode(panel: HTMLElement, address: string): void {
  const picture = panel.querySelector('svg');
  const words = panel.querySelector('.stage-address');
  if (!picture || !words) return;
  const { size, path } = qrOf(address);
  picture.setAttribute('viewBox', `0 0 ${String(size)} ${String(size)}`);
  picture.querySelector('path')?.setAttribute('d', path);
  picture.querySelector('rect')?.setAttribute('width', String(size));
  picture.querySelector('rect')?.setAttribute('height', String(size));
  words.textContent = address.replace(/^https?:\/\//, '');
}
