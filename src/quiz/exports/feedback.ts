/** What a file says about a question once it is answered: the right answer, and a word on every part. */

import type { PortableQuestion } from './exported-questions.ts';

/** One thing that can be given, whether it is right, and what is said about it. */
export interface ExportedOption {
  readonly text: string;
  readonly isRight: boolean;
  readonly feedback: string;
}

/** The options of a choice, in the order shown. Empty for other kinds. */
export function optionsOf({ key, parts, feedback }: PortableQuestion): readonly ExportedOption[] {
  if (key.kind !== 'choice' && key.kind !== 'several') return [];
  const right: readonly string[] = [key.answer].flat();
  return parts.map(({ id, text }) => ({
    text,
    isRight: right.includes(id),
    feedback: feedback[id] ?? '',
  }));
}

/** Wrong numbers that people give for a reason. */
export function trapsOf({ feedback }: PortableQuestion): readonly (readonly [number, string])[] {
  return Object.entries(feedback).flatMap(([about, text]) =>
    /^=-?\d/.test(about) ? [[Number(about.slice(1)), text] as const] : [],
  );
}

/** Pairs to be matched: those of a match, and for an order each place with what belongs there. */
export function pairsOf({
  key,
  parts,
  partners,
  feedback,
}: PortableQuestion): readonly { left: string; right: string; feedback: string }[] {
  const textOf = (list: PortableQuestion['parts'], id: string): string =>
    list.find((one) => one.id === id)?.text ?? id;
  if (key.kind === 'order') {
    return key.answer.map((id, place) => ({
      left: `${String(place + 1)}.`,
      right: textOf(parts, id),
      feedback: feedback[id] ?? '',
    }));
  }
  if (key.kind !== 'match') return [];
  return parts.map(({ id, text }) => ({
    left: text,
    right: textOf(partners, key.answer[id] ?? ''),
    feedback: feedback[id] ?? '',
  }));
}

/** Right sides that belong to nothing. */
export function unpairedOf({ key, partners }: PortableQuestion): readonly string[] {
  if (key.kind !== 'match') return [];
  const used = new Set(Object.values(key.answer));
  return partners.filter(({ id }) => !used.has(id)).map(({ text }) => text);
}
