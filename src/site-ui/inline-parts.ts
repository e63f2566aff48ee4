/** The parts of a line with inline marks (`code`, **strong**, a port's badge as {443}), and its ranges of ports, for components. */

import { isPort, rangeOf, type PortRange } from '../network/port-ranges.ts';
import { splitAtRanges } from './kept-whole.ts';

export type InlinePart =
  | { readonly kind: 'text' | 'code' | 'strong' | 'range'; readonly text: string }
  | { readonly kind: 'port'; readonly text: string; readonly range: PortRange };

/** Everything that is no mark is text as it is written. */
export function inlineParts(line: string): readonly InlinePart[] {
  return line
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\{\d{1,5}\})/)
    .filter((part) => part !== '')
    .flatMap((part): InlinePart | InlinePart[] => {
      const port = /^\{(\d+)\}$/.exec(part)?.[1];
      if (port !== undefined && isPort(Number(port))) {
        return { kind: 'port', text: port, range: rangeOf(Number(port)) };
      }
      if (/^`[^`]+`$/.test(part)) return { kind: 'code', text: part.slice(1, -1) };
      if (/^\*\*[^*]+\*\*$/.test(part)) return { kind: 'strong', text: part.slice(2, -2) };
      return splitAtRanges(part)
        .map((text, index) => ({ kind: index % 2 === 0 ? 'text' : 'range', text }) as const)
        .filter(({ text }) => text !== '');
    });
}
