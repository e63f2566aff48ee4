/**
 * An Anki package (.apkg): a zip with a SQLite collection of schema 11, the one that every Anki since
 * 2.0 reads (https://github.com/ankidroid/Anki-Android/wiki/Database-Structure). One note for each item,
 * one card for each of its variants. Ids hang on the item's id, so that importing a later package
 * updates the notes, and what was learned stays. Build time only.
 */

import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { strToU8, zipSync } from 'fflate';
import { variantsEach, type ExportedQuestion } from './exported-questions.ts';
import { optionsOf, pairsOf, trapsOf, unpairedOf } from './feedback.ts';
import { htmlOf, promptHtml } from './markup.ts';

export interface AnkiWords {
  /** The deck that holds one deck for each lesson. */
  readonly course: string;
  /** The name of the kind of note, as Anki lists it. */
  readonly noteType: string;
  readonly answer: string;
  /** Above the pieces of a match or an order. */
  readonly pieces: string;
}

/** What separates the fields of a note. */
const FIELD_SEPARATOR = '\u{1F}';

const schema = `
create table col (id integer primary key, crt integer not null, mod integer not null, scm integer not null, ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null, models text not null, decks text not null, dconf text not null, tags text not null);
create table notes (id integer primary key, guid text not null, mid integer not null, mod integer not null, usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null, flags integer not null, data text not null);
create table cards (id integer primary key, nid integer not null, did integer not null, ord integer not null, mod integer not null, usn integer not null, type integer not null, queue integer not null, due integer not null, ivl integer not null, factor integer not null, reps integer not null, lapses integer not null, left integer not null, odue integer not null, odid integer not null, flags integer not null, data text not null);
create table revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null, ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null, type integer not null);
create table graves (usn integer not null, oid integer not null, type integer not null);
create index ix_notes_usn on notes (usn);
create index ix_cards_usn on cards (usn);
create index ix_revlog_usn on revlog (usn);
create index ix_cards_nid on cards (nid);
create index ix_cards_sched on cards (did, queue, due);
create index ix_revlog_cid on revlog (cid);
create index ix_notes_csum on notes (csum);
`;

const css = `.card { font: 18px/1.5 sans-serif; text-align: left; max-width: 40em; margin: 0 auto; }
pre { padding: .5em; border: 1px solid #8888; overflow-x: auto; white-space: pre-wrap; }
li { margin: .3em 0; } .why { border-top: 1px solid #8888; padding-top: .5em; } .from { opacity: .7; font-size: .8em; }`;

/** A whole number that hangs on the text alone: Anki's ids are times in ms, so it looks like one. */
function idOf(text: string): number {
  const hash = createHash('sha256').update(text).digest();
  // From September 2001 on, within 2^40 ms: years that no collection of today was made in.
  return 1_000_000_000_000 + (hash.readUIntBE(0, 5) % 500_000_000_000);
}

/** Anki's checksum of a note's first field. */
function checksum(field: string): number {
  return Number.parseInt(createHash('sha1').update(field).digest('hex').slice(0, 8), 16);
}

function front({ question }: ExportedQuestion, { pieces }: AnkiWords): string {
  const list = (texts: readonly string[]): string =>
    `<ul>${texts.map((text) => `<li>${htmlOf(text)}</li>`).join('')}</ul>`;
  const head = promptHtml(question);
  const options = optionsOf(question);
  if (options.length > 0) {
    return `${head}<ol>${options.map(({ text }) => `<li>${htmlOf(text)}</li>`).join('')}</ol>`;
  }
  if (question.key.kind === 'order') return head + list(question.parts.map(({ text }) => text));
  if (question.key.kind === 'match') {
    return `${head}${list(question.parts.map(({ text }) => text))}<p>${htmlOf(pieces)}</p>${list(question.partners.map(({ text }) => text))}`;
  }
  return head;
}

function back({ question, lesson }: ExportedQuestion, { course }: AnkiWords): string {
  const { key } = question;
  const lines: string[] = [];
  for (const { text, isRight, feedback } of optionsOf(question)) {
    const words = htmlOf(text);
    lines.push(`<li>${isRight ? `✓ <b>${words}</b>` : `✗ ${words}`}<br>${htmlOf(feedback)}</li>`);
  }
  for (const [value, said] of trapsOf(question)) {
    lines.push(`<li>✗ ${String(value)}<br>${htmlOf(said)}</li>`);
  }
  for (const { left, right, feedback } of pairsOf(question)) {
    lines.push(`<li>${htmlOf(left)} <b>${htmlOf(right)}</b><br>${htmlOf(feedback)}</li>`);
  }
  for (const text of unpairedOf(question)) lines.push(`<li>– ${htmlOf(text)}</li>`);
  const answer = key.kind === 'number' ? `<p><b>${String(key.answer)}</b></p>` : '';
  return `${answer}<ul>${lines.join('')}</ul><p class="why">${htmlOf(question.because)}</p><p class="from">${htmlOf(course)} · ${String(lesson.number)} ${htmlOf(lesson.title)}</p>`;
}

interface Note {
  readonly item: string;
  readonly variants: readonly ExportedQuestion[];
}

function notesOf(questions: readonly ExportedQuestion[]): readonly Note[] {
  const notes = new Map<string, ExportedQuestion[]>();
  for (const one of questions) {
    const { item } = one.question;
    notes.set(item, [...(notes.get(item) ?? []), one]);
  }
  return [...notes].map(([item, variants]) => ({ item, variants }));
}

function modelOf(id: number, words: AnkiWords, modifiedAt: number) {
  const places = Array.from({ length: variantsEach }, (_, place) => String(place + 1));
  const field = (name: string, ord: number) => ({
    name,
    ord,
    sticky: false,
    rtl: false,
    font: 'Arial',
    size: 20,
    media: [],
  });
  const names = ['Id', ...places.flatMap((place) => [`Question ${place}`, `Answer ${place}`])];
  return {
    id,
    name: words.noteType,
    type: 0,
    mod: modifiedAt,
    usn: -1,
    sortf: 0,
    did: null,
    tmpls: places.map((place, ord) => ({
      name: `Variant ${place}`,
      ord,
      // A card is made only where the note has the variant.
      qfmt: `{{#Question ${place}}}{{Question ${place}}}{{/Question ${place}}}`,
      afmt: `{{FrontSide}}<hr id="answer"><p>${words.answer}</p>{{Answer ${place}}}`,
      bqfmt: '',
      bafmt: '',
      did: null,
    })),
    flds: names.map(field),
    css,
    latexPre: '',
    latexPost: '',
    latexsvg: false,
    req: places.map((_, ord) => [ord, 'any', [2 * ord + 1]]),
    tags: [],
    vers: [],
  };
}

function deckOf(id: number, name: string, modifiedAt: number) {
  const today = [0, 0];
  return {
    id,
    name,
    mod: modifiedAt,
    usn: -1,
    lrnToday: today,
    revToday: today,
    newToday: today,
    timeToday: today,
    collapsed: false,
    browserCollapsed: false,
    desc: '',
    dyn: 0,
    conf: 1,
    extendNew: 10,
    extendRev: 50,
  };
}

const defaultOptions = {
  id: 1,
  mod: 0,
  name: 'Default',
  usn: 0,
  maxTaken: 60,
  autoplay: true,
  timer: 0,
  replayq: true,
  // Variants of one item are not asked on one day.
  new: { bury: true, delays: [1, 10], initialFactor: 2500, ints: [1, 4, 0], order: 1, perDay: 20 },
  rev: { bury: true, ease4: 1.3, ivlFct: 1, maxIvl: 36_500, perDay: 200, hardFactor: 1.2 },
  lapse: { delays: [10], leechAction: 1, leechFails: 8, minInt: 1, mult: 0 },
  dyn: false,
};

/** Throws where two texts would get the same id, which no import could tell apart. */
function distinctIds(): (text: string) => number {
  const taken = new Map<number, string>();
  return (text) => {
    const id = idOf(text);
    const before = taken.get(id);
    if (before !== undefined && before !== text) {
      throw new RangeError(`"${before}" and "${text}" have the same Anki id.`);
    }
    taken.set(id, text);
    return id;
  };
}

/**
 * @param language part of every id: packages of two languages stand side by side.
 * @param modifiedAt when it was made, s since 1970; Anki takes a note of a later package for the newer.
 * @returns the file's bytes.
 * @throws RangeError where two items would have one id.
 */
export function ankiPackageOf(
  questions: readonly ExportedQuestion[],
  language: string,
  words: AnkiWords,
  modifiedAt: number,
): Uint8Array {
  const newId = distinctIds();
  const prefix = `port-dojo ${language}`;
  const model = modelOf(newId(`${prefix} note type`), words, modifiedAt);
  const decks = new Map([
    [1, deckOf(1, 'Default', 0)],
    [newId(`${prefix} deck`), deckOf(newId(`${prefix} deck`), words.course, modifiedAt)],
  ]);
  const database = new DatabaseSync(':memory:');
  database.exec(schema);
  const addNote = database.prepare('insert into notes values (?,?,?,?,?,?,?,?,?,?,?)');
  const addCard = database.prepare(
    'insert into cards values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)',
  );
  let due = 0;
  database.exec('begin');
  for (const { item, variants } of notesOf(questions)) {
    const [{ lesson } = { lesson: undefined }] = variants;
    if (!lesson) continue;
    const deck = newId(`${prefix} deck ${lesson.slug}`);
    const number = String(lesson.number).padStart(3, '0');
    decks.set(deck, deckOf(deck, `${words.course}::${number} ${lesson.title}`, modifiedAt));
    const note = newId(`${prefix} ${item}`);
    const fields = [item];
    for (let place = 0; place < variantsEach; place++) {
      const variant = variants[place];
      fields.push(variant ? front(variant, words) : '', variant ? back(variant, words) : '');
    }
    const kind = item.slice(0, item.indexOf('/'));
    addNote.run(
      note,
      `${prefix} ${item}`,
      model.id,
      modifiedAt,
      -1,
      ` port-dojo lesson-${String(lesson.number)} ${kind} `,
      fields.join(FIELD_SEPARATOR),
      item,
      checksum(item),
      0,
      '',
    );
    due += 1;
    for (const [place] of variants.entries()) {
      const card = newId(`${prefix} ${item} ${String(place)}`);
      addCard.run(card, note, deck, place, modifiedAt, -1, 0, 0, due, 0, 0, 0, 0, 0, 0, 0, 0, '');
    }
  }
  const settings = {
    nextPos: due + 1,
    estTimes: true,
    activeDecks: [1],
    sortType: 'noteFld',
    timeLim: 0,
    sortBackwards: false,
    addToCur: true,
    curDeck: 1,
    newBury: true,
    newSpread: 0,
    dueCounts: true,
    curModel: String(model.id),
    collapseTime: 1200,
  };
  database
    .prepare('insert into col values (1,?,?,?,11,0,0,0,?,?,?,?,?)')
    .run(
      modifiedAt,
      modifiedAt * 1000,
      modifiedAt * 1000,
      JSON.stringify(settings),
      JSON.stringify({ [model.id]: model }),
      JSON.stringify(Object.fromEntries(decks)),
      JSON.stringify({ 1: defaultOptions }),
      '{}',
    );
  database.exec('commit');
  const collection = database.serialize();
  database.close();
  // Zip's calendar begins in 1980.
  const mtime = new Date(Math.max(modifiedAt * 1000, Date.UTC(1980, 0, 2)));
  return zipSync({ 'collection.anki2': collection, media: strToU8('{}') }, { mtime, level: 9 });
}
