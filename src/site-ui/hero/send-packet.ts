/**
 * Sends a packet: it flies from under the hand to the number line, and both its ports stay lit there.
 * A press, Enter, Space, or a drag that ends on the line. Nothing flies under reduced motion.
 */

import { fly } from '../../simulation-kit/fly.ts';
import { isOver, takeHold } from '../../simulation-kit/take-hold.ts';

/** Older source ports stay as ticks, as many as can be told apart. */
const remembered = 48;

const figure = document.querySelector<HTMLElement>('.unfolded');
const board = figure?.querySelector<SVGGElement>('.landed');
const said = document.querySelector<HTMLElement>('.send .said');
const sent = new Map<string, number>();
let last = '';

function element<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A lit port as landed.ts writes it: the geometry stays with whoever builds the page. */
interface Lit {
  readonly port: string;
  readonly x: string;
  readonly y: string;
  readonly width: number;
  readonly range: string;
}

function readLit(text = ''): Lit {
  const [port = '', x = '', y = '', width = '', range = ''] = text.split(',');
  return { port, x, y, width: Number(width), range };
}

/** Drawn as the server draws the first one. */
function lit({ port, x, y, width, range }: Lit, role: 'from' | 'to'): SVGSVGElement {
  const mark = element('svg', { x, y, class: `lit ${role}`, overflow: 'visible' });
  mark.dataset['range'] = range;
  const text = element('text', { y: '16', 'text-anchor': 'middle' });
  text.textContent = port;
  mark.append(
    element('rect', { x: String(-width / 2), width: String(width), height: '22', rx: '3' }),
    text,
  );
  return mark;
}

function tell(button: HTMLElement, from: string): void {
  if (!said) return;
  const { send: to = '', kind = '' } = button.dataset;
  const words =
    last === ''
      ? said.dataset['first']
      : last === to
        ? said.dataset['again']
        : said.dataset['other'];
  last = to;
  said.textContent = (words ?? '')
    .replaceAll('{to}', to)
    .replaceAll('{from}', from)
    .replaceAll('{kind}', kind);
}

function send(button: HTMLElement, start: DOMRect): void {
  if (!board) return;
  const to = button.dataset['send'] ?? '';
  const picks = (button.dataset['picks'] ?? '').split(' ');
  const count = sent.get(to) ?? 0;
  sent.set(to, count + 1);
  const from = readLit(picks[count % picks.length]);

  const before = board.querySelector('.from')?.getAttribute('x') ?? null;
  if (before !== null)
    board.prepend(element('line', { class: 'was', x1: before, x2: before, y1: '92', y2: '136' }));
  for (const old of [...board.querySelectorAll('.was')].slice(remembered)) old.remove();
  for (const old of board.querySelectorAll('.lit')) old.remove();
  const marks = [lit(readLit(button.dataset['to']), 'to'), lit(from, 'from')];
  for (const mark of marks) board.append(mark);
  tell(button, from.port);
  for (const mark of marks) void fly(mark, [start]);
}

for (const button of document.querySelectorAll<HTMLElement>('.packet[data-send]')) {
  takeHold({
    carry: (x, y) => figure?.toggleAttribute('data-over', isOver(figure, x, y)),
    drop: (x, y, left) => {
      if (isOver(figure, x, y)) send(button, left);
    },
    rest: () => figure?.removeAttribute('data-over'),
  })(button);
  // A press: by mouse, finger, Enter, Space, or a screen reader.
  button.addEventListener('click', () => {
    send(button, button.getBoundingClientRect());
    // In a low window both lines come up from below it.
    board?.ownerSVGElement?.scrollIntoView({ block: 'nearest' });
  });
}
