/** Pages of running text: content/pages/<locale>/<name>.mdx. */

import type { MDXInstance } from 'astro';
import * as v from 'valibot';
import type { LocaleCode } from '../i18n/locales.ts';

const frontmatterSchema = v.strictObject({
  title: v.pipe(v.string(), v.minLength(1)),
  description: v.pipe(v.string(), v.minLength(1)),
});

const texts = import.meta.glob<MDXInstance<Record<string, unknown>>>(
  '../../content/pages/*/*.mdx',
  { eager: true },
);

/** The text of a page in a language, ready to be placed. Throws when there is none. */
export function pageText(locale: LocaleCode, name: string) {
  const text = texts[`../../content/pages/${locale}/${name}.mdx`];
  if (!text) throw new Error(`There is no content/pages/${locale}/${name}.mdx`);
  const { title, description } = v.parse(frontmatterSchema, text.frontmatter);
  return { title, description, Content: text.Content };
}
