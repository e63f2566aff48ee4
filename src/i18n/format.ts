/** Messages with places to fill, sentences in a row, and numbers as a language writes them. */

import { defaultLocale, locales, type LocaleCode } from './locales.ts';

/**
 * Fills the places of a message: `{port}` takes a value, `{n|port|ports}` chooses a form by the
 * number `n` (two forms: one and other; a language without plurals writes one form). A place without
 * a value stays visible, since no page must stop over a word; tests/site/pages.test.ts finds it.
 */
export function fill(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(
    /\{(\w+)(?:\|([^{}|]*)\|([^{}|]*))?\}/g,
    (place, name: string, one, other) => {
      const value = values[name];
      if (value === undefined) return place;
      if (other === undefined) return String(value);
      // A quantity that is written already has its language's grouping.
      const count = typeof value === 'number' ? value : Number(value.replaceAll(/\D/g, ''));
      return String(count === 1 ? one : other);
    },
  );
}

/** Sentences one after another, empty ones left out; after a full stop that carries its own space, none. */
export function inARow(...sentences: readonly string[]): string {
  return sentences
    .filter((sentence) => sentence !== '')
    .reduce(
      (told, next) => (told === '' || /[。：]$/.test(told) ? told + next : `${told} ${next}`),
      '',
    );
}

const formats = new Map<string, Intl.NumberFormat>();

/** What is known of a page in a browser; nothing of it while pages are built. */
interface InBrowser {
  readonly document?: { readonly documentElement: { readonly lang: string } };
}

/** The language of the page that a browser shows; the default one where there is no browser. */
function readersLocale(): LocaleCode {
  const lang = (globalThis as InBrowser).document?.documentElement.lang;
  return locales.find(({ code }) => code === lang)?.code ?? defaultLocale;
}

/**
 * A number as a language writes it.
 * @param locale what is rendered while the site is built says it; in a browser it is the page's
 * @param options what Intl.NumberFormat takes: a percentage, places after the point
 */
export function formatNumber(
  value: number,
  locale: LocaleCode = readersLocale(),
  options: Intl.NumberFormatOptions = {},
): string {
  const key = `${locale} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, format);
  return format.format(value);
}

/**
 * A quantity with the language's grouping: 28232 → "28,232". Port numbers are names: never group them.
 * @param locale as `formatNumber` takes it
 */
export function formatCount(value: number, locale?: LocaleCode): string {
  return formatNumber(value, locale);
}
