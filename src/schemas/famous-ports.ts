/**
 * The ports that everybody meets, with words of ours (content/ports/famous.yaml), checked when read.
 * Build time and tests only.
 */

import source from '../../content/ports/famous.yaml?raw';
import { z } from 'astro/zod';
import { parse } from 'yaml';
import { TRANSPORTS } from '../services/registry-entry.ts';

const inBothLanguages = z.strictObject({ en: z.string().min(1), ja: z.string().min(1) });

export const famousPortSchema = z.strictObject({
  port: z.int().min(0).max(65535),
  transport: z.enum(TRANSPORTS),
  /** One of the eighteen of lesson 20's table. */
  core: z.literal(true).optional(),
  /** One of the five to know by heart. */
  byHeart: z.literal(true).optional(),
  /** Where the same service is met under encryption from the first byte. */
  sibling: z.int().min(0).max(65535).optional(),
  name: inBothLanguages,
  purpose: inBothLanguages,
});

export type FamousPortEntry = z.infer<typeof famousPortSchema>;

/** In the file's order: the eighteen by number, then others by number. */
export const famousPorts: readonly FamousPortEntry[] = z
  .array(famousPortSchema)
  .parse(parse(source));
