/**
 * The props of the author's vocabulary in lessons: everything is a plain string. The components check
 * them while the site is built, the content tests without building.
 */

import { z } from 'astro/zod';
import { identifier, portNumber, words } from './identifier.ts';

export const senseiMoods = ['calm', 'asking', 'pleased', 'warning', 'thinking', 'showing'] as const;
export const studentMoods = [
  'curious',
  'thinking',
  'surprised',
  'pleased',
  'unsure',
  'confident',
] as const;
const asideKinds = ['note', 'territory', 'history', 'standard', 'exam'] as const;
export const systems = ['linux', 'macos', 'windows'] as const;

export type SenseiMood = (typeof senseiMoods)[number];
export type StudentMood = (typeof studentMoods)[number];

const portText = z
  .string()
  .regex(/^(0|[1-9]\d{0,4})$/, 'Write the port as digits: n="443".')
  .transform(Number)
  .pipe(portNumber);

export const vocabulary = {
  /** Without `id` only inside a Reply. */
  Sensei: z.strictObject({ id: identifier.optional(), mood: z.enum(senseiMoods).default('calm') }),
  Student: z.strictObject({
    id: identifier.optional(),
    mood: z.enum(studentMoods).default('curious'),
  }),
  Choice: z.strictObject({ id: identifier }),
  Reply: z.strictObject({ id: identifier, says: words }),
  Check: z.strictObject({ id: identifier }),
  Aside: z.strictObject({ id: identifier, kind: z.enum(asideKinds), title: words }),
  Port: z.strictObject({ n: portText, proto: z.enum(['tcp', 'udp']).optional() }),
  /** The way to the exam of the whole course. */
  Exam: z.strictObject({ id: identifier }),
  TryIt: z.strictObject({ id: identifier }),
  System: z.strictObject({ name: z.enum(systems) }),
  Term: z.strictObject({ id: identifier }),
} as const;

export type VocabularyName = keyof typeof vocabulary;

/**
 * What an author wrote on a part of the vocabulary, checked.
 * @param name the part as the author writes it.
 * @param props what is on it.
 * @param file the lesson's file, for the message.
 * @throws Error naming the file, the part, the prop and the remedy.
 */
export function checkedProps<Name extends VocabularyName>(
  name: Name,
  props: object,
  file: string,
): z.output<(typeof vocabulary)[Name]> {
  const schema: z.ZodType = vocabulary[name];
  const result = schema.safeParse(props);
  if (result.success) return result.data as z.output<(typeof vocabulary)[Name]>;
  const written = Object.entries(props)
    .map(([prop, value]) => ` ${prop}="${String(value)}"`)
    .join('');
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new Error(`${file}: <${name}${written}>: ${problems.join(' ')}`);
}
