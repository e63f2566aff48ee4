/** content/course.yaml: the lessons in order, with a title and what each settles, by language. */

import { z } from 'astro/zod';
import { inLanguages } from './in-languages.ts';

const words = z.strictObject({
  title: z.string().min(1),
  /** One or two sentences: what a learner can say afterwards. */
  settles: z.string().min(1),
});

export const courseSchema = z
  .array(
    z.strictObject({
      slug: z.string().regex(/^[1-9]\d*-[a-z0-9]+(-[a-z0-9]+)*$/),
      ...inLanguages(words),
    }),
  )
  .refine((lessons) => new Set(lessons.map(({ slug }) => slug)).size === lessons.length, {
    message: 'two lessons have the same slug',
  })
  .refine(
    (lessons) =>
      lessons.every(({ slug }, i) => parseInt(slug) > parseInt(lessons[i - 1]?.slug ?? '0')),
    { message: 'lessons are in the order of their numbers' },
  );
