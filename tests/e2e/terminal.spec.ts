/** The terminal under a learner's hands: keyboard alone, chips on a phone, an input method, a reload. */
import { accessibilityProblems, expect, open, test, type Page } from './fixtures.ts';

async function terminal(page: Page, path = '/lab/') {
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.js')) scripts.push(request.url());
  });
  await open(page, path);
  const button = page.locator('.poster button');
  await button.scrollIntoViewIfNeeded();
  await expect(button).toBeEnabled();
  const before = [...scripts];
  await button.focus();
  await page.keyboard.press('Enter');
  const input = page.locator('.terminal form input');
  await expect(input).toBeFocused();
  const log = page.getByRole('log');
  await expect(page.locator('.terminal label .prompt')).toContainText('$');
  return {
    before,
    input,
    log,
    run: async (line: string) => {
      await input.fill(line);
      await input.press('Enter');
    },
  };
}

test('nothing of the terminal is loaded before it is opened', async ({ page }) => {
  const { before } = await terminal(page);
  expect(before.filter((url) => /TerminalRoom|editor-setup/.test(url))).toEqual([]);
});

test('the range is changed with vi by keyboard alone, and the log says so', async ({ page }) => {
  const { log, run, input } = await terminal(page);
  await run('sudo vi /etc/sysctl.conf');
  const editor = page.locator('.cm-content');
  await expect(editor).toBeFocused();
  await page.keyboard.type('Gonet.ipv4.ip_local_port_range=49152 65535');
  await page.keyboard.press('Escape');
  await page.keyboard.type(':wq');
  await page.keyboard.press('Enter');
  await expect(input).toBeFocused();
  await run('sudo sysctl -p');
  await expect(log).toContainText('net.ipv4.ip_local_port_range = 49152 65535');
  await expect(log).toHaveAttribute('aria-live', 'polite');
  await run('curl -s http://web/');
  await expect(log).toContainText(/You came from 10\.0\.0\.2, port (?:49|5\d|6[0-5])\d{3}\./);
});

test('Enter that ends a composition sends nothing', async ({ page }) => {
  const { input, log } = await terminal(page);
  await input.fill('ｗｈｏａｍｉ');
  await input.dispatchEvent('compositionstart');
  await input.evaluate((field) => {
    field.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }),
    );
    if (field instanceof HTMLInputElement) field.form?.requestSubmit();
  });
  await expect(log).not.toContainText('ec2-user');
  await input.dispatchEvent('compositionend');
  await page.waitForTimeout(100);
  await input.press('Enter');
  await expect(log).toContainText('ec2-user');
  await expect(log).toContainText('whoami');
});

test('chips are enough on a phone, and Tab, history and Ctrl+C do what they should', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const { input, log, run } = await terminal(page);
  await page.getByRole('button', { name: 'ss -tan', exact: true }).click();
  await expect(log).toContainText('LISTEN');
  await input.fill('sysctl net.ipv4.ip_local_p');
  await input.press('Tab');
  await expect(input).toHaveValue('sysctl net.ipv4.ip_local_port_range ');
  await input.press('Control+u');
  await input.press('ArrowUp');
  await expect(input).toHaveValue('ss -tan');
  await run('while true; do :; done');
  await expect(page.locator('.busy')).toBeVisible();
  await page.keyboard.press('Control+c');
  await expect(page.locator('.busy')).toBeHidden();
  await run('echo alive');
  await expect(log).toContainText('alive');
});

test('markup stays text, several pasted lines are asked about', async ({ page }) => {
  const { input, log, run } = await terminal(page);
  await run("echo '<b id=injected>x</b>'");
  await expect(log).toContainText('<b id=injected>x</b>');
  await expect(page.locator('#injected')).toHaveCount(0);
  await input.evaluate((field) => {
    const data = new DataTransfer();
    data.setData('text/plain', 'echo one\necho two\n');
    field.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await page.locator('.paste button').first().click();
  await expect(log).toContainText('two');
});

test('a reload goes on where it was', async ({ page }) => {
  const { run, log } = await terminal(page);
  await run('sudo sysctl -w net.ipv4.tcp_fin_timeout=33');
  await expect(log).toContainText('= 33');
  await page.waitForTimeout(300);
  const again = await terminal(page);
  await again.run('sysctl -n net.ipv4.tcp_fin_timeout');
  await expect(again.log).toContainText('33');
});

test('a line of an experiment runs where it can be seen, and the next ones are at hand', async ({
  page,
}) => {
  const { log } = await terminal(page);
  await page.locator('.experiments button', { hasText: 'nc -l 8080 &' }).click();
  await expect(log).toContainText('[1] ');
  await expect(page.locator('.terminal form input')).toBeInViewport();
  await page.locator('.chips').getByRole('button', { name: 'ss -ltnp', exact: true }).click();
  await expect(log).toContainText(':8080');
  // Also where the page is still on its way from the terminal to the line that is pressed.
  await page.evaluate(async () => {
    document.querySelector('.terminal')?.scrollIntoView({ block: 'center', behavior: 'instant' });
    await new Promise((resolve) => requestAnimationFrame(resolve));
    scrollTo({ top: document.body.scrollHeight, behavior: 'smooth' });
    document.querySelector<HTMLElement>('.experiments button')?.click();
    await new Promise((resolve) => setTimeout(resolve, 1500));
  });
  await expect(page.locator('.terminal form input')).toBeInViewport();
});

for (const path of ['/lab/', '/ja/lab/']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the open terminal has no accessibility fault: ${path} ${colorScheme}`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      const { run, log } = await terminal(page, path);
      await run('sudo ss -tanp; nosuch');
      await expect(log).toContainText('not found');
      await page.locator('.choices button').click();
      await expect(page.locator('.picture svg')).toBeVisible();
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  }
}

test('what computes for long does so in a worker, and Ctrl+C ends it', async ({ page }) => {
  const { run, log } = await terminal(page);
  await run(`seq 300000 | awk '{for(i=0;i<40;i++) s+=i} END{print s}'`);
  await expect.poll(() => page.workers().length).toBeGreaterThan(0);
  await page.keyboard.press('Control+c');
  await expect(page.locator('.busy')).toBeHidden();
  await expect.poll(() => page.workers().length).toBe(0);
  await run(`echo one two | awk '{print $2 "!"}'; find /etc -name hosts -exec wc -l {} +`);
  await expect(log).toContainText('two!');
  await expect(log).toContainText('/etc/hosts');
});
