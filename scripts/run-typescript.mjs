/**
 * Runs a TypeScript file of this project: `node scripts/run-typescript.mjs FILE [ARGUMENT …]`.
 * Node strips the types itself from 22.18 on. Where the Node at hand is older, the one that the
 * dependencies bring runs the file; where that is not installed yet, it is installed first, with
 * every message on standard error, so that standard output holds the file's own output alone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundledNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isNewEnough = major > 22 || (major === 22 && minor >= 18);

if (!isNewEnough && !existsSync(bundledNode)) {
  const install = spawnSync('npm', ['ci'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (install.status !== 0) {
    console.error('Could not install the dependencies. Run "npm ci" to see why.');
    process.exit(1);
  }
}

const node = isNewEnough ? process.execPath : bundledNode;
const { status, error } = spawnSync(node, process.argv.slice(2), { stdio: 'inherit' });
if (error) console.error(error.message);
process.exit(status ?? 1);
