/**
 * The anchors of a lesson's sections: `part-1`, `part-2` … in order, so that they are the same in
 * every language and never a turn's id.
 */

import type { MarkdownHeading } from 'astro';

export interface LessonSection {
  readonly id: string;
  readonly text: string;
  /** What Markdown made of the text, unique in the page. */
  readonly slug: string;
}

export function sectionsOf(headings: readonly MarkdownHeading[]): readonly LessonSection[] {
  return headings
    .filter(({ depth }) => depth === 2)
    .map(({ slug, text }, index) => ({ id: `part-${index + 1}`, text, slug }));
}
