/**
 * Messages with places to fill, in the browser: `{port}` takes a value, `{n|port|ports}` chooses a
 * form by the number `n` (two forms: one and other; a language without plurals writes one form).
 * Unlike the pages' own `fill` it never throws: a widget must not stop over a word.
 */

export type Values = Readonly<Record<string, string | number>>;

/** Fills the places of a message; a place without a value stays visible. */
export function fill(message: string, values: Values): string {
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

/** A quantity with groups of three. Port numbers are names and are never grouped. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
