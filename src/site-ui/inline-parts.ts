/** The parts of a line with inline marks (`code`, **strong**, a port's badge as {443}), for components. */

import { isPort, rangeOf, type PortRange } from '../network/port-ranges.ts';

export type InlinePart =
  | { readonly kind: 'text' | 'code' | 'strong'; readonly text: string }
  | { readonly kind: 'port'; readonly text: string; readonly range: PortRange };

/** Everything that is no mark is text as it is written. */
export function inlineParts(line: string): readonly InlinePart[] {
  return line
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\{\d{1,5}\})/)
    .filter((part) => part !== '')
    .map((part) => {
      const port = /^\{(\d+)\}$/.exec(part)?.[1];
      if (port !== undefined && isPort(Number(port))) {
        return { kind: 'port', text: port, range: rangeOf(Number(port)) };
      }
      if (/^`[^`]+`$/.test(part)) return { kind: 'code', text: part.slice(1, -1) };
      if (/^\*\*[^*]+\*\*$/.test(part)) return { kind: 'strong', text: part.slice(2, -2) };
      return { kind: 'text', text: part };
    });
}
