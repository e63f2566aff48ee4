/** Keeps ranges of ports and short commands of the lessons' Markdown whole (site-ui/kept-whole.ts). */

import type { Element, ElementContent, Text } from 'hast';
import type { SatteriProcessorOptions } from '@astrojs/markdown-satteri';
import { isBreakableCode, splitAtRanges } from '../site-ui/kept-whole.ts';

type HastPlugin = NonNullable<SatteriProcessorOptions['hastPlugins']>[number];

/** Words with each range of ports in an element of its own. */
function withWholeRanges(text: string): ElementContent[] {
  return splitAtRanges(text).flatMap((piece, index): ElementContent[] => {
    if (piece === '') return [];
    const words: Text = { type: 'text', value: piece };
    const whole: Element = {
      type: 'element',
      tagName: 'span',
      properties: { className: ['whole'] },
      children: [words],
    };
    return [index % 2 === 0 ? words : whole];
  });
}

/** For Markdown while it becomes HTML. */
export const wholeWords = {
  name: 'whole-words',
  element: {
    filter: ['code'],
    visit(node, context) {
      const parent = context.parent(node);
      const isListing = parent.type === 'element' && parent.tagName === 'pre';
      if (!isListing && isBreakableCode(context.textContent(node)))
        context.setProperty(node, 'className', ['whole']);
    },
  },
  text(node, context) {
    const parent = context.parent(node);
    if (parent.type === 'element' && parent.tagName === 'code') return;
    const parts = withWholeRanges(node.value);
    if (parts.length > 1 || parts[0]?.type === 'element') context.replaceNode(node, parts);
  },
} satisfies HastPlugin;
