/**
 * Bytes and requests, held to the budget (kB = 1,000 bytes after Brotli 11). Bytes are the same on
 * every machine; times are measured by `npm run bench` and held to nothing.
 */
import { describe, expect, it } from 'vitest';
import { serializeOuter } from 'parse5';
import { attribute, elementsNamed, type Page } from '../../scripts/built-site/pages.ts';
import { compressedSize, type PageWeight, weighPage } from '../../scripts/built-site/weight.ts';
import { site } from './sites.ts';

const kB = 1_000;
const firstViewBudget = 55 * kB;
const widgetBudget = 6 * kB;
/** The heart of the course, and a tool that is a page of its own. */
const budgets: Readonly<Record<string, number>> = {
  ConnectionSimulator: 20 * kB,
  Inspector: 8 * kB,
};
/** What widgets share (the engine, above all) is loaded by the first of them and kept. */
const sharedBudget = 30 * kB;

/** Sensei and student: the shapes of a page, and each place that shows one. */
function isOfPeople(svg: Parameters<typeof attribute>[0]): boolean {
  return /(?:^|\s)(?:people|person|dojo)(?:\s|$)/.test(attribute(svg, 'class') ?? '');
}

/** Where even the quicker and heavier way is light enough, the truth is too. */
function weightOf(page: Page): PageWeight {
  const quick = weighPage(site, page, 7);
  const isLight = quick.firstView <= firstViewBudget && quick.css <= stylesBudget(page.path);
  return isLight ? quick : weighPage(site, page);
}

/** The wall adds its own styles. */
function stylesBudget(path: string): number {
  return (path.endsWith('/stage/') ? 12.4 : 12) * kB;
}

describe.each(site.pages.map((page) => [page.path, page] as const))(
  'the weight of %s',
  (path, page) => {
    const weight = weightOf(page);

    it('is at most 25 kB of script before anybody does anything', () => {
      expect(weight.script).toBeLessThanOrEqual(25 * kB);
    });

    it('is at most 12 kB of styles (12.4 on the wall, which adds its own)', () => {
      expect(weight.css).toBeLessThanOrEqual(stylesBudget(path));
    });

    it('is at most 55 kB in 10 requests for the first view, without fonts', () => {
      expect(weight.firstView).toBeLessThanOrEqual(firstViewBudget);
      expect(weight.requests).toBeLessThanOrEqual(10);
      expect(weight.fonts).toBe(0);
    });

    it('has at most 6 kB of people', () => {
      const drawings = elementsNamed(page, 'svg').filter(isOfPeople);
      expect(
        compressedSize(drawings.map((one) => serializeOuter(one)).join('')),
      ).toBeLessThanOrEqual(6 * kB);
    });

    it('is within the budget of each of its widgets', () => {
      const tooHeavy = weight.islands
        .filter(
          ({ name, own, withShared }) =>
            own > (budgets[name] ?? widgetBudget) || withShared - own > sharedBudget,
        )
        .map(({ name, own, withShared }) => `${name}: ${own} bytes, ${withShared} in all`);
      expect(tooHeavy).toEqual([]);
    });
  },
);
