/**
 * The browser tests: an installed Chromium against the built site, served twice, at the root and
 * below a base path. `npm run build` first; `npm test` does all of it.
 */
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { basePath, basePathFolder } from './scripts/checks/checks.ts';
import { fontSetEnvironment, writeFontSets } from './scripts/setup/font-sets.ts';
import { findBrowser, howToGetABrowser, quietBrowserFlags } from './scripts/setup/browser.ts';

const executablePath = findBrowser('shell');
if (executablePath === undefined) throw new Error(howToGetABrowser);

// Workers read this file too and inherit the environment: all agree on the ports found first.
process.env['CHROME_PATH'] = executablePath;
const port = (process.env['E2E_PORT'] ??= await findFreePort());
const basePort = (process.env['E2E_BASE_PORT'] ??= await findFreePort());

const serve = (where: string): string =>
  `"${process.execPath}" scripts/serve.ts ${where} --strict-port`;

const launchOptions = { executablePath, args: [...quietBrowserFlags] };

/** What is held with other fonts than the machine's own. */
const fontTests = ['layout.spec.ts', 'seen-whole.spec.ts'];
/**
 * Which fonts change which pages: `bare` has no Japanese font and changes them all. A simulator is
 * seen whole (`@whole-`) in English with bare fonts, in Japanese with those that have its letters.
 */
const testsOfSet: Readonly<Record<string, { grep?: RegExp; grepInvert?: RegExp }>> = {
  bare: { grepInvert: /@whole-ja/ },
  japanese: { grep: /@(whole-)?ja/ },
  wide: { grep: /@en/ },
};

const fontProjects = writeFontSets('.cache/fonts').flatMap(({ name, config }) => {
  if ('missing' in config) {
    // Once, not in each worker too.
    if (process.env['TEST_WORKER_INDEX'] === undefined)
      console.log(`– layout with the fonts "${name}": not run, because ${config.missing}`);
    return [];
  }
  return [
    {
      name: `fonts-${name}`,
      testMatch: fontTests,
      ...testsOfSet[name],
      use: { launchOptions: { ...launchOptions, env: fontSetEnvironment(config.file) } },
    },
  ];
});

// Where no set can be had, layouts are held with the machine's own fonts.
const site = fontProjects.length > 0 ? { testIgnore: fontTests } : {};

export default defineConfig({
  projects: [{ name: 'site', ...site }, ...fontProjects],
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  // A visit waits for the network as long as it computes: half as many again as there are cores.
  workers: Math.max(2, Math.ceil(availableParallelism() * 1.5)),
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  // Nothing is held against a clock: these limits only end what would never end.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://localhost:${port}/`,
    browserName: 'chromium',
    launchOptions,
    actionTimeout: 15_000,
    // What the worker keeps would come between a test and its requests; offline.spec.ts lets it in.
    serviceWorkers: 'block',
    // Tracing every test costs a third of the run: E2E_TRACE=1 keeps one of each that fails.
    trace: process.env['E2E_TRACE'] === '1' ? 'retain-on-failure' : 'off',
  },
  webServer: [
    {
      command: serve(`--dir dist --base / --port ${port}`),
      url: `http://localhost:${port}/`,
      reuseExistingServer: false,
    },
    // A run of one test by hand may do without the second build.
    ...(existsSync(basePathFolder)
      ? [
          {
            command: serve(`--dir ${basePathFolder} --base ${basePath} --port ${basePort}`),
            url: `http://localhost:${basePort}${basePath}`,
            reuseExistingServer: false,
          },
        ]
      : []),
  ],
});

function findFreePort(): Promise<string> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, 'localhost', () => {
      const address = probe.address();
      const found = typeof address === 'object' && address !== null ? String(address.port) : '';
      probe.close(() => {
        resolve(found);
      });
    });
  });
}
