/**
 * Runs a TypeScript file of this project:
 * `node scripts/run-typescript.mjs [--with-check-packages] FILE [ARGUMENT …]`.
 * Node strips the types itself from 22.18 on. Where the Node at hand is older, the one that the
 * dependencies bring runs the file; where that is not installed yet, it is installed first, with
 * every message on standard error, so that standard output holds the file's own output alone.
 * A file that imports what only the checks need says so, and has that installed too.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findCurrentNode } from './setup/current-node.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [first, ...rest] = process.argv.slice(2);
const needsCheckPackages = first === '--with-check-packages';
const command = needsCheckPackages ? rest : process.argv.slice(2);
const node = needsCheckPackages
  ? ensureDependencies(root, 'check')
  : (findCurrentNode(root) ?? ensureDependencies(root, 'serve'));
const { status, error } = spawnSync(node, command, { stdio: 'inherit' });
if (error) console.error(error.message);
process.exit(status ?? 1);
