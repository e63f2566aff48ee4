/** The manual pages of the simulated machine, content/man, for pages. Build time and tests only. */

import { defaultLocale, type LocaleCode } from '../i18n/locales.ts';

export interface Manual {
  /** The command. */
  readonly name: string;
  /** The whole page, as `man` prints it. */
  readonly text: string;
}

const texts = import.meta.glob<string>('/content/man/*/*.txt', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** All manual pages of a language by name; in the default language where one is not translated. */
export function manualsIn(locale: LocaleCode): readonly Manual[] {
  const folder = (code: LocaleCode) => `/content/man/${code}/`;
  return Object.keys(texts)
    .filter((path) => path.startsWith(folder(defaultLocale)))
    .map((path) => path.slice(folder(defaultLocale).length, -'.txt'.length))
    .toSorted()
    .map((name) => {
      const text =
        texts[`${folder(locale)}${name}.txt`] ?? texts[`${folder(defaultLocale)}${name}.txt`] ?? '';
      return { name, text };
    });
}
