/**
 * What the vocabulary needs to know of the lesson it is in. The page sets it once; the components
 * between the author's words find it here, since a lesson hands nothing on.
 */

import type { LocaleCode } from '../i18n/locales.ts';
import { checkedProps, type VocabularyName } from '../schemas/vocabulary.ts';
import type { Question } from '../schemas/question.ts';
import type { LessonSection } from './section-ids.ts';

export interface LessonContext {
  /** The language of the words. */
  readonly locale: LocaleCode;
  /** The languages in which the lesson is written. */
  readonly availableIn: readonly LocaleCode[];
  readonly slug: string;
  /** The lesson's file, for messages to its author. */
  readonly file: string;
  /** In the order of the question file. */
  readonly questions: readonly Question[];
  readonly sections: readonly LessonSection[];
  /** The ids of the turns that half a figure speaks: the lesson's first and last. */
  readonly figures: readonly string[];
}

interface Part {
  readonly props: object;
  readonly locals: App.Locals;
}

/** @throws Error where a component is outside a lesson. */
export function lessonContext({ locals }: Part): LessonContext {
  if (!locals.lesson) throw new Error('This part of the vocabulary belongs inside a lesson.');
  return locals.lesson;
}

/** The props of a part of the vocabulary, checked; see checkedProps. */
export function authorProps<Name extends VocabularyName>(name: Name, part: Part) {
  return checkedProps(name, part.props, part.locals.lesson?.file ?? 'a lesson');
}
