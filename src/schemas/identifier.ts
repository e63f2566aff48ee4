/** Identifiers that authors choose: kept for ever once published, because learners' progress hangs on them. */

import { z } from 'astro/zod';

/** `reply-ports`: small letters, digits and single hyphens, a letter first. */
export const identifier = z
  .string()
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    'An id is kebab-case: small letters, digits and single hyphens, a letter first (reply-ports).',
  );

/** `50-ephemeral-ports`: the lesson's number, then kebab-case. */
export const lessonSlug = z
  .string()
  .regex(/^\d{2,3}(-[a-z0-9]+)+$/, 'A lesson is named NN-kebab-case (50-ephemeral-ports).');

export const portNumber = z
  .int('A port is a whole number.')
  .min(0, 'A port is a number from 0 to 65535.')
  .max(65535, 'A port is a number from 0 to 65535.');

/** Words for a reader: one line, not empty; may hold inline marks (src/quiz/view/inline-marks.ts). */
export const words = z
  .string('These words are missing.')
  .trim()
  .min(1, 'These words are empty: write them, or remove the line.');
