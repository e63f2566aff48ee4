/** The front matter of a page of running text: content/pages/<locale>/<name>.mdx. */

import { z } from 'astro/zod';

export const pageTextSchema = z.strictObject({
  title: z.string().min(1),
  /** For search engines and link previews. */
  description: z.string().min(1),
});
