/**
 * Keeps ranges of ports and short commands of the lessons' Markdown whole (site-ui/kept-whole.ts), and a
 * number that can be pressed with the point or comma after it: a browser breaks a line on both sides of
 * a button.
 */

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

const pointsAtStart = /^[、。，．：；！？）」』・…,.:;!?)\]’”]+/u;

interface Sibling {
  readonly type: string;
  readonly name?: string | null;
  readonly value?: string;
}

/** What the text after a `<Port>` begins with and a line must not. */
function pointsAfterPort(port: Sibling | undefined, text: Sibling | undefined): string {
  if (port?.type !== 'mdxJsxTextElement' || port.name !== 'Port' || text?.type !== 'text')
    return '';
  return pointsAtStart.exec(text.value ?? '')?.[0] ?? '';
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
    const place = context.indexOf(node) ?? 0;
    const points = pointsAfterPort(parent.children[place - 1], node);
    const parts = withWholeRanges(node.value.slice(points.length));
    const isChanged = points !== '' || parts.length > 1 || parts[0]?.type === 'element';
    if (isChanged) context.replaceNode(node, parts);
  },
  mdxJsxTextElement: {
    filter: ['Port'],
    visit(node, context) {
      const next = (context.indexOf(node) ?? 0) + 1;
      const points = pointsAfterPort(node, context.parent(node).children[next]);
      if (points === '') return;
      context.wrapNode(node, {
        type: 'element',
        tagName: 'span',
        properties: { className: ['whole'] },
        children: [{ type: 'text', value: points }],
      });
    },
  },
} satisfies HastPlugin;
