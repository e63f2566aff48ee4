/** Everything of one language that can be found, with its address. Build time and tests only. */

import { languagesOf, wordsIn } from '../i18n/by-language.ts';
import { defaultLocale, type LocaleCode } from '../i18n/locales.ts';
import { localizedPath } from '../i18n/paths.ts';
import { famousPorts } from '../schemas/famous-ports.ts';
import { glossary } from '../schemas/glossary.ts';
import type { Question } from '../schemas/question.ts';
import type { SearchDocument, SearchFile, SearchKind } from '../search/search-document.ts';
import { plainWords } from '../site-ui/inline-marks.ts';
import { labsIn } from '../terminal/labs-view/all-labs.ts';
import { withInner, type LessonFile, type Part } from './lesson-parts.ts';
import { manualsIn } from './manuals.ts';

export interface SearchedLesson {
  readonly slug: string;
  readonly number: number;
  readonly title: string;
  readonly theme: string;
  readonly summary: readonly string[];
  /** The language of its words. */
  readonly language: LocaleCode;
  readonly file: LessonFile;
  readonly questions: readonly Question[];
}

/** A page that is none of the others. */
export interface SearchedPage {
  /** In the default language: `/course/`. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
}

/** The whole of search.json for a language. */
export function searchFile(
  locale: LocaleCode,
  lessons: readonly SearchedLesson[],
  pages: readonly SearchedPage[],
): SearchFile {
  const place = (path: string) => localizedPath(locale, path);
  return {
    ports: place('/ports/'),
    documents: [
      ...pages.map(({ path, title, description }) =>
        document('page', place(path), title, description),
      ),
      ...lessons.flatMap((lesson) => lessonDocuments(lesson, place(`/lessons/${lesson.slug}/`))),
      ...glossary.map((entry) => {
        const { term, short, more } = wordsIn(entry, locale);
        const names = languagesOf(entry).flatMap((code) => {
          const one = wordsIn(entry, code);
          return one.reading === undefined ? [one.term] : [one.term, one.reading];
        });
        const others = [...names, entry.id.replaceAll('-', ' ')].filter((name) => name !== term);
        return {
          ...document('term', place(`/glossary/#${entry.id}`), term, `${short} ${more}`),
          also: [...new Set(others)].join('\n'),
        };
      }),
      ...manualsIn(locale).map(({ name, text }) =>
        document('command', place(`/lab/commands/#${name}`), name, text),
      ),
      ...famousPorts.map(({ port, transport, name, purpose }) => ({
        ...document(
          'port',
          `${place('/ports/')}?q=${port}`,
          `${port} ${wordsIn(name, locale)}`,
          `${transport.toUpperCase()} ${port}. ${wordsIn(purpose, locale)}`,
        ),
        also: languagesOf(name)
          .map((code) => wordsIn(name, code))
          .join('\n'),
      })),
      ...labsIn(locale).map(({ id, title, about, steps }) => ({
        ...document(
          'lab',
          place(`/lab/${id}/`),
          title,
          [about, ...steps.map(({ instruction }) => instruction)].join(' '),
        ),
        also: id.replaceAll('-', ' '),
      })),
    ],
  };
}

function document(kind: SearchKind, href: string, title: string, text: string): SearchDocument {
  return { kind, href, title: plainWords(title), text: plainText(text) };
}

/** What a reader sees of Markdown: no marks, one blank where there were several. */
function plainText(text: string): string {
  return plainWords(
    text
      .replaceAll(/^ *```.*$/gm, ' ')
      .replaceAll(/^#+ .*$/gm, ' ')
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/^\|[-| :]+\|$/gm, ' ')
      .replaceAll('|', ' '),
  )
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function lessonDocuments(lesson: SearchedLesson, address: string): readonly SearchDocument[] {
  const { number, title, theme, summary, file, questions, language } = lesson;
  const name = `${number} ${title}`;
  const sections = [...file.prose.matchAll(/^## (.+)$/gm)].map(([, heading = ''], index) =>
    document('section', `${address}#part-${index + 1}`, heading, name),
  );
  return [
    document('lesson', address, name, [theme, ...summary].join(' ')),
    ...sections,
    ...withInner(file.parts).flatMap((part) =>
      partDocument(part, address, name, questions, language),
    ),
  ];
}

const spoken = new Set(['Sensei', 'Student', 'Choice', 'Aside', 'TryIt']);

function partDocument(
  part: Part,
  address: string,
  lesson: string,
  questions: readonly Question[],
  language: LocaleCode,
): readonly SearchDocument[] {
  const { id } = part.props;
  if (id === undefined) return [];
  const href = `${address}#${id}`;
  if (part.name === 'Check') {
    const question = questions.find((one) => one.id === id);
    return question === undefined
      ? []
      : [
          document(
            'question',
            href,
            lesson,
            (question[language] ?? question[defaultLocale]).prompt,
          ),
        ];
  }
  return spoken.has(part.name) ? [document('turn', href, lesson, part.words)] : [];
}
