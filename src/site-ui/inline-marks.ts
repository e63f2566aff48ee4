/**
 * The few marks in words that are not Markdown files (questions, objectives, summaries, what the
 * student says): `code`, **strong**, and a port's badge as {443}. Everything else is plain text.
 */

import { isPort, rangeOf } from '../network/port-ranges.ts';

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

/** @returns HTML. */
export function inlineMarks(text: string): string {
  return text
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\{\d{1,5}\})/)
    .map((part) => {
      const port = /^\{(\d+)\}$/.exec(part)?.[1];
      if (port !== undefined && isPort(Number(port))) {
        return `<span class="port-badge" data-range="${rangeOf(Number(port))}">${port}</span>`;
      }
      if (part.startsWith('`')) return `<code>${breakable(escaped(part.slice(1, -1)))}</code>`;
      if (part.startsWith('**')) return `<strong>${escaped(part.slice(2, -2))}</strong>`;
      return escaped(part);
    })
    .join('');
}

/** The same words without marks, for titles and descriptions. */
export function plainWords(text: string): string {
  return text.replaceAll(/[`{}]|\*\*/g, '');
}
