/** One page of every kind, and every kind of widget, in another engine than Chromium. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneOfEachKind, readBuiltSite } from '../../scripts/built-site/pages.ts';
import type { Engine } from './engine.ts';
import { serveWatched, type WatchedSite } from './watched-site.ts';

declare global {
  interface Window {
    whatWentWrong?: string[];
  }
}

const paths = oneOfEachKind(readBuiltSite('dist', '/'));

/** Runs in the page: every widget is seen once and awake. Gives those that sleep on. */
async function wakeAll(): Promise<string[]> {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const asleep: string[] = [];
  for (const island of document.querySelectorAll('astro-island')) {
    const inside = island.firstElementChild;
    if (!inside?.checkVisibility()) continue;
    for (let turn = 0; turn < 400 && island.hasAttribute('ssr'); turn += 1) {
      // Again and again: what wakes above it may push it out of view, and WebKit does not hold it there.
      if (turn % 20 === 0) inside.scrollIntoView({ block: 'center', behavior: 'instant' });
      await wait(25);
    }
    if (island.hasAttribute('ssr')) asleep.push(island.getAttribute('component-url') ?? '');
  }
  return asleep;
}

/**
 * Runs in the page: works what is in its main part, each button, choice and field once, but what
 * leads away or gives the page to the system.
 */
async function workAll(most: number): Promise<number> {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  // A window of the system would wait for somebody, and so would a file that is to be saved.
  window.print = () => undefined;
  window.open = () => null;
  // A window that fills the screen cannot be made narrower.
  Element.prototype.requestFullscreen = () => Promise.resolve();
  addEventListener(
    'click',
    (event) => {
      if (event.target instanceof HTMLAnchorElement && event.target.download)
        event.preventDefault();
    },
    true,
  );
  const done = new Set<Element>();
  const next = () =>
    [
      ...document.querySelectorAll<HTMLElement>(
        'main button, main input, main select, main summary',
      ),
    ]
      .filter(
        (one) => !done.has(one) && !one.matches(':disabled, [type=file], [aria-disabled=true]'),
      )
      .find((one) => one.checkVisibility() && !one.closest('dialog'));
  for (let one = next(); one && done.size < most; one = next()) {
    done.add(one);
    if (one instanceof HTMLSelectElement) {
      one.selectedIndex = one.options.length - 1;
      one.dispatchEvent(new Event('change', { bubbles: true }));
    } else if (one instanceof HTMLInputElement && /text|search|number/.test(one.type)) {
      one.value = '443';
      one.dispatchEvent(new InputEvent('input', { bubbles: true }));
    } else {
      one.click();
    }
    if (done.size % 4 === 0) await wait(0);
  }
  await wait(50);
  return done.size;
}

/** Runs in the page: what a reader would call broken, in words. */
async function faults(): Promise<string[]> {
  // A part that waits to be seen hides what reaches over its edge.
  if (document.adoptedStyleSheets.length === 0) {
    const drawAll = new CSSStyleSheet();
    drawAll.replaceSync('.dialogue > * { content-visibility: visible !important }');
    document.adoptedStyleSheets = [drawAll];
  }
  const root = document.documentElement;
  // WebKit answers before a window that was made narrower is laid out again.
  for (let turn = 0; turn < 80 && root.scrollWidth > root.clientWidth; turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 25));
  const found = [...(window.whatWentWrong ?? ['the watcher did not run'])];
  if (root.scrollWidth > root.clientWidth) {
    const parts = [...document.querySelectorAll('body *')]
      .filter((part) => part.getBoundingClientRect().right > root.clientWidth + 1)
      .map((part) => `${part.tagName} ${part.getAttribute('class') ?? ''}`);
    found.push(`sideways at ${String(innerWidth)} px: ${parts.slice(0, 4).join(', ')}`);
  }
  const nonsense = /\bNaN\b|\bundefined\b|\[object |(?<!\/dev\/)\bnull\b/.exec(
    document.body.innerText,
  );
  if (nonsense && !location.pathname.includes('/lab/commands'))
    found.push(
      `nonsense: ${document.body.innerText.slice(nonsense.index - 30, nonsense.index + 30)}`,
    );
  return found;
}

/** Runs in the page: whether something is there soon, by a selector and the words in it. */
async function isThere(selector: string, words = ''): Promise<boolean> {
  for (let turn = 0; turn < 400; turn += 1) {
    const parts = [...document.querySelectorAll<HTMLElement>(selector)];
    if (parts.some((part) => part.checkVisibility() && part.innerText.includes(words))) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}

/** The smoke of one engine; `start` is undefined where the engine is not on this machine. */
export function describeSmoke(name: string, start: (() => Promise<Engine>) | undefined): void {
  describe.skipIf(start === undefined)(name, () => {
    let engine: Engine;
    let site: WatchedSite;

    const ends: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      if (start === undefined) return;
      site = await serveWatched('dist');
      ends.push(site.end);
      engine = await start();
      ends.push(engine.quit);
    });
    afterAll(async () => {
      for (const end of ends.toReversed()) await end();
    });

    // On a display that nobody sees WebKit now and then stops drawing, and with it asking what is in view
    // and how wide the window is, until the window changes its size.
    it.each(paths)('%s loads, wakes, and can be worked', async (path) => {
      await engine.resize(1280, 800);
      await engine.open(site.origin + path);
      let asleep = await engine.run(wakeAll);
      if (asleep.length > 0) {
        await engine.resize(1270, 790);
        asleep = await engine.run(wakeAll);
      }
      expect(asleep, 'asleep').toEqual([]);
      await engine.run(workAll, 24);
      expect(await engine.run(faults)).toEqual([]);
      let found: readonly string[] = [];
      for (const height of [800, 760, 800]) {
        await engine.resize(390, height);
        found = await engine.run(faults);
        if (!found.some((fault) => fault.startsWith('sideways'))) break;
        await engine.resize(700, height);
      }
      expect(found).toEqual([]);
    });

    it('plays a connection, and stands still again', async () => {
      await engine.resize(1280, 800);
      await engine.open(`${site.origin}/embed/connection/one-page/`);
      await engine.run(wakeAll);
      const clock = () => document.querySelector('.bar .clock')?.textContent;
      const before = await engine.run(clock);
      await engine.click('.bar button.main');
      const isLater = await engine.run(async (first) => {
        for (let turn = 0; turn < 400; turn += 1) {
          if (document.querySelector('.bar .clock')?.textContent !== first) return true;
          await new Promise((resolve) => setTimeout(resolve, 25));
        }
        return false;
      }, before);
      expect(isLater).toBe(true);
      await engine.click('.bar button.main');
      const paused = await engine.run(clock);
      await engine.run(() => new Promise((resolve) => setTimeout(resolve, 300)));
      expect(await engine.run(clock)).toBe(paused);
      expect(await engine.run(faults)).toEqual([]);
    });

    it('finds with keys alone', async () => {
      await engine.open(`${site.origin}/about/`);
      await engine.run(() => document.querySelector<HTMLElement>('.search-button')?.focus());
      await engine.press('Enter');
      expect(await engine.run(isThere, 'dialog[open] [role=combobox]')).toBe(true);
      await engine.type('ephemeral');
      expect(await engine.run(isThere, 'dialog[open] [role=option]', 'phemeral')).toBe(true);
      await engine.press('ArrowDown');
      await engine.press('Escape');
      expect(await engine.run(() => document.querySelector('dialog[open]') === null)).toBe(true);
      expect(await engine.run(faults)).toEqual([]);
    });

    it('has a terminal that answers what is typed', async () => {
      await engine.open(`${site.origin}/ja/lab/range/`);
      await engine.run(wakeAll);
      await engine.click('.lab astro-island button, main astro-island button');
      expect(await engine.run(isThere, '.terminal label .prompt', '$')).toBe(true);
      await engine.run(() => {
        document.querySelector<HTMLElement>('.terminal form input')?.focus();
      });
      await engine.type('sysctl net.ipv4.ip_local_port_range');
      await engine.press('Enter');
      expect(await engine.run(isThere, '.terminal', '32768\t60999')).toBe(true);
      expect(await engine.run(faults)).toEqual([]);
    });

    it('shows without a network what was seen before', async () => {
      await engine.open(`${site.origin}/glossary/`);
      const kept = await engine.run(async () => {
        if (!('serviceWorker' in navigator)) return 'no worker';
        for (let turn = 0; turn < 400; turn += 1) {
          const names = await caches.keys();
          const keys = await Promise.all(names.map(async (one) => (await caches.open(one)).keys()));
          if (keys.flat().some(({ url }) => url.includes('/glossary/?'))) return 'kept';
          await new Promise((resolve) => setTimeout(resolve, 25));
        }
        return 'not kept';
      });
      expect(kept).toBe('kept');
      await site.goOffline();
      await engine.open(`${site.origin}/glossary/`);
      expect(await engine.run(isThere, 'h1', 'Glossary')).toBe(true);
    });
  });
}
