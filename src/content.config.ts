/** The site's content: each collection's files and the schema that checks them. */

import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
import { questionLoader } from './quiz/question-loader.ts';
import { lessonSchema } from './schemas/lesson.ts';
import { questionSchema } from './schemas/question.ts';

/** Ids are `<locale>/<slug>`. */
const lessons = defineCollection({
  loader: glob({
    base: './content/lessons',
    pattern: '*/*.mdx',
    generateId: ({ entry }) => entry.replace(/\.mdx$/, ''),
  }),
  schema: lessonSchema,
});

/** Ids are the lessons' slugs. */
const questions = defineCollection({
  loader: questionLoader('content/questions'),
  schema: z.strictObject({ questions: z.array(questionSchema) }),
});

export const collections = { lessons, questions };
