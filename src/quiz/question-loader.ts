/** Loads the question files of a folder into a content collection: one entry for each lesson. */

import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Loader } from 'astro/loaders';
import { readQuestionFile } from './question-file.ts';

/** @param folder from the project's root, without a slash at the end. */
export function questionLoader(folder: string): Loader {
  return {
    name: 'questions',
    async load({ store, config, watcher, logger }) {
      const root = new URL(`${folder}/`, config.root);
      const loadAll = async () => {
        const names = await readdir(root).catch(() => []);
        const files = await Promise.all(
          names
            .filter((name) => name.endsWith('.yaml'))
            .map(async (name) => {
              const text = await readFile(new URL(name, root), 'utf8');
              return [
                name.slice(0, -'.yaml'.length),
                readQuestionFile(text, `${folder}/${name}`),
              ] as const;
            }),
        );
        store.clear();
        for (const [id, questions] of files) store.set({ id, data: { questions } });
      };
      await loadAll();
      const path = fileURLToPath(root);
      watcher?.add(path);
      for (const event of ['add', 'change', 'unlink'] as const) {
        watcher?.on(event, (changed: string) => {
          if (!changed.startsWith(path)) return;
          loadAll().catch((error: unknown) => {
            logger.error(error instanceof Error ? error.message : String(error));
          });
        });
      }
    },
  };
}
