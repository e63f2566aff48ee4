/**
 * The simulator is seen whole: picture, what has just happened, playback, number line and all socket
 * tables are in view together, on a laptop, on a projector and on a phone, in both languages.
 */
import { locales } from '../../src/i18n/locales.ts';
import { expect, open, test, type Page } from './fixtures.ts';

const simulators = [
  ['/', 'first-page'],
  ['/lessons/30-listening/', 'mail-and-time'],
  ['/lessons/50-ephemeral-ports/', 'your-line-again'],
  ['/lessons/50-ephemeral-ports/', 'several-pages'],
  ['/lessons/50-ephemeral-ports/', 'two-clients'],
  ['/lessons/50-ephemeral-ports/', 'two-servers'],
] as const;
const pages = [...new Set(simulators.map(([path]) => path))];
const screens = [
  { name: 'a laptop', width: 1366, height: 768, isPhone: false },
  { name: 'a projector', width: 1280, height: 720, isPhone: false },
  { name: 'a phone', width: 390, height: 844, isPhone: true },
] as const;
const parts = ['.stage', '.caption', '.time', '.ports', '.tables'];

/** Awake, and with its picture at the window's top. */
async function simulator(page: Page, id: string) {
  const frame = page.locator(`#sim-${id}`);
  await frame.scrollIntoViewIfNeeded();
  await frame.locator('.simulator[data-ready]').waitFor();
  return frame;
}

/**
 * Steps on so many times with the picture at the window's top. After each step: the parts that the
 * window cuts off, and packets that cover one another or leave the picture.
 */
async function walk(page: Page, id: string, steps: number): Promise<readonly string[]> {
  return page.locator(`#sim-${id}`).evaluate(
    async (frame, { parts, steps }) => {
      const drawn = () =>
        new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const cutOff = (): string[] =>
        parts.flatMap((name) => {
          const box = frame.querySelector(name)?.getBoundingClientRect();
          if (box === undefined) return [`${name} is not there`];
          // Where a call has failed its reasons stand in the tables' place.
          if (box.height === 0 && frame.querySelector('.caption.failed') !== null) return [];
          const isSeen =
            box.height > 0 &&
            box.top >= -1 &&
            box.bottom <= innerHeight + 1 &&
            box.left >= -1 &&
            box.right <= innerWidth + 1;
          return isSeen ? [] : [`${name}: ${String(box.top)} to ${String(box.bottom)}`];
        });
      const covered = (): string[] => {
        const room = frame.querySelector('.wire')?.getBoundingClientRect();
        if (room === undefined) return ['there is no wire'];
        const bodies = [...frame.querySelectorAll('.packet .body')].map((body) => ({
          text: body.textContent,
          box: body.getBoundingClientRect(),
        }));
        return bodies.flatMap(({ text, box }, index) => {
          const leaves =
            box.left < room.left - 2 ||
            box.right > room.right + 2 ||
            box.top < room.top - 2 ||
            box.bottom > room.bottom + 2;
          const under = bodies
            .slice(index + 1)
            .filter(
              (other) =>
                box.left < other.box.right - 1 &&
                other.box.left < box.right - 1 &&
                box.top < other.box.bottom - 1 &&
                other.box.top < box.bottom - 1,
            );
          return [
            ...(leaves ? [`${text} leaves the picture`] : []),
            ...under.map((other) => `${text} covers ${other.text}`),
          ];
        });
      };
      const on = frame.querySelectorAll<HTMLElement>('.time .buttons button')[4];
      const found: string[] = [];
      for (let step = 0; step <= steps; step += 1) {
        if (step > 0) on?.click();
        await drawn();
        frame.querySelector('.picture')?.scrollIntoView({ block: 'start', behavior: 'instant' });
        found.push(...[...cutOff(), ...covered()].map((fault) => `step ${String(step)}: ${fault}`));
      }
      return found;
    },
    { parts, steps },
  );
}

for (const { name, width, height, isPhone } of screens) {
  test.describe(`on ${name}`, () => {
    test.use({ viewport: { width, height }, hasTouch: isPhone, isMobile: isPhone });

    for (const { code, path: localePath } of locales) {
      for (const path of pages) {
        test(`every simulator of ${path} is seen whole, also as it plays (${code})`, async ({
          page,
        }) => {
          await open(page, `${localePath === '' ? '' : `/${localePath}`}${path}`);
          for (const [, id] of simulators.filter(([where]) => where === path)) {
            const frame = await simulator(page, id);
            await frame.locator('.controls input[type="checkbox"]').uncheck();
            expect(await walk(page, id, 24), id).toEqual([]);
          }
        });
      }
    }
  });
}

test.describe('in full screen', () => {
  test.use({ viewport: { width: 1280, height: 720 } });

  test('a simulator is seen whole and as large as there is room', async ({ page }) => {
    await open(page, '/lessons/50-ephemeral-ports/');
    for (const id of ['several-pages', 'two-clients']) {
      const frame = await simulator(page, id);
      await frame.getByRole('button', { name: 'Full screen' }).click();
      await expect(frame.locator('.simulator.wide')).toBeVisible();
      expect(await walk(page, id, 0)).toEqual([]);
      await frame.getByRole('button', { name: 'Leave full screen' }).click();
      await expect(frame.locator('.simulator.wide')).toHaveCount(0);
    }
  });
});

test('ten pages at a press do not cover one another', async ({ page }) => {
  await open(page, '/lessons/50-ephemeral-ports/');
  const id = 'several-pages';
  const frame = await simulator(page, id);
  await frame.getByText('×10').click();
  await frame.locator('.open button').first().click();
  await frame.getByRole('button', { name: 'Pause' }).click();
  await frame.getByRole('button', { name: 'To the start' }).click();
  expect(await walk(page, id, 60)).toEqual([]);
});
