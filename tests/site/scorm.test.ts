/** The SCORM packages of the built site, read back by a reader that is none of ours. */
import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { unzipSync, strFromU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';

const MB = 1_000_000;
const packages = globSync('dist/teach/scorm/*.zip').toSorted();
const lessons = globSync('content/lessons/en/*.mdx').length;

it('are there for each lesson and the course, in each language', () => {
  expect(packages).toHaveLength((lessons + 1) * locales.length);
});

describe.each(packages)('%s', (file) => {
  const bytes = readFileSync(file);
  const files = unzipSync(bytes);
  const names = Object.keys(files);
  const text = (name: string): string => strFromU8(files[name] ?? new Uint8Array());
  const manifest = text('imsmanifest.xml');
  const isCourse = file.includes('course');

  it('weighs at most a megabyte for each lesson in it', () => {
    expect(bytes.length).toBeLessThanOrEqual(MB * (isCourse ? lessons : 1));
  });

  it('has a manifest that names its parts and every file', () => {
    expect(names[0]).toBe('imsmanifest.xml');
    const parts = [...manifest.matchAll(/adlcp:scormtype="sco" href="([^"]+)"/g)].map(
      ([, href]) => href,
    );
    expect(parts).toHaveLength(isCourse ? lessons : 1);
    const named = new Set([...manifest.matchAll(/<file href="([^"]+)"/g)].map(([, href]) => href));
    expect([...named].toSorted()).toEqual(names.slice(1).toSorted());
    for (const part of parts) expect(names).toContain(part);
  });

  it('brings the manual in its own language alone', () => {
    const language = /\.(\w+)\.zip$/.exec(file)?.[1] ?? '';
    const manuals = names.filter((name) => /\/man-\w+\./.test(name));
    expect(manuals.filter((name) => !name.includes(`/man-${language}.`))).toEqual([]);
  });

  it('leads nowhere outside itself, and names no file that it lacks', () => {
    for (const name of names.filter((one) => one.endsWith('.html'))) {
      const html = text(name);
      expect(html).not.toMatch(/(?:src|href|component-url|renderer-url)="\//);
      const wanted = [...html.matchAll(/"\.\/([^"#?&]+)[^"]*"/g)].map(([, path]) => path);
      expect(wanted.filter((path) => path !== undefined && !names.includes(path))).toEqual([]);
      expect(html.indexOf('lms-storage.js')).toBeLessThan(html.indexOf('_astro/'));
    }
  });
});
