/**
 * Words that no translator would send, for a language that nobody speaks: far longer than English,
 * doubled, with letters that run from right to left, with markup. A page must hold them all and show
 * them as the letters that they are.
 */

/** An element that no page has: one in a page was made out of words. */
export const markupInWords = 'stress-mark';

type Form = (words: string) => string;

const ownLetters: readonly Form[] = [
  (words) => `${words} ${words}`,
  (words) => `${words} Donaudampfschifffahrtsgesellschaft`,
  (words) => `${words} <${markupInWords}>&amp;</${markupInWords}>`,
];
const forms: readonly Form[] = [
  ...ownLetters,
  (words) => `${words} \u05E9\u05DC\u05D5\u05DD \u0639\u0627\u0644\u0645`,
];

/** STRESS_TURN=1 (2, 3) gives every text its next form: together they are all that can be. */
const turn = Number(process.env['STRESS_TURN'] ?? 0);

/** A number that hangs on the letters of a text alone. */
function numberOf(text: string): number {
  let number = 0;
  for (let at = 0; at < text.length; at += 1)
    number = (number * 31 + text.charCodeAt(at)) % 1_000_003;
  return number;
}

/**
 * The same words under stress; places to be filled stay as they are.
 * @param name of the words: what form they take hangs on it alone, so that a new text changes no other
 * @param isDrawn whether the font of the pictures for links must have their letters
 */
export function stressed(words: string, name: string, isDrawn = false): string {
  // The site's own name is the same in every language.
  if (words.trim() === '' || words === 'Port Dojo') return words;
  const possible = isDrawn ? ownLetters : forms;
  return (possible[(numberOf(name) + turn) % possible.length] ?? String)(words);
}
