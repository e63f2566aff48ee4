/** Messages with places to fill, and numbers as a language writes them. */

import type { LocaleCode } from './locales.ts';

/**
 * Fills `{name}` places of a message. A place without a value, or a value without a place, is a
 * mistake of ours and throws.
 */
export function fill(message: string, values: Readonly<Record<string, string | number>>): string {
  const unused = new Set(Object.keys(values));
  const filled = message.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`No value for {${name}} in "${message}"`);
    unused.delete(name);
    return String(value);
  });
  if (unused.size > 0) throw new Error(`No place for ${[...unused].join(', ')} in "${message}"`);
  return filled;
}

/** A quantity with the language's grouping: 28232 → "28,232". Port numbers are names: never group them. */
export function formatNumber(locale: LocaleCode, value: number): string {
  return new Intl.NumberFormat(locale).format(value);
}
