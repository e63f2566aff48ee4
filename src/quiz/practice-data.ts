/** What the pages of practice are given while the site is built. */

import { langAttribute, languageOf, wordsIn } from '../i18n/by-language.ts';
import type { LocaleCode } from '../i18n/locales.ts';
import { t } from '../i18n/messages.ts';
import { localizedPath } from '../i18n/paths.ts';
import { famousPorts } from '../schemas/famous-ports.ts';
import { misconceptions } from '../schemas/misconceptions.ts';
import { practiceWordsIn, type PracticePhrases } from '../schemas/practice-words.ts';
import type { Question } from '../schemas/question.ts';
import { allItems } from './generators/generators.ts';

import { factsOf, serviceNames } from './generators/practice-facts.ts';
import type { PracticeFacts } from './generators/variant.ts';
import type { TerminalWords } from '../terminal/words.ts';
import { questionView, type QuestionView } from './question-view.ts';

/** A lesson that is there, as practice needs it. */
export interface PracticeLesson {
  readonly slug: string;
  readonly number: number;
  readonly title: string;
  readonly questions: readonly Question[];
}

/** One thing to remember, as the page knows it before any question is loaded. */
export interface DeskItem {
  readonly id: string;
  readonly lesson: string;
  /** Where the course explains it: the turn's or the question's id on the lesson's page. */
  readonly turn: string;
}

/** A misconception in one language, with the address of the turn that settles it. */
export interface MisconceptionWords {
  readonly thinks: string;
  readonly truth: string;
  readonly href: string;
  /** The moment of a widget that shows it. */
  readonly shown: string;
  /** Where the words are of another language than the page's. */
  readonly lang?: LocaleCode | undefined;
}

/** What is fetched with the first question. */
export interface PracticeData {
  readonly phrases: Readonly<Record<string, PracticePhrases>>;
  readonly services: Readonly<Record<string, string>>;
  readonly facts: PracticeFacts;
  readonly misconceptions: Readonly<Record<string, MisconceptionWords>>;
  /** The lessons' own questions, by item. */
  readonly checks: Readonly<Record<string, QuestionView>>;
  /** What a machine itself says, for questions answered by a command. */
  readonly machine: TerminalWords;
}

const checkId = (lesson: string, question: string): string => `check/${lesson}/${question}`;

/** Everything that can be remembered, by lesson; within a lesson its own questions last. */
export function deskItems(lessons: readonly PracticeLesson[]): readonly DeskItem[] {
  const generated = allItems(factsOf(famousPorts));
  return lessons.flatMap(({ slug, questions }) => [
    ...generated.filter(({ lesson }) => lesson === slug),
    ...questions.map(({ id }) => ({ id: checkId(slug, id), lesson: slug, turn: id })),
  ]);
}

/** The address of a widget's moment, written `slug#widget=state` (src/simulation-kit/url-state.ts). */
function momentAddress(locale: LocaleCode, shown: string): string {
  const [slug = '', moment = ''] = shown.split('#');
  return `${localizedPath(locale, `/lessons/${slug}/`)}#sim-${moment}`;
}

/** Misconceptions that lessons which are there settle, by id. */
export function misconceptionsIn(
  locale: LocaleCode,
  lessons: readonly PracticeLesson[],
): Readonly<Record<string, MisconceptionWords>> {
  return Object.fromEntries(
    misconceptions.flatMap(({ id, turn, shown, ...words }) => {
      const [slug = '', anchor = ''] = turn.split('#');
      if (!lessons.some((lesson) => lesson.slug === slug)) return [];
      const href = `${localizedPath(locale, `/lessons/${slug}/`)}#${anchor}`;
      const lang = langAttribute(languageOf(words, locale), locale);
      const moment = momentAddress(locale, shown);
      return [[id, { ...wordsIn(words, locale), href, lang, shown: moment }] as const];
    }),
  );
}

/** What is fetched with the first question, in one language. */
export function practiceData(locale: LocaleCode, lessons: readonly PracticeLesson[]): PracticeData {
  return {
    phrases: practiceWordsIn(locale),
    services: serviceNames(famousPorts, locale),
    facts: factsOf(famousPorts),
    misconceptions: misconceptionsIn(locale, lessons),
    checks: Object.fromEntries(
      lessons.flatMap(({ slug, questions }) =>
        questions.map(
          (question) => [checkId(slug, question.id), questionView(question, locale)] as const,
        ),
      ),
    ),
    machine: t(locale).terminal.machine,
  };
}
