/**
 * `npm run fuzz`: a cat on the keyboard. Plays pages of the built site with seeded random pointer,
 * touch, keys, sizes, history, two tabs and a network that goes and comes, and fails on what must
 * never happen. A failure prints its seed and the shortest steps that show it.
 *
 * `--seeds 1-40` which runs (default 1-60); `--steps 80` acts a run; `--minutes 60` goes on with new
 * seeds instead of ending; `--page /lab/range/` only there; `--lanes 2` runs at the same time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from '@playwright/test';
import { isErrorPage, readBuiltSite } from './built-site/pages.ts';
import {
  type Failure,
  type Game,
  play,
  playAtRandom,
  type Setting,
  settingOf,
  type Step,
} from './fuzz/play.ts';
import { shrink } from './fuzz/shrink.ts';
import { createSiteServer, listen } from './serve/static-server.ts';
import { findBrowser, howToGetABrowser, quietBrowserFlags } from './setup/browser.ts';

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1-60' },
    steps: { type: 'string', default: '80' },
    minutes: { type: 'string' },
    page: { type: 'string' },
    lanes: { type: 'string', default: '2' },
  },
});

const mostShrinkingTries = 40;
/** A long play says now and then that it goes on. */
const runsBetweenNews = 25;

/** Kinds of pages that are played, and how often one of each comes by turns: all that can be worked. */
function pathsToPlay(): readonly string[] {
  const pages = readBuiltSite('dist', '/').pages.filter((page) => !isErrorPage(page));
  const works = (page: (typeof pages)[number]) =>
    page.html.includes('<astro-island') || page.path.endsWith('/stage/');
  const rounds = [
    /^\/(ja\/)?embed\//,
    /^\/(ja\/)?lab\//,
    /^\/(ja\/)?practice\//,
    /^\/(ja\/)?lessons\//,
    /^\/(ja\/)?teach\/.*\/stage\/$/,
    /^\/(ja\/)?(ports|inspect|assignment)?\/?$/,
  ].map((kind) => pages.filter((page) => works(page) && kind.test(page.path)));
  // One of each kind in turn, in both languages, until every page has come.
  const longest = Math.max(...rounds.map((round) => round.length));
  return Array.from({ length: longest }, (_, turn) =>
    rounds.flatMap((round) => round[(turn * 7) % round.length]?.path ?? []),
  ).flat();
}

function described({ act, aim }: Step): string {
  const { do: kind, ...rest } = act;
  if (aim !== undefined) return `${kind} ${aim}`;
  return [kind, ...Object.values(rest).map((value) => JSON.stringify(value))].join(' ');
}

function isSame(one: Failure | undefined, other: Failure): boolean {
  const plain = (text: string) => text.replace(/\d+(\.\d+)?/g, '#').slice(0, 120);
  return one?.kind === other.kind && plain(one.what) === plain(other.what);
}

/** Says what failed, with the fewest steps. */
async function report(
  browser: Browser,
  origin: string,
  setting: Setting,
  { steps, failure }: Game,
): Promise<void> {
  if (failure === undefined) return;
  const again = async (some: readonly Step[]) =>
    isSame((await play(browser, origin, setting, some)).failure, failure);
  const isRepeated = await again(steps);
  const fewest = isRepeated ? await shrink(steps, again, mostShrinkingTries) : steps;
  console.log(
    [
      `✗ seed ${String(setting.seed)}: ${failure.kind}: ${failure.what}`,
      `  ${setting.path}, ${setting.isPhone ? 'phone' : 'desktop'}, ${setting.isDark ? 'dark' : 'light'}`,
      isRepeated ? '  the shortest steps:' : '  it did not fail a second time; all steps:',
      ...fewest.map((step, place) => `    ${String(place + 1)}. ${described(step)}`),
      `  again: npm run fuzz -- --seeds ${String(setting.seed)} --steps ${options.steps}`,
    ].join('\n'),
  );
}

async function main(): Promise<number> {
  const executablePath = findBrowser('shell');
  if (executablePath === undefined) throw new Error(howToGetABrowser);
  const { page } = options;
  const paths = page === undefined ? pathsToPlay() : [page];
  const [first = 1, last = first] = options.seeds.split('-').map(Number);
  const steps = Number(options.steps);
  const end =
    options.minutes === undefined ? undefined : Date.now() + Number(options.minutes) * 6e4;

  const server = createSiteServer({ folder: 'dist', base: '/' });
  const port = await listen(server, { port: 0, host: 'localhost', tries: 1 });
  const origin = `http://localhost:${String(port)}`;
  let seed = first;
  let runs = 0;
  let failures = 0;
  const next = () => {
    if (end === undefined ? seed > last : Date.now() > end) return undefined;
    return seed++;
  };
  const lane = async () => {
    const launch = () => chromium.launch({ executablePath, args: [...quietBrowserFlags] });
    let browser = await launch();
    try {
      for (let mine = next(); mine !== undefined; mine = next()) {
        const setting = settingOf(mine, paths);
        const game = await playAtRandom(browser, origin, setting, steps);
        runs += 1;
        if (end !== undefined && runs % runsBetweenNews === 0)
          console.log(`– ${String(runs)} runs, ${String(failures)} failed`);
        if (game.failure === undefined) continue;
        failures += 1;
        await report(browser, origin, setting, game);
        if (game.failure.kind !== 'hang') continue;
        // It may be the browser itself that no longer answers.
        void browser.close().catch(() => undefined);
        browser = await launch();
      }
    } finally {
      await browser.close();
    }
  };
  await Promise.all(
    Array.from({ length: Number(options.lanes) }, async (_, place) => {
      await sleep(place * 200);
      await lane();
    }),
  );
  server.closeAllConnections();
  server.close();
  console.log(
    `${String(runs)} runs of ${String(steps)} acts from seed ${String(first)}: ${String(failures)} failed`,
  );
  return failures;
}

process.exitCode = (await main()) > 0 ? 1 : 0;
