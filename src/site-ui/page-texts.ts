/** Pages of running text: content/pages/<locale>/<name>.mdx. */

import type { MDXInstance } from 'astro';
import { defaultLocale, locales, type LocaleCode } from '../i18n/locales.ts';
import { pageTextSchema } from '../schemas/page-text.ts';

const texts = import.meta.glob<MDXInstance<Record<string, unknown>>>(
  '../../content/pages/*/*.mdx',
  { eager: true },
);

/**
 * The text of a page, ready to be placed: in its language, or in the default one where it is not
 * translated yet.
 * @throws Error where there is none.
 */
export function pageText(locale: LocaleCode, name: string) {
  const pathOf = (code: LocaleCode) => `../../content/pages/${code}/${name}.mdx`;
  const availableIn = locales.map(({ code }) => code).filter((code) => pathOf(code) in texts);
  const language = availableIn.includes(locale) ? locale : defaultLocale;
  const text = texts[pathOf(language)];
  if (!text) throw new Error(`There is no content/pages/${language}/${name}.mdx`);
  const { title, description } = pageTextSchema.parse(text.frontmatter);
  return { title, description, language, availableIn, Content: text.Content };
}
