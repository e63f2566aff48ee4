import { expect, test, type Page } from '@playwright/test';

const key = 'port-dojo.progress';
const lesson = '50-ephemeral-ports';
const record = (turn: string) =>
  JSON.stringify({ version: 1, lessons: { [lesson]: { turns: [turn], checks: {} } } });

const stored = (page: Page) => page.evaluate((name) => localStorage.getItem(name), key);

for (const width of [320, 360, 768, 1280, 1920]) {
  test(`nothing sticks out at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ['./', './ja/', './course/', './ja/about/', './nowhere/']) {
      await page.goto(path);
      const surplus = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(surplus, path).toBe(0);
    }
  });
}

test('a missing page helps in both languages', async ({ page }) => {
  const response = await page.goto('./no/such/page/');
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[lang=ja] a[href$="/ja/course/"]')).toBeVisible();
});

test.describe('progress', () => {
  test('tells what is done and how many minutes are left', async ({ page }) => {
    await page.goto('./course/');
    const summary = page.locator('[data-course-summary]');
    await expect(summary).toHaveText(/^\d+ lessons, about \d+ minutes in all$/);
    const minutesIn = async () => Number(/(\d+) minutes/.exec(await summary.innerText())?.[1]);
    const inAll = await minutesIn();
    const item = page.locator(`[data-lesson='${lesson}']`);
    const minutes = Number(await item.getAttribute('data-minutes'));

    const done = { turns: [], checks: {}, openedAt: 1, doneAt: 2 };
    await page.evaluate(([name, text]) => localStorage.setItem(name, text), [
      key,
      JSON.stringify({ version: 1, lessons: { [lesson]: done } }),
    ] as const);
    await page.reload();
    await expect(summary).toContainText('1 of');
    expect(await minutesIn()).toBe(inAll - minutes);
    await expect(item).toContainText('done');

    await page.goto('./');
    const next = page.locator('[data-course-begin]');
    await expect(next).toHaveText(/^Continue: Whose range/);
    await expect(next).toHaveAttribute('href', /60-whose-range/);
    await expect(page.locator(`[data-lesson='${lesson}']`)).toContainText('done');
  });

  test('is saved to a file, cleared after a question, and loaded again', async ({ page }) => {
    await page.addInitScript(
      ([name, text]) => {
        if (!sessionStorage.getItem('seeded')) localStorage.setItem(name, text);
        sessionStorage.setItem('seeded', 'yes');
      },
      [key, record('first-page')] as const,
    );
    await page.goto('./course/');
    const panel = page.locator('#progress');
    const download = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Save to a file' }).click();
    const file = await (await download).path();
    await expect(panel.getByRole('status')).toContainText('port-dojo-');

    await panel.getByRole('button', { name: 'Forget everything' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    expect(await stored(page)).toBe(record('first-page'));
    await panel.getByRole('button', { name: 'Forget everything' }).click();
    await page.getByRole('button', { name: 'Forget it' }).click();
    await expect.poll(() => stored(page)).toBeNull();

    await panel.locator('input[type=file]').setInputFiles(file);
    await expect(panel.getByRole('status')).toContainText('Loaded');
    expect(JSON.parse((await stored(page)) ?? '')).toEqual(JSON.parse(record('first-page')));
  });

  test('adds a file to what is there, and refuses one that is not ours', async ({ page }) => {
    await page.goto('./course/');
    const input = page.locator('#progress input[type=file]');
    const load = (text: string) =>
      input.setInputFiles({
        name: 'a.json',
        mimeType: 'application/json',
        buffer: Buffer.from(text),
      });
    const status = page.locator('#progress').getByRole('status');
    await load(record('a'));
    await expect(status).toContainText('everything in the file');
    await load(record('b'));
    await expect(async () => {
      expect(await stored(page)).toContain('["a","b"]');
    }).toPass();
    await load('{"holiday":true}');
    await expect(status).toContainText('not a progress file');
    await load(record('c').replace('"version":1', '"version":2'));
    await expect(status).toContainText('newer version');
    expect(await stored(page)).toContain('["a","b","c"]');
  });

  test('that is damaged is said, kept aside, and can be saved', async ({ page }) => {
    const damaged = '{"version":1,"lessons":{"50-eph';
    await page.addInitScript(
      ([name, text]) => {
        if (!sessionStorage.getItem('seeded')) localStorage.setItem(name, text);
        sessionStorage.setItem('seeded', 'yes');
      },
      [key, damaged] as const,
    );
    await page.goto('./course/');
    await expect(page.locator('#progress').getByText('kept aside, unchanged')).toBeVisible();
    expect(await page.evaluate((name) => localStorage.getItem(`${name}.aside.1`), key)).toBe(
      damaged,
    );
    await page.goto('./about/');
    await expect(page.getByText('Part of your saved progress could not be read.')).toBeVisible();
  });

  test('says that it cannot remember where storage is refused', async ({ page }) => {
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get: () => {
          throw new DOMException('refused', 'SecurityError');
        },
      });
    });
    await page.goto('./course/');
    await expect(page.locator('#progress').getByText('not letting the site store')).toBeVisible();
    await expect(page.getByText('Progress cannot be remembered in this browser.')).toBeVisible();
    expect(errors).toEqual([]);
  });

  test('in another tab is seen here', async ({ page, context }) => {
    await page.goto('./course/');
    const other = await context.newPage();
    await other.goto('./about/');
    await other.evaluate(
      ([name, text]) => {
        localStorage.setItem(name, text);
      },
      [
        key,
        JSON.stringify({
          version: 1,
          lessons: { [lesson]: { openedAt: 1, turns: [], checks: {} } },
        }),
      ] as const,
    );
    await expect(page.locator(`[data-lesson="${lesson}"] .state`)).toHaveText('begun');
  });
});
