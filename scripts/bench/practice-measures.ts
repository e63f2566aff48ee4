/**
 * What practice costs: variants a second for each generator, the record after many reviews, and the
 * time from the press of a button to the first question.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { noPracticeMemory, withReview } from '../../src/progress/practice-memory.ts';
import { formatProgress, parseProgress } from '../../src/progress/progress-parse.ts';
import { noProgress, withPractice } from '../../src/progress/progress-record.ts';
import { drawVariant, generators } from '../../src/quiz/generators/generators.ts';
import { factsOf } from '../../src/quiz/generators/practice-facts.ts';
import { reviewed } from '../../src/quiz/memory/schedule.ts';
import { formatTable, kilobytes } from './table.ts';
import { measureWait, type Wait } from './visits.ts';

const facts = factsOf(
  parse(readFileSync('content/ports/famous.yaml', 'utf8')) as Parameters<typeof factsOf>[0],
);

/** Processor milliseconds that a piece of work takes. */
function millisecondsOf(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

function variantsTable(): string {
  const rows = generators.map(({ name, items }) => {
    const ids = items(facts).map(({ id }) => id);
    let drawn = 0;
    const spent = millisecondsOf(() => {
      const until = performance.now() + 300;
      while (performance.now() < until) {
        drawVariant(ids[drawn % ids.length] ?? '', drawn, facts);
        drawn += 1;
      }
    });
    return [name, String(ids.length), ((1000 * drawn) / spent).toFixed(0)];
  });
  return formatTable(['Generator', 'items', 'variants/s'], rows);
}

/** A record after so many reviews, an item an hour in turns. */
function recordRow(reviews: number): readonly string[] {
  const ids = generators.flatMap(({ items }) => items(facts).map(({ id }) => id));
  let memory = noPracticeMemory;
  const start = Date.UTC(2026, 0, 1);
  for (let n = 0; n < reviews; n++) {
    const item = ids[n % ids.length] ?? '';
    const at = start + n * 600_000;
    const grade = n % 5 === 0 ? 'again' : 'good';
    const after = reviewed(memory.items[item], grade, at, 0.9, 4000);
    const day = new Date(at).toISOString().slice(0, 10);
    memory = withReview(memory, { at, item, grade }, after, day);
  }
  const text = formatProgress(withPractice(noProgress, memory));
  const opened = millisecondsOf(() => {
    for (let n = 0; n < 20; n++) parseProgress(text);
  });
  return [
    `${reviews.toLocaleString('en')} reviews`,
    `${kilobytes(text.length)} kB`,
    `${(opened / 20).toFixed(1)} ms`,
  ];
}

/**
 * @param folder of the built site
 * @param browser the path of a Chromium
 */
export async function measurePractice(folder: string, browser: string): Promise<string> {
  const tables = [
    variantsTable(),
    formatTable(['The record after', 'size', 'opened in'], [recordRow(1000), recordRow(50_000)]),
    await measureWait(folder, browser, firstQuestion),
  ];
  return tables.join('\n\n');
}

const firstQuestion: Wait = {
  title: 'Practice',
  what: 'from “Begin” to the first question',
  path: '/practice/',
  ready: async (page) => {
    await page.locator('astro-island[ssr]').waitFor({ state: 'detached' });
  },
  act: async (page) => {
    await page.locator('.today .button').click();
    await page.locator('#practice-prompt').waitFor();
  },
};
