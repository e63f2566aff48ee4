/** The languages of the site: one line each. The first is served at the root. */
export const locales = [
  { code: 'en', name: 'English', path: '' },
  { code: 'ja', name: '日本語', path: 'ja' },
] as const;

export type LocaleCode = (typeof locales)[number]['code'];

export const defaultLocale: LocaleCode = 'en';
