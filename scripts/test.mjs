/**
 * `npm test`: installs what is needed (dependencies, a browser) and runs every check.
 * `npm test -- lint types` runs only the checks of these names.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { environmentWithCurrentNode } from './setup/current-node.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = ensureDependencies(root, 'check');
const { status, error } = spawnSync(node, ['scripts/checks/run.ts', ...process.argv.slice(2)], {
  cwd: root,
  env: { ...environmentWithCurrentNode(root), ASTRO_TELEMETRY_DISABLED: '1' },
  stdio: 'inherit',
});
if (error) console.error(error.message);
process.exit(status ?? 1);
