/**
 * A lesson on the wall: every screen whole and large, two windows in step through a whole lesson, and
 * a vote. The notes' window is driven in its frame, which is a stage like the one on the wall.
 */
import type { Frame } from '@playwright/test';
import { accessibilityProblems, everyPath, expect, test, type Page } from './fixtures.ts';

const wall = { width: 1280, height: 720 };
const stages = everyPath.filter((path) => /^\/teach\/.*\/stage\/$/.test(path));

/** What is too small or cut off, screen by screen, with every widget awake. */
async function badScreens(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const drawn = () =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const room = document.querySelector('.lesson-stage .lesson');
    const screens = document.querySelectorAll('[data-screen]');
    const textSize = Number.parseFloat(getComputedStyle(document.body).fontSize);
    // A wide font needs more room: its letters are lower, and as large to the eye.
    const sample = 'from port 51514 to port 443';
    const breadthOf = (font: string): number => {
      const pen = document.createElement('canvas').getContext('2d');
      if (pen) pen.font = font;
      return (pen?.measureText(sample).width ?? 0) / sample.length / 100;
    };
    const breadth = Math.max(
      1,
      breadthOf(`100px ${getComputedStyle(document.body).fontFamily}`) / 0.53,
    );
    const found: string[] = [];
    for (let place = 0; place < screens.length; place += 1) {
      if (place > 0) dispatchEvent(new CustomEvent('port-dojo:stage-command', { detail: 'next' }));
      await drawn();
      const part = document.querySelector<HTMLElement>('[data-now]');
      if (!room || !part) return ['there is no screen'];
      const island = part.querySelector('astro-island[ssr]');
      if (island?.checkVisibility()) {
        for (let wait = 0; wait < 100 && island.hasAttribute('ssr'); wait += 1) await drawn();
        await drawn();
      }
      // A widget that has just woken may tell more, and is then laid out again.
      for (let wait = 0; wait < 60 && room.scrollHeight > room.clientHeight + 1; wait += 1)
        await drawn();
      const letters = Number(part.style.zoom) * textSize;
      // A widget is seen whole, however much it holds; words are for the last row.
      const isWidget = part.matches('.simulation, .frame, .lab');
      const least = isWidget ? innerHeight / 46 : innerHeight / 30;
      const table = part.querySelector('.sockets table');
      if (table) {
        const size = Number.parseFloat(getComputedStyle(table).fontSize);
        const seen = size * Number(part.style.zoom);
        if (seen * breadth < innerHeight / 52)
          found.push(`${part.dataset['screen'] ?? ''}: a table of ${String(seen)} px`);
      }
      const over = room.scrollHeight - room.clientHeight;
      const side = Math.max(
        ...[part, ...part.querySelectorAll('pre, .scroll-box')].map(
          (box) => box.scrollWidth - box.clientWidth,
        ),
      );
      if (letters * breadth < least || over > 1 || side > 1)
        found.push(
          `${part.dataset['screen'] ?? ''}: ${String(letters)} px, ${String(over)}, ${String(side)}`,
        );
    }
    return found;
  });
}

stages.forEach((path, place) => {
  const isLarge = place % 2 === 1;
  const where = isLarge ? `/ja${path}` : path;
  test(`${where}: every screen is whole, and its words are large`, async ({ page }) => {
    await page.setViewportSize(isLarge ? { width: 1920, height: 1080 } : wall);
    await page.goto(`${where}#title`);
    await page.locator('.lesson-stage[data-ready]').waitFor();
    expect(await badScreens(page)).toEqual([]);
  });
});

interface Seen {
  readonly screen: string;
  readonly reply: string;
  readonly form: string;
  readonly simulator: string;
}

/** What a window shows: its screen, the answers on it, the simulator's moment. */
function seenIn(target: Page | Frame): Promise<Seen> {
  return target.evaluate(async () => {
    const part = document.querySelector<HTMLElement>('[data-now]');
    // A simulator's tables and words follow its picture, each after a picture of its own.
    for (let picture = 0; part?.querySelector('.simulator') && picture < 4; picture += 1)
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const texts = (selector: string): string =>
      [...(part?.querySelectorAll(selector) ?? [])]
        .map((one) => one.textContent.trim())
        .join(' | ');
    const form = [...(part?.querySelectorAll<HTMLInputElement>('input:checked') ?? [])]
      .map(({ value }) => value)
      .join(' ');
    return {
      screen: part?.dataset['screen'] ?? '',
      reply: part?.querySelector<HTMLElement>('.reply[open]')?.dataset['reply'] ?? '',
      form: `${form} ${texts('.check-result')}`.trim(),
      simulator: texts('.clock, .caption, .tables td, .question .prompt'),
    };
  });
}

async function nowFrame(notes: Page): Promise<Frame> {
  const handle = await notes.waitForSelector('iframe[data-frame="now"]');
  const frame = await handle.contentFrame();
  if (!frame) throw new Error('the notes’ window has no frame');
  await frame.locator('.lesson-stage[data-ready]').waitFor();
  return frame;
}

test('lesson 50 whole, by a presenter’s keys: wall and notes agree on every screen', async ({
  page,
  context,
}) => {
  test.setTimeout(600_000);
  await page.setViewportSize(wall);
  await page.goto('/teach/50-ephemeral-ports/stage/');
  const stage = page.locator('.lesson-stage[data-ready]');
  await stage.waitFor();
  const [notes] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('n')]);
  const problems: string[] = [];
  notes.on('pageerror', (error) => problems.push(error.message));
  await notes.waitForLoadState();
  let frame = await nowFrame(notes);
  const agree = async (): Promise<Seen> => {
    await expect(async () => {
      expect(await seenIn(frame)).toEqual(await seenIn(page));
    }).toPass({ intervals: [20, 50, 100, 250] });
    return seenIn(page);
  };
  const order = await page
    .locator('[data-screen]')
    .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['screen'] ?? ''));
  expect(order.length).toBeGreaterThan(50);

  let simulators = 0;
  for (const [place, screen] of order.entries()) {
    if (place > 0) {
      // One hand holds the clicker, the other the mouse in the notes' window.
      if (place % 2 === 1) await page.keyboard.press('PageDown');
      // The arrows of a picture in focus are its own.
      else if (order[place - 1]?.startsWith('sim-')) await notes.keyboard.press('PageDown');
      else await notes.keyboard.press('ArrowRight');
    }
    expect((await agree()).screen).toBe(screen);
    await expect(notes.locator('.presenter-place')).toHaveText(
      `${String(place + 1)} / ${String(order.length)}`,
    );
    const next = notes.frameLocator('iframe[data-frame="next"]').locator('[data-now]');
    const following = order[place + 1];
    if (following === undefined) await expect(next).toHaveCount(0);
    else await expect(next).toHaveAttribute('data-screen', following);

    if (screen === 'how-many-ports') {
      await frame.locator('[data-now] summary').nth(1).click();
      expect((await agree()).reply).toBe('two');
    }
    if (screen === 'reply-ports') {
      await page.locator('[data-now] label').nth(1).click();
      await page.locator('[data-now] button[type="submit"]').click();
      expect((await agree()).form).toContain('fresh Not');
      // The presenter explains, not the wall.
      await expect(page.locator('[data-now] .explanations')).toHaveCSS('display', 'none');
      await page.locator('[data-screen="reply-ports"]').focus();
    }
    if (!screen.startsWith('sim-')) continue;

    // Played on the wall, stopped from the notes; then a step, a reload of either window, and on.
    await page.locator('[data-now] .simulator[data-ready]').waitFor();
    await frame.locator('[data-now] .simulator[data-ready]').waitFor();
    // The tables take the whole width, below the tabs and what is pressed beside them.
    const [deck, tables, tabs, pressed] = await Promise.all(
      ['.deck', '.tables', '.tabs', '.controls'].map((part) =>
        page.locator(`[data-now] ${part}`).boundingBox(),
      ),
    );
    expect(tables?.width).toBeGreaterThan(0.9 * (deck?.width ?? Infinity));
    expect(pressed?.x).toBeGreaterThan((tabs?.x ?? Infinity) + (tabs?.width ?? 0) - 1);
    await page.locator('[data-now] .time .main').click();
    const [driver, other] = place % 2 === 0 ? [page, frame] : [frame, page];
    const button = (target: Page | Frame, nth: number) =>
      target.locator('[data-now] .time .buttons button').nth(nth);
    if (screen === 'sim-your-line-again' || screen === 'sim-two-clients') {
      // It asks before the reply arrives, on both.
      await expect(page.locator('[data-now] .question')).toBeVisible();
      await expect(frame.locator('[data-now] .question')).toBeVisible();
      await agree();
      await frame.locator('[data-now] .question .skip').click();
      await expect(page.locator('[data-now] .question')).toHaveCount(0);
    }
    // Where it does not play yet, a press would start it once more.
    for (const window of [driver, other])
      await expect(button(window, 3)).toHaveAttribute('aria-label', 'Pause');
    await button(driver, 3).click();
    await agree();
    await button(other, 4).click();
    const moment = await agree();
    expect(moment.simulator).not.toBe('');
    simulators += 1;
    // Every other one: a reload loads three whole lessons.
    if (simulators % 2 === 0) continue;
    await page.reload();
    await stage.waitFor();
    await page.locator('[data-now] .simulator[data-ready]').waitFor();
    await expect.poll(() => seenIn(page)).toEqual(moment);
    await notes.reload();
    frame = await nowFrame(notes);
    await frame.locator('[data-now] .simulator[data-ready]').waitFor();
    expect(await agree()).toEqual(moment);
    // The hand's focus is in the picture: the presenter's key turns the screen all the same.
    await button(page, 4).focus();
  }
  await page.keyboard.press('Home');
  expect((await agree()).screen).toBe('title');
  await page.keyboard.press('b');
  await expect(page.locator('.stage-blank')).toBeVisible();
  await expect(notes.locator('[data-command="blank"]')).toHaveAttribute('aria-pressed', 'true');
  await notes.keyboard.press('b');
  await expect(page.locator('.stage-blank')).toBeHidden();
  // The way to everybody's own device.
  await notes.keyboard.press('PageDown');
  await notes.keyboard.press('q');
  await expect(page.locator('.stage-address')).toHaveText(
    new RegExp(`/lessons/50-ephemeral-ports/#${order[1] ?? ''}$`),
  );
  await expect(page.getByRole('img', { name: 'QR code' })).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('PageDown');
  await expect(page.locator('.stage-code')).toBeHidden();
  expect(problems).toEqual([]);
});

test('a vote: hands by keyboard, hidden until shown, a second round beside the first', async ({
  page,
}) => {
  await page.setViewportSize(wall);
  await page.goto('/teach/50-ephemeral-ports/stage/#reply-ports');
  await page.locator('.lesson-stage[data-ready]').waitFor();
  const counts = page.locator('.stage-vote .vote-count');
  const total = page.locator('.vote-total');
  await page.keyboard.press('v');
  for (const key of ['a', 'b', 'b', 'c', 'c', 'c', 'Backspace', 'd', '1', '2']) {
    await page.keyboard.press(key);
  }
  await expect(total).toContainText('17');
  expect(await counts.allTextContents()).toEqual(['', '', '', '']);
  await page.keyboard.press('s');
  expect(await counts.allTextContents()).toEqual(['1', '2', '2', '12']);
  await page.keyboard.press('r');
  for (const key of ['c', 'c', 'c']) await page.keyboard.press(key);
  expect(await counts.allTextContents()).toEqual(['', '', '', '', '', '', '', '']);
  // A reload in the middle of counting loses no hand.
  await page.reload();
  await page.locator('.lesson-stage[data-ready]').waitFor();
  await page.keyboard.press('c');
  await page.keyboard.press('s');
  expect(await counts.allTextContents()).toEqual(['1', '0', '2', '0', '2', '4', '12', '0']);
  await expect(page.locator('.vote-columns [data-right]')).toHaveCount(0);
  await page.keyboard.press('x');
  await expect(page.locator('.vote-columns [data-right]')).toHaveCount(1);
  await expect(page.locator('[data-right] .vote-letter')).toHaveText('C');
  // The question and the vote are on the wall together.
  const isCut = () =>
    page.evaluate(() => {
      const panel = document.querySelector('.stage-vote')?.getBoundingClientRect();
      const question = document.querySelector('[data-now]')?.getBoundingClientRect();
      return !panel || !question || panel.bottom > innerHeight || question.bottom > panel.top + 1;
    });
  await expect.poll(isCut).toBe(false);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('v');
  await expect(page.locator('.stage-vote')).toBeHidden();
  // Pairs are voted on one by one.
  await page.keyboard.press('Escape');
  await page
    .locator('.stage-overview')
    .getByRole('button', { name: /Match each number/ })
    .click();
  await page.keyboard.press('v');
  await page.getByRole('button', { name: 'Next part of the question' }).click();
  await expect(page.locator('.vote-part')).toHaveText('443');
});

test('what people expect the student to say is voted on, with nothing to be marked right', async ({
  page,
}) => {
  await page.setViewportSize(wall);
  await page.goto('/teach/30-listening/stage/#why-refused');
  await page.locator('.lesson-stage[data-ready]').waitFor();
  const replies = await page.locator('[data-now] .reply summary').allInnerTexts();
  await page.keyboard.press('v');
  await expect(page.locator('.vote-option')).toHaveText(replies.map((text) => text.trim()));
  for (const key of ['a', 'c', 'c', 'x', 's']) await page.keyboard.press(key);
  expect(await page.locator('.stage-vote .vote-count').allTextContents()).toEqual(['1', '0', '2']);
  await expect(page.locator('.vote-columns [data-right]')).toHaveCount(0);
  await expect(page.locator('.vote-tools').getByRole('button', { name: /^Answer/ })).toHaveCount(0);
  await page.keyboard.press('v');
  await expect(page.locator('.stage-vote')).toBeHidden();
});
