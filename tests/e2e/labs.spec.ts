/**
 * The labs in a real browser: done from start to finish by keyboard alone and by tapping chips alone, in
 * both languages, told to a screen reader, kept over a closed page.
 */
import { labTaps } from '../content/lab-taps.ts';
import { accessibilityProblems, expect, open, test, type Page } from './fixtures.ts';

const openButtonNames =
  /Open the lab|Go on with the lab|Done · open it again|実習を始める|実習の続きをする|完了・もう一度開く/;

async function openLab(page: Page, path: string) {
  await open(page, path);
  const button = page.getByRole('button', { name: openButtonNames }).first();
  await expect(button).toBeEnabled();
  await button.press('Enter');
  await expect(page.locator('.terminal label .prompt')).toContainText('$');
  return page.locator('.panel');
}

const taken = (page: Page) => page.locator('.progress li:not([data-state="open"])');

/** Types a line with the keys alone and waits until the machine is ready again. */
async function type(page: Page, line: string): Promise<void> {
  await expect(page.locator('.terminal form input')).toBeFocused();
  await page.keyboard.insertText(line);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText(line.slice(0, 40));
  await expect(page.locator('.terminal label .prompt')).toContainText('$');
}

/** Keys pressed in the editor that the line opens. */
async function edit(page: Page, line: string, keys: readonly string[]): Promise<void> {
  await page.keyboard.insertText(line);
  await page.keyboard.press('Enter');
  await expect(page.locator('.cm-content')).toBeFocused();
  for (const key of keys) {
    if (key.startsWith('<')) await page.keyboard.press(key.slice(1, -1));
    else await page.keyboard.type(key);
  }
  await expect(page.locator('.terminal form input')).toBeFocused();
}

type Typed = string | { readonly edit: string; readonly keys: readonly string[] };

/** For each step what is typed to do it. */
const typed: Readonly<Record<string, readonly (readonly Typed[])[]>> = {
  range: [
    ['sysctl net.ipv4.ip_local_port_range'],
    ['sudo cp /etc/sysctl.conf /root/kept'],
    [
      {
        edit: 'sudo vi /etc/sysctl.conf',
        keys: ['Gonet.ipv4.ip_local_port_range=49152 65535', '<Escape>', ':wq', '<Enter>'],
      },
    ],
    ['sudo sysctl -p'],
    ['sleep 45', 'sudo lsof | grep https'],
    ['sudo cp /root/kept /etc/sysctl.conf'],
    ['sudo sysctl -p', 'sysctl net.ipv4.ip_local_port_range'],
    ['sudo sysctl -w net.ipv4.ip_local_port_range="32768 60999"'],
  ],
  reserved: [
    ['curl -s http://web/'],
    [
      {
        edit: 'sudo nano /etc/sysctl.conf',
        keys: [
          '<Control+End>',
          'net.ipv4.ip_local_reserved_ports=32768-60500',
          '<Enter>',
          '<Control+o>',
          '<Enter>',
          '# undone',
          '<Control+x>',
          'n',
        ],
      },
    ],
    ['sudo sysctl -p'],
    ['curl -s http://web2/; curl -s http://web2/'],
    ['curl -s --local-port 40000 http://web/'],
    [
      { edit: 'sudo vi /etc/sysctl.conf', keys: ['Gdd:wq', '<Enter>'] },
      'sudo sysctl -w net.ipv4.ip_local_reserved_ports=',
    ],
  ],
  taken: [
    ['sudo systemctl start nginx'],
    ['sudo lsof -i :80'],
    ['sudo kill 3107'],
    ['sudo systemctl start nginx'],
    ['ssh web curl -s http://10.0.0.2/'],
  ],
  noon: [
    ['systemctl status lunch-proxy'],
    ['netstat -ant | grep -c TIME_WAIT'],
    ['ss -tno state time-wait dst 10.0.0.10'],
    ['sysctl -a 2>/dev/null | grep ip_local_port_range'],
    [
      {
        edit: 'sudo vi /etc/sysctl.d/50-range.conf',
        keys: ['/40000', '<Enter>', 'C32768 60999', '<Escape>', ':wq', '<Enter>'],
      },
      'sudo sysctl --system',
      'sleep 130',
    ],
    ['sudo reboot', 'sleep 130'],
  ],
  'last-machine': [
    ['sudo systemctl restart sshd'],
    [
      {
        edit: 'sudo vi /etc/sysctl.d/50-range.conf',
        keys: ['/48000', '<Enter>', 'C32768 60999', '<Escape>', ':wq', '<Enter>'],
      },
      'sudo sysctl --system',
      'sleep 70',
    ],
    ['sudo iptables -I INPUT -s 10.0.0.0/8 -p tcp --dport 8080 -j DROP'],
    [
      'echo net.ipv4.ip_local_reserved_ports=48005 | sudo tee -a /etc/sysctl.conf',
      'sudo sysctl -p',
    ],
    [
      {
        edit: 'sudo vi /etc/nginx/nginx.conf',
        keys: ['/127', '<Enter>', 'C80;', '<Escape>', ':wq', '<Enter>'],
      },
      'sudo systemctl reload nginx',
    ],
  ],
  'moving-ssh': [
    ['sudo ss -ltnp'],
    ['sysctl net.ipv4.ip_local_port_range'],
    [
      {
        edit: 'sudo vi /etc/ssh/sshd_config',
        keys: ['/#Port', '<Enter>', 'ccPort 22', '<Enter>', 'Port 20022', '<Escape>', 'ZZ'],
      },
    ],
    ['sudo systemctl reload sshd'],
    ['ssh web nc -zv 10.0.0.2 20022'],
    [
      { edit: 'sudo vi /etc/ssh/sshd_config', keys: ['/^Port 22$', '<Enter>', 'dd:wq', '<Enter>'] },
      'sudo systemctl reload sshd',
    ],
    ['sudo iptables -A INPUT -p tcp --dport 22 -m state --state NEW -j DROP'],
  ],
};

for (const [id, steps] of Object.entries(typed)) {
  test(`the lab ${id} is done from start to finish by keyboard alone`, async ({ page }) => {
    const panel = await openLab(page, `./lab/${id}/`);
    await expect(page.locator('.terminal form input')).toBeFocused();
    for (const [index, lines] of steps.entries()) {
      for (const line of lines)
        if (typeof line === 'string') await type(page, line);
        else await edit(page, line.edit, line.keys);
      await expect(taken(page)).toHaveCount(index + 1);
    }
    await expect(panel.locator('.progress [data-state="done"]')).toHaveCount(steps.length);
    await expect(panel).toContainText(/All steps are done\.|All 5 are mended\./);
  });
}

test.describe('on a phone', () => {
  // Nothing scrolls under the finger: the next step comes into view at once.
  test.use({
    hasTouch: true,
    isMobile: true,
    viewport: { width: 360, height: 740 },
    contextOptions: { reducedMotion: 'reduce' },
  });

  for (const [id, steps] of Object.entries(labTaps)) {
    test(`the lab ${id} is done from start to finish by tapping chips, in Japanese`, async ({
      page,
    }) => {
      const panel = await openLab(page, `./ja/lab/${id}/`);
      const input = page.locator('.terminal form input');
      // What is to be done is seen with the line that does it.
      await expect(panel.locator('.instruction')).toBeInViewport({ ratio: 1 });
      await expect(input).toBeInViewport({ ratio: 1 });
      for (const [index, lines] of Object.values(steps).entries()) {
        for (const chips of lines) {
          for (const chip of chips)
            await page.locator('.chips').getByRole('button', { name: chip, exact: true }).tap();
          // What ran at once has left the line empty.
          if ((await input.inputValue()) !== '') await page.locator('.terminal .send').tap();
          await expect(page.locator('.terminal label .prompt')).toContainText('$');
        }
        await expect(taken(page)).toHaveCount(index + 1);
        await expect(panel.locator('.said .instruction')).toBeInViewport({ ratio: 1 });
      }
      await expect(panel).toContainText(/すべての手順が終わりました。|5件とも直りました。/);
      // No keyboard has come up, and nothing is wider than the screen.
      await expect(input).not.toBeFocused();
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
    });
  }
});

test('reports are turned to, found and mended in any order, and that is told', async ({ page }) => {
  const panel = await openLab(page, './ja/lab/last-machine/');
  const report = (name: string) => panel.locator('.faults button', { hasText: name });
  await expect(panel.locator('.progress [aria-current]')).toContainText('ページ');
  await report('日報').press('Enter');
  await expect(panel.locator('.instruction')).toContainText('48005');
  await type(page, 'sysctl net.ipv4.ip_local_port_range');
  await expect(panel.locator('[data-found]')).toHaveCount(1);
  await expect(panel.getByText('原因がわかったもの1／5、直したもの0')).toHaveRole('status');
  await type(page, 'sudo systemctl reload sshd');
  await expect(report('SSH')).toBeDisabled();
  await expect(panel.locator('.said')).toContainText('バインドし直した');
  await expect(panel.locator('.progress [aria-current]')).toContainText('日報');
  expect(await accessibilityProblems(page, 'everything')).toEqual([]);
  await page.reload();
  await page.getByRole('button', { name: openButtonNames }).first().press('Enter');
  await expect(panel.locator('[data-state="done"]')).toHaveCount(1);
  await expect(panel.locator('.progress [aria-current]')).toContainText('日報');
});

test('a screen reader hears every line once, the step, and what is taken back', async ({
  page,
}) => {
  const panel = await openLab(page, './lab/taken/');
  const log = page.getByRole('log');
  await expect(log).toHaveAttribute('aria-live', 'polite');
  // What is added below a live region is what it tells.
  await log.evaluate((region) => {
    const heard: string[] = [];
    new MutationObserver((records) => {
      if (region.getAttribute('aria-live') === 'off') return;
      for (const { addedNodes, type: kind, target } of records) {
        if (kind === 'characterData') heard.push(target.textContent ?? '');
        for (const node of addedNodes) heard.push(node.textContent ?? '');
      }
    }).observe(region, { childList: true, characterData: true, subtree: true });
    Object.assign(window, { heard });
  });
  const heard = () =>
    page.evaluate(() => (window as unknown as { heard: string[] }).heard.join('\n'));
  const times = async (text: string) => (await heard()).split(text).length - 1;

  for (let index = 0; index < 12; index++) {
    await type(page, `seq ${index}01 ${index}30`);
    // The lines of two at once would be counted, not read.
    await expect.poll(() => log.innerText()).toMatch(new RegExp(`^${100 * index + 30}$`, 'm'));
  }
  await type(page, 'sudo systemctl start nginx');
  await expect(panel.locator('.said')).toHaveAttribute('role', 'status');
  await expect(panel.locator('.said')).toContainText('Step 2 of 5');
  for (const once of ['\n105\n', '\n1115\n', 'seq 501 530', 'Job for nginx.service failed'])
    expect([once, await times(once)]).toEqual([once, 1]);

  await type(page, 'seq 20000 21000');
  await expect(page.locator('.terminal > [role="status"]')).toContainText('1001 lines of output');
  expect(await times('20500')).toBe(0);

  // Undo, and start over: from the panel, by keys, told.
  const undo = panel.getByRole('button', { name: 'Undo last command' });
  await undo.press('Enter');
  await undo.press('Enter');
  await expect(panel.locator('.remark')).toHaveText(
    'The last command is taken back. You are at step 1 of 5.',
  );
  await expect(undo).toBeFocused();
  await panel.getByRole('button', { name: 'Start over' }).press('Enter');
  await page.keyboard.press('Enter');
  await expect(panel.locator('.remark')).toHaveText('The lab starts over. You are at step 1 of 5.');
  await expect(panel.getByRole('button', { name: 'Start over' })).toBeFocused();
  await undo.press('Enter');
  await expect(panel.locator('.remark')).toHaveText('There is nothing to take back.');
});

test('a step can be shown, skipped, taken back and begun again, even with an editor open', async ({
  page,
}) => {
  const panel = await openLab(page, './lab/range/');
  await panel.getByRole('button', { name: 'Solution' }).press('Enter');
  await expect(panel.locator('.solution')).toContainText('sysctl net.ipv4.ip_local_port_range');
  await panel.getByRole('button', { name: 'Type it for me' }).press('Enter');
  await expect(panel.locator('[data-state="shown"]')).toHaveCount(1);
  await panel.getByRole('button', { name: 'Hint' }).press('Enter');
  await expect(panel.locator('.hint')).toBeVisible();
  await panel.getByRole('button', { name: 'Skip this step' }).press('Enter');
  await expect(panel.locator('[data-state="skipped"]')).toHaveCount(1);
  await page.locator('.terminal form input').focus();
  await page.keyboard.insertText('sudo vi /etc/sysctl.conf');
  await page.keyboard.press('Enter');
  await expect(page.locator('.cm-content')).toBeFocused();
  await panel.getByRole('button', { name: 'Undo last command' }).press('Enter');
  await expect(page.locator('.cm-content')).toHaveCount(0);
  await panel.getByRole('button', { name: 'Undo last command' }).press('Enter');
  await expect(taken(page)).toHaveCount(1);
  // What is taken back is told, and not a hint of before besides.
  await expect(panel.locator('.hint')).toHaveCount(0);
  await panel.getByRole('button', { name: 'Start over' }).press('Enter');
  await panel.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(taken(page)).toHaveCount(1);
});

test('a forgotten sudo gets the hint meant for it; an input method sends nothing early', async ({
  page,
}) => {
  const panel = await openLab(page, './ja/lab/taken/');
  const input = page.locator('.terminal form input');
  await input.dispatchEvent('compositionstart');
  await page.keyboard.insertText('ｓｙｓｔｅｍｃｔｌ　ｓｔａｒｔ　ｎｇｉｎｘ');
  await input.evaluate((field) => {
    field.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }),
    );
    if (field instanceof HTMLInputElement) field.form?.requestSubmit();
  });
  await expect(page.getByRole('log')).not.toContainText('nginx');
  await input.dispatchEvent('compositionend');
  // The page counts the Enter that ends a composition as part of it.
  await page.waitForTimeout(100);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('systemctl start nginx');
  await panel.getByRole('button', { name: 'ヒント' }).press('Enter');
  await expect(panel.locator('.hint')).toHaveAttribute('data-hint', 'no-sudo');
  await expect(taken(page)).toHaveCount(0);
});

test('closing the page in the middle of a lab loses nothing', async ({ page, context }) => {
  await openLab(page, './lab/range/');
  await type(page, 'sysctl net.ipv4.ip_local_port_range');
  await type(page, 'sudo cp /etc/sysctl.conf /root/kept; cd /tmp; word=kept');
  await expect(taken(page)).toHaveCount(2);
  const again = await context.newPage();
  await page.close();
  const panel = await openLab(again, './lab/range/');
  await expect(panel.locator('.progress [data-state="done"]')).toHaveCount(2);
  await expect(again.locator('.terminal form input')).toBeFocused();
  await again.keyboard.press('ArrowUp');
  await expect(again.locator('.terminal form input')).toHaveValue(/word=kept$/);
  await again.keyboard.press('Control+u');
  await type(again, 'echo $word in $PWD; sudo cmp /root/kept /etc/sysctl.conf && echo same');
  await expect(again.getByRole('log')).toContainText('kept in /tmp');
  await expect(again.getByRole('log')).toContainText('same');

  // Another tab goes on with the machine: this one says so, and writes nothing over it.
  const other = await context.newPage();
  await openLab(other, './lab/range/');
  const warning = again.getByText('Another tab has gone on with this machine');
  await expect(warning).toHaveCount(0);
  await type(other, 'echo theirs > theirs');
  await expect(warning).toBeVisible();
  await again.bringToFront();
  await type(again, 'echo mine > theirs');
  await other.bringToFront();
  await other.reload();
  await openLab(other, './lab/range/');
  await type(other, 'cat theirs');
  await expect(other.getByRole('log')).toContainText('theirs');
  await expect(other.getByRole('log')).not.toContainText('mine');

  // What cannot be used is not lost: the lab begins anew, and the old machine can be saved.
  const cut = '{"machine":{"kind":"simul';
  await other.evaluate((text) => {
    localStorage.setItem('port-dojo:machine:lab-range', text);
  }, cut);
  await other.reload();
  await openLab(other, './lab/range/');
  await expect(other.getByText('The old one has been put aside')).toBeVisible();
  await type(other, 'hostname');
  expect(
    await other.evaluate(() => localStorage.getItem('port-dojo:machine-aside:lab-range:1')),
  ).toBe(cut);
  const download = other.waitForEvent('download');
  await other.getByRole('button', { name: 'Save the machine put aside' }).click();
  expect((await download).suggestedFilename()).toBe('port-dojo-lab-range-1.json');
  await other.getByRole('button', { name: 'Remove it, I have saved it' }).press('Enter');
  await expect(other.getByText('The old one has been put aside')).toHaveCount(0);
});

for (const [language, colorScheme, about] of [
  ['', 'light', 'everything'],
  ['ja/', 'dark', 'colours'],
] as const) {
  test(`an open lab has no accessibility fault: /${language}lab/taken/ ${colorScheme}`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    const panel = await openLab(page, `./${language}lab/taken/`);
    expect(await accessibilityProblems(page, about)).toEqual([]);
    await type(page, 'systemctl start nginx');
    await panel.locator('.help button').first().press('Enter');
    await panel.locator('.help button').nth(1).press('Enter');
    await expect(panel.locator('.hint')).toBeVisible();
    await page.locator('button.picture').press('Enter');
    await expect(page.locator('.picture .sockets')).toHaveCSS('display', 'grid');
    expect(await accessibilityProblems(page, about)).toEqual([]);
    const steps = await panel.locator('.progress li').count();
    for (let index = 1; index <= steps; index++) {
      await panel.locator('.help button').nth(2).press('Enter');
      await expect(taken(page)).toHaveCount(index);
    }
    await panel.locator('details summary').click();
    expect(await accessibilityProblems(page, about)).toEqual([]);
  });
}
