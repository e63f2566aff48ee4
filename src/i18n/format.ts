/** Messages with places to fill, and numbers as a language writes them. */

import { defaultLocale, type LocaleCode } from './locales.ts';

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
      return String(Number(String(value).replaceAll(',', '')) === 1 ? one : other);
    },
  );
}

const formats = new Map<LocaleCode, Intl.NumberFormat>();

/**
 * A quantity with the language's grouping: 28232 → "28,232". Port numbers are names: never group them.
 * @param locale the default language's where it is not at hand; Japanese groups as English does
 */
export function formatCount(value: number, locale: LocaleCode = defaultLocale): string {
  const format = formats.get(locale) ?? new Intl.NumberFormat(locale);
  formats.set(locale, format);
  return format.format(value);
}
