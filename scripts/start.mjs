/**
 * `npm start`: installs what is needed (only when something is), builds the site, serves it on
 * this machine and prints the address. `npm start -- --port 8080 --host 0.0.0.0` chooses where.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentWithCurrentNode } from './setup/current-node.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = ensureDependencies(root, 'serve');
const env = { ...environmentWithCurrentNode(root), ASTRO_TELEMETRY_DISABLED: '1' };

// Built aside and put in place when it is whole: a site that is being served stays whole meanwhile.
const aside = join('.cache', `start-${process.pid}`);

console.log('Building the site …');
const build = spawnSync(node, ['node_modules/astro/bin/astro.mjs', 'build', '--outDir', aside], {
  cwd: root,
  env,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
if (build.error || build.status !== 0) {
  console.error(build.stdout, build.stderr);
  console.error('The site could not be built; the reason is above.');
  rmSync(join(root, aside), { recursive: true, force: true });
  process.exit(1);
}
const [built, site, before] = [aside, 'dist', `${aside}-before`].map((name) => join(root, name));
if (existsSync(site)) renameSync(site, before);
renameSync(built, site);
rmSync(before, { recursive: true, force: true });

const server = spawn(node, ['scripts/serve.ts', ...process.argv.slice(2)], {
  cwd: root,
  env,
  stdio: 'inherit',
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => server.kill(signal));
}
server.on('exit', (code) => {
  process.exitCode = code ?? 0;
});
