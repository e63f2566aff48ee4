/**
 * What the tests import in Vite's own ways, for Node: a file's text with `?raw`, and
 * `import.meta.glob` of texts and JSON that are read at once.
 */

import { globSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const self = import.meta.url;

/** A stand-in for `import.meta.glob`, called by the file at that URL. */
export function globFrom(url: string) {
  return (
    pattern: string,
    { eager, query }: { readonly eager?: boolean; readonly query?: string },
  ): Record<string, unknown> => {
    if (eager !== true) throw new Error(`${pattern}: only eager globs can be read here.`);
    const root = process.cwd();
    const folder = dirname(fileURLToPath(url));
    const isOfRoot = pattern.startsWith('/');
    const full = isOfRoot ? `${root}${pattern}` : resolve(folder, pattern);
    const paths = globSync(full).sort();
    return Object.fromEntries(
      paths.map((path) => {
        const text = readFileSync(path, 'utf8');
        const name = isOfRoot ? `/${relative(root, path)}` : relative(folder, path);
        return [name, query === '?raw' ? text : (JSON.parse(text) as unknown)];
      }),
    );
  };
}

/** From now on such imports work in this process. */
export function readAsVite(): void {
  registerHooks({
    load(url, context, next) {
      if (url.endsWith('?raw')) {
        const text = readFileSync(fileURLToPath(url.slice(0, -'?raw'.length)), 'utf8');
        const source = `export default ${JSON.stringify(text)};`;
        return { format: 'module', source, shortCircuit: true };
      }
      const loaded = next(url, context);
      if (loaded.source == null || !url.endsWith('.ts') || url === self) return loaded;
      const source = Buffer.from(loaded.source as Uint8Array).toString('utf8');
      if (!source.includes('import.meta.glob')) return loaded;
      const stand = `import.meta.glob = viteGlobFrom(import.meta.url);`;
      return {
        ...loaded,
        source: `import { globFrom as viteGlobFrom } from '${self}'; ${stand} ${source}`,
      };
    },
  });
}
