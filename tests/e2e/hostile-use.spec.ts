/** What careless, unlucky or hostile use must not break. */
import { expect, open, settle, test, type Page } from './fixtures.ts';

const record = 'port-dojo.progress';

async function openTerminal(page: Page): Promise<void> {
  await page.goto('./lab/');
  const button = page.getByRole('button', { name: 'Open the terminal' });
  await button.scrollIntoViewIfNeeded();
  await button.click();
}

test.describe('storage that is nearly full', () => {
  test('is said on a lesson once a real writing fails', async ({ page }) => {
    await page.addInitScript(() => {
      if (sessionStorage.getItem('filled')) return;
      sessionStorage.setItem('filled', 'yes');
      let chunk = 1_000_000;
      let text = '';
      while (chunk >= 1) {
        try {
          localStorage.setItem('filler', text + 'x'.repeat(chunk));
          text += 'x'.repeat(chunk);
        } catch {
          chunk = Math.floor(chunk / 2);
        }
      }
      // Room for a probe of nothing, and for no real record.
      localStorage.setItem('filler', text.slice(60));
    });
    await page.goto('./lessons/10-what-a-port-is/');
    await expect(page.getByText('Progress cannot be remembered in this browser.')).toBeVisible();
  });

  test('says of a file that it was added for this page only', async ({ page }) => {
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await page.goto('./course/');
    const panel = page.locator('#progress');
    await panel.locator('input[type=file]').setInputFiles({
      name: 'a.json',
      mimeType: 'application/json',
      buffer: Buffer.from(
        '{"version":1,"lessons":{"10-what-a-port-is":{"turns":["a"],"checks":{}}}}',
      ),
    });
    await expect(panel.getByRole('status')).toContainText('no room to keep them');
  });
});

test('a file far larger than a record is refused by its size', async ({ page }) => {
  await page.goto('./course/');
  const panel = page.locator('#progress');
  await panel.locator('input[type=file]').setInputFiles({
    name: 'a.json',
    mimeType: 'application/json',
    buffer: Buffer.alloc(2_000_000, 'x'),
  });
  await expect(panel.getByRole('status')).toContainText('far larger than any progress file');
});

test('a part that cannot be loaded is told, and comes when the network is there again', async ({
  page,
  context,
  problems,
}) => {
  // Whole: parts that are still drawn would push the widget out of view again.
  await open(page, './lessons/110-when-ports-run-out/');
  const pool = page.locator('#pool');
  await pool.getByRole('button').first().scrollIntoViewIfNeeded();
  await expect(pool.locator('astro-island[ssr]')).toHaveCount(0);
  await context.setOffline(true);
  const missing = page.locator('.missing-part');
  const run = pool.getByRole('button', { name: /^Run/ });
  await run.click();
  await expect(missing).toContainText('could not be loaded');
  await expect(run).not.toHaveAttribute('aria-disabled', 'true');
  // The next press takes the words away, and so does the network's return.
  await page.keyboard.press('Shift');
  await expect(missing).toBeEmpty();
  // A lab sleeps on.
  const lab = page.locator('.lab');
  await lab.scrollIntoViewIfNeeded();
  await expect(missing).toContainText('could not be loaded');
  await context.setOffline(false);
  await expect(missing).toBeEmpty();
  await expect(lab.locator('astro-island[ssr]')).toHaveCount(0);
  await run.click();
  await expect(pool).toContainText('connections worked');
  expect(problems.filter((one) => !/DISCONNECTED|Error hydrating/.test(one))).toEqual([]);
  problems.length = 0;
});

test('two tabs keep what both do', async ({ page, context }) => {
  await page.goto('./lessons/10-what-a-port-is/');
  const other = await context.newPage();
  await other.goto('./lessons/20-well-known-ports/');
  const stored = (): Promise<string | null> =>
    page.evaluate((key) => localStorage.getItem(key), record);
  await expect.poll(stored).toContain('20-well-known-ports');
  expect(await stored()).toContain('10-what-a-port-is');
});

test('the search goes on where the browser refuses to change the address', async ({ page }) => {
  await page.addInitScript(() => {
    history.replaceState = () => {
      throw new DOMException('100 times per 10 seconds', 'SecurityError');
    };
  });
  await page.goto('./ports/');
  await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
  const search = page.getByRole('searchbox');
  for (const text of ['22', '80', '443', '25']) {
    await search.fill(text);
    await expect(page.locator('.card')).toContainText(text);
    await page.waitForTimeout(300);
  }
});

test('the map of ports keeps its colours where the system forces its own', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto('./ports/');
  const colours = () =>
    page.locator('.picture canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas
        .getContext('2d', { willReadFrequently: true })
        ?.getImageData(0, 0, canvas.width, 130) ?? {
        data: [],
      };
      const found = new Set<string>();
      for (let at = 0; at < data.length; at += 4) found.add(data.slice(at, at + 3).join());
      return found.size;
    });
  await expect.poll(colours).toBeGreaterThan(4);
});

test('marks that nobody sees do not change what a link searches for', async ({ page }) => {
  await page.goto('./ports/?q=%E2%80%AE443');
  await expect(page.locator('.card')).toContainText('443');
});

test.describe('what a machine printed', () => {
  const line = (port: number): string =>
    `ESTAB 0 0 192.0.2.10:${String(port)} 203.0.113.5:443 users:(("app",pid=1440,fd=12))`;

  test('is asked for before the registry is fetched', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto('./inspect/');
    await page.getByLabel('Output of your tool').scrollIntoViewIfNeeded();
    await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
    await settle(page, 500);
    expect(asked.filter((url) => url.endsWith('registry.txt'))).toEqual([]);
    await page.getByRole('button', { name: 'Linux: ss -tanp' }).click();
    await expect.poll(() => asked.filter((url) => url.endsWith('registry.txt')).length).toBe(1);
  });

  test('is filtered by state and port, and the page goes to the summary', async ({ page }) => {
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.goto('./inspect/');
    await page.getByLabel('Output of your tool').scrollIntoViewIfNeeded();
    await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
    await page.getByRole('button', { name: 'Linux: ss -tanp' }).click();
    const summary = page.getByText('12 sockets: 3 listening');
    await expect(summary).toBeInViewport();
    const rows = page.getByRole('table', { name: 'Socket by socket' }).getByRole('row');
    await expect(rows).toHaveCount(13);
    await page.locator('.filter select').selectOption({ label: 'TCP TIME-WAIT (3)' });
    await expect(rows).toHaveCount(4);
    await page.getByLabel('Port or range').fill('52080-60999');
    await expect(rows).toHaveCount(3);
    await expect(page.getByText('2 of 12')).toBeVisible();
    await page.getByLabel('Port or range').fill('httpd');
    await expect(page.getByText('A port is a number from 0 to 65535')).toBeVisible();
    const clear = page.getByRole('button', { name: 'Empty the field' });
    await clear.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Output of your tool')).toBeFocused();
  });

  test('may have many thousand lines: the page answers meanwhile', async ({ page }) => {
    await page.goto('./inspect/');
    await page.getByLabel('Output of your tool').scrollIntoViewIfNeeded();
    await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
    const field = page.getByLabel('Output of your tool');
    const lines = Array.from({ length: 30_000 }, (_, at) => line(32_768 + (at % 28_000)));
    // Frames go by while it is read: with all of it in one go there would be none.
    await page.evaluate(() => {
      const status = document.querySelector('.summary');
      let frames = 0;
      const count = (): void => {
        if (status?.textContent.startsWith('Reading')) frames += 1;
        document.documentElement.dataset['frames'] = String(frames);
        requestAnimationFrame(count);
      };
      count();
    });
    await field.evaluate((element, text) => {
      if (element instanceof HTMLTextAreaElement) element.value = text;
      element.dispatchEvent(
        new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true }),
      );
    }, lines.join('\n'));
    await expect(page.locator('.summary')).toContainText('30000 sockets', { timeout: 60_000 });
    const frames = await page.evaluate(() => document.documentElement.dataset['frames']);
    expect(Number(frames)).toBeGreaterThan(2);
  });
});

test.describe('the free terminal', () => {
  test('keeps aside a machine that it cannot use, and says so', async ({ page }) => {
    await page.addInitScript(() => {
      if (!sessionStorage.getItem('seeded')) {
        sessionStorage.setItem('seeded', 'yes');
        for (const profile of ['debian-12', 'amazon-linux-2', 'generic-linux']) {
          localStorage.setItem(
            `port-dojo:machine:lab:${profile}`,
            '{"kind":"simulated-linux","version":1,"distribution":"debian-12","seed":1,"host":{},"shell":{}}',
          );
        }
      }
    });
    await openTerminal(page);
    await expect(page.getByText('The old one has been put aside')).toBeVisible();
    const aside = await page.evaluate(() =>
      Object.keys(localStorage).filter((key) => key.startsWith('port-dojo:machine-aside:')),
    );
    expect(aside.length).toBe(1);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the machine put aside' }).click();
    const file = await (await download).createReadStream();
    let text = '';
    for await (const part of file) text += String(part);
    expect(text).toContain('"distribution":"debian-12"');
    await page.getByRole('button', { name: 'Remove it, I have saved it' }).press('Enter');
    await expect(page.getByText('The old one has been put aside')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Remove it' })).toHaveCount(0);
  });

  test('asks before a text that vi has not written is lost', async ({ page }) => {
    await openTerminal(page);
    const line = page.locator('.terminal form input');
    await line.fill('vi notes');
    await line.press('Enter');
    await expect(page.locator('.cm-content')).toBeFocused();
    await page.keyboard.type('ix');
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toEqual(['beforeunload']);
  });

  test('says when the machine cannot be kept', async ({ page }) => {
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await openTerminal(page);
    await expect(page.getByText('no room in this browser to keep the machine')).toBeVisible();
  });
});
