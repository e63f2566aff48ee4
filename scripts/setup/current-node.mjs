/**
 * A Node that runs this project. Astro 7 needs 22.12, and Node runs TypeScript files as they are
 * from 22.18 on; where the Node at hand is older, the "node" package brings one.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @param {string} version such as "v24.1.0" or "24.1.0"
 */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/**
 * @param {string} root the folder of node_modules
 * @returns {string | undefined} the path of a Node that is new enough, if there is one
 */
export function findCurrentNode(root) {
  if (isNewEnough(process.version)) return process.execPath;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const brought = join(root, 'node_modules', 'node', 'bin', name);
  return existsSync(brought) ? brought : undefined;
}

/**
 * The environment for child processes: a `node` they start by name is the one that the
 * dependencies bring.
 * @param {string} root the folder of node_modules
 */
export function environmentWithCurrentNode(root) {
  const binaries = join(root, 'node_modules', '.bin');
  return { ...process.env, PATH: [binaries, process.env['PATH']].join(delimiter) };
}
