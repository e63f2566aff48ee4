/**
 * The questions as files, each read back by a parser that is not ours and compared with its source,
 * question by question: GIFT by gift-pegjs, Moodle XML by fast-xml-parser, CSV by Papa Parse, Anki's
 * collection by SQLite.
 */

import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { inflateRawSync } from 'node:zlib';
import { XMLParser } from 'fast-xml-parser';
import { parse as parseGift } from 'gift-pegjs';
import Papa from 'papaparse';
import { parseFragment, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { ankiPackageOf } from '../../src/quiz/exports/anki-package.ts';
import { csvOf } from '../../src/quiz/exports/csv.ts';
import { exportWords } from '../../src/quiz/exports/export-files.ts';
import {
  exportedQuestions,
  type ExportedQuestion,
} from '../../src/quiz/exports/exported-questions.ts';
import { giftOf } from '../../src/quiz/exports/gift.ts';
import { moodleXmlOf } from '../../src/quiz/exports/moodle-xml.ts';
import { plainWords } from '../../src/site-ui/inline-marks.ts';
import { readPracticeLessons } from './practice-lessons.ts';

/** What a reader sees of HTML, by a parser of browsers' own kind. */
function seen(html: string): string {
  const words = (node: DefaultTreeAdapterTypes.Node): string => {
    if ('value' in node) return node.value;
    return 'childNodes' in node ? node.childNodes.map(words).join('') : '';
  };
  return words(parseFragment(html));
}

/** The source's words as a reader sees them, by way of the marks' own definition. */
const plain = (line: string): string => plainWords(line);
const shownPrompt = ({ question: { prompt, screen } }: ExportedQuestion): string =>
  plain(prompt) + screen.join('\n');

interface Given {
  readonly text: string;
  readonly isRight: boolean;
  readonly feedback: string;
}

/** Options with right or wrong and feedback, straight from the question's key and words. */
function given({ question: { key, parts, feedback } }: ExportedQuestion): readonly Given[] {
  if (key.kind === 'number') {
    return Object.entries(feedback)
      .filter(([about]) => about.startsWith('='))
      .map(([about, text]) => ({ text: about.slice(1), isRight: false, feedback: plain(text) }));
  }
  return parts.map(({ id, text }) => ({
    text: plain(text),
    isRight:
      key.kind === 'choice' ? key.answer === id : key.kind === 'several' && key.answer.includes(id),
    feedback: plain(feedback[id] ?? ''),
  }));
}

/** Left and right sides that belong together. */
function couples({ question: { key, parts, partners } }: ExportedQuestion): readonly string[] {
  const text = (id: string): string => plain(parts.find((one) => one.id === id)?.text ?? '');
  if (key.kind === 'order')
    return key.answer.map((id, place) => `${String(place + 1)}. | ${text(id)}`);
  if (key.kind !== 'match') return [];
  return Object.entries(key.answer).map(
    ([left, right]) =>
      `${text(left)} | ${plain(partners.find(({ id }) => id === right)?.text ?? '')}`,
  );
}

/** Files of a zip, read along its central directory. */
function unzipped(bytes: Uint8Array): ReadonlyMap<string, Buffer> {
  const zip = Buffer.from(bytes);
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = zip.readUInt32LE(end + 16);
  const files = new Map<string, Buffer>();
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    );
    const name = zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(data, data + zip.readUInt32LE(at + 20));
    files.set(name, zip.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed));
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return files;
}

interface NoteRow {
  readonly id: number;
  readonly guid: string;
  readonly mid: number;
  readonly mod: number;
  readonly flds: string;
  readonly sfld: string;
  readonly csum: number;
  readonly tags: string;
}
interface CardRow {
  readonly id: number;
  readonly nid: number;
  readonly did: number;
  readonly ord: number;
}

/** An Anki collection's notes, cards and the kinds of notes, by SQLite. */
function collectionOf(bytes: Uint8Array) {
  const files = unzipped(bytes);
  expect([...files.keys()].sort()).toEqual(['collection.anki2', 'media']);
  expect(files.get('media')?.toString()).toBe('{}');
  const database = new DatabaseSync(':memory:');
  database.deserialize(files.get('collection.anki2') ?? Buffer.alloc(0));
  expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  const rows = (sql: string): unknown => database.prepare(sql).all();
  const [collection] = rows('select * from col') as readonly (Record<
    'models' | 'decks' | 'dconf',
    string
  > & { ver: number })[];
  return {
    version: collection?.ver,
    models: JSON.parse(collection?.models ?? '{}') as Record<
      string,
      {
        id: number;
        flds: { name: string; ord: number }[];
        tmpls: { ord: number; qfmt: string; afmt: string }[];
      }
    >,
    decks: JSON.parse(collection?.decks ?? '{}') as Record<string, { id: number; name: string }>,
    options: JSON.parse(collection?.dconf ?? '{}') as Record<string, { id: number }>,
    notes: rows('select * from notes order by id') as readonly NoteRow[],
    cards: rows('select * from cards order by id') as readonly CardRow[],
    types: rows('select distinct typeof(csum) || typeof(id) || typeof(mid) as kind from notes'),
  };
}

describe.each(locales.map(({ code }) => code))('in %s', (locale) => {
  const lessons = readPracticeLessons(locale);
  const questions = exportedQuestions(locale, lessons);
  const words = exportWords(locale);

  it('holds every item of every lesson, and variants that differ', () => {
    expect(questions.length).toBeGreaterThan(300);
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    expect(new Set(questions.map(({ lesson }) => lesson.number)).size).toBe(lessons.length);
    const looks = questions.map(({ question: { item, prompt, screen, parts, key } }) =>
      JSON.stringify([item, prompt, screen, parts, key]),
    );
    expect(new Set(looks).size).toBe(questions.length);
  });

  it('GIFT says what the source says', () => {
    const read = parseGift(giftOf(questions, words.course));
    expect(read.filter(({ type }) => type === 'Category')).toHaveLength(lessons.length);
    const asked = read.filter(({ type }) => type !== 'Category');
    expect(asked.map(({ title }) => title)).toEqual(questions.map(({ id }) => id));
    for (const [place, found] of asked.entries()) {
      const exported = questions[place];
      if (!exported || !('stem' in found) || !('globalFeedback' in found)) throw new Error('kind');
      const { key, because } = exported.question;
      expect(found.stem.format).toBe('html');
      expect(seen(found.stem.text)).toBe(shownPrompt(exported));
      expect(seen(found.globalFeedback?.text ?? '')).toBe(plain(because));
      if (found.type === 'MC') {
        const choices = found.choices.map(({ text, isCorrect, weight, feedback }) => ({
          text: seen(text.text),
          isRight: isCorrect || (weight ?? 0) > 0,
          feedback: seen(feedback?.text ?? ''),
        }));
        expect(choices).toEqual(given(exported));
        if (key.kind === 'several') {
          const sum = found.choices.reduce((all, { weight }) => all + Math.max(0, weight ?? 0), 0);
          expect(sum).toBeCloseTo(100, 3);
        }
      } else if (found.type === 'Numerical') {
        if (!Array.isArray(found.choices) || key.kind !== 'number') throw new Error('no choices');
        const [right, ...wrong] = found.choices;
        expect([right?.text.number, right?.text.range]).toEqual([key.answer, 0]);
        expect(
          wrong.map(({ text, feedback }) => [String(text.number), seen(feedback?.text ?? '')]),
        ).toEqual(given(exported).map(({ text, feedback }) => [text, feedback]));
      } else if (found.type === 'Matching') {
        // gift-pegjs leaves an escaped colon of a right side as it has it inside: &&058;.
        const pairs = found.matchPairs
          .filter(({ subquestion }) => subquestion.text !== '')
          .map(
            ({ subquestion, subanswer }) =>
              `${seen(subquestion.text)} | ${subanswer.replaceAll('&&058;', ':')}`,
          );
        expect(pairs.toSorted()).toEqual(couples(exported).toSorted());
      } else throw new Error(`${found.type} is not asked`);
    }
  });

  it('Moodle XML says what the source says, with feedback for every option', () => {
    const reader = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '',
      parseTagValue: false,
      trimValues: false,
      isArray: (name) => ['question', 'answer', 'subquestion', 'tag'].includes(name),
      // A question's answers are a list, the answer of a pair is one.
    });
    interface Text {
      readonly text: string;
    }
    interface MoodleQuestion {
      readonly type: string;
      readonly name: Text;
      readonly idnumber: string;
      readonly questiontext: Text & { readonly format: string };
      readonly generalfeedback: Text;
      readonly single?: string;
      readonly answer?: readonly (Text & { readonly fraction: string; readonly feedback: Text })[];
      readonly subquestion?: readonly (Text & { readonly answer: readonly Text[] })[];
    }
    const { quiz } = reader.parse(moodleXmlOf(questions, words.course, words.otherwise)) as {
      quiz: { question: readonly MoodleQuestion[] };
    };
    const categories = quiz.question.filter(({ type }) => type === 'category');
    expect(categories).toHaveLength(lessons.length);
    const asked = quiz.question.filter(({ type }) => type !== 'category');
    expect(asked.map(({ idnumber }) => idnumber)).toEqual(questions.map(({ id }) => id));
    for (const [place, found] of asked.entries()) {
      const exported = questions[place];
      if (!exported) throw new Error('more than there are');
      const { key, because } = exported.question;
      expect(found.questiontext.format).toBe('html');
      expect(seen(found.questiontext.text)).toBe(shownPrompt(exported));
      expect(seen(found.generalfeedback.text)).toContain(plain(because));
      const answers = (found.answer ?? []).map(({ text, fraction, feedback }) => ({
        text: seen(text),
        isRight: Number(fraction) > 0,
        feedback: seen(feedback.text),
      }));
      if (key.kind === 'choice' || key.kind === 'several') {
        expect(found.single).toBe(String(key.kind === 'choice'));
        expect(answers).toEqual(given(exported));
        const sum = (found.answer ?? []).reduce(
          (all, one) => all + Math.max(0, Number(one.fraction)),
          0,
        );
        expect(sum).toBeCloseTo(100, 3);
        for (const { feedback } of answers) expect(feedback).not.toBe('');
      } else if (key.kind === 'number') {
        expect(answers[0]).toEqual({
          text: String(key.answer),
          isRight: true,
          feedback: plain(because),
        });
        expect(answers.slice(1, -1)).toEqual(given(exported));
        expect(answers.at(-1)?.text).toBe('*');
      } else {
        const pairs = (found.subquestion ?? [])
          .filter(({ text }) => text !== '')
          .map(({ text, answer }) => `${seen(text)} | ${answer[0]?.text ?? ''}`);
        expect(pairs.toSorted()).toEqual(couples(exported).toSorted());
      }
    }
  });

  it('CSV says what the source says, and nothing in it is a formula', () => {
    const text = csvOf(questions);
    expect(text.startsWith('\u{FEFF}')).toBe(true);
    const { data, errors } = Papa.parse<Record<string, string>>(text.slice(1), {
      header: true,
      skipEmptyLines: true,
    });
    expect(errors).toEqual([]);
    expect(data.map(({ id }) => id)).toEqual(questions.map(({ id }) => id));
    for (const [place, row] of data.entries()) {
      const exported = questions[place];
      if (!exported) throw new Error('more than there are');
      const { key, because, prompt, screen } = exported.question;
      for (const value of Object.values(row)) expect(value).not.toMatch(/^[=+\-@]/);
      const column = (name: string): string => (row[name] ?? '').trim();
      expect(column('prompt')).toBe(plain(prompt));
      expect(column('screen')).toBe(screen.join('\n').trim());
      expect(column('explanation')).toBe(plain(because));
      if (key.kind === 'match') continue;
      const options = given(exported);
      expect(options.map((_, at) => column(`option_${String(at + 1)}`))).toEqual(
        options.map((option) => option.text),
      );
      expect(options.map((_, at) => column(`feedback_${String(at + 1)}`))).toEqual(
        options.map(({ feedback }) => feedback),
      );
      if (key.kind === 'number') expect(column('answer')).toBe(String(key.answer));
      else if (key.kind !== 'order') {
        const right = options.flatMap(({ isRight }, at) => (isRight ? [String(at + 1)] : []));
        expect(column('answer')).toBe(right.join(' '));
      }
    }
  });

  it('the Anki package is a collection of schema 11 that holds every variant', () => {
    const made = collectionOf(ankiPackageOf(questions, locale, words, 1_800_000_000));
    expect(made.version).toBe(11);
    expect(made.types).toEqual([{ kind: 'integerintegerinteger' }]);
    const [model] = Object.values(made.models);
    if (!model) throw new Error('no kind of note');
    expect(made.options['1']?.id).toBe(1);
    const byItem = Map.groupBy(questions, ({ question }) => question.item);
    expect(made.notes).toHaveLength(byItem.size);
    expect(made.cards).toHaveLength(questions.length);
    for (const { id, mid, flds, sfld, csum, tags } of made.notes) {
      const fields = flds.split('\u{1F}');
      const [item = ''] = fields;
      const variants = byItem.get(item) ?? [];
      expect(mid).toBe(model.id);
      expect(fields).toHaveLength(model.flds.length);
      expect(sfld).toBe(item);
      expect(csum).toBe(
        Number.parseInt(createHash('sha1').update(item).digest('hex').slice(0, 8), 16),
      );
      const cards = made.cards.filter(({ nid }) => nid === id);
      expect(cards.map(({ ord }) => ord).sort()).toEqual(variants.map((_, place) => place));
      for (const [place, exported] of variants.entries()) {
        const front = seen(fields[1 + 2 * place] ?? '');
        const back = seen(fields[2 + 2 * place] ?? '');
        expect(front.startsWith(shownPrompt(exported))).toBe(true);
        expect(back).toContain(plain(exported.question.because));
        for (const { text, isRight, feedback } of given(exported)) {
          const { kind } = exported.question.key;
          if (kind === 'match' || kind === 'order') continue;
          expect(back).toContain(`${isRight ? '✓' : '✗'} ${text}${feedback}`);
        }
        if (exported.question.key.kind === 'number') {
          expect(back.startsWith(String(exported.question.key.answer))).toBe(true);
        }
        const deck = made.decks[String(cards.find(({ ord }) => ord === place)?.did)];
        expect(deck?.name).toBe(
          `${words.course}::${String(exported.lesson.number).padStart(3, '0')} ${exported.lesson.title}`,
        );
        expect(tags).toContain(` lesson-${String(exported.lesson.number)} `);
      }
    }
    for (const { qfmt, afmt } of model.tmpls) {
      for (const [, name = ''] of `${qfmt}${afmt}`.matchAll(/\{\{[#/]?([^}]+)\}\}/g)) {
        expect(['FrontSide', ...model.flds.map((field) => field.name)]).toContain(name);
      }
    }
  });

  it('a later package updates the notes: same ids, newer, with the changed words', () => {
    const changed = questions.map((one) => ({
      ...one,
      question: { ...one.question, because: `${one.question.because} (2)` },
    }));
    const before = collectionOf(
      ankiPackageOf(questions.slice(0, -5), locale, words, 1_800_000_000),
    );
    const after = collectionOf(ankiPackageOf(changed, locale, words, 1_900_000_000));
    const later = new Map(after.notes.map((note) => [note.guid, note]));
    for (const note of before.notes) {
      const now = later.get(note.guid);
      expect([now?.id, now?.mid]).toEqual([note.id, note.mid]);
      expect(now?.mod).toBeGreaterThan(note.mod);
      expect(now?.flds).not.toBe(note.flds);
    }
    const cards = new Set(
      after.cards.map(({ id, nid, ord }) => `${String(id)} ${String(nid)} ${String(ord)}`),
    );
    for (const { id, nid, ord } of before.cards) {
      expect(cards.has(`${String(id)} ${String(nid)} ${String(ord)}`)).toBe(true);
    }
    expect(ankiPackageOf(questions, locale, words, 1_800_000_000)).toEqual(
      ankiPackageOf(questions, locale, words, 1_800_000_000),
    );
  });
});

it('packages of two languages have no id in common', () => {
  const guids = locales.map(({ code }) => {
    const questions = exportedQuestions(code, readPracticeLessons(code));
    return collectionOf(ankiPackageOf(questions, code, exportWords(code), 1_800_000_000));
  });
  const ids = guids.flatMap(({ notes, cards }) => [...notes, ...cards].map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});
