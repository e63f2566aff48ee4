interface LocaleLine {
  /** As in `lang` attributes and in the names of files: BCP 47. */
  readonly code: string;
  /** In the language itself. */
  readonly name: string;
  /** The folder of its pages; the default language is at the root. */
  readonly path: string;
  /** Whether everything is written in it. What another lacks is shown in the default language. */
  readonly isComplete: boolean;
}

/** The languages of the site: one line each. */
const table = [
  { code: 'en', name: 'English', path: '', isComplete: true },
  { code: 'ja', name: '日本語', path: 'ja', isComplete: true },
] as const satisfies readonly LocaleLine[];

export type LocaleCode = (typeof table)[number]['code'];

export const locales: readonly (LocaleLine & { readonly code: LocaleCode })[] = table;

export const defaultLocale = 'en' satisfies LocaleCode;
