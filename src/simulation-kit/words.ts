/** What widgets say beside single messages: sentences in a row, and virtual time. */

export { fill, formatCount } from '../i18n/format.ts';

/** Sentences one after another, empty ones left out; after a full stop that carries its own space, none. */
export function inARow(...sentences: readonly string[]): string {
  return sentences
    .filter((sentence) => sentence !== '')
    .reduce(
      (told, next) => (told === '' || /[。：]$/.test(told) ? told + next : `${told} ${next}`),
      '',
    );
}

/** Virtual time as a learner reads it: `12.5 ms`, `1.240 s`, `58.0 s`. */
export function formatTime(ms: number): string {
  if (ms < 1000) return `${ms.toFixed(ms % 1 === 0 ? 0 : 1)} ms`;
  return `${(ms / 1000).toFixed(3)} s`;
}
