/**
 * The dependencies: are the ones that package-lock.json names in node_modules, and putting them
 * there. Building and serving need fewer than the checks do (package.json: "dependencies" and
 * "devDependencies"), so `npm start` is content with the first. Plain JavaScript without
 * dependencies, because it runs first, on whatever Node is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCurrentNode, isNewEnough } from './current-node.mjs';

/**
 * @typedef {{ packages?: Record<string, { version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean }> }} Lock
 * A package-lock.json, or what npm noted when it last installed: node_modules/.package-lock.json.
 * @typedef {'serve' | 'check'} Purpose
 * What the packages are for: building and serving the site, or running every check.
 */

/**
 * What of a lock file is missing from what npm noted when it last installed.
 * Optional packages (those of other platforms) may be absent, and so may those that only the
 * checks need where the site is merely served.
 * @param {Lock} wanted package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json
 * @param {Purpose} purpose
 * @returns {string[]} the paths of the packages that are missing or of another version
 */
export function missingPackages(wanted, installed, purpose) {
  return Object.entries(wanted.packages ?? {})
    .filter(([path, { version, dev, optional, devOptional }]) => {
      if (path === '' || (dev && purpose === 'serve')) return false;
      const found = installed.packages?.[path];
      if (found) return found.version !== version;
      return !optional && !devOptional;
    })
    .map(([path]) => path);
}

/**
 * How npm is called. Packages that only the checks need stay where they are there already: a
 * `npm start` after `npm test` takes nothing away. A first install follows the lock file from an
 * empty folder; a later one only adds what is missing.
 * @param {object} state
 * @param {Purpose} state.purpose
 * @param {Lock | undefined} state.installed what npm noted, where it installed before
 * @param {string} state.nodeVersion the version of the Node at hand, such as "v24.1.0"
 * @param {NodeJS.Platform} state.platform
 * @returns {string[]} npm's arguments
 */
export function installArguments({ purpose, installed, nodeVersion, platform }) {
  const packages = Object.values(installed?.packages ?? {});
  const wantsAll = purpose === 'check' || packages.some(({ dev }) => dev);
  // The one install script that is needed fetches a newer Node. On Windows it always runs: an
  // unfinished "node" there would come before the real one.
  const needsScripts = !isNewEnough(nodeVersion) || platform === 'win32';
  return [
    ...(installed === undefined ? ['ci'] : ['install', '--no-save']),
    wantsAll ? '--include=dev' : '--omit=dev',
    ...(needsScripts ? [] : ['--ignore-scripts']),
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
}

/**
 * @param {string} file
 * @returns {Lock | undefined} undefined where the file is not there or cannot be read
 */
function readLock(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} root the folder of package-lock.json */
const readInstalled = (root) => readLock(join(root, 'node_modules', '.package-lock.json'));

/**
 * Whether everything that the lock file names for this purpose, and a Node that is new enough, is
 * there.
 * @param {string} root the folder of package-lock.json
 * @param {Purpose} purpose
 */
function areDependenciesInstalled(root, purpose) {
  const [wanted, installed] = [readLock(join(root, 'package-lock.json')), readInstalled(root)];
  if (!wanted || !installed || findCurrentNode(root) === undefined) return false;
  return missingPackages(wanted, installed, purpose).length === 0;
}

/**
 * Installs the dependencies unless they are there. npm's own messages and ours go to standard
 * error, so that standard output stays with the command that needed them.
 * Ends the process with a message where it cannot be done.
 * @param {string} root the folder of package-lock.json
 * @param {Purpose} purpose
 * @returns {string} the path of a Node that runs this project
 */
export function ensureDependencies(root, purpose) {
  if (!areDependenciesInstalled(root, purpose)) {
    console.error('Installing the dependencies (once; needs the network) …');
    let isDone = install(root, purpose, readInstalled(root));
    // What was there may be too damaged to be added to: then everything comes fresh.
    if (!isDone) isDone = install(root, purpose, undefined);
    if (!isDone) {
      console.error(
        'The dependencies could not be installed. "npm ci" in this folder shows why; ' +
          'the usual reason is a missing network connection.',
      );
      process.exit(1);
    }
  }
  const node = findCurrentNode(root);
  if (node === undefined) {
    console.error(
      `Port Dojo needs Node 22.18 or newer and this is ${process.version}. The "node" package brings ` +
        'one when npm may run its install script: run "npm ci --foreground-scripts" to see what ' +
        'kept it from doing so, or install a newer Node.',
    );
    process.exit(1);
  }
  return node;
}

/**
 * @param {string} root
 * @param {Purpose} purpose
 * @param {Lock | undefined} installed
 * @returns {boolean} whether npm ended well and what the lock file names is there
 */
function install(root, purpose, installed) {
  const { version: nodeVersion, platform } = process;
  const npm = installArguments({ purpose, installed, nodeVersion, platform });
  const { status } = spawnSync('npm', npm, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: platform === 'win32',
  });
  if (status !== 0) return false;
  const [wanted, now] = [readLock(join(root, 'package-lock.json')), readInstalled(root)];
  return (
    wanted !== undefined &&
    now !== undefined &&
    missingPackages(wanted, now, purpose).length === 0 &&
    (installed === undefined || findCurrentNode(root) !== undefined)
  );
}
