/**
 * A Chromium for the browser tests and the measurements: one that is installed, then the one that
 * Playwright keeps, then what the platform lets us install. The tests prefer a headless shell, the
 * same engine without the windows and services of a whole browser: a third of the processor time.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

/** Debian's name and the maker's. */
const shellNames = ['chromium-headless-shell', 'chrome-headless-shell'];

const wholeNames = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
];

/** Where installers put it on systems that have no command for it on the path. */
const usualPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'].flatMap((name) => {
    const inside = `Applications/${name}.app/Contents/MacOS/${name}`;
    return [`/${inside}`, join(process.env['HOME'] ?? '/', inside)];
  }),
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((variable) => {
    const folder = process.env[variable];
    if (folder === undefined) return [];
    return [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Chromium', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ];
  }),
  linux: ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium'],
};

/** Started as itself it must not reach for its maker's servers: tests see every request. */
export const quietBrowserFlags = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
] as const;

/** `shell`: a headless shell where there is one, else a whole browser. `whole`: a whole one first. */
export type BrowserKind = 'shell' | 'whole';

/** The path of a Chromium, Chrome or Edge that starts, if there is one. */
export function findBrowser(kind: BrowserKind): string | undefined {
  const named = process.env['CHROME_PATH'];
  if (named !== undefined && named !== '') return named;
  const shells = onPath(shellNames);
  const whole = [
    ...onPath(wholeNames),
    ...(usualPlaces[process.platform] ?? []),
    chromium.executablePath(),
  ];
  const places = kind === 'shell' ? [...shells, ...whole] : [...whole, ...shells];
  return places.find((path) => path !== '' && existsSync(path) && starts(path));
}

function onPath(names: readonly string[]): readonly string[] {
  if (process.platform === 'win32') return [];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** Some systems put a script in the browser's place that only says how to install it. */
function starts(path: string): boolean {
  if (process.platform !== 'linux') return true;
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

/**
 * Finds a browser, or installs one; undefined where neither can be done. Where Debian's headless
 * shell can be had, the tests get it even if a whole browser is there: they last half as long.
 */
export function ensureBrowser(kind: BrowserKind, say: (line: string) => void): string | undefined {
  const found = findBrowser(kind);
  const hasWanted = found !== undefined && (kind === 'whole' || /headless[-_]shell/.test(found));
  if (hasWanted || (found !== undefined && process.env['CHROME_PATH'])) return found;

  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const wanted = kind === 'shell' ? 'chromium-headless-shell' : 'chromium';
    say(`Installing ${wanted} with apt-get …`);
    aptGet('update');
    // The fonts that a layout test counts on come as recommendations of the whole browser only.
    aptGet('install', '-y', wanted, 'fonts-dejavu-core', 'fonts-liberation');
    if (findBrowser(kind) === undefined) aptGet('install', '-y', 'chromium');
    const installed = findBrowser(kind);
    if (installed !== undefined) return installed;
  }
  if (found !== undefined) return found;

  say('No browser found. Asking Playwright for its Chromium …');
  const playwright = join('node_modules', '@playwright', 'test', 'cli.js');
  spawnSync(process.execPath, [playwright, 'install', 'chromium'], { stdio: ['ignore', 2, 2] });
  return findBrowser(kind);
}

/** Without a network it gives up after some time: a browser that is there does as well. */
function aptGet(...words: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20', ...words], {
    env,
    stdio: ['ignore', 2, 2],
    timeout: 300_000,
  });
}

export const howToGetABrowser =
  'No Chromium, Chrome or Edge was found and none could be installed. Install one ' +
  '(Debian: "apt-get install chromium-headless-shell", or "chromium"; others: your package manager or ' +
  '"npx playwright install chromium"), or name one: CHROME_PATH=/path/to/chrome npm test';
