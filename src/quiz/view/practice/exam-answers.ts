/** An exam's answers as the record keeps them, and the seed of each of its questions. */

import type { ExamRecord } from '../../../progress/practice-memory.ts';
import type { Response } from '../../engine/question.ts';

/** The seed of the question at a place, from 0. */
export function seedOfPlace({ seed }: Pick<ExamRecord, 'seed'>, place: number): number {
  return (seed + place * 104_729) >>> 0;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** What was given, read from its text; null where there is nothing, or nothing that can be read. */
export function responseOf(given: string | undefined): Response | null {
  if (given === undefined || given === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { kind, chosen, typed, order, pairs } = value;
  if (kind === 'choice' && (chosen === null || typeof chosen === 'string')) return { kind, chosen };
  if (kind === 'several' && isTexts(chosen)) return { kind, chosen };
  if (kind === 'number' && typeof typed === 'string') return { kind, typed };
  if (kind === 'order' && isTexts(order)) return { kind, order };
  // What the machine says of it is asked when the exam is over, not read from the record.
  if (kind === 'command' && typeof typed === 'string') return { kind, typed, hasDoneIt: null };
  if (kind === 'match' && isObject(pairs)) {
    const texts = Object.entries(pairs).flatMap(([left, right]) =>
      typeof right === 'string' ? [[left, right] as const] : [],
    );
    return { kind, pairs: Object.fromEntries(texts) };
  }
  return null;
}
