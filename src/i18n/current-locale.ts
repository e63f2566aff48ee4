/** The language of the page that is being rendered, for components that no page hands it to. */

import { defaultLocale, locales } from './locales.ts';
import type { LocaleCode } from './locales.ts';

/** @param astro the component's `Astro`; Astro reads the language off the page's address. */
export function currentLocale(astro: { readonly currentLocale: string | undefined }): LocaleCode {
  return locales.find(({ code }) => code === astro.currentLocale)?.code ?? defaultLocale;
}
