/**
 * A lesson's package in a learning platform that is none of ours (scorm-again): the platform's player
 * is in a frame of another site, and no frame has storage. Reading and answering arrive as completion
 * and score, and the next visit goes on.
 */
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';

const school = 'http://school.example';
const platform = 'http://platform.example';
const slug = '50-ephemeral-ports';
const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  json: 'application/json',
  svg: 'image/svg+xml',
  xml: 'application/xml',
};
const scormAgain = readFileSync('node_modules/scorm-again/dist/scorm12.min.js', 'utf8');

interface Platform {
  readonly requested: string[];
  readonly missing: string[];
}

/** Both sites, made of nothing but answers to requests; `cmi` is what the platform has kept. */
async function open(context: BrowserContext, zip: string, cmi: string): Promise<Platform> {
  const files = unzipSync(readFileSync(zip));
  const requested: string[] = [];
  const missing: string[] = [];
  const player = `<!doctype html><title>Player</title><script>${scormAgain}</script><script>
    window.API = new Scorm12API({ autocommit: false, logLevel: 5 });
    const kept = ${cmi};
    if (kept) API.loadFromJSON(kept, '');
    window.calls = [];
    for (const name of ['LMSInitialize', 'LMSCommit', 'LMSFinish'])
      API.on(name, () => calls.push(name));
  </script><iframe src="/content/${slug}.html" width="1200" height="700"></iframe>`;
  await context.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    requested.push(url.href);
    if (url.origin === school) {
      const body = `<!doctype html><title>School</title><iframe src="${platform}/player" width="1240" height="760"></iframe>`;
      await route.fulfill({ contentType: 'text/html', body });
    } else if (url.origin === platform && url.pathname === '/player') {
      await route.fulfill({ contentType: 'text/html', body: player });
    } else {
      const name = decodeURIComponent(url.pathname.replace('/content/', ''));
      const file = url.origin === platform ? files[name] : undefined;
      if (file === undefined) missing.push(url.href);
      await route.fulfill({
        status: file === undefined ? 404 : 200,
        contentType: types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
        body: Buffer.from(file ?? []),
      });
    }
  });
  // Browsers deny a foreign frame its storage in just this way.
  await context.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        configurable: true,
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    }
  });
  return { requested, missing };
}

const inPlayer = (page: Page) => page.frameLocator('iframe');
const lessonIn = (page: Page) => inPlayer(page).frameLocator('iframe');

async function valueOf(page: Page, element: string): Promise<string> {
  const frame = page.frames().find((one) => one.url() === `${platform}/player`);
  return (
    (await frame?.evaluate(
      (name) =>
        (window as unknown as { API: { LMSGetValue(name: string): string } }).API.LMSGetValue(name),
      element,
    )) ?? ''
  );
}

const visit = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(school);
  await lessonIn(page).locator('h1').waitFor();
  return page;
};

test('completion, score and the place to go on reach a foreign platform, without storage', async ({
  browser,
}) => {
  const zip = `dist/teach/scorm/${slug}.en.zip`;
  const first = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const { missing, requested } = await open(first, zip, 'null');
  const page = await visit(first);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const lesson = lessonIn(page);
  await expect.poll(() => valueOf(page, 'cmi.core.lesson_status')).toBe('incomplete');

  // One question, first wrong, then right.
  const question = lesson.locator('form#reply-ports');
  await question.scrollIntoViewIfNeeded();
  const options = question.locator('input[type="radio"]');
  for (let option = 0; option < (await options.count()); option += 1) {
    await options.nth(option).check();
    await question.locator('button[type="submit"]').click();
    await expect(question).toHaveAttribute('data-tried', /right|wrong/);
    if ((await question.getAttribute('data-verdict')) === 'right') break;
  }
  const count = await lesson.locator('form.lesson-check').count();
  await expect
    .poll(() => valueOf(page, 'cmi.core.score.raw'))
    .toBe(String(Math.round(100 / count)));
  expect(await valueOf(page, 'cmi.core.lesson_status')).toBe('incomplete');

  // A widget wakes here too, with the engine, from the package alone.
  const simulator = lesson.locator('#sim-your-line-again');
  await simulator.scrollIntoViewIfNeeded();
  await simulator.locator('.simulator[data-ready]').waitFor();
  await simulator.locator('.time .buttons button').nth(4).click();
  await expect(simulator.locator('.picture .caption')).toContainText('51514');

  // Read to the end: each turn is in sight for as long as it takes to read. From here on time is the test's.
  await page.clock.install();
  // A simulator that was used keeps its state behind the address.
  const reading = page.frames().find((one) => one.url().split('#')[0]?.endsWith(`${slug}.html`));
  if (reading === undefined) throw new Error('The lesson is in no frame.');
  const isCompleted = async () => (await valueOf(page, 'cmi.core.lesson_status')) === 'completed';
  // What a busy machine has not seen at the first time it sees at the next.
  for (let time = 0; time < 3 && !(await isCompleted()); time += 1) {
    for (let part = 0, isEnd = false; !isEnd; part += 1) {
      isEnd = await reading.evaluate((top) => {
        scrollTo({ top, behavior: 'instant' });
        return scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
      }, part * 500);
      // Once a new observer has been told what is in sight, all older ones have been.
      await reading.evaluate(
        () =>
          new Promise((resolve) => {
            new IntersectionObserver(resolve).observe(document.documentElement);
          }),
      );
      await page.clock.fastForward(1500);
    }
  }
  expect(await isCompleted()).toBe(true);
  const kept = await valueOf(page, 'cmi.suspend_data');
  expect(kept.length).toBeLessThanOrEqual(4096);
  const frame = page.frames().find((one) => one.url() === `${platform}/player`);
  const cmi = await frame?.evaluate(() =>
    JSON.stringify(
      (
        window as unknown as { API: { renderCMIToJSONObject(): { cmi: object } } }
      ).API.renderCMIToJSONObject().cmi,
    ),
  );
  expect([missing, problems]).toEqual([[], []]);
  expect(requested.filter((url) => !url.startsWith(school) && !url.startsWith(platform))).toEqual(
    [],
  );
  await first.close();

  // The next visit, on another machine.
  const second = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await open(second, zip, cmi ?? 'null');
  const again = lessonIn(await visit(second));
  await expect(again.locator('form#reply-ports .check-done')).toBeVisible();
  await expect(again.locator('.reading-done')).toBeVisible();
  await second.close();
});
