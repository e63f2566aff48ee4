/**
 * The simulator is seen whole: picture, what has just happened, playback, number line and all socket
 * tables are in view together, on a laptop, on a projector and on a phone, in both languages; a call
 * that fails is in view with its reasons. playwright.config.ts runs English with bare fonts and
 * Japanese with a Japanese font.
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
/** Sizes of a window that one visit goes through. */
const devices = [
  {
    name: 'a laptop and a projector',
    isPhone: false,
    sizes: [
      { width: 1366, height: 768 },
      { width: 1280, height: 720 },
    ],
  },
  { name: 'a phone', isPhone: true, sizes: [{ width: 390, height: 844 }] },
] as const;
const parts = ['.stage', '.caption', '.time', '.ports', '.tables'];
/** What shows that a call has failed: its button, the caption, the number line, the reasons. */
const signs = ['.open .failed', '.caption.failed', '.client.failed .none', '.why b'];
/** Where the lesson's script makes a call fail. */
const failing = 'two-servers';

/** Awake, and with its picture at the window's top. */
async function simulator(page: Page, id: string) {
  const frame = page.locator(`#sim-${id}`);
  await frame.scrollIntoViewIfNeeded();
  await frame.locator('.simulator[data-ready]').waitFor();
  return frame;
}

interface Walk {
  /** Parts that the window cuts off or that are askew, and packets that cover one another or leave the picture. */
  readonly faults: readonly string[];
  /** At so many steps a call had failed. */
  readonly failures: number;
}

/** From the start steps on so many times with the picture at the window's top, and looks each time. */
async function walk(page: Page, id: string, steps: number): Promise<Walk> {
  return page.locator(`#sim-${id}`).evaluate(
    async (frame, { parts, signs, steps }) => {
      const drawn = () =>
        new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      /** Machines one below the other whose parts do not begin in one line. */
      const askew = (): string[] => {
        const boxes = [...frame.querySelectorAll('.host.server .listeners')].map((list) =>
          list.getBoundingClientRect(),
        );
        return boxes
          .filter((box) => Math.abs(box.left - (boxes[0]?.left ?? 0)) > 1)
          .map((box) => `listeners at ${String(box.left)}`);
      };
      const hasFailed = (): boolean => frame.querySelector('.caption.failed') !== null;
      const cutOff = (): string[] =>
        [...parts, ...(hasFailed() ? signs : [])].flatMap((name) => {
          const box = frame.querySelector(name)?.getBoundingClientRect();
          if (box === undefined) return [`${name} is not there`];
          // Where a call has failed its reasons are in the tables' place.
          if (name === '.tables' && box.height === 0 && hasFailed()) return [];
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
      const buttons = frame.querySelectorAll<HTMLElement>('.time .buttons button');
      const [start, , , , on] = buttons;
      const faults: string[] = [];
      let failures = 0;
      for (let step = 0; step <= steps; step += 1) {
        (step === 0 ? start : on)?.click();
        await drawn();
        if (hasFailed()) {
          failures += 1;
          // The reasons are loaded with the first failure.
          for (let wait = 0; wait < 200 && frame.querySelector('.why b') === null; wait += 1)
            await drawn();
        }
        frame.querySelector('.picture')?.scrollIntoView({ block: 'start', behavior: 'instant' });
        const found = [...cutOff(), ...covered(), ...askew()];
        faults.push(...found.map((fault) => `step ${String(step)}: ${fault}`));
      }
      return { faults, failures };
    },
    { parts, signs, steps },
  );
}

for (const { name, isPhone, sizes } of devices) {
  test.describe(`on ${name}`, () => {
    test.use({ viewport: sizes[0], hasTouch: isPhone, isMobile: isPhone });

    for (const { code, path: localePath } of locales) {
      for (const path of pages) {
        test(`every simulator of ${path} is seen whole, also as it plays @whole-${code}`, async ({
          page,
        }) => {
          await open(page, `${localePath === '' ? '' : `/${localePath}`}${path}`);
          for (const [, id] of simulators.filter(([where]) => where === path)) {
            const frame = await simulator(page, id);
            await frame.locator('.controls input[type="checkbox"]').uncheck();
            for (const size of sizes) {
              await page.setViewportSize(size);
              const { faults, failures } = await walk(page, id, 24);
              expect(faults, `${id}, ${String(size.width)} px`).toEqual([]);
              expect(failures > 0, id).toBe(id === failing);
            }
          }
        });
      }
    }
  });
}

test.describe('in full screen', () => {
  test.use({ viewport: { width: 1280, height: 720 } });

  test('a simulator is seen whole and as large as there is room @whole-en', async ({ page }) => {
    await open(page, '/lessons/50-ephemeral-ports/');
    for (const id of ['several-pages', 'two-clients']) {
      const frame = await simulator(page, id);
      // A phone, or a frame that was not granted it, has no full screen: then it fills the window.
      if (id === 'two-clients')
        await page.evaluate(() =>
          Object.defineProperty(document, 'fullscreenEnabled', { value: false }),
        );
      await frame.getByRole('button', { name: 'Full screen' }).click();
      const box = await frame.locator('.simulator.wide').boundingBox();
      expect(box).toMatchObject({ x: 0, y: 0, width: 1280, height: 720 });
      expect(await walk(page, id, 0)).toEqual({ faults: [], failures: 0 });
      await frame.getByRole('button', { name: 'Leave full screen' }).click();
      await expect(frame.locator('.simulator.wide')).toHaveCount(0);
    }
  });
});

test('ten pages at a press do not cover one another @whole-en', async ({ page }) => {
  await open(page, '/lessons/50-ephemeral-ports/');
  const id = 'several-pages';
  const frame = await simulator(page, id);
  await frame.getByText('×10').click();
  await frame.locator('.open button').first().click();
  await frame.getByRole('button', { name: 'Pause' }).click();
  expect(await walk(page, id, 60)).toEqual({ faults: [], failures: 0 });
});
