/**
 * Runs a TypeScript file of this project: `node scripts/run-typescript.mjs FILE [ARGUMENT …]`.
 * Node strips the types itself from 22.18 on. Where the Node at hand is older, the one that the
 * dependencies bring runs the file; where that is not installed yet, it is installed first, with
 * every message on standard error, so that standard output holds the file's own output alone.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findCurrentNode } from './setup/current-node.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = findCurrentNode(root) ?? ensureDependencies(root);
const { status, error } = spawnSync(node, process.argv.slice(2), { stdio: 'inherit' });
if (error) console.error(error.message);
process.exit(status ?? 1);
