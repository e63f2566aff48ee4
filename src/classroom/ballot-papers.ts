/**
 * Any question as something that hands can answer. A choice is one ballot. A number is a ballot of the
 * values that people give, in order of size. Of pairs, each left side is a ballot over the right sides;
 * of an order, each place but the last is a ballot over the items.
 */

import type { QuestionView } from '../quiz/question-view.ts';
import type { BallotPaper } from './vote.ts';

export interface BallotWords {
  /** With `{place}`. */
  readonly ordered: string;
}

/** @param plain makes a text of a text with marks. */
export function ballotPapers(
  { key, parts, partners, explanations }: QuestionView,
  words: BallotWords,
  plain: (text: string) => string,
): readonly BallotPaper[] {
  const texts = parts.map(({ text }) => plain(text));
  const placesOf = (ids: readonly string[]) =>
    ids.map((id) => parts.findIndex((part) => part.id === id)).toSorted((a, b) => a - b);
  switch (key.kind) {
    case 'choice':
      return [{ title: '', options: texts, right: placesOf([key.answer]) }];
    case 'several':
      return [{ title: '', options: texts, right: placesOf(key.answer) }];
    case 'number': {
      const values = explanations
        .filter(({ about }) => about === 'right' || about.startsWith('='))
        .map(({ about, label }) => ({
          label,
          isRight: about === 'right',
          value: about === 'right' ? key.answer : Number(about.slice(1)),
        }))
        .toSorted((a, b) => a.value - b.value);
      return [
        {
          title: '',
          options: values.map(({ label }) => label),
          right: [values.findIndex(({ isRight }) => isRight)],
        },
      ];
    }
    case 'order':
      return key.answer.slice(0, -1).map((id, place) => ({
        title: words.ordered.replace('{place}', String(place + 1)),
        options: texts,
        right: placesOf([id]),
      }));
    case 'match':
      return parts.map(({ id, text }) => ({
        title: plain(text),
        options: partners.map((partner) => plain(partner.text)),
        right: [partners.findIndex((partner) => partner.id === key.answer[id])],
      }));
  }
}
