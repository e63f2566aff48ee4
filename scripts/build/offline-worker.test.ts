import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listSiteFiles, writeWorker } from './offline-worker.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'built-'));
  mkdirSync(join(folder, '_astro'));
  mkdirSync(join(folder, 'course'));
  writeFileSync(join(folder, '_astro/a.js'), 'import{x}from"./b.js";const y=()=>import("./c.js");');
  writeFileSync(join(folder, '_astro/b.js'), 'export const x=1;const m=()=>import(`./machine.js`)');
  writeFileSync(join(folder, '_astro/machine.js'), 'import"./shell.js";');
  writeFileSync(join(folder, '_astro/shell.js'), `//${'x'.repeat(300_000)}`);
  writeFileSync(join(folder, '_astro/c.js'), 'export const z=1;');
  writeFileSync(join(folder, 'data.json'), '{}');
  writeFileSync(
    join(folder, 'course/index.html'),
    '<a href="/x/other/"></a><astro-island component-url="/x/_astro/a.js" ' +
      'props="{&quot;from&quot;:[0,&quot;/x/data.json&quot;]}"></astro-island><p>"/etc/hosts.txt"</p>',
  );
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the list of a built site', () => {
  it('has every file once, with what it needs, and not the worker', async () => {
    await writeWorker(folder, '/x/');
    const files = await listSiteFiles(folder, '/x/');
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual([
      '_astro/a.js',
      '_astro/b.js',
      '_astro/c.js',
      '_astro/machine.js',
      '_astro/shell.js',
      'course/index.html',
      'data.json',
    ]);
    const needsOf = (path: string) =>
      files.find((file) => file.path === path)?.needs.map((place) => paths[place]);
    // What a script loads when asked as well, but nothing that is heavy.
    expect(needsOf('_astro/a.js')).toEqual(['_astro/b.js', '_astro/c.js']);
    expect(needsOf('_astro/b.js')).toEqual([]);
    expect(needsOf('_astro/machine.js')).toEqual(['_astro/shell.js']);
    expect(needsOf('course/index.html')).toEqual(['_astro/a.js', 'data.json']);
  });

  it('changes with the content of a file, and only then', async () => {
    const worker = () => readFileSync(join(folder, 'sw.js'), 'utf8');
    await writeWorker(folder, '/x/');
    const before = worker();
    await writeWorker(folder, '/x/');
    expect(worker()).toBe(before);
    writeFileSync(join(folder, 'data.json'), '{"a":1}');
    await writeWorker(folder, '/x/');
    expect(worker()).not.toBe(before);
  });
});
