/** The first page's packets: pressed, dragged, by keys; their two ports light up on the line. */
import { expect, test, type Page } from '@playwright/test';

const packet = (page: Page, port: number) => page.locator(`.packet[data-send="${port}"]`);
const lit = (page: Page, role: 'from' | 'to') => page.locator(`.unfolded .lit.${role}`);

test('a packet that is sent lights both its ports in view, the near one new each time', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('./');
  await expect(lit(page, 'to')).toHaveText('443');
  await packet(page, 587).click();
  await expect(lit(page, 'to')).toHaveText('587');
  for (const seen of [lit(page, 'to'), lit(page, 'from'), page.locator('.send [role=status]')])
    await expect(seen).toBeInViewport({ ratio: 1 });
  const first = await lit(page, 'from').textContent();
  await packet(page, 587).press('Enter');
  await expect(lit(page, 'from')).not.toHaveText(first ?? '');
  await expect(lit(page, 'to')).toHaveText('587');
  await expect(page.locator('.send [role=status]')).toContainText(
    `from ${(await lit(page, 'from').textContent()) ?? '?'}`,
  );
  // The one before stays as a tick.
  await expect(page.locator('.unfolded .was')).toHaveCount(2);
});

test('a packet is dropped on the line, and comes back when let go elsewhere', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  await page.goto('./ja/');
  const grab = async () => {
    const box = await packet(page, 22).boundingBox();
    await page.mouse.move((box?.x ?? 0) + 10, (box?.y ?? 0) + 10);
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) + 40, (box?.y ?? 0) + 20, { steps: 3 });
    return box;
  };
  await grab();
  await page.mouse.move(640, 100, { steps: 3 });
  await page.mouse.up();
  await expect(lit(page, 'to')).toHaveText('443');

  const home = await grab();
  const line = await page.locator('.unfolded').boundingBox();
  await page.mouse.move(640, (line?.y ?? 0) + 120, { steps: 4 });
  await page.mouse.up();
  await expect(lit(page, 'to')).toHaveText('22');
  await expect.poll(async () => packet(page, 22).boundingBox()).toEqual(home);
});
