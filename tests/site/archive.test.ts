/** The whole site as one archive: every file of it, and only those. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';

const folder = 'dist';
const archive = 'teach/port-dojo.zip';

it('holds every file of the site in one folder, as it is', () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => path.slice(join(folder, sep).length).split(sep).join('/'))
    .filter((path) => path !== archive);
  const packed: string[] = [];
  const unpacked = unzipSync(readFileSync(join(folder, archive)), {
    filter: ({ name }) => {
      packed.push(name);
      return name === 'port-dojo/index.html' || name === 'port-dojo/sw.js';
    },
  });
  expect(packed.toSorted()).toEqual(files.map((path) => `port-dojo/${path}`).toSorted());
  for (const [name, content] of Object.entries(unpacked))
    expect(Buffer.from(content)).toEqual(readFileSync(join(folder, name.slice(10))));
  expect(Object.keys(unpacked)).toHaveLength(2);
});
