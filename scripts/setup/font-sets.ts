/**
 * Sets of fonts that a browser of the tests is started with, so that no layout hangs on what is
 * installed on this machine: fontconfig reads the file that FONTCONFIG_FILE names. Linux only; on
 * other systems the browser asks the system, and the tests under these sets are left out with the
 * reason.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';

export interface FontSet {
  readonly name: string;
  /** The file for FONTCONFIG_FILE, or why this machine cannot have the set. */
  readonly config: { readonly file: string } | { readonly missing: string };
}

/** Debian's chromium brings both: DejaVu, and Liberation in the place of Arial and its kind. */
const bareFolders = [
  '/usr/share/fonts/truetype/dejavu',
  '/usr/share/fonts/truetype/liberation',
] as const;

/** What a set has on top of the bare one: a font from npm, taken wherever a page asks for a sans. */
const sets = [
  { name: 'bare', font: undefined },
  {
    name: 'japanese',
    font: {
      family: 'Kosugi Maru',
      file: '@fontsource/kosugi-maru/files/kosugi-maru-japanese-400-normal.woff',
      isFor: 'ja',
    },
  },
  {
    name: 'wide',
    font: {
      family: 'Lexend Exa',
      file: '@fontsource/lexend-exa/files/lexend-exa-latin-400-normal.woff',
      isFor: 'any',
    },
  },
] as const;

/**
 * Writes the sets below a folder.
 * @param folder where the configurations, the unpacked fonts and fontconfig's cache go
 */
export function writeFontSets(folder: string): readonly FontSet[] {
  return sets.map(({ name, font }) => {
    const missing = whyMissing(font?.file);
    if (missing !== undefined) return { name, config: { missing } };
    const own = resolve(folder, name);
    mkdirSync(join(own, 'fonts'), { recursive: true });
    if (font !== undefined) {
      const packed = readFileSync(join('node_modules', font.file));
      replaceFile(join(own, 'fonts', `${name}.ttf`), unpackWoff(packed));
    }
    const file = join(own, 'fonts.conf');
    replaceFile(file, Buffer.from(configuration(own, font)));
    return { name, config: { file } };
  });
}

/**
 * Leaves a file that is right as it is, and puts a new one in the place of another. Each worker of the
 * tests comes by here, while browsers of others read the fonts in place: one cut short under a browser
 * ends it.
 */
function replaceFile(path: string, content: Buffer): void {
  if (existsSync(path) && readFileSync(path).equals(content)) return;
  const fresh = `${path}.${String(process.pid)}`;
  writeFileSync(fresh, content);
  renameSync(fresh, path);
}

/** The environment of a browser that sees this set's fonts and no others. */
export function fontSetEnvironment(file: string): Record<string, string> {
  const given = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(given), FONTCONFIG_FILE: file };
}

function whyMissing(font: string | undefined): string | undefined {
  if (process.platform !== 'linux') return 'fontconfig chooses the fonts on Linux only';
  const folder = bareFolders.find((one) => !existsSync(one));
  if (folder !== undefined) return `${folder} is not there`;
  if (font !== undefined && !existsSync(join('node_modules', font))) return `${font} is not there`;
  return undefined;
}

function configuration(
  folder: string,
  font: { readonly family: string; readonly isFor: string } | undefined,
): string {
  const folders = [...bareFolders, join(folder, 'fonts')].map((one) => `  <dir>${one}</dir>`);
  const test =
    font?.isFor === 'ja' ? '<test name="lang" compare="contains"><string>ja</string></test>' : '';
  const preferred = ['sans-serif', 'serif', 'system-ui'].map(
    (family) =>
      `  <match target="pattern">${test}<test qual="any" name="family"><string>${family}</string></test>` +
      `<edit name="family" mode="prepend" binding="strong"><string>${font?.family ?? ''}</string></edit></match>`,
  );
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
    '<fontconfig>',
    ...folders,
    '  <include ignore_missing="yes">/etc/fonts/conf.d</include>',
    ...(font === undefined ? [] : preferred),
    `  <cachedir>${join(folder, 'cache')}</cachedir>`,
    '</fontconfig>',
    '',
  ].join('\n');
}

/**
 * A WOFF 1.0 file as the TrueType or OpenType font that it wraps: Chromium takes no wrapped font
 * from the system. Each table is stored as it is or deflated (W3C, WOFF File Format 1.0, section 5).
 * @throws where the file is no WOFF 1.0
 */
export function unpackWoff(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('not a WOFF 1.0 file');
  const count = woff.readUInt16BE(12);
  const power = Math.floor(Math.log2(count));
  const head = Buffer.alloc(12 + count * 16);
  woff.copy(head, 0, 4, 8);
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(2 ** power * 16, 6);
  head.writeUInt16BE(power, 8);
  head.writeUInt16BE((count - 2 ** power) * 16, 10);
  const parts: Buffer[] = [head];
  let place = head.length;
  for (let index = 0; index < count; index += 1) {
    const entry = 44 + index * 20;
    const [start, packed, size] = [4, 8, 12].map((at) => woff.readUInt32BE(entry + at)) as [
      number,
      number,
      number,
    ];
    const stored = woff.subarray(start, start + packed);
    const table = packed < size ? inflateSync(stored) : stored;
    if (table.length !== size) throw new Error('a table of the WOFF file has another length');
    const row = 12 + index * 16;
    woff.copy(head, row, entry, entry + 4);
    woff.copy(head, row + 4, entry + 16, entry + 20);
    head.writeUInt32BE(place, row + 8);
    head.writeUInt32BE(size, row + 12);
    const padding = Buffer.alloc((4 - (size % 4)) % 4);
    parts.push(table, padding);
    place += size + padding.length;
  }
  return Buffer.concat(parts);
}
