/** The front matter of a lesson: content/lessons/<locale>/NN-slug.mdx. */

import { z } from 'astro/zod';
import { portNumber, words } from './identifier.ts';

export const lessonSchema = z.strictObject({
  /** As it is in the course map and above the lesson. */
  title: words,
  /** Today's question, one line. */
  theme: words,
  /** Time for a first reading with the checks and simulations. */
  minutes: z
    .int('Write whole minutes.')
    .min(5, 'A lesson takes at least 5 minutes: join it to another.')
    .max(25, 'A lesson takes at most 25 minutes: split it.'),
  /** What is lit on the number line. */
  ranges: z
    .array(z.enum(['well-known', 'registered', 'ephemeral']))
    .min(1, 'Name at least one range to light on the number line.'),
  /** What the learner can do afterwards. */
  objectives: z.array(words).min(3, 'Name 3 to 5 objectives.').max(5, 'Name 3 to 5 objectives.'),
  /** What to take along, numbered. */
  summary: z
    .array(words)
    .min(4, 'A summary has 4 to 8 lines.')
    .max(8, 'A summary has 4 to 8 lines.'),
  sources: z
    .array(
      z.strictObject({
        label: words,
        url: z.url({ protocol: /^https$/, message: 'A source is a full https:// address.' }),
      }),
    )
    .min(1, 'Every number has a source: name at least one.'),
  /** Numbers met in this lesson, in the order in which they are met. */
  ports: z.array(portNumber).min(1, 'Name the ports met in this lesson.'),
});
