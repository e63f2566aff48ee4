/** An exam's items. The questions themselves are drawn elsewhere. */

import type { Random } from '../../time-and-chance/random.ts';
import { interleaved, type SessionItem } from './session.ts';

/**
 * The items of an exam: every lesson has about as many as every other, within a lesson every kind about
 * as many as every other; no item twice; mixed.
 * @param items everything that can be asked.
 * @param count how many; fewer where there are not so many.
 */
export function drawExam(
  items: readonly SessionItem[],
  count: number,
  random: Random,
): readonly string[] {
  const byLesson = new Map<string, Map<string, string[]>>();
  for (const { id, lesson } of items) {
    const kinds = byLesson.get(lesson) ?? new Map<string, string[]>();
    byLesson.set(lesson, kinds);
    const kind = id.slice(0, id.indexOf('/'));
    kinds.set(kind, [...(kinds.get(kind) ?? []), id]);
  }
  // In turns: a lesson, in it the kind asked least so far, of it one item by chance.
  const drawn: string[] = [];
  const asked = new Map<string, number>();
  const open = [...byLesson.values()];
  while (drawn.length < count && open.some((kinds) => kinds.size > 0)) {
    for (const kinds of open) {
      if (drawn.length >= count || kinds.size === 0) continue;
      const names = [...kinds.keys()];
      const fewest = Math.min(...names.map((name) => asked.get(name) ?? 0));
      const least = names.filter((name) => (asked.get(name) ?? 0) === fewest);
      const kind = least[random.below(least.length)] ?? '';
      const left = kinds.get(kind) ?? [];
      const [id] = left.splice(random.below(Math.max(1, left.length)), 1);
      if (left.length === 0) kinds.delete(kind);
      if (id === undefined) continue;
      asked.set(kind, (asked.get(kind) ?? 0) + 1);
      drawn.push(id);
    }
  }
  const mixed = [...drawn];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [mixed[last], mixed[other]] = [mixed[other] ?? '', mixed[last] ?? ''];
  }
  return interleaved(mixed);
}
