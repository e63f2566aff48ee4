/** Pages of running text: content/pages/<locale>/<name>.mdx. */

import type { MDXInstance } from 'astro';
import type { LocaleCode } from '../i18n/locales.ts';
import { pageTextSchema } from '../schemas/page-text.ts';

const texts = import.meta.glob<MDXInstance<Record<string, unknown>>>(
  '../../content/pages/*/*.mdx',
  { eager: true },
);

/** The text of a page in a language, ready to be placed. Throws when there is none. */
export function pageText(locale: LocaleCode, name: string) {
  const text = texts[`../../content/pages/${locale}/${name}.mdx`];
  if (!text) throw new Error(`There is no content/pages/${locale}/${name}.mdx`);
  const { title, description } = pageTextSchema.parse(text.frontmatter);
  return { title, description, Content: text.Content };
}
