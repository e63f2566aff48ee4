/** One movement from where a thing was to where it is now, over what it passes on its way. */

/** Long enough to be followed, too short to be waited for. */
const flightMs = 380;

/** Where an element is. Lengths of what is zoomed are shorter than they look. */
function placeOf(element: Element): { readonly box: DOMRect; readonly zoom: number } {
  const box = element.getBoundingClientRect();
  const zoom = element instanceof HTMLElement ? box.width / element.offsetWidth || 1 : 1;
  return { box, zoom };
}

/**
 * Lets an element arrive at its place from others. Only its transform moves; under reduced motion it is
 * there at once.
 * @param element at its place already.
 * @param way the boxes it comes by, the first where it starts; none, and it stays.
 * @param place where it is and how much larger everything is than its lengths say, if that is known:
 *   then nothing is laid out to find it.
 * @returns when it has arrived, or was taken away meanwhile.
 */
export async function fly(
  element: Element,
  way: readonly DOMRect[],
  place: { readonly box: DOMRect; readonly zoom: number } = placeOf(element),
): Promise<void> {
  if (way.length === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const { box: end, zoom } = place;
  const passed = way.map((box, index) => {
    const dx = box.x + box.width / 2 - (end.x + end.width / 2);
    const dy = box.y + box.height / 2 - (end.y + end.height / 2);
    return {
      transform: `translate(${dx / zoom}px, ${dy / zoom}px) scale(${index === 0 ? 1.4 : 1.15})`,
    };
  });
  const flight = element.animate([...passed, { transform: 'none' }], {
    duration: flightMs,
    easing: 'cubic-bezier(0.3, 0, 0.2, 1)',
  });
  await flight.finished.catch(() => undefined);
}
