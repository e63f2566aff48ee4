/**
 * The few marks in words that are not Markdown files (questions, objectives, summaries, what the
 * student says): `code`, **strong**, and a port's badge as {443}. Everything else is plain text.
 */

import { isPort, rangeOf } from '../network/port-ranges.ts';
import { isBreakableCode, splitAtRanges } from './kept-whole.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text made safe for HTML. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** A long setting breaks after its equals sign, before any number would be torn. */
function breakable(code: string): string {
  return code.replaceAll(/(\S{12,}=)(?=\S)/g, '$1<wbr>');
}

/** Words with their ranges of ports kept whole. */
function withRanges(text: string): string {
  return splitAtRanges(text)
    .map((piece, index) =>
      index % 2 === 0 ? escaped(piece) : `<span class="whole">${escaped(piece)}</span>`,
    )
    .join('');
}

/** @returns HTML. */
export function inlineMarks(text: string): string {
  return text
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\{\d{1,5}\})/)
    .map((part) => {
      const port = /^\{(\d+)\}$/.exec(part)?.[1];
      if (port !== undefined && isPort(Number(port))) {
        return `<span class="port-badge" data-range="${rangeOf(Number(port))}">${port}</span>`;
      }
      if (part.startsWith('`')) {
        const code = part.slice(1, -1);
        const mark = isBreakableCode(code) ? ' class="whole"' : '';
        return `<code${mark}>${breakable(escaped(code))}</code>`;
      }
      if (part.startsWith('**')) return `<strong>${withRanges(part.slice(2, -2))}</strong>`;
      return withRanges(part);
    })
    .join('');
}

/** The same words without marks, for titles and descriptions. */
export function plainWords(text: string): string {
  return text.replaceAll(/[`{}]|\*\*/g, '');
}
