/** A lesson as a learner uses it: choices, checks, turns, systems, numbers, progress. */
import { accessibilityProblems, expect, open, settle, test, type Page } from './fixtures.ts';

const lesson = 'lessons/50-ephemeral-ports/';

const check = (page: Page, id: string) => page.locator(`form#${id}`);
const mark = (page: Page, id: string) =>
  check(page, id).getByRole('button', { name: 'Check', exact: true }).click();
const result = (page: Page, id: string) => check(page, id).getByRole('status');

test.describe('checks', () => {
  test('a choice explains the option taken, and may be tried again', async ({ page }) => {
    await open(page, lesson);
    await expect(check(page, 'reply-ports').getByText('All answers explained')).toBeHidden();
    await mark(page, 'reply-ports');
    await expect(result(page, 'reply-ports')).toContainText('Choose or write an answer first');
    await check(page, 'reply-ports').getByRole('radio').first().check();
    await mark(page, 'reply-ports');
    await expect(result(page, 'reply-ports')).toContainText('Not yet.');
    await expect(result(page, 'reply-ports')).toContainText('Those are the ports of the request');
    await check(page, 'reply-ports').getByRole('radio').nth(2).check();
    await expect(result(page, 'reply-ports')).toBeEmpty();
    await mark(page, 'reply-ports');
    await expect(result(page, 'reply-ports')).toContainText('Right.');
    await expect(check(page, 'reply-ports').getByText('All answers explained')).toBeVisible();
    expect(await accessibilityProblems(page)).toEqual([]);
    // The first try is practice's review of it, and the second is not.
    await expect
      .poll(async () =>
        page.evaluate(() => {
          const record = JSON.parse(localStorage.getItem('port-dojo.progress') ?? '{}') as {
            practice?: { recent: { item: string; grade: string }[] };
          };
          return record.practice?.recent.map(({ item, grade }) => `${item} ${grade}`);
        }),
      )
      .toEqual(['check/50-ephemeral-ports/reply-ports again']);
  });

  test('a number may be typed as people type it', async ({ page }) => {
    await open(page, lesson);
    const field = check(page, 'how-many-dynamic').getByRole('textbox');
    await field.fill('http');
    await field.press('Enter');
    await expect(result(page, 'how-many-dynamic')).toContainText('not a number yet');
    await field.fill('16383');
    await field.press('Enter');
    await expect(result(page, 'how-many-dynamic')).toContainText('the distance between the ends');
    await field.fill('7');
    await field.press('Enter');
    await expect(result(page, 'how-many-dynamic')).toContainText('Take the last number');
    await field.fill('16,384');
    await field.press('Enter');
    await expect(result(page, 'how-many-dynamic')).toContainText('Right.');
  });

  test('several: what is missing is not given away', async ({ page }) => {
    await open(page, lesson);
    const boxes = check(page, 'linux-may-pick').getByRole('checkbox');
    await boxes.nth(1).check();
    await mark(page, 'linux-may-pick');
    await expect(result(page, 'linux-may-pick')).toHaveText(/something is still missing/);
    await boxes.nth(0).check();
    await mark(page, 'linux-may-pick');
    await expect(result(page, 'linux-may-pick')).toContainText('443 lies far below the range');
    await boxes.nth(0).uncheck();
    for (const place of [2, 3]) await boxes.nth(place).check();
    await mark(page, 'linux-may-pick');
    await expect(result(page, 'linux-may-pick')).toContainText('Right.');
  });

  test('an order is made with the keyboard alone', async ({ page }) => {
    await open(page, lesson);
    const form = check(page, 'one-visit');
    await mark(page, 'one-visit');
    const named = await result(page, 'one-visit').locator('strong').innerText();
    const misplaced = form.getByRole('listitem').filter({ hasText: named });
    await expect(misplaced).toHaveAttribute('data-mark', 'wrong');
    const order = [
      'picks a source port',
      'A SYN leaves',
      'A SYN ACK',
      'Request and page',
      'One side',
      'may be used',
    ];
    for (const [place, text] of order.entries()) {
      const item = form.getByRole('listitem').filter({ hasText: text });
      const up = item.getByRole('button', { name: /Move up/ });
      await up.focus();
      const now = await item.evaluate((one) =>
        [...(one.parentElement?.children ?? [])].indexOf(one),
      );
      for (let moves = now; moves > place; moves -= 1) {
        await page.keyboard.press('Enter');
        await expect(up).toBeFocused();
      }
    }
    await mark(page, 'one-visit');
    await expect(result(page, 'one-visit')).toContainText('Right.');
  });

  test('a match waits for every pair', async ({ page }) => {
    await open(page, lesson);
    const partners = check(page, 'who-is-who').getByRole('combobox');
    await partners.nth(0).selectOption('http');
    await mark(page, 'who-is-who');
    await expect(result(page, 'who-is-who')).toContainText('needs a partner');
    await partners.nth(1).selectOption('https');
    await partners.nth(2).selectOption('last-registered');
    await partners.nth(3).selectOption('client');
    await mark(page, 'who-is-who');
    await expect(result(page, 'who-is-who')).toContainText('51514 is a dynamic port');
    await partners.nth(2).selectOption('client');
    await partners.nth(3).selectOption('last-registered');
    await mark(page, 'who-is-who');
    await expect(result(page, 'who-is-who')).toContainText('Right.');
    // However narrow it is, an answer is read whole.
    const low = await partners.nth(2).evaluate((one) => one.getBoundingClientRect().height);
    await page.setViewportSize({ width: 320, height: 700 });
    await expect
      .poll(() => partners.nth(2).evaluate((one) => one.getBoundingClientRect().height))
      .toBeGreaterThan(low);
  });
});

test('of the replies to choose from one is open, and a tool reads them as one group', async ({
  page,
}) => {
  await open(page, lesson);
  const choice = page.getByRole('group', { name: 'What does the student say?' }).first();
  const replies = choice.locator('details');
  await replies.nth(0).locator('summary').click();
  await expect(replies.nth(0)).toHaveAttribute('open');
  await replies.nth(1).locator('summary').press('Enter');
  await expect(replies.nth(1)).toHaveAttribute('open');
  await expect(replies.nth(0)).not.toHaveAttribute('open');
  await expect(replies.nth(1).locator('.turn.sensei')).toBeVisible();
});

test('one turn at a time: Space and the arrows walk, Escape shows all', async ({ page }) => {
  await open(page, lesson);
  await page.getByRole('button', { name: 'One step at a time' }).click();
  const turns = page.locator('.dialogue > .turn');
  await expect(turns.nth(0)).toBeFocused();
  await expect(turns.nth(1)).toBeHidden();
  await page.keyboard.press('Space');
  await expect(turns.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(turns.nth(2)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(turns.nth(1)).toBeFocused();
  await expect(turns.nth(2)).toBeHidden();
  // From a link, too: it needs neither key for itself.
  await page.keyboard.press('Tab');
  await expect(turns.nth(1).locator(':focus')).toHaveAttribute('href', /.+/);
  await page.keyboard.press('Space');
  await expect(turns.nth(2)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(turns.nth(1)).toBeFocused();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(turns.last()).toBeVisible();
});

test('a widget that was not touched is skipped, not passed as done', async ({ page }) => {
  await open(page, '/lessons/20-well-known-ports/');
  await page.getByRole('button', { name: 'One step at a time' }).click();
  const widget = page.locator('.dialogue > :not(.turn):has(astro-island)').first();
  while (!(await widget.isVisible())) await page.keyboard.press('Space');
  const next = page.locator('.steps-bar [data-step="1"]');
  await expect(next).toHaveText('Skip →');
  await widget.getByRole('slider').first().press('ArrowRight');
  await expect(next).toHaveText('Next →');
});

for (const [lesson, width] of [
  ['20-well-known-ports', 390],
  ['20-well-known-ports', 1280],
  ['110-when-ports-run-out', 390],
] as const) {
  test(`transcripts of lesson ${lesson} cover neither face nor words at ${String(width)} px`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 800 });
    await open(page, `/lessons/${lesson}/`);
    const covered = await page.locator('.turn .console-frame').evaluateAll((frames) =>
      frames.flatMap((frame) => {
        const turn = frame.closest('.turn');
        const before = frame.previousElementSibling ?? turn?.querySelector('.speaker .turn-link');
        const range = document.createRange();
        if (before) range.selectNodeContents(before);
        const words = before ? [...range.getClientRects()] : [];
        const parts = [frame, ...frame.querySelectorAll('.console-copy')];
        const others = [turn?.querySelector('.person')?.getBoundingClientRect(), ...words];
        return parts.flatMap((part) => {
          const box = part.getBoundingClientRect();
          return others.some(
            (other) =>
              other !== undefined &&
              Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 &&
              // A line's box is higher than its letters.
              Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 4,
          )
            ? [`${part.getAttribute('class') ?? ''} in ${turn?.id ?? ''}`]
            : [];
        });
      }),
    );
    expect(covered).toEqual([]);
  });
}

test('the system chosen once is chosen everywhere after', async ({ page }) => {
  await open(page, lesson);
  const tabs = page.getByRole('tablist', { name: 'On your own machine' });
  await tabs.getByRole('tab', { name: 'Linux' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(tabs.getByRole('tab', { name: 'macOS' })).toBeFocused();
  await expect(page.getByRole('tabpanel', { name: 'macOS' })).toContainText(
    'net.inet.ip.portrange',
  );
  await page.reload();
  await expect(tabs.getByRole('tab', { name: 'macOS' })).toHaveAttribute('aria-selected', 'true');
});

test('a number tells what it is for, by keyboard and by touch', async ({ page }) => {
  await open(page, lesson);
  const badge = page.locator('.dialogue').getByRole('button', { name: '443', exact: true }).first();
  await badge.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#port-443')).toBeVisible();
  await expect(page.locator('#port-443')).toContainText('https');
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.locator('#port-443')).toBeHidden();
});

test('commands are copied without prompts and output', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, lesson);
  await page.getByRole('button', { name: 'Copy the commands' }).first().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('ss -tn');
});

test('step by step: contents links work, an unanswered question says Skip, the end is the summary', async ({
  page,
}) => {
  await open(page, lesson);
  await page.getByRole('button', { name: 'One step at a time' }).click();
  const now = page.locator('[data-now]');
  const bar = page.getByRole('toolbar', { name: 'Step by step' });
  const wayOn = bar.locator('[data-step="1"]');
  const contents = page.locator('.outline a');

  await contents.nth(2).click();
  const section = page.locator('.dialogue > h2').nth(2);
  await expect(section).toBeInViewport();
  await expect(page.locator('.dialogue > h2').nth(3)).toBeHidden();
  await contents.nth(0).click();
  await expect(page.locator('.dialogue > h2').nth(1)).toBeHidden();

  const choice = page.locator('.dialogue > .choice').first();
  while (!(await choice.isVisible())) await page.keyboard.press('Space');
  await expect(wayOn).toHaveText('Skip →');
  await choice.locator('summary').first().click();
  await expect(wayOn).toHaveText('Next →');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'One step at a time' }).click();
  await page.locator('.outline a').last().click();
  // Each step counts, a question too, and the last is as many as there are.
  const counter = bar.locator('.steps-place');
  for (let seen = ''; await wayOn.isVisible();) {
    await expect(counter).not.toHaveText(seen);
    seen = await counter.innerText();
    await wayOn.click();
  }
  await expect(counter).toHaveText(/^(\d+) \/ \1$/);
  await expect(now).toHaveClass(/lesson-foot/);
  await expect(page.getByRole('heading', { name: 'What to keep' })).toBeInViewport();
  await bar.getByRole('link', { name: /^60 / }).click();
  // The choice is remembered: the next lesson begins with its title alone.
  await expect(page.locator('.lesson')).toHaveAttribute('data-lesson', /^60-/);
  await expect(now).toHaveClass(/lesson-head/);
  await expect(page.locator('.dialogue > .turn').first()).toBeHidden();
});

test('a check in step by step is quiet until one try', async ({ page }) => {
  await open(page, lesson);
  await page.getByRole('button', { name: 'One step at a time' }).click();
  const wayOn = page.locator('[data-step="1"]');
  await page.goto(`${lesson}#reply-ports`);
  await expect(check(page, 'reply-ports')).toHaveAttribute('data-now');
  await expect(wayOn).toHaveText('Skip →');
  await check(page, 'reply-ports').getByRole('radio').first().check();
  await mark(page, 'reply-ports');
  await expect(wayOn).toHaveText('Next →');
});

test('what was wrong is offered again at the end, and in the lesson’s head', async ({ page }) => {
  await open(page, lesson);
  await check(page, 'reply-ports').getByRole('radio').first().check();
  await mark(page, 'reply-ports');
  await page.reload();
  await expect(check(page, 'reply-ports').getByText('to try again')).toBeVisible();
  const again = page.locator('.try-again').getByRole('link');
  await expect(again).toHaveCount(1);
  await again.click();
  await expect(check(page, 'reply-ports')).toBeInViewport();
  await check(page, 'reply-ports').getByRole('radio').nth(2).check();
  await mark(page, 'reply-ports');
  await expect(page.locator('.try-again')).toBeHidden();
  await expect(page.locator('.reading-done')).toHaveText(/read · 1 of \d+ right/);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('a first visit goes step by step, one tap shows all, and that is remembered', async ({
    page,
  }) => {
    await page.goto(lesson);
    const bar = page.getByRole('toolbar', { name: 'Step by step' });
    const turns = page.locator('.dialogue > .turn');
    await expect(page.locator('.lesson-head')).toHaveAttribute('data-now');
    await expect(turns.first()).toBeHidden();
    await expect(page.getByRole('heading', { level: 1 })).toBeInViewport();
    await expect(page.locator('.objectives li').first()).toBeInViewport({ ratio: 1 });
    await bar.getByRole('button', { name: 'Next' }).tap();
    await expect(turns.first()).toBeInViewport();
    // One row, and every button in it can be hit.
    const boxes = await bar
      .locator('button:visible')
      .evaluateAll((buttons) => buttons.map((one) => one.getBoundingClientRect().top));
    expect(new Set(boxes.map(Math.round)).size).toBe(1);
    // What a widget answers is not under the bar.
    await page.goto('./lessons/10-what-a-port-is/#address-then-port');
    const widget = page.locator('.simulation[data-now]');
    await widget.getByRole('button', { name: 'Just send it' }).tap();
    const told = widget.getByRole('status').first();
    await expect(told).toContainText('nginx');
    await expect(async () => {
      const [answer, foot] = await Promise.all([told.boundingBox(), bar.boundingBox()]);
      expect((answer?.y ?? 0) + (answer?.height ?? 0)).toBeLessThanOrEqual(foot?.y ?? 0);
    }).toPass({ timeout: 5000 });
    await page.goto(lesson);
    // Nothing lies over a simulator that fills the screen: the bar is in the row of its tab.
    const simulator = page.locator('#sim-several-pages');
    // At once where it rests: while it scrolls, it is in view for a moment anyway.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.evaluate(() => (location.hash = 'sim-several-pages'));
    await expect(simulator).toHaveAttribute('data-now');
    await expect(bar).toBeInViewport({ ratio: 1 });
    await expect
      .poll(async () => {
        const [tab, row] = await Promise.all([
          simulator.locator('.corner').boundingBox(),
          bar.boundingBox(),
        ]);
        if (tab === null || row === null) return 'not there';
        const isBeside = row.x + row.width <= tab.x;
        return isBeside && row.y + row.height <= tab.y + tab.height + 1 ? 'beside' : [tab, row];
      })
      .toBe('beside');
    await bar.getByRole('button', { name: 'Skip' }).tap();
    await expect(bar).toHaveCSS('position', 'fixed');
    await bar.getByRole('button', { name: 'Show all' }).tap();
    await expect(turns.last()).toBeVisible();
    await page.reload();
    await expect(turns.last()).toBeVisible();
    await expect(bar).toBeHidden();
  });
});

test('at a choice, too, Space goes on; a reload stays at the turn', async ({ page }) => {
  await open(page, lesson);
  await page.getByRole('button', { name: 'One step at a time' }).click();
  const choice = page.locator('.dialogue > .choice').first();
  const now = page.locator('[data-now]');
  while (!(await choice.isVisible())) await page.keyboard.press('Space');
  await expect(choice).toBeFocused();
  await page.keyboard.press('Space');
  await expect(now).not.toHaveClass(/choice/);
  await page.keyboard.press('ArrowLeft');
  await expect(choice).toBeFocused();
  await page.keyboard.press('Space');
  const place = await now.getAttribute('id');
  await page.reload();
  await expect(now).toHaveAttribute('id', place ?? '');
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.locator('.dialogue > .turn').last()).toBeVisible();
  await expect(now).toHaveCount(0);
});

test('reading is remembered: turns, numbers met, checks, the end, and where to go on', async ({
  page,
}) => {
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1000);
  await open(page, lesson);
  const line = page.locator('.reading-line');
  const turns = await page.locator('.dialogue > .turn').all();
  const read = async (some: typeof turns) => {
    for (const turn of some) {
      await turn.scrollIntoViewIfNeeded();
      const id = (await turn.getAttribute('id')) ?? '';
      // Seen first, then for as long as it takes to read.
      await expect
        .poll(async () => {
          await page.clock.runFor(1500);
          return page.evaluate(() => localStorage.getItem('port-dojo.progress'));
        })
        .toContain(`"${id}"`);
    }
  };
  const end = page.locator('.lesson-end');
  const goOn = page.getByRole('link', { name: /Continue at turn/ });

  await expect(page.locator('[data-met="32768"]')).toBeHidden();
  // Scrolling through is not reading: only what is in view at the end may count.
  for (const turn of turns) await turn.scrollIntoViewIfNeeded();
  await end.scrollIntoViewIfNeeded();
  await page.clock.runFor(5000);
  expect(Number.parseInt(await line.innerText())).toBeLessThan(turns.length / 2);
  await expect(page.locator('.lesson')).not.toHaveAttribute('data-done');

  await read(turns.slice(0, 5));
  await open(page, lesson);
  await goOn.click();
  await expect(page.locator('.turn:target')).toBeInViewport();
  await read(turns);
  await check(page, 'reply-ports').getByRole('radio').nth(2).check();
  await mark(page, 'reply-ports');
  await end.scrollIntoViewIfNeeded();
  await expect
    .poll(async () => {
      await page.clock.runFor(1500);
      return page.locator('.lesson').getAttribute('data-done');
    })
    .not.toBeNull();

  await open(page, lesson);
  await expect(page.locator('.reading-done')).toHaveText(/read · 1 of \d+ right/);
  await expect(page.locator('.reading-done')).toBeVisible();
  await expect(page.locator('form#reply-ports .check-done')).toBeVisible();
  await expect(goOn).toBeHidden();
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('replies, explanations and all systems can be read', async ({ page }) => {
    await open(page, lesson);
    const reply = page.locator('details.reply').first();
    await reply.locator('summary').click();
    await expect(reply.locator('.turn.sensei')).toBeVisible();
    const form = check(page, 'reply-ports');
    await expect(form.getByText('needs JavaScript')).toBeVisible();
    await form.getByText('All answers explained').click();
    await expect(form.getByText('Those are the ports of the request')).toBeVisible();
    for (const name of ['Linux', 'macOS', 'Windows']) {
      await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
    }
  });
});

test('on paper everything can be read: replies, options, systems, answers at the end', async ({
  page,
}) => {
  await open(page, lesson);
  await page.emulateMedia({ media: 'print' });
  for (const reply of await page.locator('details.reply .turn').all())
    await expect(reply).toBeVisible();
  for (const system of await page.locator('.try-it .system').all())
    await expect(system).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Answers' })).toBeVisible();
  await expect(page.locator('form.lesson-check .explanations').first()).toBeHidden();
  await open(page, './lab/range/');
  await expect(page.locator('.lab > details > ol > li > p').first()).toBeVisible();
  await expect(page.locator('.lab button').first()).toBeHidden();
});

test('a turn is read in the other language, in place and by keyboard', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await open(page, lesson);
  const turn = page.locator('.turn#name-it');
  const link = turn.getByRole('link', { name: '日本語' });
  expect(asked.filter((path) => path.includes('/ja/'))).toEqual([]);
  await link.focus();
  await page.keyboard.press('Enter');
  const other = turn.locator('.speech > [lang="ja"]');
  await expect(other).toContainText('エフェメラルポート');
  await expect(link).toHaveAttribute('aria-expanded', 'true');
  await expect(link).toBeFocused();
  await expect(other.getByRole('button')).toHaveCount(0);
  // A second turn needs no second fetch; what is open closes again.
  await page.locator('.turn#theme').getByRole('link', { name: '日本語' }).press('Enter');
  await expect(page.locator('.speech > [lang="ja"]')).toHaveCount(2);
  expect(asked.filter((path) => path.endsWith(`/ja/${lesson}`))).toHaveLength(1);
  expect(await accessibilityProblems(page)).toEqual([]);
  await link.press('Enter');
  await expect(other).toBeHidden();
  await expect(link).toHaveAttribute('aria-expanded', 'false');
});

test('Japanese words get their readings on demand, on every lesson, and lose them again', async ({
  page,
}) => {
  await open(page, `./ja/${lesson}`);
  const button = page.getByRole('button', { name: 'ふりがな' });
  const word = page.locator('.turn ruby', { hasText: '宛先' }).first();
  await expect(word).toHaveCount(0);
  const before = await page.locator('.dialogue').innerText();
  await button.press('Enter');
  await expect(word.locator('rt')).toHaveText('あてさき');
  await expect(page.locator('pre ruby, code ruby')).toHaveCount(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  await open(page, './ja/lessons/110-when-ports-run-out/');
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await open(page, `./ja/${lesson}`);
  await expect(word).toBeVisible();
  await button.press('Enter');
  await expect(page.locator('ruby')).toHaveCount(0);
  expect(await page.locator('.dialogue').innerText()).toBe(before);
});

test('who jumps down while a lesson is still drawn arrives there', async ({ page }) => {
  // The pauses between the parts never end.
  await page.addInitScript(() => {
    const later = globalThis.setTimeout;
    Object.assign(globalThis, {
      setTimeout: (work: () => void, ms?: number, ...rest: unknown[]) =>
        ms === 30 ? 0 : later(work, ms, ...rest),
    });
  });
  const undrawn = page.locator('.dialogue > :not([data-drawn])');
  const begin = async (): Promise<void> => {
    await page.goto('about:blank');
    await page.goto(lesson);
    await settle(page);
    expect(await undrawn.count()).toBeGreaterThan(20);
  };
  await begin();
  const link = page.locator('.outline a').nth(3);
  const place = page.locator((await link.getAttribute('href')) ?? '');
  await link.click();
  await expect(undrawn).toHaveCount(0);
  await expect(place).toBeInViewport();
  await begin();
  await page.keyboard.press('End');
  await expect(undrawn).toHaveCount(0);
});

test('parts far from the window rest and keep their room; who comes near or jumps finds them', async ({
  page,
}) => {
  await open(page, lesson);
  const parts = page.locator('.dialogue > *');
  const resting = page.locator('.dialogue > [data-rests]');
  const tops = async (): Promise<readonly number[]> =>
    parts.evaluateAll((all) =>
      all.map((part) => Math.round(part.getBoundingClientRect().top + scrollY)),
    );
  const drawn = await tops();
  await expect.poll(() => resting.count()).toBeGreaterThan(20);
  expect(await tops()).toEqual(drawn);
  await expect(parts.first()).not.toHaveAttribute('data-rests');

  const far = resting.last();
  const index = await far.evaluate((part) =>
    [...(part.parentElement?.children ?? [])].indexOf(part),
  );
  await parts.nth(index).scrollIntoViewIfNeeded();
  await expect(parts.nth(index)).not.toHaveAttribute('data-rests');
  await expect(parts.first()).toHaveAttribute('data-rests');
  expect(await tops()).toEqual(drawn);

  const link = page.locator('.outline a').nth(1);
  await link.click();
  await expect(resting).toHaveCount(0);
  await expect(page.locator((await link.getAttribute('href')) ?? '')).toBeInViewport();
  // Another width: where everything is now is found out before anything rests again.
  await expect.poll(() => resting.count()).toBeGreaterThan(20);
  await page.setViewportSize({ width: 700, height: 800 });
  await expect(resting).toHaveCount(0);
  const narrow = await tops();
  await expect.poll(() => resting.count()).toBeGreaterThan(20);
  expect(await tops()).toEqual(narrow);
});
