import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpackWoff, writeFontSets } from './font-sets.ts';

const packed = readFileSync(
  'node_modules/@fontsource/lexend-exa/files/lexend-exa-latin-400-normal.woff',
);

/** The tables of a TrueType font, by name. */
function tablesOf(font: Buffer): ReadonlyMap<string, Buffer> {
  const rows = Array.from({ length: font.readUInt16BE(4) }, (_, index) => 12 + index * 16);
  return new Map(
    rows.map((row) => {
      const start = font.readUInt32BE(row + 8);
      const name = font.toString('latin1', row, row + 4);
      return [name, font.subarray(start, start + font.readUInt32BE(row + 12))];
    }),
  );
}

/** The checksum of a table (OpenType, "Calculating checksums"). */
function checksum(table: Buffer): number {
  let sum = 0;
  for (let place = 0; place < table.length; place += 4) {
    const word = Buffer.alloc(4);
    table.copy(word, 0, place, Math.min(place + 4, table.length));
    sum = (sum + word.readUInt32BE(0)) >>> 0;
  }
  return sum;
}

describe('a font taken out of a WOFF file', () => {
  it('has every table where its directory says, with the checksum that the directory names', () => {
    const font = unpackWoff(packed);
    expect(font.readUInt32BE(0)).toBe(packed.readUInt32BE(4));
    expect(font.length).toBe(packed.readUInt32BE(16));
    const tables = tablesOf(font);
    expect([...tables.keys()]).toEqual(expect.arrayContaining(['cmap', 'glyf', 'head', 'name']));
    for (const [index, [name, table]] of [...tables].entries()) {
      // The head table holds a sum over the whole file, so its own is made without that.
      const bytes = Buffer.from(table);
      if (name === 'head') bytes.writeUInt32BE(0, 8);
      expect(checksum(bytes), name).toBe(font.readUInt32BE(12 + index * 16 + 4));
    }
  });

  it('is refused where the file is something else', () => {
    expect(() => unpackWoff(Buffer.from('wOF2 and more'))).toThrow('not a WOFF 1.0 file');
  });
});

it('a set that is there stays as it is under the browsers that use it, and a damaged one is replaced', () => {
  const folder = mkdtempSync(join(tmpdir(), 'font-sets-'));
  try {
    const usable = writeFontSets(folder).filter(({ config }) => 'file' in config);
    const files = usable.map(({ name }) => join(folder, name, 'fonts.conf'));
    const before = files.map((file) => statSync(file).ino);
    writeFontSets(folder);
    expect(files.map((file) => statSync(file).ino)).toEqual(before);
    for (const file of files) {
      const whole = readFileSync(file);
      writeFileSync(file, 'cut');
      writeFontSets(folder);
      expect(readFileSync(file)).toEqual(whole);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
