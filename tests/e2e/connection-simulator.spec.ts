/** The connection simulator under a learner's hands: mouse, touch, keyboard alone, links, stillness. */
import { readFile } from 'node:fs/promises';
import twoClients from '../../content/scenarios/two-clients.json' with { type: 'json' };
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { World } from '../../src/network/world.ts';
import { packetsIn, packetsSeen } from '../pcap-reader.ts';
import { expect, open, test, type Page } from './fixtures.ts';

const lesson = '/lessons/50-ephemeral-ports/';

/** A simulator of the lesson, awake, and what a learner sees of it. */
async function simulator(page: Page, id: string) {
  const frame = page.locator(`#sim-${id}`);
  await frame.scrollIntoViewIfNeeded();
  await frame.locator('.simulator[data-ready]').waitFor();
  const button = (name: string | RegExp) => frame.getByRole('button', { name });
  return {
    frame,
    button,
    page: (port: 80 | 443) =>
      frame
        .locator('.open button')
        .filter({ hasText: String(port) })
        .first(),
    clock: frame.locator('.clock'),
    caption: frame.locator('.picture .caption'),
    packets: frame.locator('.packet'),
    rows: (table: number) => frame.getByRole('table').nth(table).locator('tbody tr[aria-rowindex]'),
    said: frame.locator('.announcement'),
    problem: frame.locator('.problem'),
    picture: frame.locator('.picture'),
    ports: async () =>
      (await frame.locator('.packet').first().locator('.port-badge').allTextContents()).map(Number),
  };
}

type Simulator = Awaited<ReturnType<typeof simulator>>;

/** Steps on until a socket of the client is in this state. */
async function stepUntil(sim: Simulator, state: string): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    if ((await sim.rows(0).filter({ hasText: state }).count()) > 0) return;
    await sim.button('One step on').click();
  }
  throw new Error(`no ${state}`);
}

test('nothing has happened before a learner has said what will', async ({ page }) => {
  for (const [path, id] of [
    ['/lessons/30-listening/', 'mail-and-time'],
    [lesson, 'your-line-again'],
    [lesson, 'several-pages'],
    [lesson, 'two-clients'],
    [lesson, 'two-servers'],
  ] as const) {
    await open(page, path);
    const sim = await simulator(page, id);
    await expect(sim.clock).toHaveText('0 ms');
    await expect(sim.packets).toHaveCount(0);
    await expect(sim.rows(0)).toHaveCount(0);
    await expect(sim.frame.locator('.tables')).toContainText(/LISTEN/);
  }
});

test('a press opens what was pressed, and nothing of the script comes between', async ({
  page,
}) => {
  await open(page, lesson);
  const sim = await simulator(page, 'several-pages');
  await sim.frame.getByText('×10').click();
  await sim.page(80).click();
  await sim.button('To the end').click();
  await expect(sim.caption).toContainText('10 connections are open');
  await expect(sim.frame.locator('.tables')).toContainText('ESTAB 10');
  await sim.button('As the lesson gave it').click();
  await sim.button('One step on').click();
  await expect(sim.rows(0)).toHaveCount(1);
});

test('a call that fails is seen: button, caption, number line, reasons', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await open(page, lesson);
  const sim = await simulator(page, 'two-servers');
  await sim.frame.evaluate((frame) => {
    frame.scrollIntoView({ block: 'start', behavior: 'instant' });
  });
  await sim.frame.getByLabel('Speed').selectOption('tenth');
  await sim.button('Play').click();
  await expect(sim.caption).toContainText('EADDRNOTAVAIL');
  await expect(sim.clock).toHaveText('120 ms');
  await expect(sim.button('Play')).toBeVisible();
  for (const sign of [
    sim.caption,
    sim.frame.locator('.open .failed'),
    sim.frame.locator('.client.failed'),
    sim.frame.getByText('no number free for this destination'),
    sim.frame.locator('.why').getByText('It began at 40000'),
  ]) {
    await expect(sign).toBeInViewport({ ratio: 0.9 });
  }
  await sim.button('One step on').click();
  await expect(sim.frame.locator('.failed')).toHaveCount(0);
});

test('a page that is opened comes to what is there', async ({ page }) => {
  await open(page, '/');
  const sim = await simulator(page, 'first-page');
  await expect(sim.caption).toContainText('Time stands still');
  await expect(sim.clock).toHaveText('15 ms');
  const first = await sim.rows(0).first().locator('.port-badge').first().textContent();
  await sim.page(443).click();
  await sim.button('Pause').click();
  await expect(sim.rows(0)).toHaveCount(2);
  await expect(sim.rows(0).filter({ hasText: String(first) })).toHaveCount(1);
});

test('a client asks for what its server offers', async ({ page }) => {
  await open(page, '/lessons/30-listening/');
  const sim = await simulator(page, 'mail-and-time');
  await expect(sim.frame.locator('.open button')).toContainText([
    /mail→25/,
    /time→123/,
    /fetch mail→110/,
  ]);
  await sim.frame.locator('.open button').nth(1).click();
  await expect(sim.said).toContainText('sends a datagram to port 123');
  await sim.button('Pause').click();
  await expect(sim.rows(0).filter({ hasText: 'udp' })).toHaveCount(1);
});

test.describe('with a mouse', () => {
  test('a page is opened, its ports swap on the way back, it is closed and waits', async ({
    page,
  }) => {
    await open(page, lesson);
    const sim = await simulator(page, 'several-pages');
    await sim.button('Empty').click();
    await sim.page(80).click();
    await sim.button('Pause').click();
    await sim.button('To the start').click();
    await sim.button('One step on').click();
    await expect(sim.clock).toHaveText('5 ms');
    const [client, server] = await sim.ports();
    expect(server).toBe(80);
    await sim.button('One step on').click();
    await sim.button('One step on').click();
    await expect(sim.clock).toHaveText('15 ms');
    expect(await sim.ports()).toEqual([80, client]);
    await stepUntil(sim, 'ESTAB');
    await sim.button('To the end').click();
    await sim.button('Close all').click();
    await sim.button('Pause').click();
    await stepUntil(sim, 'TIME-WAIT');
    await expect(sim.rows(0).first()).toContainText(/TIME-WAIT\s*60 s/);
    for (let step = 0; step < 2; step += 1) await sim.button('One step on').click();
    await expect(sim.rows(1)).toHaveCount(2);
    await sim.button('To the end').click();
    await expect(sim.rows(0)).toHaveCount(0);
  });

  test('“why this port?” shows range, rule and candidates', async ({ page }) => {
    await open(page, lesson);
    const sim = await simulator(page, 'several-pages');
    await sim.page(443).click();
    await sim.button('Pause').click();
    await sim
      .button(/^Why \d+\?$/)
      .first()
      .click();
    await expect(sim.frame.locator('.why')).toContainText('32768–60999: 28,232 numbers');
    await expect(sim.frame.locator('.why .chosen')).toHaveCount(1);
  });

  test('where no port was free, the reasons say so', async ({ page }) => {
    await open(page, lesson);
    const sim = await simulator(page, 'two-servers');
    await sim.button('To the end').click();
    await sim.frame.getByRole('tab', { name: 'Why no port?' }).click();
    await expect(sim.frame.locator('.why')).toContainText('looked at every candidate (1)');
    await expect(sim.frame.locator('.why')).toContainText('in use for this server and port');
    await expect(sim.frame.locator('.why .chosen')).toHaveCount(0);
  });

  test('an action in the past begins another story, and undo brings the first back', async ({
    page,
  }) => {
    await open(page, lesson);
    const sim = await simulator(page, 'several-pages');
    await sim.button('Empty').click();
    await sim.page(80).click();
    await sim.button('To the end').click();
    await sim.page(443).click();
    await sim.button('To the end').click();
    await expect(sim.rows(0)).toHaveCount(2);
    await sim.button('To the start').click();
    await sim.page(443).click();
    await expect(sim.said).toContainText('The story goes on from here');
    const place = () =>
      sim.button('Undo').evaluate((button) => button.getBoundingClientRect().top + scrollY);
    // A message of fewer lines and a story of fewer sockets move nothing.
    const before = await place();
    await sim.button('Undo').click();
    await expect(sim.said).toContainText('Undone');
    expect(Math.abs((await place()) - before)).toBeLessThan(0.25);
    await sim.button('To the end').click();
    await expect(sim.rows(0)).toHaveCount(2);
  });

  test('another system picks from another range', async ({ page }) => {
    await open(page, lesson);
    const sim = await simulator(page, 'several-pages');
    await sim.button('One step on').click();
    await sim.frame.getByLabel('System of Client').selectOption('windows');
    await expect(sim.frame.locator('div.ports')).toContainText('49152–65535');
    const port = sim.rows(0).first().locator('.port-badge').first();
    await expect.poll(async () => Number(await port.textContent())).toBeGreaterThanOrEqual(49_152);
  });
});

test('a prediction is asked for before the reply is read, and answered by the engine', async ({
  page,
}) => {
  await open(page, lesson);
  const sim = await simulator(page, 'your-line-again');
  await sim.button('Play').click();
  const card = sim.frame.getByRole('group', { name: 'Predict first' });
  await expect(card).toBeVisible();
  await expect(card).toBeFocused();
  await expect(sim.packets.first()).toContainText('?');
  const socket = sim.frame.locator('.tables tbody tr[aria-rowindex] .port-badge').first();
  const client = Number(await socket.textContent());
  await card.getByRole('button', { name: new RegExp(`from\\s*${client}`) }).click();
  await expect(card).toContainText('Look again.');
  await card.getByRole('button', { name: new RegExp(`from\\s*443.*to\\s*${client}`) }).click();
  await expect(card).toContainText('Yes.');
  expect(await sim.ports()).toEqual([443, client]);
  await card.getByRole('button', { name: 'Go on' }).click();
  await expect(card).toBeHidden();
  await expect(sim.rows(0).filter({ hasText: 'ESTAB' })).toHaveCount(1);
});

test('a question moves nothing, is in sight with its segment, and holds the focus', async ({
  browser,
}) => {
  const phone = { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } } as const;
  const context = await browser.newContext(phone);
  const page = await context.newPage();
  await open(page, lesson);
  const sim = await simulator(page, 'your-line-again');
  const table = sim.frame.locator('.tables');
  const place = () => table.evaluate((element) => element.getBoundingClientRect().top + scrollY);
  const before = await place();
  await sim.button('Play').tap();
  const card = sim.frame.getByRole('group', { name: 'Predict first' });
  await expect(card).toBeFocused();
  await expect(card).toBeInViewport({ ratio: 0.99 });
  await expect(sim.packets.locator('.body').first()).toBeInViewport({ ratio: 0.99 });
  // The answer is not to be read below it.
  await expect(table).toBeHidden();
  // Lines of text and the place reserved for them differ by a hundredth or so of a pixel.
  expect(Math.abs((await place()) - before)).toBeLessThan(0.25);
  await context.close();
});

test('every number of a socket is on the screen, at every width', async ({ page }) => {
  for (const width of [320, 360, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await open(page, lesson);
    const sim = await simulator(page, 'several-pages');
    await sim.button('Empty').click();
    await sim.page(443).click();
    await sim.button('Pause').click();
    for (let step = 0; step < 5; step += 1) await sim.button('One step on').click();
    await sim.button('Close all').click();
    await sim.button('Pause').click();
    await stepUntil(sim, 'TIME-WAIT');
    const covered = await sim.frame.locator('.tables').evaluate((tables) =>
      [...tables.querySelectorAll('td .port-badge, td b, td span')]
        .filter((part) => part.textContent !== '')
        .filter((part) => {
          part.scrollIntoView({ block: 'center', behavior: 'instant' });
          const box = part.getBoundingClientRect();
          return [box.left + 1, box.right - 1].some((x) => {
            const top = document.elementFromPoint(x, (box.top + box.bottom) / 2);
            return top === null || !(part.contains(top) || top.contains(part));
          });
        })
        .map((part) => part.textContent),
    );
    expect(covered, `${width} px`).toEqual([]);
  }
});

test('the keyboard alone opens, stops, steps, jumps, and leaves other keys to the page', async ({
  page,
}) => {
  await open(page, lesson);
  const sim = await simulator(page, 'several-pages');
  await sim.page(80).focus();
  await page.keyboard.press('Enter');
  await expect(sim.said).toContainText('Its source port is');
  await sim.picture.focus();
  await page.keyboard.press('Space');
  await expect(sim.button('Play')).toBeVisible();
  await page.keyboard.press('Home');
  await expect(sim.clock).toHaveText('0 ms');
  await page.keyboard.press('ArrowRight');
  await expect(sim.clock).toHaveText('5 ms');
  await page.keyboard.press('ArrowLeft');
  await expect(sim.clock).toHaveText('0 ms');
  await page.keyboard.press('End');
  await expect(sim.caption).toContainText('Nothing is on its way');
  // A field keeps its keys, and so does the page.
  await sim.button('Streams, hosts, seed').click();
  await sim.frame.getByLabel('Seed', { exact: true }).fill('12');
  await page.keyboard.press('Home');
  await page.keyboard.type('3');
  await expect(sim.frame.getByLabel('Seed', { exact: true })).toHaveValue('312');
  await page.locator('h1').click();
  const before = await sim.clock.textContent();
  await page.keyboard.press('ArrowRight');
  await expect(sim.clock).toHaveText(before ?? '');
});

test.describe('with a finger', () => {
  test.use({ hasTouch: true, viewport: { width: 360, height: 740 } });

  test('the menu of a line of sockets leads to why this port, and closes', async ({ page }) => {
    await open(page, lesson);
    const sim = await simulator(page, 'two-clients');
    await sim.frame.locator('.controls input[type="checkbox"]').uncheck();
    await sim.page(80).tap();
    await sim.button('Pause').click();
    await stepUntil(sim, 'ESTAB');
    const openMenu = () => sim.frame.locator('button.dots').first().click();
    await openMenu();
    await sim.frame.locator('.menu button').first().click();
    await expect(sim.frame.getByRole('tab').nth(1)).toHaveAttribute('aria-selected', 'true');

    await sim.frame.getByRole('tab').first().click();
    await openMenu();
    await sim.frame
      .locator('.menu')
      .getByRole('button', { name: /^Close/ })
      .click();
    // Not broken off: what has just arrived is there before the press.
    await stepUntil(sim, 'FIN-WAIT');
  });

  test('a page is opened and time is held', async ({ page }) => {
    await open(page, lesson);
    const sim = await simulator(page, 'several-pages');
    await sim.page(80).tap();
    await sim.button('Pause').tap();
    await sim.button('One step on').tap();
    await expect(sim.rows(0)).toHaveCount(1);
    for (const button of [sim.page(80), sim.button('Play'), sim.button('Close all')]) {
      const box = await button.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);

    // In full screen all of it is scrolled, and the way out lies on nothing.
    await sim.button('Full screen').tap();
    await sim.frame.locator('.simulator.wide').waitFor();
    const covered = await sim.frame.locator('.corner').evaluate((corner) => {
      const { left, right, top, bottom } = corner.getBoundingClientRect();
      const others = '.stage, .time, .ports, [role=tab], .tables, .controls button';
      return [...document.querySelectorAll(`.simulator.wide :is(${others})`)]
        .map((one) => ({ one, box: one.getBoundingClientRect() }))
        .filter(
          ({ box }) => box.left < right && box.right > left && box.top < bottom && box.bottom > top,
        )
        .map(({ one }) => one.className);
    });
    expect(covered).toEqual([]);
  });
});

test('a link leads to the same moment, and a damaged one says so', async ({ page }) => {
  await open(page, lesson);
  const sim = await simulator(page, 'several-pages');
  await sim.page(443).click();
  await sim.button('Pause').click();
  await sim.button('To the start').click();
  await sim.button('One step on').click();
  await expect.poll(() => new URL(page.url()).hash).toContain('#sim-several-pages=1~mdw');
  const [url, ports] = [page.url(), await sim.ports()];
  await page.goto('about:blank');
  await page.goto(url);
  const again = await simulator(page, 'several-pages');
  await expect(again.frame).toBeInViewport();
  await expect(again.clock).toHaveText('5 ms');
  expect(await again.ports()).toEqual(ports);
  await page.goto('about:blank');
  await page.goto(`${lesson}#sim-several-pages=1~mzz~q`);
  const damaged = await simulator(page, 'several-pages');
  await expect(damaged.problem).toContainText('could not be read');
  await page.goto(`${lesson}#watch-one`);
  await expect(page.locator('#watch-one')).toBeInViewport();
});

test('a number that was just chosen flies to its row, once, and not under reduced motion', async ({
  page,
}) => {
  for (const [motion, flown] of [
    ['no-preference', 1],
    ['reduce', 0],
  ] as const) {
    await page.emulateMedia({ reducedMotion: motion });
    await open(page, lesson);
    const sim = await simulator(page, 'several-pages');
    // Whatever flies is gone after a moment: it is counted as it comes.
    const seen = await sim.frame.locator('.simulator').evaluateHandle((element) => {
      const numbers: string[] = [];
      new MutationObserver((records) => {
        for (const node of records.flatMap(({ addedNodes }) => [...addedNodes]))
          if (node instanceof Element && node.matches('.flight')) numbers.push(node.textContent);
      }).observe(element, { childList: true, subtree: true });
      return numbers;
    });
    await sim.page(443).click();
    await expect(sim.rows(0)).toHaveCount(1);
    await expect(sim.caption).not.toHaveText('');
    // What lets it fly is loaded first.
    await expect.poll(() => seen.jsonValue()).toHaveLength(flown);
    await sim.button('Pause').click();
    await expect(sim.frame.locator('.flight')).toHaveCount(0);
    const numbers = await seen.jsonValue();
    expect(numbers).toHaveLength(flown);
    const row = await sim.rows(0).textContent();
    for (const number of numbers) expect(row).toContain(number);
  }
});

test('with reduced motion nothing slides: segments stay in the middle', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, lesson);
  const sim = await simulator(page, 'several-pages');
  await sim.button('Empty').click();
  // Each place that a segment is ever drawn at, however long the browser takes.
  await page.evaluate(() => {
    const places = new Set<string>();
    const look = () => {
      for (const packet of document.querySelectorAll<HTMLElement>('.packet'))
        places.add(packet.style.getPropertyValue('--along'));
    };
    const watched = {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['style'],
    };
    new MutationObserver(look).observe(document.body, watched);
    Object.assign(window, { places });
  });
  await sim.page(80).click();
  await expect(sim.rows(0).filter({ hasText: 'ESTAB' })).toHaveCount(1);
  const places = await page.evaluate(() => [
    ...(window as unknown as { places: ReadonlySet<string> }).places,
  ]);
  expect(places).toEqual(['0.5']);
});

test('two thousand connections stay a bounded page', async ({ page }, info) => {
  await open(page, lesson);
  const sim = await simulator(page, 'several-pages');
  await sim.button('Empty').click();
  await sim.button('Streams, hosts, seed').click();
  await sim.frame.getByLabel('Steady stream').last().selectOption('500');
  await sim.frame.getByLabel('leave them open').check();
  const start = sim.frame.getByRole('button', { name: 'Start', exact: true });
  await start.click();
  // Shown before it has been run to its end: the end is there all the same.
  await expect(sim.button('Pause')).toBeVisible();
  await sim.button('To the end').click();
  await expect(sim.caption).toContainText('2,000 connections are open');
  await sim.button('Undo').click();
  await start.click();
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map((entry) => entry.duration));
    }).observe({ entryTypes: ['longtask'] });
    Object.assign(globalThis, { longTasks: tasks });
  });
  await sim.frame.getByLabel('Speed').selectOption('real');
  await expect(sim.caption).toContainText('2,000 connections are open', { timeout: 60_000 });
  expect(await sim.frame.locator('*').count()).toBeLessThan(1200);
  await expect(sim.rows(0)).toHaveCount(8);
  await sim.frame
    .getByRole('table')
    .first()
    .locator('..')
    .evaluate((box) => {
      box.scrollTop = box.scrollHeight;
    });
  await expect(sim.frame.locator('tr[aria-rowindex="2001"]')).toHaveCount(1);
  const longTasks = await page.evaluate(() => Reflect.get(globalThis, 'longTasks') as number[]);
  info.annotations.push({ type: 'long tasks (ms)', description: longTasks.join(', ') });
});

test('the text twin tells the same, on paper from beginning to end', async ({ page }) => {
  await open(page, lesson);
  const sim = await simulator(page, 'several-pages');
  await sim.button('Empty').click();
  await sim.page(80).click();
  await sim.button('To the end').click();
  const port = await sim.rows(0).first().locator('.port-badge').first().textContent();
  await sim.frame.getByRole('tab', { name: 'The same in words' }).click();
  const twin = sim.frame.locator('.twin');
  await expect(twin).toContainText(`picks port ${port} as source port`);
  await expect(twin.getByRole('table')).toContainText(`10.0.0.2:${port}`);
  const untouched = await simulator(page, 'two-servers');
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  for (const part of [twin, sim.frame.locator('.tables'), untouched.frame.locator('.twin')])
    await expect(part).toBeVisible();
  const strip = untouched.frame.locator('.ports:visible');
  await expect(strip).toHaveCount(1);
  await expect(strip.locator('text.waiting').first()).toHaveText('40000');
  await expect(untouched.rows(0).filter({ hasText: 'TIME-WAIT' })).toHaveCount(2);
  const lines = untouched.frame.locator('.twin li');
  await expect(lines.first()).toContainText('ip_local_port_range');
  await expect(lines.filter({ hasText: 'EADDRNOTAVAIL' })).toHaveCount(1);
  await expect(untouched.frame.locator('.twin')).not.toContainText('earlier events');
  const told = await untouched.frame.locator('.twin').innerText();

  // Who prints without having scrolled there gets the same.
  await page.emulateMedia({ media: 'screen' });
  await open(page, lesson);
  await page.emulateMedia({ media: 'print' });
  const asleep = page.locator('#sim-two-servers');
  await expect(asleep.locator('.simulator')).not.toHaveAttribute('data-ready');
  await expect(asleep.locator('.ports:visible text.waiting').first()).toHaveText('40000');
  await expect(asleep.locator('.ports:visible')).toHaveCount(1);
  await expect(asleep.locator('.tables')).toBeHidden();
  expect(await asleep.locator('.twin').innerText()).toBe(told);
  await open(page, './');
  const home = page.locator('#sim-first-page');
  await expect(home.locator('.twin')).toContainText('TIME-WAIT');
  for (const part of ['.packet', '.count']) await expect(home.locator(part).first()).toBeHidden();
});

test('a story is taken out as a capture, packet by packet', async ({ page }) => {
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.js')) scripts.push(request.url());
  });
  await open(page, lesson);
  const sim = await simulator(page, 'two-clients');
  await sim.button('Seed, capture').click();
  const button = sim.button('Download as pcap');
  await expect(button).toBeVisible();
  expect(scripts.filter((url) => url.includes('/capture'))).toEqual([]);
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(download.suggestedFilename()).toBe('port-dojo.pcap');
  const world = new World(parseScenario(twoClients));
  world.runToEnd();
  const clients = twoClients.hosts.flatMap((host) => ('listen' in host ? [] : [host.address]));
  const wanted = packetsSeen(world.trace, clients);
  expect(packetsIn(await readFile(await download.path(), 'latin1'))).toEqual(wanted);
  await expect(sim.said).toContainText(`${wanted.length} packets`);
});
