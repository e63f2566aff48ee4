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

/**
 * What is held under which fonts. A page in a language has the font that changes it most: a wide Latin
 * one, or Japanese letters; on a phone it has bare fonts, without any Japanese. A simulator is seen
 * whole (`@whole-`) in English with bare fonts, in Japanese with those that have its letters. Words
 * under stress have bare fonts; their long test is not left alone at the end.
 */
const testsUnderFonts: readonly { set: string; testMatch: string; grep?: RegExp }[] = [
  { set: 'bare', testMatch: 'stress-words.spec.ts' },
  { set: 'bare', testMatch: 'layout.spec.ts' },
  { set: 'bare', testMatch: 'seen-whole.spec.ts', grep: /@whole-en/ },
  { set: 'japanese', testMatch: 'seen-whole.spec.ts', grep: /@whole-ja/ },
  { set: 'japanese', testMatch: 'every-page.spec.ts', grep: /@ja/ },
  { set: 'wide', testMatch: 'every-page.spec.ts', grep: /@en/ },
];

const fontSets = writeFontSets('.cache/fonts');
const fontProjects = testsUnderFonts.map(({ set, ...tests }) => {
  const config = fontSets.find(({ name }) => name === set)?.config;
  const name = `${tests.testMatch.replace('.spec.ts', '')}-${set}`;
  if (config !== undefined && 'file' in config) {
    const env = fontSetEnvironment(config.file);
    return { name, ...tests, use: { launchOptions: { ...launchOptions, env } } };
  }
  // Once, not in each worker too.
  if (process.env['TEST_WORKER_INDEX'] === undefined)
    console.log(
      `– ${name}: with this machine's own fonts, because ${config?.missing ?? 'unknown'}`,
    );
  return { name, ...tests };
});

export default defineConfig({
  projects: [
    ...fontProjects,
    { name: 'site', testIgnore: testsUnderFonts.map(({ testMatch }) => testMatch) },
  ],
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  // A visit waits for the network as long as it computes: half as many again as there are cores.
  workers: Math.max(2, Math.ceil(availableParallelism() * 1.5)),
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  // Nothing is held against a clock: these limits only end what would never end.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://localhost:${port}/`,
    browserName: 'chromium',
    launchOptions,
    actionTimeout: 60_000,
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
