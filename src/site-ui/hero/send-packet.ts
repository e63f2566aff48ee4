/**
 * Sends a packet: it flies from under the hand to the number line, and both its ports stay lit there.
 * A press, Enter, Space, or a drag that ends on the line. Nothing flies under reduced motion.
 */

const flightMs = 380;
const liftPx = 6;
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
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches)
    for (const mark of marks) fly(mark, start);
}

/** From where the packet was let go to where its number belongs. */
function fly(mark: SVGElement, start: DOMRect): void {
  const end = mark.getBoundingClientRect();
  const dx = start.x + start.width / 2 - (end.x + end.width / 2);
  const dy = start.y + start.height / 2 - (end.y + end.height / 2);
  mark.animate(
    [
      { transform: `translate(${dx}px, ${dy}px) scale(1.4)`, opacity: 0.4 },
      { transform: 'none', opacity: 1 },
    ],
    { duration: flightMs, easing: 'cubic-bezier(0.3, 0, 0.2, 1)' },
  );
}

for (const button of document.querySelectorAll<HTMLElement>('.packet[data-send]')) {
  let grip: { x: number; y: number } | null = null;
  let isDragged = false;

  button.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    grip = { x: event.clientX, y: event.clientY };
    isDragged = false;
    button.setPointerCapture(event.pointerId);
  });
  button.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (!grip) return;
    const [dx, dy] = [clientX - grip.x, clientY - grip.y];
    isDragged ||= Math.hypot(dx, dy) > liftPx;
    if (!isDragged) return;
    button.style.translate = `${dx}px ${dy}px`;
    button.style.zIndex = '2';
    figure?.toggleAttribute('data-over', isOver(clientX, clientY));
  });
  const letGo = () => {
    grip = null;
    button.style.translate = '';
    button.style.zIndex = '';
    figure?.removeAttribute('data-over');
  };
  button.addEventListener('pointerup', ({ clientX, clientY }) => {
    const start = button.getBoundingClientRect();
    const isSent = grip !== null && isDragged && isOver(clientX, clientY);
    letGo();
    if (isSent) send(button, start);
  });
  button.addEventListener('pointercancel', letGo);
  // A press is a click without a drag: by mouse, finger, Enter, Space, or a screen reader.
  button.addEventListener('click', () => {
    if (isDragged) {
      isDragged = false;
      return;
    }
    send(button, button.getBoundingClientRect());
  });
}

function isOver(x: number, y: number): boolean {
  const box = figure?.getBoundingClientRect();
  return box !== undefined && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}
