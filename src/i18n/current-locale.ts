/** The language of the page that is being rendered, for components that no page hands it to. */

import { defaultLocale, locales } from './locales.ts';
import type { LocaleCode } from './locales.ts';

interface Rendering {
  /** Astro reads it off the page's address. */
  readonly currentLocale: string | undefined;
  readonly locals: { readonly lesson?: { readonly locale: LocaleCode } | undefined };
}

/**
 * Inside a lesson the language of the lesson, which differs from its page's where it is not
 * translated yet.
 * @param astro the component's `Astro`
 */
export function currentLocale({ currentLocale: page, locals }: Rendering): LocaleCode {
  return locals.lesson?.locale ?? locales.find(({ code }) => code === page)?.code ?? defaultLocale;
}
