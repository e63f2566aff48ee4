/**
 * What every lesson keeps to (docs/authoring.md, docs/voice.md). A rule takes a lesson and returns
 * what is wrong with it, each with its line and what to do.
 */

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { courseSchema } from '../../src/schemas/course.ts';
import { lessonSchema } from '../../src/schemas/lesson.ts';
import { checkedProps, vocabulary, type VocabularyName } from '../../src/schemas/vocabulary.ts';
import type { Question } from '../../src/schemas/question.ts';
import { countOf } from './parity-rules.ts';
import { stiffEnglish } from './stiff-english.ts';
import {
  turnsOf,
  withInner,
  type LessonFile,
  type Part,
} from '../../src/lesson-kit/lesson-parts.ts';

type Rule = (lesson: LessonFile, questions: readonly Question[]) => readonly string[];

const isVocabulary = (name: string): name is VocabularyName => Object.hasOwn(vocabulary, name);

const importLine =
  /^import ([A-Z]\w*) from '@\/(simulations\/[a-z-]+|terminal)\/([A-Z]\w*)\.astro';$/;

/** Widgets of a lesson by the name under which it imports them. */
function widgetsOf({ imports }: LessonFile): readonly string[] {
  return imports.flatMap((line) => importLine.exec(line)?.[1] ?? []);
}

const frontMatter: Rule = ({ frontMatter: found }) => {
  const result = lessonSchema.safeParse(found);
  return (result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
};

const wholeTags: Rule = ({ broken }) => broken;

const onlyImportsOfWidgets: Rule = ({ imports, prose }) => [
  ...imports
    .filter(
      (line) => importLine.exec(line)?.[1] !== importLine.exec(line)?.[3] || !importLine.test(line),
    )
    .map(
      (line) =>
        `"${line}": a lesson imports widgets only: import Name from '@/simulations/name/Name.astro'; or import Lab from '@/terminal/Lab.astro';`,
    ),
  ...(/^export /m.test(prose) ? ['a lesson exports nothing. Remove the line.'] : []),
];

const noLayout: Rule = ({ prose }) =>
  prose.split('\n').flatMap((text, index) =>
    (
      [
        [/\bclass(Name)?=/, 'class'],
        [/\bstyle=/, 'style'],
        [/\bclient:/, 'client:'],
        [/\b(set|is):\S/, 'a directive'],
        [/<\/?[a-z]/, 'an HTML tag'],
        [/[{}]/, 'braces'],
      ] as const
    )
      .filter(([pattern]) => pattern.test(text))
      .map(
        ([, what]) =>
          `line ${index + 1}: ${what} in a lesson. Lessons are words: use Markdown and the vocabulary.`,
      ),
  );

const knownParts: Rule = (lesson) => {
  const widgets = widgetsOf(lesson);
  const used = withInner(lesson.parts);
  return [
    ...used.flatMap(({ name, props, line }) => {
      if (widgets.includes(name)) return [];
      if (!isVocabulary(name))
        return [`line ${line}: <${name}> is neither vocabulary nor imported.`];
      try {
        checkedProps(name, props, `line ${line}`);
        return [];
      } catch (error) {
        return [String(error)];
      }
    }),
    ...widgets
      .filter((widget) => !used.some(({ name }) => name === widget))
      .map((widget) => `${widget} is imported and not used. Remove the import.`),
  ];
};

const places: Readonly<Partial<Record<string, string>>> = { Reply: 'Choice', System: 'TryIt' };

const partsInPlace: Rule = ({ parts }) => {
  const inside = (list: readonly Part[], parent: string): string[] =>
    list.flatMap((part) => [
      ...(places[part.name] !== undefined && places[part.name] !== parent
        ? [`line ${part.line}: <${part.name}> belongs inside <${places[part.name] ?? ''}>.`]
        : []),
      ...(part.name === 'Choice' && part.parts.filter(({ name }) => name === 'Reply').length < 2
        ? [`line ${part.line}: a Choice has at least two replies.`]
        : []),
      ...(part.name === 'Reply' && !part.parts.some(({ name }) => name === 'Sensei')
        ? [`line ${part.line}: a Reply is answered: put a <Sensei> turn inside.`]
        : []),
      ...(part.name === 'TryIt' && part.parts.filter(({ name }) => name === 'System').length !== 3
        ? [`line ${part.line}: a TryIt says what to do on linux, macos and windows.`]
        : []),
      ...inside(part.parts, part.name),
    ]);
  return inside(parts, '');
};

const idsOnce: Rule = (lesson) => {
  const seen = new Set<string>();
  const taken = withInner(lesson.parts).filter(
    ({ name, props }) => 'id' in props && name !== 'Term',
  );
  return [
    ...taken.flatMap(({ props, line, name }) => {
      // Replies of different choices may share an id; a turn, a check and a widget may not.
      const id = props['id'] ?? '';
      if (name === 'Reply') return [];
      if (seen.has(id)) return [`line ${line}: the id "${id}" is taken. Choose another.`];
      seen.add(id);
      return [];
    }),
    ...turnsOf(lesson)
      .filter(({ props }) => !('id' in props))
      .map(
        ({ line }) => `line ${line}: a turn of the dialogue has an id, so that it can be linked.`,
      ),
    ...withInner(lesson.parts)
      .filter(({ name }) => name === 'Reply')
      .flatMap(({ parts }) => parts.filter(({ props }) => 'id' in props))
      .map(({ line }) => `line ${line}: a turn inside a Reply has no id.`),
  ];
};

const lengthAndTurns: Rule = (lesson) => {
  const turns = turnsOf(lesson);
  const problems: string[] = [];
  if (turns.length < 25 || turns.length > 45) {
    problems.push(`${turns.length} turns; a lesson has 25 to 45. Split it, join it, or cut.`);
  }
  let row = 0;
  for (const { name, line } of lesson.parts) {
    row = name === 'Sensei' ? row + 1 : name === 'Student' || name === 'Choice' ? 0 : row;
    if (row > 4)
      problems.push(`line ${line}: the sensei speaks ${row} times in a row. Let the student in.`);
  }
  if (!turns.some(({ name }) => name === 'Student')) problems.push('the student never speaks.');
  return problems;
};

const course = courseSchema.parse(
  parse(readFileSync(new URL('../../content/course.yaml', import.meta.url), 'utf8')),
);
/** The course's last lesson leads to no other. */
const lastSlug = course.at(-1)?.slug;
const numbers: ReadonlySet<number> = new Set(course.map(({ slug }) => Number.parseInt(slug, 10)));

/** What is promised is there. */
const namesLessonsThatAre: Rule = ({ prose }) =>
  prose.split('\n').flatMap((text, index) =>
    [...text.matchAll(/(?:lessons? |レッスン ?)(\d+)(?:(?: and |と|、|, )(\d+))?/gi)]
      .flatMap(([, one, two]) => [one, two].flatMap((number) => (number ? [Number(number)] : [])))
      .filter((number) => !numbers.has(number))
      .map((number) => `line ${index + 1}: the course has no lesson ${number}.`),
  );

/** Today's theme at the start; her own words and the way to the next lesson at the end. */
const opensAndCloses: Rule = (lesson) => {
  const turns = turnsOf(lesson);
  const theme = turns.findIndex(({ props }) => props['id'] === 'theme');
  const [words, next] = turns.slice(-2);
  const number = Number.parseInt(lesson.slug, 10);
  const [, pointer = ''] = /(?:lesson|レッスン) ?(\d+)/i.exec(next?.words ?? '') ?? [];
  return [
    ...(theme < 0 || theme > 6 || turns[theme]?.name !== 'Sensei'
      ? ['today’s theme is named early: a <Sensei id="theme"> among the first turns.']
      : []),
    ...(words?.name !== 'Student' || words.props['id'] !== 'in-my-words'
      ? ['the last turn but one is <Student id="in-my-words">.']
      : []),
    ...(next?.name !== 'Sensei' ||
    next.props['id'] !== 'next' ||
    (Number(pointer) <= number && lesson.slug !== lastSlug)
      ? ['the last turn is <Sensei id="next"> and names a later lesson by its number.']
      : []),
    ...(countOf(lesson, 'Choice') < 2
      ? ['a lesson lets the reader choose at least twice what the student says.']
      : []),
  ];
};

const checksAreAsked: Rule = (lesson, questions) => {
  const asked = withInner(lesson.parts)
    .filter(({ name }) => name === 'Check')
    .map(({ props }) => props['id'] ?? '');
  const written = questions.map(({ id }) => id);
  const file = `content/questions/${lesson.slug}.yaml`;
  const problems = [
    ...asked
      .filter((id) => !written.includes(id))
      .map((id) => `<Check id="${id}"> has no question in ${file}.`),
    ...written
      .filter((id) => !asked.includes(id))
      .map((id) => `"${id}" of ${file} is never asked. Add <Check id="${id}" />.`),
  ];
  if (problems.length === 0 && asked.join() !== written.join()) {
    problems.push(
      `${file}: the questions are in another order than in the lesson: ${asked.join(', ')}.`,
    );
  }
  if (asked.length < 5) problems.push('a lesson has at least five checks.');
  const kinds = new Set(questions.map(({ kind }) => kind)).size;
  if (kinds < 4) problems.push(`the checks are of ${kinds} kinds; a lesson has at least four.`);
  return problems;
};

/** Numbers of the front matter are met as badges or in the words. */
const portsAreMet: Rule = (lesson) => {
  const { data } = lessonSchema.safeParse(lesson.frontMatter);
  const met = new Set(lesson.parts.flatMap(({ words }) => words.match(/\d+/g) ?? []));
  return (data?.ports ?? [])
    .filter((port) => !met.has(String(port)))
    .map((port) => `ports: ${port} does not occur in the lesson. Remove it.`);
};

const wellWritten: Rule = ({ parts, locale, prose }) => {
  const turns = withInner(parts);
  const empty = turns
    .filter(({ name, words }) => (name === 'Sensei' || name === 'Student') && words.trim() === '')
    .map(({ line }) => `line ${line}: nothing is said here.`);
  const rules: readonly (readonly [RegExp, string])[] =
    locale === 'ja'
      ? [
          [/[\uFF61-\uFF9F]/, 'half-width katakana: write full-width'],
          [
            /[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]/,
            'full-width digits or letters: write half-width',
          ],
          [/\uFF01[^]*\uFF01/, 'one exclamation mark in a line is too many'],
          [
            /[ぁ-んァ-ヶ一-龠][,.](?=[ぁ-んァ-ヶ一-龠]|$)/m,
            'Latin comma or full stop: write 、 or 。',
          ],
          [/\d\s*[万億]/, '万 and 億 are not used with digits'],
        ]
      : [
          [/[\u3040-\u30ff\u4e00-\u9fff\uff01-\uff5e]/, 'Japanese letters or full-width signs'],
          [/\b\d+K\b/, '"64K": write the number out'],
        ];
  return [
    ...empty,
    ...prose
      .split('\n')
      .flatMap((text, index) =>
        rules
          .filter(([pattern]) => pattern.test(text))
          .map(([, what]) => `line ${index + 1}: ${what} (docs/voice.md).`),
      ),
  ];
};

const polite = /(?:です|ます|ました|ません|でした|ましょう|でしょう|ください)[かねよ]*[。？]?$/;
const spoken = (words: string): string => words.replaceAll(/[「“`][^」”`]*[」”`]/g, '').trim();

/** In Japanese the sensei speaks in plain form; in neither language is a turn longer than a breath. */
const voices: Rule = ({ parts, locale }) => {
  return withInner(parts)
    .filter(({ name }) => name === 'Sensei' || name === 'Student')
    .flatMap(({ name, words: all, line }) => {
      const words = all.replaceAll(/^ *```[^]*?^ *```/gm, '');
      const breaths = words.split(/\n\s*\n/).map((text) => text.replaceAll(/\s+/g, ' ').trim());
      const sentences = spoken(words.replaceAll('\n', ' ')).split(/(?<=[。？])/);
      if (locale !== 'ja') {
        const count = words.trim().split(/\s+/).length;
        return count > 60 ? [`line ${line}: ${count} words in a turn; 60 at most.`] : [];
      }
      return [
        ...breaths
          .filter((text) => text.length > 120)
          .map((text) => `line ${line}: ${text.length} characters in one breath; 120 at most.`),
        ...(sentences.filter((text) => text.trim() !== '').length > 8
          ? [`line ${line}: more than eight sentences in a turn.`]
          : []),
        ...(name === 'Sensei'
          ? sentences
              .filter((text) => polite.test(text.trim()))
              .map((text) => `line ${line}: the sensei speaks in plain form: ${text.trim()}`)
          : []),
      ];
    });
};

/** Words that nobody says any more (docs/voice.md). */
const plainEnglish: Rule = ({ prose, locale }) =>
  locale !== 'en'
    ? []
    : prose.split('\n').flatMap((text, index) => {
        const [found] = stiffEnglish.exec(text.replaceAll(/\bid="[^"]*"/g, '')) ?? [];
        return found === undefined ? [] : [`line ${index + 1}: "${found}" (docs/voice.md).`];
      });

/** By name, so that a failure says which rule was broken. */
export const lessonRules: Readonly<Record<string, Rule>> = {
  'front matter': frontMatter,
  'every tag is closed': wholeTags,
  'imports nothing but widgets': onlyImportsOfWidgets,
  'holds no layout and no logic': noLayout,
  'uses the vocabulary as it is': knownParts,
  'parts are where they belong': partsInPlace,
  'ids are unique and where they should be': idsOnce,
  'turns: how many, and whose': lengthAndTurns,
  'opens with its theme, closes with the way on': opensAndCloses,
  'names lessons that are there': namesLessonsThatAre,
  'checks are asked, all and in order': checksAreAsked,
  'its ports are met': portsAreMet,
  'is written as the voice asks': wellWritten,
  'each speaks in a voice of their own': voices,
  'is plain English': plainEnglish,
};
