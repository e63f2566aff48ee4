/**
 * Serves the built site: `node scripts/serve.ts [--port N] [--host NAME] [--dir FOLDER]
 * [--base PATH] [--strict-port]`. A taken port gives way to the next free one unless the port is
 * strict.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createSiteServer, listen, normalizeBase } from './serve/static-server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env['PORT'] ?? '4321' },
    host: { type: 'string', default: 'localhost' },
    dir: { type: 'string', default: 'dist' },
    base: { type: 'string', default: process.env['BASE_PATH'] ?? '/' },
    'strict-port': { type: 'boolean', default: false },
  },
});

const wanted = Number(values.port);
if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) {
  console.error(`--port ${values.port}: a port is a whole number from 0 to 65535.`);
  process.exit(2);
}
if (!existsSync(values.dir)) {
  console.error(`There is no folder ${values.dir}: run "npm run build" first.`);
  process.exit(2);
}

const base = normalizeBase(values.base);
const server = createSiteServer({ folder: values.dir, base });
try {
  const tries = values['strict-port'] ? 1 : 20;
  const port = await listen(server, { port: wanted, host: values.host, tries });
  if (port !== wanted && wanted !== 0) {
    console.log(`Port ${String(wanted)} is taken (something listens there already).`);
  }
  const host = values.host.includes(':') ? `[${values.host}]` : values.host;
  console.log(`Port Dojo is at http://${host}:${String(port)}${base}   (Ctrl+C stops it)`);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`Cannot listen on ${values.host} port ${String(wanted)}: ${reason}`);
  console.error('Choose another with "npm start -- --port NUMBER".');
  process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    server.closeAllConnections();
    server.close(() => process.exit(0));
  });
}
