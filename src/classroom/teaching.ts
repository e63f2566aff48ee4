/** The teachers' notes and plans of content/teach, read and checked while the site is built. */

import { parse } from 'yaml';
import plansText from '../../content/teach/plans.yaml?raw';
import {
  plansSchema,
  teachingSchema,
  type Teaching,
  type TeachingPlan,
} from '../schemas/teaching.ts';

const texts: Readonly<Record<string, string>> = import.meta.glob<string>('/content/teach/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** In their order on the desk. */
export const teachingPlans: readonly TeachingPlan[] = plansSchema.parse(parse(plansText));

/** @throws Error where a lesson has no notes, or where they are not as the schema says. */
export function teachingOf(slug: string): Teaching {
  const file = `/content/teach/${slug}.yaml`;
  const text = texts[file];
  if (text === undefined) {
    throw new Error(
      `${file.slice(1)} is missing: every lesson has notes for its teacher. ` +
        'docs/authoring.md says what they hold.',
    );
  }
  const read = teachingSchema.safeParse(parse(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`${file.slice(1)}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
