/** The lessons of content/lessons, read as src/lesson-kit/lesson-parts.ts reads them. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { locales } from '../../src/i18n/locales.ts';
import { readLesson, type LessonFile } from '../../src/lesson-kit/lesson-parts.ts';

const root = new URL('../../', import.meta.url);

/** All lessons of content/lessons, by language and slug. */
export function readLessons(): readonly LessonFile[] {
  return locales.flatMap(({ code }) => {
    const folder = `content/lessons/${code}/`;
    if (!existsSync(new URL(folder, root))) return [];
    return readdirSync(new URL(folder, root))
      .filter((name) => name.endsWith('.mdx'))
      .sort()
      .map((name) =>
        readLesson(readFileSync(new URL(folder + name, root), 'utf8'), folder + name, code),
      );
  });
}
