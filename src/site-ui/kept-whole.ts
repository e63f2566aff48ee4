/**
 * What is read as one word stays in one line where it fits: a range of ports, and a short command with
 * its blanks, hyphens and slashes. Its element has the class `whole` (src/styles/base.css).
 */

/** `0–1023`, `49152〜65535` */
const range = /(\d{1,5}[–〜]\d{1,5})/;

/** What is longer fills its lines like other words. */
const longest = 40;

/**
 * Words in turns: without a range in them, and a range.
 * @returns as many as there are ranges twice, and one; some may be empty.
 */
export const splitAtRanges = (text: string): readonly string[] => text.split(range);

/** Whether a browser could break this code before its line is full. */
export const isBreakableCode = (code: string): boolean =>
  code.length <= longest && /[^\s-][\s\-/?|&–]+\S/.test(code);
