/** An author's words with their inline marks (`code`, **strong**, {443}) for programs other than ours. */

import { escaped } from '../../site-ui/inline-marks.ts';
import { inlineParts } from '../../site-ui/inline-parts.ts';

/** HTML without classes: other programs do not know them. */
export function htmlOf(line: string): string {
  return inlineParts(line)
    .map(({ kind, text }) => {
      if (kind === 'code') return `<code>${escaped(text)}</code>`;
      return kind === 'strong' ? `<strong>${escaped(text)}</strong>` : escaped(text);
    })
    .join('');
}

/** The words alone. */
export function textOf(line: string): string {
  return inlineParts(line)
    .map(({ text }) => text)
    .join('');
}

/** A question's words, and below them what its screen shows, as HTML. */
export function promptHtml({
  prompt,
  screen,
}: {
  readonly prompt: string;
  readonly screen: readonly string[];
}): string {
  const shown = screen.length === 0 ? '' : `<pre>${screen.map(escaped).join('\n')}</pre>`;
  return `<p>${htmlOf(prompt)}</p>${shown}`;
}
