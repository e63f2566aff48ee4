/** What people think about ports and what is so: content/misconceptions.yaml, checked when read. Build time and tests only. */

import source from '../../content/misconceptions.yaml?raw';
import { z } from 'astro/zod';
import { parse } from 'yaml';
import { identifier, words } from './identifier.ts';
import { inLanguages } from './in-languages.ts';

const inOneLanguage = z.strictObject({
  /** As somebody would say it. */
  thinks: words,
  truth: words,
});

export const misconceptionsSchema = z
  .array(
    z.strictObject({
      id: identifier,
      /** Where the course settles it: `50-ephemeral-ports#exchanged`. */
      turn: z
        .string()
        .regex(
          /^\d{2,3}(-[a-z0-9]+)+#[a-z][a-z0-9-]*$/,
          'A turn is written slug#turn (50-ephemeral-ports#exchanged).',
        ),
      /** The moment of a widget that shows it: `100-life-of-a-connection#client-closes=1~…`. */
      shown: z
        .string()
        .regex(
          /^\d{2,3}(-[a-z0-9]+)+#[a-z][a-z0-9-]*=[\w.~!-]+$/,
          'A moment is written slug#widget=state, the state as in the address of a link to it.',
        ),
      ...inLanguages(inOneLanguage),
    }),
  )
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
    message: 'Two misconceptions have the same id.',
  });

export type Misconception = z.output<typeof misconceptionsSchema>[number];

/** In the file's order. */
export const misconceptions: readonly Misconception[] = misconceptionsSchema.parse(parse(source));
