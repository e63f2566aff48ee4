/**
 * The number that was just chosen, in one movement over the three views of it: out of its host, onto
 * the number line, into the row of the table. Loaded when the first number is chosen.
 */

import { rangeOf } from '../../network/port-ranges.ts';
import { fly } from '../../simulation-kit/fly.ts';

const isSeen = (box: DOMRect): boolean => box.width > 0 && box.height > 0;

/** Where one of these elements shows this number; null where none of them is to be seen. */
function boxOf(elements: NodeListOf<Element> | undefined, number: string): DOMRect | null {
  for (const element of elements ?? []) {
    const box = element.getBoundingClientRect();
    if (element.textContent === number && isSeen(box)) return box;
  }
  return null;
}

/** Once the picture that has the number is there: measured then, nothing is laid out twice. */
const pictureShown = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => {
      setTimeout(resolve);
    });
  });

/** Where numbers fly: above the simulator, and what comes and goes there lays out nothing else. */
function skyOf(root: HTMLElement): HTMLElement {
  const known = root.querySelector<HTMLElement>(':scope > .sky');
  if (known !== null) return known;
  const sky = document.createElement('div');
  sky.className = 'sky';
  sky.ariaHidden = 'true';
  Object.assign(sky.style, {
    position: 'absolute',
    inset: '0',
    zIndex: '4',
    contain: 'layout size',
    pointerEvents: 'none',
  });
  root.append(sky);
  return sky;
}

/**
 * Shows it; at most one number flies in a simulator at a time.
 * @param root the simulator's element.
 * @param client which of its clients has chosen, from 0.
 * @param port what it has chosen.
 */
export async function showFlight(root: HTMLElement, client: number, port: number): Promise<void> {
  await pictureShown();
  if (root.querySelector('.flight') !== null) return;
  const number = String(port);
  const host = root.querySelectorAll('.host.client')[client]?.getBoundingClientRect();
  const strip = root.querySelectorAll('.ports .client')[client];
  const table = root.querySelectorAll('.tables > .sockets')[client];
  const line = boxOf(strip?.querySelectorAll('.strip text'), number);
  const row = boxOf(table?.querySelectorAll('.local .port-badge'), number);
  const end = row ?? line;
  if (!host || !end) return;

  // All is measured before anything is added: nothing is laid out for it in between. In full screen
  // everything is larger, and so are the steps of its coordinates.
  const whole = root.getBoundingClientRect();
  const zoom = whole.width / root.offsetWidth || 1;
  const flying = document.createElement('span');
  flying.className = 'flight port-badge';
  flying.dataset['range'] = rangeOf(port);
  flying.ariaHidden = 'true';
  flying.textContent = number;
  Object.assign(flying.style, {
    position: 'absolute',
    left: `${(end.x + end.width / 2 - whole.x) / zoom - root.clientLeft}px`,
    top: `${(end.y + end.height / 2 - whole.y) / zoom - root.clientTop + root.scrollTop}px`,
    translate: '-50% -50%',
  });
  skyOf(root).append(flying);
  await fly(flying, row && line ? [host, line] : [host], { box: end, zoom });
  flying.remove();
}
