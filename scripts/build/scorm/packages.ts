/**
 * An Astro integration: when the site is built, writes a SCORM package for each lesson and one for the
 * course, in each language, to `teach/scorm/`.
 */
import type { AstroIntegration } from 'astro';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { defaultLocale, locales } from '../../../src/i18n/locales.ts';
import { scormPackage, type PackagedLesson, type PackagedSite } from './scorm-package.ts';

/** Below the base path. */
const scormFolder = 'teach/scorm';

/** The title of a lesson, read off its front matter, without the marks of code. */
function titleOf(file: string): string {
  const [, head = ''] = /^---\n([\s\S]*?)\n---/.exec(readFileSync(file, 'utf8')) ?? [];
  const { title } = parse(head) as { title: string };
  return title.replaceAll('`', '');
}

function lessonsIn(folder: string, code: string, path: string): readonly PackagedLesson[] {
  return globSync(`content/lessons/${code}/*.mdx`)
    .map((file) => ({ file, slug: /([^/\\]+)\.mdx$/.exec(file)?.[1] ?? '' }))
    .toSorted((a, b) => Number.parseInt(a.slug, 10) - Number.parseInt(b.slug, 10))
    .map(({ file, slug }) => ({
      slug,
      title: titleOf(file),
      path: `${path === '' ? '' : `${path}/`}lessons/${slug}/`,
    }))
    .filter((lesson) => existsSync(join(folder, lesson.path, 'index.html')));
}

/** The languages whose manual pages a package in this one never shows. */
function manualsWithout(code: string): readonly string[] {
  const pages = (of: string) => globSync(`content/man/${of}/*.txt`).map((file) => basename(file));
  const own = pages(code);
  const isWhole = pages(defaultLocale).every((page) => own.includes(page));
  return locales
    .map((locale) => locale.code)
    .filter((other) => other !== code && (isWhole || other !== defaultLocale));
}

export function scormPackages(): AstroIntegration {
  let base = '/';
  let origin: string | null = null;
  return {
    name: 'scorm-packages',
    hooks: {
      'astro:config:done'({ config }) {
        base = `${config.base}/`.replace(/\/{2,}/g, '/');
        // A site that only this machine knows is no place to send learners to.
        const url = config.site === undefined ? null : new URL(config.site);
        origin = url === null || url.hostname === 'localhost' ? null : url.origin;
      },
      'astro:build:done'({ dir, logger }) {
        const folder = fileURLToPath(dir);
        mkdirSync(join(folder, scormFolder), { recursive: true });
        for (const { code, path } of locales) {
          const site: PackagedSite = { folder, base, origin, leftManuals: manualsWithout(code) };
          const lessons = lessonsIn(site.folder, code, path);
          const write = (name: string, title: string, parts: readonly PackagedLesson[]): void => {
            const id = `port-dojo.${name}.${code}`;
            const file = join(site.folder, scormFolder, `${name}.${code}.zip`);
            writeFileSync(file, scormPackage(site, { id, title, lessons: parts }));
          };
          for (const lesson of lessons) write(lesson.slug, lesson.title, [lesson]);
          write('course', 'Port Dojo', lessons);
          logger.info(`${String(lessons.length + 1)} SCORM packages in ${code}`);
        }
      },
    },
  };
}
