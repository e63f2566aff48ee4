/**
 * A Chromium for the browser tests: one that is installed, then the one that Playwright keeps,
 * then what the platform lets us install.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const commandNames = [
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

/** The path of a Chromium, Chrome or Edge that starts, if there is one. */
export function findBrowser(): string | undefined {
  const named = process.env['CHROME_PATH'];
  if (named !== undefined && named !== '') return named;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  const onPath = commandNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  const places = [
    ...(process.platform === 'win32' ? [] : onPath),
    ...(usualPlaces[process.platform] ?? []),
    chromium.executablePath(),
  ];
  return places.find((path) => path !== '' && existsSync(path) && starts(path));
}

/** Some systems put a script in the browser's place that only says how to install it. */
function starts(path: string): boolean {
  if (process.platform !== 'linux') return true;
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

/** Finds a browser, or installs one; undefined where neither can be done. */
export function ensureBrowser(say: (line: string) => void): string | undefined {
  const found = findBrowser();
  if (found !== undefined) return found;

  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    say('No browser found. Installing Chromium with apt-get …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update'], { env, stdio: ['ignore', 2, 2] });
    spawnSync('apt-get', ['install', '-y', 'chromium'], { env, stdio: ['ignore', 2, 2] });
    const installed = findBrowser();
    if (installed !== undefined) return installed;
  }

  say('No browser found. Asking Playwright for its Chromium …');
  const playwright = join('node_modules', '@playwright', 'test', 'cli.js');
  spawnSync(process.execPath, [playwright, 'install', 'chromium'], { stdio: ['ignore', 2, 2] });
  return findBrowser();
}

export const howToGetABrowser =
  'No Chromium, Chrome or Edge was found and none could be installed. Install one ' +
  '(Debian and Ubuntu: "apt-get install chromium"; others: your package manager or ' +
  '"npx playwright install chromium"), or name one: CHROME_PATH=/path/to/chrome npm test';
