/** What each page weighs, as a table. */
import { readBuiltSite } from '../built-site/pages.ts';
import { type PageWeight, weighSite } from '../built-site/weight.ts';
import { formatTable, kilobytes } from './table.ts';

/** @param folder of the built site */
export function weighPages(folder: string): readonly PageWeight[] {
  return weighSite(readBuiltSite(folder, '/'));
}

export function weightTables(weights: readonly PageWeight[]): string {
  const pages = formatTable(
    [
      'page (kB, Brotli 11)',
      'HTML',
      'of it CSS',
      'JS at once',
      'first view',
      'requests',
      'widgets',
    ],
    weights.map((weight) => [
      weight.path,
      kilobytes(weight.html),
      kilobytes(weight.css),
      kilobytes(weight.script),
      kilobytes(weight.firstView),
      String(weight.requests),
      String(weight.islands.length),
    ]),
  );
  const byName = new Map(
    weights.flatMap((weight) => weight.islands.map((island) => [island.name, island] as const)),
  );
  const widgets = formatTable(
    ['widget', 'kB of its own', 'kB with what it shares', 'loads when'],
    [...byName.values()].map(({ name, own, withShared, when }) => [
      name,
      kilobytes(own),
      kilobytes(withShared),
      when,
    ]),
  );
  return `${pages}\n\n${widgets}`;
}
