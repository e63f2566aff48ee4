/** Numbers as a language writes them. */

import { defaultLocale, locales, type LocaleCode } from './locales.ts';

/** The signs of a language that writes digits 0–9 in groups of three, and a share as `12.5%`. */
interface Signs {
  readonly group: string;
  readonly point: string;
}

/**
 * Languages whose numbers are written here. The first number that a browser writes takes it as long as a
 * widget to wake (it reads its tables); it is asked for every other language, and for whatever is rare.
 */
const plainSigns: Readonly<Partial<Record<string, Signs>>> = {
  en: { group: ',', point: '.' },
  ja: { group: ',', point: '.' },
};

/** As Intl.NumberFormat writes it; null where only that knows. */
function written(
  value: number,
  { group, point }: Signs,
  options: Intl.NumberFormatOptions,
): string | null {
  const {
    style = 'decimal',
    useGrouping = true,
    minimumFractionDigits: least = 0,
    maximumFractionDigits: most = Math.max(least, style === 'percent' ? 0 : 3),
    ...rare
  } = options;
  // Smaller ones are written with an exponent.
  const isPlain = value === 0 || (value >= 1e-6 && value < 1e9);
  const isKnown = style === 'decimal' || style === 'percent';
  if (!isPlain || !isKnown || typeof useGrouping !== 'boolean' || Object.keys(rare).length > 0)
    return null;
  // Rounded as it is written: 1.005 is a little less, and no reader sees that.
  const places = most + (style === 'percent' ? 2 : 0);
  const digits = String(Math.round(Number(`${value}e${places}`))).padStart(most + 1, '0');
  const whole = digits.slice(0, digits.length - most);
  let fraction = digits.slice(whole.length);
  while (fraction.length > least && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  const grouped = useGrouping ? whole.replaceAll(/\B(?=(?:\d{3})+$)/g, group) : whole;
  return `${grouped}${fraction && point + fraction}${style === 'percent' ? '%' : ''}`;
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
  const signs = plainSigns[locale];
  const plain = signs === undefined ? null : written(value, signs, options);
  if (plain !== null) return plain;
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
