/** The labs in a real browser: done by keyboard alone, begun by chips on a phone, kept over a reload. */
import { expect, open, test, type Page } from './fixtures.ts';

async function openLab(page: Page, path: string) {
  await open(page, path);
  const door = page.getByRole('button', { name: /Open the lab|Go on with the lab|実習/ }).first();
  await expect(door).toBeEnabled();
  await door.focus();
  await page.keyboard.press('Enter');
  const input = page.locator('.terminal form input');
  await expect(input).toBeVisible();
  await expect(page.locator('.terminal label .prompt')).toContainText('$');
  return { panel: page.locator('.panel'), input };
}

/** Types a line with the keys alone and waits until the machine is ready again. */
async function type(page: Page, line: string): Promise<void> {
  const input = page.locator('.terminal form input');
  await input.focus();
  await page.keyboard.insertText(line);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText(line.slice(0, 40));
  await expect(input).toHaveValue('');
}

/** What is typed, and how many steps are done after it. */
const range: readonly (readonly [line: string, done: number])[] = [
  ['sysctl net.ipv4.ip_local_port_range', 1],
  ['sudo cp /etc/sysctl.conf /root/kept', 2],
  ['echo net.ipv4.ip_local_port_range=49152 65535 | sudo tee -a /etc/sysctl.conf', 3],
  ['sudo sysctl -p', 4],
  ['sleep 45', 4],
  ['sudo lsof | grep https', 5],
  ['sudo cp /root/kept /etc/sysctl.conf', 6],
  ['sudo sysctl -p', 6],
  ['sysctl net.ipv4.ip_local_port_range', 7],
  ['sudo sysctl -w net.ipv4.ip_local_port_range="32768 60999"', 8],
];

const movingSsh: readonly (readonly [line: string, done: number])[] = [
  ['sudo ss -ltnp', 1],
  ['sysctl net.ipv4.ip_local_port_range', 2],
  ["sudo sed -i 's/^#Port 22$/Port 22/' /etc/ssh/sshd_config", 2],
  ['echo Port 20022 | sudo tee -a /etc/ssh/sshd_config', 3],
  ['sudo systemctl reload sshd', 4],
  ['ssh web nc -zv 10.0.0.2 20022', 5],
  ["sudo sed -i '/^Port 22$/d' /etc/ssh/sshd_config", 5],
  ['sudo systemctl reload sshd', 6],
  ['sudo iptables -A INPUT -p tcp --dport 22 -j DROP', 7],
];

for (const [id, lines] of [
  ['range', range],
  ['moving-ssh', movingSsh],
] as const) {
  test(`the lab ${id} is done from start to finish by keyboard alone`, async ({ page }) => {
    const { panel } = await openLab(page, `./lab/${id}/`);
    for (const [line, done] of lines) {
      await type(page, line);
      await expect(panel.locator('.progress [data-state="done"]')).toHaveCount(done);
    }
    await expect(panel).toContainText('All steps are done.');
  });
}

test('a forgotten sudo gets the hint meant for it, and the step stays open', async ({ page }) => {
  const { panel } = await openLab(page, './lab/taken/');
  await type(page, 'systemctl start nginx');
  await panel.getByRole('button', { name: /hint/ }).press('Enter');
  await expect(panel.locator('.hint')).toHaveAttribute('data-hint', 'no-sudo');
  await expect(panel.locator('.progress [data-state="done"]')).toHaveCount(0);
});

test('closing the page in the middle of a lab loses nothing', async ({ page }) => {
  await openLab(page, './lab/range/');
  await type(page, 'sysctl net.ipv4.ip_local_port_range');
  await expect(page.locator('.progress [data-state="done"]')).toHaveCount(1);
  const { panel } = await openLab(page, './lab/range/');
  await expect(panel.locator('.progress [data-state="done"]')).toHaveCount(1);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });

  test('a step is done by chips', async ({ page }) => {
    const { panel } = await openLab(page, './ja/lab/taken/');
    for (const chip of ['sudo', 'systemctl', 'start', 'nginx']) {
      await page.getByRole('button', { name: chip, exact: true }).first().tap();
    }
    await page.locator('.terminal form button[type="submit"]').tap();
    await expect(panel.locator('.progress [data-state="done"]')).toHaveCount(1);
  });
});
