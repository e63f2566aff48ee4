/**
 * Reads a number as people type one: full-width digits, spaces, thousands separators, a decimal
 * point. Unicode's compatibility form (NFKC, UAX #15) turns full-width characters into plain ones.
 */

/** Space, apostrophes, underscore and both commas, where they stand between groups of three digits. */
const grouped = /^-?\d{1,3}(?:[ ,'’_、]\d{3})+(?:\.\d+)?$/u;
const plain = /^-?\d+(?:\.\d+)?$/;

/** @returns the number, or null where the text is none ("http", "1,23", ""). */
export function readNumber(text: string): number | null {
  const tidy = text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[−‐‑–]/gu, '-')
    .trim();
  const digits = grouped.test(tidy) ? tidy.replaceAll(/[ ,'’_、]/gu, '') : tidy;
  return plain.test(digits) ? Number(digits) : null;
}
