/**
 * How the site feels in the hand on a slow machine: the built pages in a Chromium whose processor is
 * slowed four times. For each press how long it takes until it is seen, and the longest task that it
 * causes; while time plays, how busy the page is and how many frames it draws.
 */
import { chromium, type CDPSession, type Locator, type Page } from '@playwright/test';
import { createSiteServer, listen } from '../serve/static-server.ts';
import { quietBrowserFlags } from '../setup/browser.ts';
import { sum, tasksDuring } from './main-thread.ts';
import { formatTable, median } from './table.ts';

const slowdown = 4;
const rounds = 3;
/** What a browser calls a long task. */
const LONG_MS = 50;
const PLAYED_MS = 4_000;
const PASTED_LINES = 5_000;

interface Press {
  /** From the press to the picture that shows it; null where nothing was pressed. */
  readonly paintMs: number | null;
  /** … and to all that it asked for, where that comes later; the wall's time. */
  readonly doneMs: number | null;
  readonly longestMs: number;
}

interface Played {
  readonly busyPercent: number;
  readonly longTasks: number;
  readonly longestMs: number;
  readonly framesPerSecond: number;
}

/** A page on the slow machine. */
class Desk {
  readonly page: Page;
  private readonly devTools: CDPSession;
  private readonly presses: Map<string, Press[]>;

  constructor(page: Page, devTools: CDPSession, presses: Map<string, Press[]>) {
    this.page = page;
    this.devTools = devTools;
    this.presses = presses;
  }

  /** Does something; notes what it took under this name. */
  async note(name: string, work: () => Promise<void>, done?: Locator): Promise<void> {
    await this.page.waitForTimeout(300);
    await this.page.evaluate(() => {
      const entries: PerformanceEntry[] = [];
      // An earlier press that changed nothing that is seen is reported with the next picture: it is not ours.
      const begun = performance.now();
      new PerformanceObserver((list) => {
        entries.push(...list.getEntries().filter(({ startTime }) => startTime >= begun));
      }).observe({
        type: 'event',
        durationThreshold: 16,
      } as PerformanceObserverInit);
      Object.assign(globalThis, { seenEvents: entries });
    });
    let doneMs: number | null = null;
    const tasks = await tasksDuring(this.devTools, async () => {
      const begun = performance.now();
      await work();
      if (done !== undefined) {
        await done.waitFor();
        doneMs = performance.now() - begun;
      }
      await this.page.waitForTimeout(400);
    });
    const paints = await this.page.evaluate(() =>
      (Reflect.get(globalThis, 'seenEvents') as PerformanceEventTiming[])
        .filter(({ name }) => ['pointerdown', 'pointerup', 'click', 'input'].includes(name))
        .map(({ duration }) => duration),
    );
    const press = {
      paintMs: paints.length > 0 ? Math.max(...paints) : null,
      doneMs,
      longestMs: Math.max(0, ...tasks),
    };
    this.presses.set(name, [...(this.presses.get(name) ?? []), press]);
  }

  /**
   * The same for a press; its button has been under the pointer for a while. `done` is there when
   * what was asked for has been done, where the press does not wait for that. The mouse alone presses:
   * `Locator.click` has the page itself find out what the press hits, a third of the task it measures.
   */
  async press(name: string, button: Locator, done?: Locator): Promise<void> {
    await button.hover();
    await this.note(
      name,
      async () => {
        await this.page.mouse.down();
        await this.page.mouse.up();
      },
      done,
    );
  }

  async play(): Promise<Played> {
    let framesPerSecond = 0;
    const tasks = await tasksDuring(this.devTools, async () => {
      framesPerSecond = await this.page.evaluate(
        (ms) =>
          new Promise<number>((resolve) => {
            const start = performance.now();
            let frames = 0;
            requestAnimationFrame(function count(now) {
              frames += 1;
              if (now - start < ms) requestAnimationFrame(count);
              else resolve((1_000 * frames) / (now - start));
            });
          }),
        PLAYED_MS,
      );
    });
    return {
      busyPercent: (100 * sum(tasks)) / PLAYED_MS,
      longTasks: tasks.filter((ms) => ms > LONG_MS).length,
      longestMs: Math.max(0, ...tasks),
      framesPerSecond,
    };
  }
}

/** Output of `ss -tan` with so many connections. */
function pastedText(lines: number): string {
  const rows = Array.from({ length: lines }, (_, n) => {
    const state = n % 3 === 0 ? 'ESTAB    ' : 'TIME-WAIT';
    const server = `198.51.100.${String(n % 50)}:443`;
    return `${state} 0      0      10.0.0.2:${String(32_768 + n)}   ${server}`;
  });
  return ['State     Recv-Q Send-Q Local Address:Port  Peer Address:Port', ...rows].join('\n');
}

async function wake(desk: Desk, id: string): Promise<Locator> {
  const frame = desk.page.locator(`#sim-${id}`);
  await desk.note(`the simulator ${id} wakes`, async () => {
    await frame.scrollIntoViewIfNeeded();
    await frame.locator('.simulator[data-ready]').waitFor();
  });
  return frame;
}

async function useSimulator(desk: Desk): Promise<Played> {
  const frame = await wake(desk, 'several-pages');
  const button = (name: string): Locator => frame.getByRole('button', { name, exact: true });
  const open = frame.locator('.open button').first();
  await desk.press('open one connection', open);
  await button('Pause').click();
  await desk.press('step on', button('One step on'));
  await desk.press('undo', button('↶ Undo'));
  await frame.getByText('×10').click();
  await desk.press('open ×10', open);
  await button('Empty').click();
  await frame.getByText('×1', { exact: true }).click();
  await frame.getByRole('button', { name: 'Streams, hosts, seed' }).click();
  await frame.getByLabel('Steady stream').last().selectOption('500');
  await frame.getByLabel('leave them open').check();
  await frame.getByLabel('Speed').selectOption('real');
  await desk.press('start a stream of 2,000', button('Start'), button('Pause'));
  const played = await desk.play();
  await desk.press('to the end, 2,000 open', button('To the end'));
  await desk.press('one more beside 2,000', open);
  if (await button('Pause').isVisible()) await button('Pause').click();
  await desk.press('step back beside 2,000', button('One step back'));
  await desk.press('step on beside 2,000', button('One step on'));
  await desk.press('undo beside 2,000', button('↶ Undo'));
  await desk.press('close all 2,000', button('Close all'), button('Pause'));
  return played;
}

async function useInspector(desk: Desk): Promise<void> {
  const field = desk.page.locator('#inspect-text');
  await desk.page.evaluate((text) => navigator.clipboard.writeText(text), pastedText(PASTED_LINES));
  await field.focus();
  await desk.note(`paste ${PASTED_LINES.toLocaleString('en')} lines`, async () => {
    await desk.page.keyboard.press('ControlOrMeta+V');
    await desk.page.waitForTimeout(3_000);
  });
  await field.focus();
  await desk.note('one letter more', async () => {
    await desk.page.keyboard.type('x');
    await desk.page.waitForTimeout(1_500);
  });
}

/**
 * @param folder of the built site
 * @param browser the path of a Chromium
 */
export async function measureSmoothness(folder: string, browser: string): Promise<string> {
  const server = createSiteServer({ folder, base: '/', isPrecompressed: false });
  const port = await listen(server, { port: 0, host: 'localhost', tries: 1 });
  const chrome = await chromium.launch({ executablePath: browser, args: [...quietBrowserFlags] });
  const presses = new Map<string, Press[]>();
  const played: Played[] = [];
  try {
    const at = async (path: string, use: (desk: Desk) => Promise<void>): Promise<void> => {
      const context = await chrome.newContext({
        viewport: { width: 1366, height: 768 },
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      const devTools = await context.newCDPSession(page);
      await page.goto(`http://localhost:${port}${path}`);
      await page.waitForTimeout(1_000);
      await devTools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
      await use(new Desk(page, devTools, presses));
      await context.close();
    };
    for (let round = 0; round < rounds; round += 1) {
      await at('/', async (desk) => {
        await wake(desk, 'first-page');
      });
      await at('/lessons/50-ephemeral-ports/', async (desk) => {
        played.push(await useSimulator(desk));
      });
      await at('/inspect/', useInspector);
    }
  } finally {
    await chrome.close();
    server.closeAllConnections();
    server.close();
  }
  return `${pressesTable(presses)}\n\n${playedTable(played)}`;
}

const whole = (value: number): string => (Number.isFinite(value) ? value.toFixed(0) : '–');

function pressesTable(presses: ReadonlyMap<string, readonly Press[]>): string {
  return formatTable(
    [
      `in the hand, CPU ÷ ${slowdown}, median of ${rounds}`,
      'ms to be seen',
      'to be done',
      'longest task',
    ],
    [...presses].map(([name, all]) => [
      name,
      whole(median(all.flatMap(({ paintMs }) => (paintMs === null ? [] : [paintMs])))),
      whole(median(all.flatMap(({ doneMs }) => (doneMs === null ? [] : [doneMs])))),
      whole(median(all.map(({ longestMs }) => longestMs))),
    ]),
  );
}

function playedTable(played: readonly Played[]): string {
  const middle = (pick: (one: Played) => number): string => whole(median(played.map(pick)));
  return formatTable(
    ['while time plays, CPU ÷ ' + String(slowdown), 'busy %', `> ${LONG_MS} ms`, 'longest', 'fps'],
    [
      [
        '500 connections a second at 1×',
        middle(({ busyPercent }) => busyPercent),
        middle(({ longTasks }) => longTasks),
        middle(({ longestMs }) => longestMs),
        middle(({ framesPerSecond }) => framesPerSecond),
      ],
    ],
  );
}
