/** Without a network: everything after saving, what was seen without; and a new build that waits its turn. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWorker } from '../../scripts/build/offline-worker.ts';
import { basePath, basePathFolder } from '../../scripts/checks/checks.ts';
import { createSiteServer, listen } from '../../scripts/serve/static-server.ts';
import type { Locator } from '@playwright/test';
import { expect, open, pagePaths, test, wakeWidgets, type Page } from './fixtures.ts';

test.use({ serviceWorkers: 'allow' });

/** Until the worker answers this page's requests. */
async function controlled(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** One page of each kind, by its path, each in the one or the other language. */
function oneOfEachKind(): readonly string[] {
  const kinds = new Map<string, string>();
  for (const path of pagePaths.filter((one) => !one.startsWith('/ja/'))) {
    // Of lessons, labs and the like there are many: one of each depth stands for them.
    const many = /^\/(?:lessons|lab|teach|embed)(?=\/.)/.exec(path)?.[0];
    kinds.set(many === undefined ? path : `${many} ${path.split('/').length}`, path);
  }
  return [...kinds.values()].map((path, place) => (place % 2 === 0 ? path : `/ja${path}`));
}

/** What a live region says from now on. */
async function hearChanges(region: Locator): Promise<() => Promise<readonly string[]>> {
  await region.evaluate((element) => {
    const said: string[] = [];
    element.addEventListener('told', () => element.setAttribute('data-said', JSON.stringify(said)));
    new MutationObserver(() => said.push(element.textContent)).observe(element, {
      childList: true,
    });
  });
  return () =>
    region.evaluate((element) => {
      element.dispatchEvent(new Event('told'));
      return JSON.parse(element.getAttribute('data-said') ?? '[]') as string[];
    });
}

test('what is saved is worked without a network, in both languages', async ({ page, context }) => {
  test.setTimeout(600_000);
  const policy = (await page.goto('/offline/'))?.headers()['content-security-policy'];
  expect(policy).toContain('frame-ancestors');
  await controlled(page);
  const panel = page.locator('.offline-panel');
  await expect(panel.getByRole('status')).toContainText('The whole site takes');
  const heard = await hearChanges(panel.getByRole('status'));
  await panel.getByRole('button', { name: 'Save for offline' }).press('Enter');
  await expect(panel.getByRole('status')).toContainText('Everything is saved', {
    timeout: 120_000,
  });
  await expect(panel.getByRole('button', { name: 'Remove' })).toBeFocused();
  // Some hundred files come, and a screen reader is not told of each.
  expect((await heard()).length).toBeLessThanOrEqual(6);

  await context.setOffline(true);
  for (const path of oneOfEachKind()) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(200);
    // The page's own policy is in it; what only the server can say is kept beside it.
    const isFramable = path.includes('/embed/');
    expect(response?.headers()['content-security-policy'], path).toBe(
      isFramable ? undefined : policy,
    );
    await expect(page.getByRole('heading', { level: 1 }), path).toBeVisible();
    // What sleeps on a page is saved with it: one page with many widgets stands for all.
    if (path.includes('/lessons/')) await wakeWidgets(page);
  }
  // A step of a lab on its machine, which pipes to a tool in a thread of its own.
  await open(page, '/lab/range/');
  await wakeWidgets(page);
  await page.getByRole('button', { name: 'Open the lab' }).click();
  const line = page.locator('.terminal form input');
  await line.fill('sysctl net.ipv4.ip_local_port_range | awk \'{print "from", $3}\'');
  await line.press('Enter');
  await expect(page.getByRole('region', { name: 'Terminal' })).toContainText('from 32768');
  // Practice in one language, an exam in the other.
  await open(page, '/practice/');
  await page.getByRole('button', { name: 'Begin' }).press('Enter');
  await expect(page.locator('#practice-prompt')).toBeVisible();
  await open(page, '/ja/practice/exam/');
  await page.getByRole('button', { name: '試験を始める' }).press('Enter');
  await expect(page.locator('#practice-prompt')).toBeVisible();
  await page.getByRole('button', { name: '提出する' }).press('Enter');
  await page.getByRole('button', { name: '提出する' }).press('Enter');
  await expect(page.locator('.exam-result .review > li')).toHaveCount(20);
  // A lesson on the wall, its simulator played, and its code for those before the wall.
  await page.goto('/ja/teach/50-ephemeral-ports/stage/#sim-your-line-again');
  await page.locator('[data-now] .simulator[data-ready]').waitFor();
  await page.locator('[data-now] .time .main').click();
  await expect(page.locator('[data-now] .question')).toBeVisible();
  await page.keyboard.press('q');
  await expect(page.locator('.stage-code svg')).toBeVisible();
  // Worksheets of another version, the registry, the search.
  await page.goto('/teach/worksheets/50-ephemeral-ports/#1~7~C~5~a4~worksheet');
  await expect(page.locator('.sheet-mark')).toHaveText('Version C · seed 7');
  await open(page, '/ja/ports/?q=5432');
  await wakeWidgets(page);
  await expect(page.getByRole('main')).toContainText('postgresql');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('ポート番号');
  await expect(page.getByRole('dialog').getByRole('option').first()).toContainText('ポート番号');
  // A page that never was says so.
  await page.goto('/ja/no/such/page/');
  await expect(page.locator('.not-kept')).toBeVisible();

  await context.setOffline(false);
  await page.goto('/offline/');
  await panel.getByRole('button', { name: 'Remove' }).click();
  await expect(panel.getByRole('status')).toContainText('Removed');
});

test('a page that was seen is there without saving, and a new version waits for the last tab', async ({
  page,
  context,
  problems,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  let server: Server | undefined;
  try {
    cpSync(basePathFolder, folder, { recursive: true });
    server = createSiteServer({ folder, base: basePath });
    const port = await listen(server, { port: 0, host: 'localhost', tries: 1 });
    const site = `http://localhost:${port}${basePath}`;

    await page.goto(`${site}about/`);
    await controlled(page);
    await page.goto(`${site}ja/glossary/`);
    const race = `${site}embed/algorithm-race/`;
    await page.goto(race);
    // The worker has kept the page that was there before it, and what a press on another will load.
    await expect
      .poll(() =>
        page.evaluate(async () => {
          const found = await Promise.all(
            (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
          );
          return found.flat().filter(({ url }) => /\/(about|ja\/glossary)\/\?|\/race\./.test(url))
            .length;
        }),
      )
      .toBe(3);
    await context.setOffline(true);
    await page.goto(race);
    await page.getByRole('button', { name: 'One more connection' }).click();
    await expect(page.locator('.count')).toContainText('5');
    await page.goto(`${site}about/`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('About Port Dojo');
    // Without its slash, and a page that was not seen.
    await page.goto(`${site}ja/glossary`);
    await expect(page).toHaveURL(`${site}ja/glossary/`);
    await page.goto(`${site}ja/course/`);
    await expect(page.locator('.not-kept')).toBeVisible();
    await context.setOffline(false);

    const about = join(folder, 'about/index.html');
    writeFileSync(about, readFileSync(about, 'utf8').replaceAll('About Port Dojo', 'All new'));
    await writeWorker(folder, basePath);
    const other = await context.newPage();
    await other.goto(`${site}glossary/`);
    await page.goto(`${site}about/`);
    const notice = page.locator('.new-version');
    await expect(notice).toContainText('A new version of this site is ready');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('About Port Dojo');
    // Somebody is at work in the other tab.
    await notice.getByRole('button').click();
    await expect(notice).toContainText('Other tabs of this site are open');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('About Port Dojo');
    await other.close();
    await notice.getByRole('button').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('All new');
    await expect(notice).toBeHidden();
    // What had been kept of the old version is kept of the new one.
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('All new');
    await context.setOffline(false);
    // This server is none of the two that the other tests know.
    const known = problems.filter((problem) => !problem.startsWith(`left the site: ${site}`));
    problems.length = 0;
    problems.push(...known);
  } finally {
    server?.closeAllConnections();
    server?.close();
    rmSync(folder, { recursive: true });
  }
});

test('a disk that fills while the site is saved: it is said, the site works, and room lets it go on', async ({
  page,
  context,
}) => {
  test.setTimeout(600_000);
  await page.goto('/offline/');
  await controlled(page);
  const panel = page.locator('.offline-panel');
  const status = panel.getByRole('status');
  await expect(status).toContainText('The whole site takes');
  const devtools = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  const used = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  // Room for some of it.
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: used + 5_000_000 });
  const save = panel.getByRole('button', { name: 'Save for offline' });
  await save.click();
  await expect(status).toContainText('not enough room', { timeout: 120_000 });
  await expect(save).toBeEnabled();
  await expect(panel.getByRole('progressbar')).toBeHidden();
  // Progress is remembered, pages that were not saved are shown, what was saved stays.
  await page.goto('/lessons/10-what-a-port-is/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.goto('/offline/');
  await expect(status).toContainText(/[1-9]/);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await save.click();
  await expect(status).toContainText('Everything is saved', { timeout: 120_000 });
});

test('where the browser refuses to store, the site works and says so', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator.serviceWorker, 'register', {
      value: () => Promise.reject(new DOMException('refused', 'SecurityError')),
    });
    Object.defineProperty(navigator.serviceWorker, 'ready', {
      get: () => Promise.reject(new DOMException('refused', 'SecurityError')),
    });
  });
  await page.goto('/ja/offline/');
  await expect(page.locator('.offline-panel')).toContainText('保存できません');
  await page.goto('/ja/lessons/10-what-a-port-is/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
