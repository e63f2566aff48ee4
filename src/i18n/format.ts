/** Messages with places to fill, and sentences in a row. */

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

/** Quotation marks of the first level, and those within them. */
const innerMarks: Readonly<Record<string, string>> = { '“': '‘', '”': '’', '「': '『', '」': '』' };

/** Fills a message that puts what it is given in quotation marks: quotations within it get the inner marks. */
export function fillQuoted(message: string, values: Readonly<Record<string, string>>): string {
  const quoted = Object.entries(values).map(([name, text]) => [
    name,
    text.replaceAll(/[“”「」]/g, (mark) => innerMarks[mark] ?? mark),
  ]);
  return fill(message, Object.fromEntries(quoted) as Record<string, string>);
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
