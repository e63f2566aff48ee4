/**
 * Taking hold of a thing with mouse, pen or finger: it follows the hand until it is let go, and a press
 * remains a press. Keys have a way of their own: whoever uses this offers a button for the same.
 */

/** How far the hand goes before a press becomes a carrying. */
const liftPx = 6;

export interface Hold {
  /** Where the hand is while it carries the thing. */
  readonly carry: (x: number, y: number) => void;
  /** Let go there; `left` is where the thing itself was seen last. */
  readonly drop: (x: number, y: number, left: DOMRect) => void;
  /** The hand is empty again, whatever became of the thing. */
  readonly rest: () => void;
}

/**
 * @param hold what happens to the thing.
 * @returns an attachment for the thing, an element with `touch-action: none`; called, it undoes itself.
 */
export function takeHold({ carry, drop, rest }: Hold): (element: HTMLElement) => () => void {
  return (element) => {
    let grip: { readonly x: number; readonly y: number } | null = null;
    let isCarried = false;

    function down(event: PointerEvent): void {
      if (event.button !== 0) return;
      grip = { x: event.clientX, y: event.clientY };
      isCarried = false;
      element.setPointerCapture(event.pointerId);
    }
    function move({ clientX, clientY }: PointerEvent): void {
      if (!grip) return;
      const [dx, dy] = [clientX - grip.x, clientY - grip.y];
      if (!isCarried && Math.hypot(dx, dy) <= liftPx) return;
      isCarried = true;
      element.style.translate = `${dx}px ${dy}px`;
      element.style.zIndex = '2';
      carry(clientX, clientY);
    }
    function letGo(): void {
      grip = null;
      element.style.translate = '';
      element.style.zIndex = '';
      rest();
    }
    function up({ clientX, clientY }: PointerEvent): void {
      const left = element.getBoundingClientRect();
      const wasCarried = grip !== null && isCarried;
      letGo();
      if (wasCarried) drop(clientX, clientY, left);
      // The click that ends a carrying comes first, if there is one.
      setTimeout(() => {
        isCarried = false;
      });
    }
    function click(event: MouseEvent): void {
      if (!isCarried) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }

    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', letGo);
    element.addEventListener('click', click, { capture: true });
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', letGo);
      element.removeEventListener('click', click, { capture: true });
    };
  };
}

/** Whether a place in the window is over an element. */
export function isOver(element: Element | null | undefined, x: number, y: number): boolean {
  const box = element?.getBoundingClientRect();
  return box !== undefined && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}
