/** Every lab of content/labs, for pages: read and checked while the site is built. */

import type { LocaleCode } from '../../i18n/locales.ts';
import { labIn, type LabFile, type LabInLanguage } from '../../schemas/lab.ts';
import { readLabFile } from '../labs/lab-file.ts';

const texts: Readonly<Record<string, string>> = import.meta.glob<string>('/content/labs/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const files: readonly LabFile[] = Object.entries(texts).map(([path, text]) =>
  readLabFile(text, path.slice(1)),
);

/** In their order. */
export function labsIn(locale: LocaleCode): readonly LabInLanguage[] {
  return files.map((file) => labIn(file, locale)).sort((one, other) => one.number - other.number);
}

/** @throws Error where there is no such lab. */
export function labById(id: string, locale: LocaleCode): LabInLanguage {
  const lab = labsIn(locale).find((one) => one.id === id);
  if (lab !== undefined) return lab;
  const known = labsIn(locale).map((one) => one.id);
  throw new Error(`There is no lab "${id}". There are: ${known.join(', ')}.`);
}
