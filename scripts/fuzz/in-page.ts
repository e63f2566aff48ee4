/** What runs in a page while it is played: these functions see nothing of what is around them here. */

export interface Target {
  /** What it is and how it is called, and which of those that are called so. */
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** What a page is asked to find: by a fraction of what is there, or by the name that it had. */
export interface Aim {
  readonly at: number;
  readonly name: string | undefined;
}

/** Something that can be pressed, brought into view; null where there is none. */
export function findTarget({ at, name }: Aim): Target | null {
  const selector =
    'a[href], button, input, select, textarea, summary, [role=slider], [role=option], canvas, [tabindex]';
  const open = document.querySelector('dialog[open]');
  const seen = new Map<string, number>();
  const all = [...(open ?? document).querySelectorAll<HTMLElement>(selector)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    // Windows of the system, and pages of others.
    .filter((element) => !element.matches('[type=file], [download], :disabled, [target=_blank]'))
    .filter((element) => !(element instanceof HTMLAnchorElement && element.origin !== origin))
    .filter((element) => !/print|印刷/i.test(element.textContent))
    .map((element) => {
      const words = element.getAttribute('aria-label') ?? element.textContent;
      const called = `${element.tagName.toLowerCase()} “${words.trim().replace(/\s+/g, ' ').slice(0, 40)}”`;
      const count = (seen.get(called) ?? 0) + 1;
      seen.set(called, count);
      return { element, name: count === 1 ? called : `${called} (${String(count)})` };
    });
  // What a widget offers is more of a game than the links of the page around it.
  const inside = all.filter(({ element }) => element.matches('main *:not(a)') || open !== null);
  const pool = at < 0.9 && inside.length > 0 ? inside : all;
  const found =
    name === undefined
      ? pool[Math.floor((at / (pool === all ? 1 : 0.9)) * pool.length) % pool.length]
      : all.find((one) => one.name === name);
  if (!found) return null;
  found.element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, width, height } = found.element.getBoundingClientRect();
  return {
    name: found.name,
    x: left + width / 2,
    y: top + height / 2,
    width,
  };
}

export interface Look {
  readonly sideways: string | null;
  readonly nonsense: string | null;
  /** What live regions have said since the last look: how many spoke, and how often one of them. */
  readonly said: { readonly regions: readonly string[]; readonly mostByOne: number };
  /** The focus is on nothing. */
  readonly isFocusLost: boolean;
  /** The focus is on a link to a place in this page that takes no focus: the browser goes on from there, with the focus on nothing. */
  readonly isOnLinkToPlace: boolean;
  readonly isInDialog: boolean;
  readonly address: string;
  /** Another one after a link to the same page, too. */
  readonly document: string;
}

/** After two frames: is anything amiss that a reader would see? */
export async function look(): Promise<Look> {
  for (let frame = 0; frame < 2; frame += 1)
    await new Promise((resolve) => {
      // A page in the background draws nothing.
      const late = setTimeout(resolve, 100);
      requestAnimationFrame(() => {
        clearTimeout(late);
        resolve(undefined);
      });
    });
  // A part that waits to be seen hides what reaches over its edge.
  if (document.adoptedStyleSheets.length === 0) {
    const drawAll = new CSSStyleSheet();
    drawAll.replaceSync('.dialogue > * { content-visibility: visible !important }');
    document.adoptedStyleSheets = [drawAll];
  }
  const root = document.documentElement;
  let sideways: string | null = null;
  if (root.scrollWidth > root.clientWidth) {
    const parts = [...document.querySelectorAll('body *')]
      .filter((part) => part.getBoundingClientRect().right > root.clientWidth + 1)
      .map((part) => `${part.tagName.toLowerCase()}.${part.getAttribute('class') ?? ''}`);
    sideways = `at ${String(innerWidth)} px: ${parts.slice(0, 3).join(', ')}`;
  }
  const text = document.body.innerText;
  const found = /\bNaN\b|\bundefined\b|\[object |\bInfinity\b/.exec(text);
  const nonsense = found && text.slice(Math.max(0, found.index - 40), found.index + 40);
  const { activeElement } = document;
  const spoken = window.hearSpoken?.() ?? [];
  return {
    said: {
      regions: spoken.map(({ text, times }) => `${String(times)}× “${text.slice(0, 60)}”`),
      mostByOne: Math.max(0, ...spoken.map(({ times }) => times)),
    },
    sideways,
    nonsense,
    isInDialog: document.querySelector('dialog[open]') !== null,
    isFocusLost: activeElement === null || activeElement === document.body,
    isOnLinkToPlace:
      activeElement instanceof HTMLAnchorElement &&
      activeElement.pathname === location.pathname &&
      document.getElementById(activeElement.hash.slice(1))?.hasAttribute('tabindex') === false,
    address: location.pathname,
    // The browser's own error page, which is shown without a network, has no `randomUUID`.
    document: (window.nameOfDocument ??= isSecureContext ? crypto.randomUUID() : 'error page'),
  };
}

declare global {
  interface Window {
    nameOfDocument?: string;
    /** What live regions have said since it was last asked. */
    hearSpoken?: () => readonly {
      readonly region: Element;
      readonly text: string;
      readonly times: number;
    }[];
  }
}

/** Hears what a screen reader would: each change of the words of a live region that was there before. */
export function listenToRegions(): void {
  // A log grows by design: what is added to it is one thing.
  const live =
    '[role=status]:not([aria-live=off]), [role=alert], [aria-live]:not([role=log], [aria-live=off]), output:not([aria-live=off])';
  const known = new WeakMap<Element, string>();
  const spoken = new Map<Element, number>();
  const wordsOf = (region: Element) => region.textContent.replace(/\s+/g, ' ').trim();
  new MutationObserver((changes) => {
    const now = new Set<Element>();
    for (const { target } of changes) {
      const region = (target instanceof Element ? target : target.parentElement)?.closest(live);
      // That the network has gone is told beside what an act does.
      if (region?.isConnected && !region.matches('.missing-part')) now.add(region);
    }
    for (const region of now) {
      const words = wordsOf(region);
      const before = known.get(region);
      known.set(region, words);
      if (before === undefined || before === words || words === '') continue;
      // What plays on behind a dialog is not read out.
      const dialog = document.querySelector('dialog:modal');
      if (dialog?.contains(region) === false) continue;
      spoken.set(region, (spoken.get(region) ?? 0) + 1);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
  window.hearSpoken = () => {
    const dialog = document.querySelector('dialog:modal');
    // What is behind a dialog by now, hidden again or taken back is not read out to its end.
    const said = [...spoken]
      .map(([region, times]) => ({ region, text: wordsOf(region), times }))
      .filter(({ region, text }) => region.checkVisibility() && text !== '')
      .filter(({ region }) => dialog?.contains(region) !== false);
    spoken.clear();
    for (const region of document.querySelectorAll(live)) known.set(region, wordsOf(region));
    return said;
  };
}

/** Luck from a seed, where a page asks the browser for luck. */
export function seedLuck(seed: number): void {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  Math.random = () => next() / 2 ** 32;
  crypto.getRandomValues = <List extends ArrayBufferView>(list: List): List => {
    const bytes = new Uint8Array(list.buffer, list.byteOffset, list.byteLength);
    bytes.forEach((_, place) => (bytes[place] = next()));
    return list;
  };
  window.print = () => undefined;
}
