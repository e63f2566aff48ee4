/**
 * What every browser test shares: a page that fails the test if anything is written to the console
 * as an error, anything throws, or any request leaves the site.
 */
import {
  test as base,
  type BrowserContextOptions,
  type ConsoleMessage,
  expect,
  type Page,
  type Request,
  type Response,
} from '@playwright/test';
import { basePath } from '../../scripts/checks/checks.ts';
import { findViolations } from '../../scripts/built-site/accessibility.ts';
import { isErrorPage, readBuiltSite } from '../../scripts/built-site/pages.ts';

export { expect, type Page };

/** The addresses of all pages that a learner can reach, without the base path. */
export const everyPath: readonly string[] = readBuiltSite('dist', '/')
  .pages.filter((page) => !isErrorPage(page))
  .map((page) => page.path);

/**
 * Pages that show a lesson's own parts once more, in one frame: lesson 50's stage, notes and paper,
 * and two widgets, stand for all. What differs between them is tried where the parts are (the
 * lessons, the generators), and screen by screen in stage.spec.ts.
 */
const shownAgain =
  /\/teach\/(?:worksheets\/)?(?!50-)\d[^/]*\/|\/embed\/(?!nat-table|connection\/the-line)/;

/** The pages that are each visited by themselves. */
export const pagePaths = everyPath.filter((path) => !shownAgain.test(path));

/** Where the build below a base path is served. */
export const siteBelowBasePath = `http://localhost:${process.env['E2E_BASE_PORT'] ?? ''}${basePath}`;

interface Fixtures {
  /** What went wrong so far, in words. A test that expects something removes it from here. */
  readonly problems: string[];
}

export const test = base.extend<Fixtures>({
  problems: [
    async ({ page, baseURL }, use) => {
      const problems: string[] = [];
      const ownOrigins = [baseURL, siteBelowBasePath].flatMap((url) =>
        url !== undefined && URL.canParse(url) ? [new URL(url).origin] : [],
      );
      const onConsole = (message: ConsoleMessage): void => {
        if (message.type() !== 'error' && message.type() !== 'warning') return;
        // What Playwright writes in the page's name where a test keeps the service worker out.
        if (message.text().startsWith('Service Worker registration blocked')) return;
        problems.push(`${message.type()}: ${message.text()} (${message.location().url})`);
      };
      const onThrown = (error: Error): void => void problems.push(`thrown: ${error.message}`);
      const onRequest = (request: Request): void => {
        const url = request.url();
        if (/^(data|blob|about):/.test(url) || ownOrigins.includes(new URL(url).origin)) return;
        problems.push(`left the site: ${url}`);
      };
      const onResponse = (response: Response): void => {
        if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
      };
      page.on('console', onConsole);
      page.on('pageerror', onThrown);
      page.on('request', onRequest);
      page.on('response', onResponse);
      await use(problems);
      // A visitor's page goes on to the next test.
      page.off('console', onConsole);
      page.off('pageerror', onThrown);
      page.off('request', onRequest);
      page.off('response', onResponse);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
});

/**
 * Tests that only look at one page each share a visitor, who goes from page to page with a cache, as
 * people do, and remembers nothing. A browser's fresh page costs as much as loading one of ours.
 * @param options of the visitor's window; `test.use` does not reach it
 */
export const visitorTest = (options: BrowserContextOptions = {}) =>
  test.extend<object, { visitor: Page }>({
    visitor: [
      async ({ browser }, use) => {
        const context = await browser.newContext({
          baseURL: `http://localhost:${process.env['E2E_PORT'] ?? ''}/`,
          serviceWorkers: 'block',
          ...options,
        });
        await use(await context.newPage());
        await context.close();
      },
      { scope: 'worker' },
    ],
    page: async ({ visitor }, use) => {
      // Here nothing runs that could write once more.
      await visitor.goto('/robots.txt');
      await visitor.evaluate(() => {
        localStorage.clear();
        sessionStorage.clear();
      });
      await use(visitor);
    },
  });

/** Pages that show lessons whole already. */
const readsWhole = new WeakSet<Page>();

/** From the next page on lessons are shown whole, also on a phone, where a first visit goes step by step. */
export async function showLessonsWhole(page: Page): Promise<void> {
  if (readsWhole.has(page)) return;
  readsWhole.add(page);
  await page.addInitScript(() => {
    const key = 'port-dojo.steps';
    // An empty page has no storage, and a test may refuse it.
    if (!location.protocol.startsWith('http')) return;
    try {
      if (localStorage.getItem(key) === null) localStorage.setItem(key, 'all');
    } catch {
      // Then the page decides by itself.
    }
  });
}

/** What each page has asked for and not yet got, and when that last changed. */
const traffic = new WeakMap<Page, { readonly waiting: Set<Request>; changed: number }>();

function watchTraffic(page: Page): { readonly waiting: Set<Request>; changed: number } {
  const known = traffic.get(page);
  if (known) return known;
  const seen = { waiting: new Set<Request>(), changed: Date.now() };
  traffic.set(page, seen);
  const ended = (request: Request) => {
    seen.waiting.delete(request);
    seen.changed = Date.now();
  };
  page.on('request', (request) => {
    seen.waiting.add(request);
    seen.changed = Date.now();
  });
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  return seen;
}

/**
 * Waits until the page has been asking for nothing for so many milliseconds. Playwright's own `networkidle` is lost now and then where a script asks for another one.
 */
export async function settle(page: Page, quiet = 100): Promise<void> {
  const seen = watchTraffic(page);
  await expect
    .poll(() => seen.waiting.size === 0 && Date.now() - seen.changed >= quiet, {
      intervals: [quiet / 2],
    })
    .toBe(true);
}

/** Whether the page has asked for something and not yet got it. */
export function isLoading(page: Page): boolean {
  return watchTraffic(page).waiting.size > 0;
}

/** Waits until all of a lesson is drawn (src/lesson-kit/page/draw-in-parts.ts). */
async function waitForAllParts(page: Page): Promise<void> {
  await page.evaluate(async () => {
    while (document.documentElement.hasAttribute('data-in-parts'))
      await new Promise((resolve) => setTimeout(resolve, 20));
  });
}

/**
 * Opens a page, a lesson as a whole, and waits until it is still.
 * @param quiet for how many milliseconds it must have been asking for nothing
 */
export async function open(page: Page, path: string, quiet?: number): Promise<Response | null> {
  await showLessonsWhole(page);
  watchTraffic(page).waiting.clear();
  const response = await page.goto(path);
  await settle(page, quiet);
  await waitForAllParts(page);
  return response;
}

/** Brings every widget into view once and waits until each is alive. */
export async function wakeWidgets(page: Page): Promise<void> {
  watchTraffic(page);
  const islands = await page.locator('astro-island').all();
  if (islands.length === 0) return;
  for (const island of islands) {
    // The element itself has no box; what it holds has. One inside a closed part stays asleep.
    const isShown = await island.evaluate((element) => {
      const inside = element.firstElementChild;
      if (!inside?.checkVisibility()) return false;
      inside.scrollIntoView({ block: 'center', behavior: 'instant' });
      return true;
    });
    if (isShown) await expect(island).not.toHaveAttribute('ssr', /.*/);
  }
  await settle(page);
}

/** What moves by itself, as HTML. */
export async function movingParts(page: Page): Promise<readonly (string | undefined)[]> {
  return page.evaluate(() =>
    document
      .getAnimations()
      .filter((animation) => animation.playState === 'running')
      .filter((animation) => Number(animation.effect?.getComputedTiming().duration ?? 0) > 0)
      .map(({ effect }) =>
        effect instanceof KeyframeEffect ? effect.target?.outerHTML : 'unnamed',
      ),
  );
}

/** The first parts that reach past the right edge of a page that could be scrolled sideways if all were drawn. */
export async function partsThatStickOut(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    // A part that waits to be seen is laid out with the others, and none hides what reaches over its edge.
    const drawAll = new CSSStyleSheet();
    drawAll.replaceSync('* { content-visibility: visible !important }');
    const before = document.adoptedStyleSheets;
    document.adoptedStyleSheets = [...before, drawAll];
    const root = document.documentElement;
    const isWider = root.scrollWidth > root.clientWidth;
    const reachesOut = (element: Element): boolean =>
      element.getBoundingClientRect().right > root.clientWidth + 1;
    /** What is scrolled in its own box does not make the page wider. */
    const isInABox = (element: Element): boolean => {
      for (let part = element.parentElement; part; part = part.parentElement) {
        if (part === document.body) return false;
        if (getComputedStyle(part).overflowX !== 'visible' && !reachesOut(part)) return true;
      }
      return false;
    };
    const found = [...(isWider ? document.querySelectorAll('body *') : [])]
      .filter((element) => reachesOut(element) && !isInABox(element))
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`)
      .slice(0, 5);
    document.adoptedStyleSheets = before;
    return found;
  });
}

/** How much of the window's height is taken by what stays while the page is scrolled. */
export async function heightThatStays(page: Page): Promise<number> {
  return page.evaluate(async () => {
    scrollTo({ top: document.body.scrollHeight / 2, behavior: 'instant' });
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return [...document.querySelectorAll('body *')]
      .filter((part) => /sticky|fixed/.test(getComputedStyle(part).position))
      .map((part) => part.getBoundingClientRect())
      .filter(({ top, bottom }) => top <= 1 || bottom >= innerHeight - 1)
      .map(({ top, bottom }) => Math.min(bottom, innerHeight) - Math.max(top, 0))
      .reduce((sum, height) => sum + Math.max(height, 0), 0);
  });
}

/** As wide as readers may set letters, words, lines and paragraphs (WCAG 2.2, 1.4.12 Text Spacing). */
const wideSpacing =
  '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }' +
  'p { margin-block-end: 2em !important }';

/**
 * Waits until the page has drawn two pictures: in the first it learns its new size and may lay
 * itself out anew (a stage fits its screen to the wall), in the second that is seen.
 */
async function waitForPictures(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => {
          requestAnimationFrame(resolve);
        });
      }),
  );
}

/** Gives the window another size, and the page time to lay itself out for it. */
export async function resize(page: Page, size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size);
  await waitForPictures(page);
}

/** Sets a reader's own wide spacing, as an extension of the browser would. */
export async function setWideSpacing(page: Page): Promise<void> {
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, wideSpacing);
  await waitForPictures(page);
}

/** Parts that cut off their own words without a way to scroll to them. */
export async function cutOffParts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main *:not(svg, svg *)')]
      .filter((part) => {
        const isWider = part.scrollWidth > part.clientWidth + 1;
        const isTaller = part.scrollHeight > part.clientHeight + 2;
        // Three pixels: what is there for screen readers only. Packets: seen-whole.spec.ts.
        if (!(isWider || isTaller) || part.clientWidth < 3 || part.matches('.wire')) return false;
        const { overflowX, overflowY } = getComputedStyle(part);
        const cuts = /hidden|clip/;
        const isCut = (isWider && cuts.test(overflowX)) || (isTaller && cuts.test(overflowY));
        return isCut && part.checkVisibility() && part.innerText.trim() !== '';
      })
      .map((part) => `${part.tagName.toLowerCase()}.${part.className}: ${part.innerText}`),
  );
}

/** As large as readers may set letters (WCAG 2.2, 1.4.4 Resize Text), with the site's own spacing. */
export async function setLargeLetters(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.adoptedStyleSheets = [];
    document.documentElement.style.fontSize = '200%';
  });
  await waitForPictures(page);
}

/** Letters as the browser has them. */
export async function setUsualLetters(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.style.removeProperty('font-size');
  });
}

const controls = new Set(
  (
    'button link textbox searchbox combobox checkbox radio slider spinbutton switch tab menuitem option ' +
    'DisclosureTriangle listbox'
  ).split(' '),
);

/** What gives those inside it a context of their own: what is around a control is read with it. */
const contexts = new Set(
  (
    'region group row listitem form navigation list table dialog radiogroup article banner ' +
    'complementary contentinfo figure term definition search toolbar gridcell cell'
  ).split(' '),
);

/**
 * What a screen reader would read badly: controls without a name, and buttons or fields of one name in
 * one group, row or region, which do different things.
 */
export async function unclearControls(page: Page): Promise<readonly string[]> {
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send('Accessibility.getFullAXTree');
  await devtools.detach();
  const known = new Map(nodes.map((node) => [node.nodeId, node]));
  const found: string[] = [];
  const seen = new Map<string, number>();
  for (const node of nodes) {
    const role = String(node.role?.value ?? '');
    if (node.ignored || !controls.has(role)) continue;
    const name = String(node.name?.value ?? '').trim();
    const around: string[] = [];
    for (let up = known.get(node.parentId ?? ''); up; up = known.get(up.parentId ?? '')) {
      const upRole = String(up.role?.value ?? '');
      if (!up.ignored && contexts.has(upRole)) around.push(`${upRole} ${up.nodeId}`);
    }
    const where = around[0] ?? 'the page';
    if (name === '') found.push(`${role} without a name in ${where}`);
    // Links of one name lead to one place: axe. What unfolds is told by what is around it.
    if (/link|option|radio|DisclosureTriangle/.test(role)) continue;
    // In a whole lesson each widget has the same tools; inside one, none comes twice.
    if (/^(?:article|the page)/.test(where)) continue;
    const key = `${role} “${name}” in ${where}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    if (count === 2) found.push(`twice: ${key}`);
  }
  return found;
}

/** Controls of a widget that are read before others that are seen first: above, or on their left in a row. */
export async function controlsOutOfOrder(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const isThere = (element: Element) => {
      const { width, height } = element.getBoundingClientRect();
      return element.checkVisibility() && width > 2 && height > 2;
    };
    const all = [
      ...document.querySelectorAll('main :is(a[href], button, input, select, textarea, summary)'),
    ].filter(
      (element) =>
        isThere(element) &&
        !element.closest('svg, [role=listbox]') &&
        // Beside the page's own column, as a margin is.
        !element.closest('nav, .turn-link'),
    );
    const said = (element: Element) =>
      `${element.tagName.toLowerCase()} “${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 30)}”`;
    const found: string[] = [];
    for (const [place, element] of all.entries()) {
      const before = all[place - 1];
      // Words around a widget have margins and corners of their own.
      const widget = element.closest('.simulation, form, fieldset');
      if (!before || !widget?.contains(before)) continue;
      // A link may run over the end of a line: its first line counts.
      const [one, other] = [before, element].map((each) => each.getClientRects()[0]);
      if (!one || !other) continue;
      const isAbove = other.bottom <= one.top + 1 && other.left < one.right;
      const isInRow =
        Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) >
        Math.min(one.height, other.height) / 2;
      const isLeft = isInRow && other.right <= one.left + 1;
      if (isAbove || isLeft) found.push(`${said(before)} is read before ${said(element)}`);
    }
    return found;
  });
}

const guidelines = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The rules that another theme can break; the others see the same page in every theme. */
const rulesOfColour = ['color-contrast', 'link-in-text-block'];

/** What axe finds wrong, in words: one line for each element. */
export async function accessibilityProblems(
  page: Page,
  about: 'everything' | 'colours' = 'everything',
): Promise<readonly string[]> {
  await waitForAllParts(page);
  // Colours are judged at rest, not half-way through a change.
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(Number(effect?.getComputedTiming().endTime)));
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
  const violations = await findViolations(page, {
    runOnly:
      about === 'everything'
        ? { type: 'tag', values: guidelines }
        : { type: 'rule', values: rulesOfColour },
  });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const where = target.flat().join(' ');
      return `${id} (${help}): ${where}: ${failureSummary ?? ''}`;
    }),
  );
}
