/**
 * The dependencies: are the ones that package-lock.json names in node_modules, and putting them
 * there. Plain JavaScript without dependencies, because it runs first, on whatever Node is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCurrentNode } from './current-node.mjs';

/**
 * What of a lock file is missing from what npm noted when it last installed.
 * Optional packages (those of other platforms) may be absent.
 * @param {{ packages?: Record<string, { version?: string, optional?: boolean, devOptional?: boolean }> }} wanted package-lock.json
 * @param {{ packages?: Record<string, { version?: string }> }} installed node_modules/.package-lock.json
 * @returns {string[]} the paths of the packages that are missing or of another version
 */
export function missingPackages(wanted, installed) {
  return Object.entries(wanted.packages ?? {})
    .filter(([path, { version, optional, devOptional }]) => {
      if (path === '') return false;
      const found = installed.packages?.[path];
      if (found) return found.version !== version;
      return !optional && !devOptional;
    })
    .map(([path]) => path);
}

/**
 * Whether everything that the lock file names, and a Node that is new enough, is there.
 * @param {string} root the folder of package-lock.json
 */
export function areDependenciesInstalled(root) {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note) || findCurrentNode(root) === undefined) return false;
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    return missingPackages(wanted, JSON.parse(readFileSync(note, 'utf8'))).length === 0;
  } catch {
    return false;
  }
}

/**
 * Installs the dependencies unless they are there. npm's own messages and ours go to standard
 * error, so that standard output stays with the command that needed them.
 * Ends the process with a message where it cannot be done.
 * @param {string} root the folder of package-lock.json
 * @returns {string} the path of a Node that runs this project
 */
export function ensureDependencies(root) {
  if (!areDependenciesInstalled(root)) {
    console.error('Installing the dependencies (once; needs the network) …');
    const install = spawnSync(
      'npm',
      ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
      {
        cwd: root,
        stdio: ['ignore', 2, 2],
        shell: process.platform === 'win32',
      },
    );
    if (install.error || install.status !== 0) {
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
