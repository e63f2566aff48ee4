/**
 * The questions that leave the site as files: every item that practice asks about, each with a few
 * variants from fixed seeds, so that the same sources give the same questions.
 */

import type { LocaleCode } from '../../i18n/locales.ts';
import { askingFrom } from '../asking.ts';
import { deskItems, practiceData, type PracticeLesson } from '../practice-data.ts';
import type { Key } from '../engine/question.ts';
import type { PracticeQuestion } from '../practice-question.ts';

/** A question that another program can ask: all but commands, which a machine must judge. */
export type PortableQuestion = PracticeQuestion & { readonly key: Key };

const isPortable = (question: PracticeQuestion): question is PortableQuestion =>
  question.key.kind !== 'command';

export interface ExportedQuestion {
  /** `reply-ports/both#2`: the item and which of its variants, from 1; never changes. */
  readonly id: string;
  readonly lesson: Pick<PracticeLesson, 'slug' | 'number' | 'title'>;
  readonly question: PortableQuestion;
}

/** How many variants of an item are taken at the most. */
export const variantsEach = 3;

/** How often another seed is tried before an item is taken to have no further variant. */
const TRIES = 12;

const same = ({ prompt, screen, key, parts }: PracticeQuestion): string =>
  JSON.stringify([prompt, screen, key, parts.map(({ id, text }) => `${id} ${text}`).toSorted()]);

/** A build asks for the same ones for each file and for the page that lists them. */
const known = new Map<string, readonly ExportedQuestion[]>();

/**
 * @param lessons those that are there; items of others are left out.
 * @returns in the order of the course; variants of an item differ in more than the order of options.
 * @throws Error where a word is missing: a mistake of ours.
 */
export function exportedQuestions(
  locale: LocaleCode,
  lessons: readonly PracticeLesson[],
): readonly ExportedQuestion[] {
  const key = JSON.stringify([locale, lessons]);
  const questions = known.get(key) ?? drawnQuestions(locale, lessons);
  known.set(key, questions);
  return questions;
}

function drawnQuestions(
  locale: LocaleCode,
  lessons: readonly PracticeLesson[],
): readonly ExportedQuestion[] {
  const ask = askingFrom(practiceData(locale, lessons));
  return deskItems(lessons).flatMap(({ id: item, lesson: slug }) => {
    const lesson = lessons.find((one) => one.slug === slug);
    if (!lesson) return [];
    const variants = drawnVariants((seed) => ask(item, seed));
    return variants.filter(isPortable).map((question, place) => ({
      id: `${item}#${String(place + 1)}`,
      lesson: { slug, number: lesson.number, title: lesson.title },
      question,
    }));
  });
}

function drawnVariants(draw: (seed: number) => PracticeQuestion): readonly PracticeQuestion[] {
  const found = new Map<string, PracticeQuestion>();
  for (let seed = 1; seed <= TRIES && found.size < variantsEach; seed++) {
    const question = draw(seed);
    const key = same(question);
    if (!found.has(key)) found.set(key, question);
  }
  return [...found.values()];
}
