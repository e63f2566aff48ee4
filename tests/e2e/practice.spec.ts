/** Practice by keys and by touch: a day's session, a sprint, an exam that is left and taken up again. */
import { accessibilityProblems, expect, open, settle, test, type Page } from './fixtures.ts';

const progressKey = 'port-dojo.progress';

/** What practice has remembered so far. */
async function remembered(
  page: Page,
): Promise<{ items: Record<string, { reps: number }>; exams: object }> {
  const text = await page.evaluate((key) => localStorage.getItem(key), progressKey);
  const record = JSON.parse(text ?? '{}') as {
    practice?: { items: Record<string, { reps: number }>; exams: object };
  };
  return record.practice ?? { items: {}, exams: {} };
}

/** Opens a page of practice, at a fixed time: what is asked is drawn from the clock. */
async function openDesk(page: Page, path = './practice/'): Promise<void> {
  await page.clock.setFixedTime('2026-11-29T12:00:00Z');
  await page.goto(path);
  await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
}

/** Answers whatever is asked, with keys alone, and goes on. */
async function answerByKeys(page: Page): Promise<void> {
  const prompt = page.locator('#practice-prompt');
  await expect(prompt).toBeVisible();
  if ((await page.locator('.question .option').count()) > 0) {
    await page.keyboard.press('1');
    const check = page.getByRole('button', { name: 'Check' });
    if ((await check.count()) > 0) await page.keyboard.press('Enter');
  } else if ((await page.locator('#practice-number').count()) > 0) {
    await expect(page.locator('#practice-number')).not.toBeFocused();
    await page.keyboard.type('1');
    await expect(page.locator('#practice-number')).toHaveValue('1');
    await page.keyboard.press('Enter');
  } else if ((await page.locator('.question select').count()) > 0) {
    for (const select of await page.locator('.question select').all()) {
      await select.focus();
      await page.keyboard.press('ArrowDown');
    }
    await page.getByRole('button', { name: 'Check' }).press('Enter');
  } else {
    await page.getByRole('button', { name: 'Check' }).press('Enter');
  }
  await expect(page.locator('.verdict')).toBeVisible();
  await page.keyboard.press('Enter');
}

test('a day: its questions are answered by keys alone, and remembered', async ({ page }) => {
  await openDesk(page);
  await page.getByRole('button', { name: 'Begin' }).press('Enter');
  const heading = page.getByRole('heading', { name: 'Done for now' });
  for (let n = 0; n < 40 && !(await heading.isVisible()); n += 1) {
    await answerByKeys(page);
    await expect(
      heading.or(page.locator('.verdict')).or(page.locator('#practice-prompt')).first(),
    ).toBeVisible();
  }
  await expect(heading).toBeFocused();
  expect(Object.keys((await remembered(page)).items).length).toBeGreaterThanOrEqual(7);
});

test('who stops in the middle keeps what was answered', async ({ page }) => {
  await openDesk(page);
  await page.getByRole('button', { name: 'Begin' }).press('Enter');
  await answerByKeys(page);
  await expect(page.locator('#practice-prompt')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Done for now' })).toBeVisible();
  expect(Object.keys((await remembered(page)).items)).toHaveLength(1);
});

test('nothing that asks is loaded before the first question', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await openDesk(page);
  await settle(page, 500);
  expect(asked.filter((url) => /data\.json|engine|question-room/.test(url))).toEqual([]);
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.locator('#practice-prompt')).toBeVisible();
  expect(asked.some((url) => url.endsWith('/practice/data.json'))).toBe(true);
});

test('an exam goes on after a reload, and is explained when it is handed in', async ({ page }) => {
  await openDesk(page, './practice/exam/');
  await page.getByRole('button', { name: 'Start the exam' }).press('Enter');
  const prompt = page.locator('#practice-prompt');
  await expect(prompt).toBeVisible();
  const first = await prompt.textContent();
  let choices = 0;
  for (let n = 0; n < 6; n += 1) {
    if ((await page.locator('.question .option').count()) > 0) {
      await page.keyboard.press('2');
      choices += 1;
    }
    await page.keyboard.press('Enter');
  }
  await page.reload();
  await page.getByRole('button', { name: 'Go on with the exam' }).press('Enter');
  await expect(prompt).toHaveText(first ?? '');
  await expect(page.locator('.overview .answered')).toHaveCount(choices);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Hand in' }).press('Enter');
  await page.getByRole('button', { name: 'Hand in' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Your result' })).toBeFocused();
  await expect(page.locator('.exam-result .review > li')).toHaveCount(20);
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('a command is run on a machine that loads with it, and its mistake is spoken of', async ({
  page,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const machine = (): readonly string[] => asked.filter((url) => url.includes('command-run'));
  await openDesk(page);
  await page.getByRole('button', { name: 'Doors and guards' }).press('Enter');
  const field = page.locator('#practice-command');
  for (let n = 0; n < 12 && (await field.count()) === 0; n += 1) {
    expect(machine()).toEqual([]);
    await answerByKeys(page);
    await expect(page.locator('.verdict')).toHaveCount(0);
  }
  await expect(field).toBeFocused();
  expect(machine()).not.toEqual([]);
  await page.keyboard.type('ss -ltn');
  await page.keyboard.press('Enter');
  await expect(page.locator('.command-state')).toContainText('this machine’s own sockets');
  expect(await accessibilityProblems(page)).toEqual([]);
  const prompt = (await page.locator('#practice-prompt').textContent()) ?? '';
  const [, port = ''] = /TCP (\d+)/.exec(prompt) ?? [];
  const [, host = ''] = /host (\w+)/.exec(prompt) ?? [];
  await page.keyboard.type(`nc -zv ${host} ${port}`);
  await page.keyboard.press('Enter');
  await expect(page.locator('.verdict')).toHaveText('Right.');
  await page.keyboard.press('Enter');
  // The next one is not known: an answer is shown, and it counts as wrong.
  await expect(field).toBeFocused();
  await page.getByRole('button', { name: 'Show an answer' }).press('Enter');
  await expect(page.locator('.verdict')).toHaveText('Not quite.');
  await expect(page.locator('.outcome')).toContainText('iptables -A INPUT');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  const { items } = await remembered(page);
  expect(Object.keys(items)).toEqual(
    expect.arrayContaining(['type-command/reach', 'type-command/let-in']),
  );
});

test('an exam with typed commands runs them when it is handed in', async ({ page }) => {
  await openDesk(page, './practice/exam/');
  await page.getByText('40 questions').click();
  await page.getByText('typed commands').click();
  await page.getByRole('button', { name: 'Start the exam' }).press('Enter');
  const field = page.locator('#practice-command');
  const prompt = page.locator('#practice-prompt');
  await expect(prompt).toBeVisible();
  for (let n = 0; n < 39 && (await field.count()) === 0; n += 1) await page.keyboard.press('Enter');
  await field.fill('sudo uptime');
  await page.reload();
  await page.getByRole('button', { name: 'Go on with the exam' }).press('Enter');
  for (let n = 0; n < 39 && (await field.count()) === 0; n += 1) await page.keyboard.press('Enter');
  await expect(field).toHaveValue('sudo uptime');
  await page.getByRole('button', { name: 'Hand in' }).press('Enter');
  await page.getByRole('button', { name: 'Hand in' }).press('Enter');
  await expect(page.locator('.exam-result .review > li')).toHaveCount(40);
  const own = page.locator('.exam-result .review > li', { hasText: 'Yours: sudo uptime' });
  await expect(own.getByLabel('What it printed')).toContainText('load average');
  expect(await accessibilityProblems(page)).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 } });

  test('a sprint is run by touch, in Japanese', async ({ page }) => {
    await openDesk(page, './ja/practice/sprint/');
    await page.getByRole('button', { name: 'スタート' }).tap();
    for (let n = 0; n < 4; n += 1) await page.locator('.question .option').first().tap();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      320,
    );
    await page.getByRole('button', { name: 'ここでやめる' }).tap();
    await expect(page.getByRole('button', { name: 'もう一回' })).toBeFocused();
  });

  test('a question and its explanation fit, and axe finds nothing', async ({ page }) => {
    await openDesk(page, './ja/practice/');
    await page.locator('.lesson').nth(4).tap();
    await page.locator('.question .option').first().tap();
    await expect(page.locator('.verdict')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      320,
    );
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});

test('the last lesson leads to its exam of thirty questions', async ({ page }) => {
  await open(page, './ja/lessons/150-graduation/');
  await page.getByRole('link', { name: '試験へ' }).press('Enter');
  await expect(page.getByRole('radio', { name: '30問・35分' })).toBeChecked();
  await page.getByRole('button', { name: '試験を始める' }).press('Enter');
  await expect(page.locator('.overview li')).toHaveCount(30);
});
