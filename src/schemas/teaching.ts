/**
 * What a teacher needs for one lesson: content/teach/<lesson>.yaml, by language; and the plans of
 * content/teach/plans.yaml. Minutes are written once and add up; places are the lesson's own turns.
 */

import { z } from 'astro/zod';
import { identifier, lessonSlug, words } from './identifier.ts';
import { inLanguages } from './in-languages.ts';

const minutes = z
  .int('Write whole minutes.')
  .min(1)
  .max(90, 'A step of more than 90 minutes is a plan.');

/** A widget in a state, as a link to it says it, and what is to be seen there. */
const shown = z.strictObject({
  widget: identifier,
  state: z
    .string()
    .regex(/^[\w.~!-]+$/, 'A state is what “link to this” puts after the equals sign.'),
  /** Words or numbers that are in the widget then, the same in every language: a test looks. */
  sees: z.array(words).min(1, 'Say at least one thing that is seen.'),
});

const step = z.strictObject({
  minutes,
  /** The screen it begins with: a turn, a widget, a question; `title`, `summary`. */
  at: identifier,
  /** May be left out when time is short. */
  isSpare: z.boolean().optional(),
  ...inLanguages(words),
});

export const teachingSchema = z
  .strictObject({
    /** One class with this lesson alone; the steps add up to it. */
    minutes,
    /** What to leave the room with. */
    goal: z.strictObject(inLanguages(words)),
    plan: z.array(step).min(3, 'A plan has at least three steps.'),
    ask: z
      .array(
        z.strictObject({
          at: identifier,
          ...inLanguages(
            z.strictObject({
              asks: words,
              /** What comes, and what to make of it. */
              answers: z.array(words).min(1, 'Name the answers that come.'),
            }),
          ),
        }),
      )
      .min(2, 'Name at least two questions for the class.'),
    misconceptions: z
      .array(
        z.strictObject({
          /** In content/misconceptions.yaml. */
          id: identifier,
          at: identifier,
          show: shown.optional(),
          /** How to notice it, and what to do. */
          ...inLanguages(words),
        }),
      )
      .min(1, 'Name at least one misconception.'),
    board: z.strictObject({
      at: identifier,
      /** Drawn with letters, as on the board. */
      sketch: z.string().min(1),
      ...inLanguages(words),
    }),
    homework: z.strictObject(inLanguages(words)),
  })
  .refine((one) => one.plan.reduce((sum, { minutes }) => sum + minutes, 0) === one.minutes, {
    path: ['plan'],
    message: 'The steps’ minutes do not add up to the class’s.',
  });

export type Teaching = z.output<typeof teachingSchema>;

export const plansSchema = z
  .array(
    z
      .strictObject({
        id: identifier,
        /** All sessions together, pauses included. */
        minutes: z.int('Write whole minutes.').min(30),
        ...inLanguages(z.strictObject({ title: words, about: words })),
        sessions: z
          .array(
            z
              .strictObject({
                minutes: z.int('Write whole minutes.').min(10),
                ...inLanguages(z.strictObject({ title: words })),
                steps: z
                  .array(
                    z.strictObject({
                      minutes: z.int('Write whole minutes.').min(1),
                      lesson: lessonSlug.optional(),
                      /** The screen of the lesson it begins with. */
                      at: identifier.optional(),
                      ...inLanguages(words),
                    }),
                  )
                  .min(1),
              })
              .refine(
                (one) => one.steps.reduce((sum, step) => sum + step.minutes, 0) === one.minutes,
                {
                  path: ['steps'],
                  message: 'The steps’ minutes do not add up to the session’s.',
                },
              ),
          )
          .min(1),
      })
      .refine(
        (one) => one.sessions.reduce((sum, session) => sum + session.minutes, 0) === one.minutes,
        {
          path: ['sessions'],
          message: 'The sessions’ minutes do not add up to the plan’s.',
        },
      ),
  )
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
    message: 'Two plans have the same id.',
  });

export type TeachingPlan = z.output<typeof plansSchema>[number];
