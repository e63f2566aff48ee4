/** Plays acts on a page of the built site, and notices what must never happen. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, CDPSession, Page } from '@playwright/test';
import { findViolations } from '../built-site/accessibility.ts';
import { Random } from '../../src/time-and-chance/random.ts';
import { type Act, drawAct, drawFrom } from './acts.ts';
import { type Aim, findTarget, listenToRegions, look, seedLuck, type Target } from './in-page.ts';

export interface Setting {
  readonly seed: number;
  /** Below the root: `/ja/lab/range/`. */
  readonly path: string;
  readonly isPhone: boolean;
  readonly isDark: boolean;
}

/** An act as it was played, with what it aimed at. */
export interface Step {
  readonly act: Act;
  readonly aim?: string;
}

export interface Failure {
  readonly kind:
    | 'page error'
    | 'console'
    | 'hang'
    | 'overflow'
    | 'lost focus'
    | 'nonsense'
    | 'said too much'
    | 'accessibility'
    | 'memory'
    | 'left the site';
  readonly what: string;
}

export interface Game {
  readonly steps: readonly Step[];
  readonly failure: Failure | undefined;
}

class Failed extends Error {
  readonly failure: Failure;
  constructor(kind: Failure['kind'], what: string) {
    super(`${kind}: ${what}`);
    this.failure = { kind, what };
  }
}

/** A main thread that works so long at one act cannot be used meanwhile. Its own time, not the clock's. */
const mostSecondsOfWork = 1;
/** Only ends what would never end: one answer of a page, all of an act, the closing of a window. */
const patienceMs = 60_000;
const patienceOfActMs = 180_000;
const patienceOfClosingMs = 20_000;
const patienceOfArrivalMs = 10_000;
/** A page may keep what it shows; a page that keeps all that it ever showed passes these some time. */
const mostGrowth = { bytes: 40_000_000, nodes: 20_000 };
/** One act is told in one place, and what plays meanwhile tells a few steps. */
const mostSaidAtOnce = 4;
const actsBetweenLooksAtAxe = 40;

/** Where a run begins: its page by turns, the rest by luck. */
export function settingOf(seed: number, paths: readonly string[]): Setting {
  const random = new Random(seed).fork('setting');
  const place = (seed - 1) % paths.length;
  return {
    seed,
    path: paths[place] ?? '/',
    isPhone: random.below(3) === 0,
    isDark: random.below(2) === 0,
  };
}

/** As many acts as are wanted, drawn from the setting's seed. */
export async function playAtRandom(
  browser: Browser,
  origin: string,
  setting: Setting,
  count: number,
): Promise<Game> {
  const random = new Random(setting.seed).fork('acts');
  const acts = Array.from({ length: count }, (): Step => ({ act: drawAct(random) }));
  return await play(browser, origin, setting, acts);
}

/** Plays these steps; an aim that is no longer there is passed over. */
export async function play(
  browser: Browser,
  origin: string,
  setting: Setting,
  steps: readonly Step[],
): Promise<Game> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: setting.isPhone ? { width: 390, height: 844 } : { width: 1366, height: 768 },
    hasTouch: true,
    isMobile: setting.isPhone,
    colorScheme: setting.isDark ? 'dark' : 'light',
    reducedMotion: setting.seed % 4 === 0 ? 'reduce' : 'no-preference',
  });
  const player = new Player(context, origin, setting);
  try {
    await player.within(player.start(), patienceOfActMs);
    for (const step of steps) await player.within(player.act(step), patienceOfActMs);
    await player.within(player.end(), patienceOfActMs);
    return { steps: player.played, failure: undefined };
  } catch (error) {
    if (error instanceof Failed) return { steps: player.played, failure: error.failure };
    throw error;
  } finally {
    // A browser that no longer answers does not close its windows either: fuzz.ts takes another.
    await Promise.race([context.close(), sleep(patienceOfClosingMs, undefined, { ref: false })]);
  }
}

class Player {
  readonly played: Step[] = [];
  readonly #context: BrowserContext;
  readonly #origin: string;
  readonly #setting: Setting;
  readonly #problems: Failed[] = [];
  #page!: Page;
  #devtools!: CDPSession;
  /** The next page that a press has asked for has come, or will not come. */
  #arrival: Promise<unknown> | undefined;
  #isOffline = false;
  /** What was asked for without a network may fail a little later. */
  #wasOffline = false;
  #workSoFar = 0;
  #address = '';
  #document = '';
  #heldAtFirst: { bytes: number; nodes: number; address: string } | undefined;

  constructor(context: BrowserContext, origin: string, setting: Setting) {
    this.#context = context;
    this.#origin = origin;
    this.#setting = setting;
  }

  async start(): Promise<void> {
    const context = this.#context;
    await context.addInitScript(seedLuck, this.#setting.seed);
    await context.addInitScript(listenToRegions);
    await context.route(
      (url) => url.origin !== this.#origin && url.protocol.startsWith('http'),
      async (route) => {
        this.#problems.push(new Failed('left the site', route.request().url()));
        await route.abort();
      },
    );
    this.#page = await context.newPage();
    this.#watch(this.#page);
    this.#watchArrivals(this.#page);
    context.on('page', (page) => {
      this.#watch(page);
    });
    await this.#page.clock.setFixedTime('2026-11-29T12:00:00Z');
    this.#devtools = await context.newCDPSession(this.#page);
    await this.#devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    await this.#page.goto(this.#setting.path, { waitUntil: 'load' });
    await this.#wakeOne();
    this.#workSoFar = await this.#work();
    await this.#check({ isAct: false, isArrival: true, mustHaveFocusAt: undefined });
  }

  async act(step: Step): Promise<void> {
    const { act } = step;
    const place = this.played.length;
    this.played.push(step);
    const before = await this.#inPage(look, undefined);
    const target = await this.#do(step);
    if (target) this.played[place] = { act, aim: target.name };
    // A finger and a mouse come back by themselves; so does what had the focus before a dialog.
    const isPress =
      act.do === 'key' &&
      /^(Enter|Space)$/.test(act.key) &&
      !before.isFocusLost &&
      !before.isOnLinkToPlace &&
      !before.isInDialog;
    const isAct = ['click', 'tap', 'key', 'type'].includes(act.do);
    const isArrival = ['reload', 'back', 'forward', 'other-tab'].includes(act.do);
    await this.#check({ isAct, isArrival, mustHaveFocusAt: isPress ? before.document : undefined });
    if (this.played.length % actsBetweenLooksAtAxe === 0) await this.#axe();
    if (place === 20) this.#heldAtFirst = await this.#held();
  }

  async end(): Promise<void> {
    if (this.#isOffline) await this.#setOffline(false);
    await this.#axe();
    const first = this.#heldAtFirst;
    const last = await this.#held();
    if (first?.address !== last.address) return;
    const bytes = last.bytes - first.bytes;
    const nodes = last.nodes - first.nodes;
    if (bytes > mostGrowth.bytes || nodes > mostGrowth.nodes)
      throw new Failed('memory', `${String(bytes)} bytes and ${String(nodes)} nodes more`);
  }

  #watch(page: Page): void {
    page.on('pageerror', (error) => {
      this.#problems.push(new Failed('page error', error.message));
    });
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      if (this.#wasOffline && /ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED/.test(text))
        return;
      this.#problems.push(new Failed('console', `${text} (${message.location().url})`));
    });
    page.on('crash', () => {
      this.#problems.push(new Failed('page error', 'the page has crashed'));
    });
    page.on('dialog', (dialog) => {
      void dialog.dismiss().catch(() => undefined);
    });
  }

  #watchArrivals(page: Page): void {
    page.on('request', (request) => {
      if (!request.isNavigationRequest() || request.frame() !== page.mainFrame()) return;
      const timeout = patienceOfArrivalMs;
      const isIt = (failed: unknown) => failed === request;
      this.#arrival = Promise.race([
        page.waitForEvent('load', { timeout }),
        page.waitForEvent('requestfailed', { predicate: isIt, timeout }),
      ]).catch(() => undefined);
    });
  }

  async #do({ act, aim }: Step): Promise<Target | null> {
    const page = this.#page;
    switch (act.do) {
      case 'click':
      case 'tap':
      case 'twice':
      case 'drag': {
        const wanted: Aim = { at: act.at, name: aim };
        const target = await this.#inPage(findTarget, wanted);
        if (!target) return null;
        const { x, y } = target;
        if (act.do === 'click') await this.within(page.mouse.click(x, y));
        else if (act.do === 'tap') await this.within(page.touchscreen.tap(x, y));
        else if (act.do === 'twice') await this.within(page.mouse.dblclick(x, y));
        else {
          await page.mouse.move(x, y);
          await page.mouse.down();
          await page.mouse.move(x + (act.to - 0.5) * target.width, y + act.to * 40, { steps: 4 });
          await this.within(page.mouse.up());
        }
        return target;
      }
      case 'key':
        await this.within(page.keyboard.press(act.key));
        return null;
      case 'type':
        await this.within(page.keyboard.insertText(act.text));
        return null;
      case 'resize':
        // A window that fills the screen has no other size.
        await this.#inPage(
          () => document.fullscreenElement && document.exitFullscreen(),
          undefined,
        );
        await page.setViewportSize(act);
        return null;
      case 'scroll':
        await this.#inPage((at) => {
          scrollTo({ top: at * document.body.scrollHeight, behavior: 'instant' });
        }, act.at);
        return null;
      case 'wait':
        await page.waitForTimeout(act.ms);
        return null;
      case 'back':
        await this.#move(() => page.goBack({ waitUntil: 'load' }));
        return null;
      case 'forward':
        await this.#move(() => page.goForward({ waitUntil: 'load' }));
        return null;
      case 'reload':
        await this.#move(() => page.reload({ waitUntil: 'load' }));
        return null;
      case 'offline':
        await this.#setOffline(true);
        return null;
      case 'online':
        await this.#setOffline(false);
        return null;
      case 'other-tab':
        await this.#otherTab();
        return null;
    }
  }

  /** Through the history; without a network only to what is kept. */
  async #move(go: () => Promise<unknown>): Promise<void> {
    try {
      await go();
    } catch (error) {
      if (!this.#wasOffline) throw error;
    }
    await this.#comeBack();
  }

  /** Where nothing of the site is shown: no page of ours was before, or the browser says that it is offline. */
  async #comeBack(): Promise<void> {
    const origin = await this.#inPage(() => location.origin, undefined);
    if (origin === this.#origin) return;
    await this.#setOffline(false);
    await this.#page.goto(this.#setting.path, { waitUntil: 'load' });
  }

  async #setOffline(isOffline: boolean): Promise<void> {
    if (isOffline) this.#wasOffline = true;
    this.#isOffline = isOffline;
    await this.#context.setOffline(isOffline);
  }

  /** The same page in a second tab, where somebody presses something. */
  async #otherTab(): Promise<void> {
    if (this.#isOffline) return;
    const other = await this.#context.newPage();
    await other.goto(this.#page.url(), { waitUntil: 'load' });
    const target = await other.evaluate(findTarget, { at: 0.4, name: undefined });
    if (target) await other.mouse.click(target.x, target.y);
    // A tab that is closed while it goes on to another page may never say that it is closed.
    await Promise.race([other.close(), sleep(patienceOfClosingMs, undefined, { ref: false })]);
    await this.#page.bringToFront();
  }

  /** Something is broken: says what. */
  async #check({
    isAct,
    isArrival,
    mustHaveFocusAt,
  }: {
    readonly isAct: boolean;
    readonly isArrival: boolean;
    readonly mustHaveFocusAt: string | undefined;
  }): Promise<void> {
    let seen = await this.#inPage(look, undefined);
    // What comes next is done on the page that was asked for, however slow the machine.
    if (this.#arrival) {
      await this.#arrival;
      this.#arrival = undefined;
      seen = await this.#inPage(look, undefined);
    }
    // A page that has just been asked for is not there yet.
    if (seen.document !== this.#document) {
      await this.#page.waitForLoadState('load').catch(() => undefined);
      await this.#comeBack();
      await this.#wakeOne();
      seen = await this.#inPage(look, undefined);
    }
    const isOtherPage = seen.document !== this.#document;
    this.#address = seen.address;
    this.#document = seen.document;
    const work = await this.#work();
    const spent = work - this.#workSoFar;
    this.#workSoFar = work;
    // A page's beginning is held by its weight; a new document counts from nothing.
    if (!isOtherPage && !isArrival && spent > mostSecondsOfWork)
      throw new Failed('hang', `${spent.toFixed(1)} s of work at ${seen.address}`);
    const [problem] = this.#problems.splice(0);
    if (problem) throw problem;
    if (seen.sideways !== null) throw new Failed('overflow', `${seen.address} ${seen.sideways}`);
    if (seen.nonsense !== null) throw new Failed('nonsense', `${seen.address} ${seen.nonsense}`);
    const { regions, mostByOne } = seen.said;
    if (isAct && !isOtherPage && (regions.length > 1 || mostByOne > mostSaidAtOnce))
      throw new Failed('said too much', `${seen.address} ${regions.join(', ')}`);
    if (mustHaveFocusAt === seen.document && seen.isFocusLost) {
      // What takes the place of the pressed control may have to be loaded first.
      for (let wait = 0; wait < 50 && seen.isFocusLost; wait += 1) {
        await this.#page.waitForTimeout(100);
        seen = await this.#inPage(look, undefined);
      }
      if (seen.isFocusLost && seen.document === mustHaveFocusAt)
        throw new Failed('lost focus', seen.address);
    }
  }

  /** Runs in the page, again where it has gone on to another meanwhile. */
  async #inPage<Value, Result>(
    what: (value: Value) => Result,
    value: Value,
  ): Promise<Awaited<Result>> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const run = this.#page.evaluate<Awaited<Result>, unknown>(
          what as (value: unknown) => Awaited<Result>,
          value,
        );
        return await this.within(run);
      } catch (error) {
        if (error instanceof Failed || attempt === 5) throw error;
        await this.#page.waitForLoadState('load').catch(() => undefined);
      }
    }
  }

  async #wakeOne(): Promise<void> {
    const islands = this.#page.locator('main astro-island');
    const count = await islands.count();
    if (count === 0) return;
    const which = drawFrom(
      new Random(this.#setting.seed).fork(this.#page.url()),
      Array.from({ length: count }, (_, place) => place),
    );
    await islands
      .nth(which)
      .evaluate((element) => {
        element.firstElementChild?.scrollIntoView({ block: 'center', behavior: 'instant' });
      })
      // It has gone on to another page.
      .catch(() => undefined);
    await this.#page.waitForLoadState('networkidle').catch(() => undefined);
  }

  /** Seconds of processor time that the page's main thread has worked. */
  async #work(): Promise<number> {
    const { metrics } = await this.#devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  }

  async #held(): Promise<{ bytes: number; nodes: number; address: string }> {
    await this.#devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.#devtools.send('Performance.getMetrics');
    const value = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
    return { bytes: value('JSHeapUsedSize'), nodes: value('Nodes'), address: this.#address };
  }

  async #axe(): Promise<void> {
    const violations = await findViolations(this.#page, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      // Half-way through a change colours are none of the two.
      rules: { 'color-contrast': { enabled: false } },
    });
    this.#workSoFar = await this.#work();
    const [first] = violations;
    if (!first) return;
    const where = first.nodes.map(({ target }) => target.flat().join(' ')).join(', ');
    throw new Failed('accessibility', `${this.#address} ${first.id}: ${where}`);
  }

  /** @throws Failed where the page does not answer */
  async within<Value>(work: Promise<Value>, patience = patienceMs): Promise<Value> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Failed('hang', `no answer at ${this.#address}`));
      }, patience);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
