/**
 * What practice remembers, as part of the record of progress: one entry for each item, a short list of
 * the latest answers, sums by day, exams. Pure values; merging is commutative, associative and
 * idempotent, as for the rest of the record. Bounded: older answers are in the sums alone, so that
 * tens of thousands of reviews stay small.
 */

/** How an answer counts for memory, in FSRS' words. */
export type ReviewGrade = 'again' | 'hard' | 'good' | 'easy';

export const reviewGrades: readonly ReviewGrade[] = ['again', 'hard', 'good', 'easy'];

/** The state of an item's memory, as the npm package ts-fsrs keeps it. Times in ms since 1970. */
export interface ItemMemory {
  /** The latest review. */
  readonly at: number;
  /** When it is to be asked again. */
  readonly due: number;
  /** Days after which it is remembered with nine chances in ten. */
  readonly stability: number;
  /** 1 (easy) to 10. */
  readonly difficulty: number;
  readonly reps: number;
  /** How often it was forgotten. */
  readonly lapses: number;
  /** 0 new, 1 being learned, 2 known, 3 being learned once more. */
  readonly state: 0 | 1 | 2 | 3;
  /** Which of the short steps of learning comes next. */
  readonly step: number;
  /** What it usually takes to answer, in ms: a running mean of right answers. */
  readonly usualMs?: number;
}

/** One answer, newest ones only. */
export interface ReviewEntry {
  readonly at: number;
  readonly item: string;
  readonly grade: ReviewGrade;
  /** The misconception that the wrong option stood for. */
  readonly misconception?: string;
}

/** Answers of one day of the learner's own calendar. */
export interface DaySum {
  readonly reviews: number;
  readonly right: number;
}

/** What the learner has set; the latest setting counts. */
export interface PracticeSettings {
  readonly at: number;
  /** Questions a day, 5 to 200. */
  readonly perDay: number;
  /** The chance with which an item shall still be known when it is asked again, 0.7 to 0.97. */
  readonly retention: number;
}

/** An exam: what was drawn, what was answered so far, and its end. */
export interface ExamRecord {
  readonly startedAt: number;
  /** The items asked, in order; with the seed they give the very questions. */
  readonly items: readonly string[];
  readonly seed: number;
  readonly minutes: number;
  /** By the question's place from 0: what was given, as text that the view of the exam reads. */
  readonly answers: Readonly<Record<string, ExamAnswer>>;
  /** When it was handed in, or its time was over. */
  readonly endedAt?: number;
}

export interface ExamAnswer {
  readonly at: number;
  /** A response as JSON; empty for none. */
  readonly given: string;
  readonly isFlagged: boolean;
}

export interface PracticeMemory {
  readonly items: Readonly<Record<string, ItemMemory>>;
  readonly recent: readonly ReviewEntry[];
  /** By day, `2026-11-29`. */
  readonly days: Readonly<Record<string, DaySum>>;
  readonly exams: Readonly<Record<string, ExamRecord>>;
  readonly settings?: PracticeSettings;
  /** The most right answers of a sprint. */
  readonly sprintBest?: number;
}

export const noPracticeMemory: PracticeMemory = { items: {}, recent: [], days: {}, exams: {} };

export const defaultSettings: PracticeSettings = { at: 0, perDay: 20, retention: 0.9 };

/** How many answers are kept one by one. */
export const recentLimit = 400;
/** How many days and exams are kept. */
const dayLimit = 800;
const examLimit = 20;

/** The part of two records that says most; where both say as much, always the same one. */
function later<T extends { readonly at: number }>(a: T, b: T): T {
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return JSON.stringify(a) >= JSON.stringify(b) ? a : b;
}

function mergeBy<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  merge: (x: T, y: T) => T,
): Record<string, T> {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    keys.map((key) => {
      // What Object itself calls so is no entry of a record.
      const [x, y] = [a, b].map((one) => (Object.hasOwn(one, key) ? one[key] : undefined));
      return [key, x !== undefined && y !== undefined ? merge(x, y) : ((x ?? y) as T)];
    }),
  );
}

/** The last `limit` entries by key; keys are such that later ones sort higher. */
function newestKeys<T>(all: Readonly<Record<string, T>>, limit: number): Record<string, T> {
  return Object.fromEntries(
    Object.entries(all)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(-limit),
  );
}

const entryKey = ({ at, item, grade, misconception }: ReviewEntry): string =>
  `${String(at).padStart(16, '0')} ${item} ${grade} ${misconception ?? ''}`;

/** Newest last, none twice, no more than `recentLimit`. */
function mergeRecent(a: readonly ReviewEntry[], b: readonly ReviewEntry[]): readonly ReviewEntry[] {
  const all = new Map([...a, ...b].map((entry) => [entryKey(entry), entry]));
  return [...all]
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .slice(-recentLimit)
    .map(([, entry]) => entry);
}

/** Everything that either knows of one exam; of two answers to a question the later. */
export function mergeExams(a: ExamRecord, b: ExamRecord): ExamRecord {
  const ends = [a.endedAt, b.endedAt].filter((end) => end !== undefined);
  // The same exam has the same questions; should a damaged one differ, one of the two is taken.
  const base =
    JSON.stringify([a.items, a.seed, a.minutes]) >= JSON.stringify([b.items, b.seed, b.minutes])
      ? a
      : b;
  return {
    startedAt: Math.min(a.startedAt, b.startedAt),
    items: base.items,
    seed: base.seed,
    minutes: base.minutes,
    answers: mergeBy(a.answers, b.answers, later),
    ...(ends.length === 0 ? {} : { endedAt: Math.min(...ends) }),
  };
}

/** Everything that either knows; for an item the later review. */
export function mergePractice(a: PracticeMemory, b: PracticeMemory): PracticeMemory {
  const settings =
    a.settings && b.settings ? later(a.settings, b.settings) : (a.settings ?? b.settings);
  const best = Math.max(a.sprintBest ?? 0, b.sprintBest ?? 0);
  return {
    items: mergeBy(a.items, b.items, later),
    recent: mergeRecent(a.recent, b.recent),
    days: newestKeys(
      mergeBy(a.days, b.days, (x, y) => ({
        reviews: Math.max(x.reviews, y.reviews),
        right: Math.max(x.right, y.right),
      })),
      dayLimit,
    ),
    exams: newestKeys(mergeBy(a.exams, b.exams, mergeExams), examLimit),
    ...(settings === undefined ? {} : { settings }),
    ...(best === 0 ? {} : { sprintBest: best }),
  };
}

/** The key of a day: the date in the calendar of where `utcOffsetMinutes` (east positive) holds. */
export function dayOf(ms: number, utcOffsetMinutes: number): string {
  return new Date(ms + utcOffsetMinutes * 60_000).toISOString().slice(0, 10);
}

/** One more answer: the item's new memory, the list of answers and the day's sum. */
export function withReview(
  memory: PracticeMemory,
  entry: ReviewEntry,
  item: ItemMemory,
  day: string,
): PracticeMemory {
  const sum = memory.days[day] ?? { reviews: 0, right: 0 };
  return {
    ...memory,
    items: { ...memory.items, [entry.item]: item },
    recent: mergeRecent(memory.recent, [entry]),
    days: newestKeys(
      {
        ...memory.days,
        [day]: {
          reviews: sum.reviews + 1,
          right: sum.right + (entry.grade === 'again' ? 0 : 1),
        },
      },
      dayLimit,
    ),
  };
}

/** An exam's key: its beginning, so that later ones sort higher. */
export function examKey(startedAt: number): string {
  return String(startedAt).padStart(16, '0');
}

/** The exam as it is now; an answer already there gives way to a later one. */
export function withExam(memory: PracticeMemory, exam: ExamRecord): PracticeMemory {
  const key = examKey(exam.startedAt);
  const before = memory.exams[key];
  return {
    ...memory,
    exams: newestKeys(
      { ...memory.exams, [key]: before ? mergeExams(before, exam) : exam },
      examLimit,
    ),
  };
}
