/**
 * Firefox and WebKit for the tests that run in them: what is installed, or what apt installs. Both
 * are driven through the standard protocols that Debian's own packages speak, no builds of browsers
 * are downloaded.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where WebKit is: the engine of Safari in a small browser of Gnome's, and what drives it. */
export interface WebKitPrograms {
  readonly driver: string;
  readonly browser: string;
  /** It has no mode without a screen, so it gets one in memory. */
  readonly screen: string;
}

function onPath(names: readonly string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'];
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** The path of a Firefox, if there is one; FIREFOX_PATH names one. */
export function findFirefox(): string | undefined {
  const named = process.env['FIREFOX_PATH'];
  if (named !== undefined && named !== '') return named;
  if (process.platform === 'linux') {
    const found = onPath(['firefox-esr', 'firefox']);
    // Some systems put a script in its place that only says how to install it.
    const starts = (path: string) =>
      spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
    return found !== undefined && starts(found) ? found : undefined;
  }
  const usual = [
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  ];
  return usual.find((path) => existsSync(path));
}

/** The programs of WebKitGTK, if all are there; Linux only. */
export function findWebKit(): WebKitPrograms | undefined {
  if (process.platform !== 'linux') return undefined;
  const driver = onPath(['WebKitWebDriver']);
  const screen = onPath(['Xvfb']);
  const [browser] = globSync('/usr/lib{,64,exec}/{*/,}webkit2gtk-4.{1,0}/MiniBrowser').toSorted();
  return driver && screen && browser ? { driver, browser, screen } : undefined;
}

/**
 * Installs what is missing where that can be done without asking (root and apt), and says of each
 * engine that is still missing what would bring it.
 */
export function ensureOtherEngines(say: (line: string) => void): void {
  const packages = [
    ...(findFirefox() ? [] : ['firefox-esr']),
    ...(findWebKit() ? [] : ['webkit2gtk-driver', 'xvfb']),
  ];
  if (packages.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say(`Installing ${packages.join(', ')} with apt-get …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const stdio: ['ignore', 2, 2] = ['ignore', 2, 2];
    spawnSync('apt-get', ['update', '-qq'], { env, stdio });
    // One by one: a system that lacks one of them may have the other.
    for (const wanted of packages)
      spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', wanted], {
        env,
        stdio,
      });
  }
  if (findFirefox() === undefined)
    say('– Firefox: not tried, because there is none ("apt-get install firefox-esr" on Debian)');
  if (findWebKit() === undefined)
    say(
      '– WebKit: not tried, because it is not there ("apt-get install webkit2gtk-driver xvfb" on Debian)',
    );
}
