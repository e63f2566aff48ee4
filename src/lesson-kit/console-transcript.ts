/**
 * Terminal transcripts (```console fences) as HTML that fits a strict content security policy: Shiki's
 * inline colours become classes (src/styles/console.css). In lines of input the prompt and the command
 * are marked, so that a copy takes the command alone; a port after an address wears its badge.
 *
 * A line is input when it begins with a prompt: `$ `, `# `, `> `, `C:\…> ` or `[user@host ~]$ `.
 */

import type { Element, ElementContent } from 'hast';
import type { ShikiTransformer } from 'shiki';
import { isPort, rangeOf } from '../network/port-ranges.ts';

const prompt = /^(?:\[[^\]]+\]|PS [A-Z]:[^>]*|[A-Z]:[^>]*)?[$#>] /;
/** The port in 10.0.0.2:51514, 0.0.0.0:80, [::1]:443, *:22. */
const portAfterAddress = /(?<=(?:\d{1,3}(?:\.\d{1,3}){3}|\]|\*):)\d{1,5}(?![\d.:])/;
const colour = /--(?:astro-code|shiki)-token-([a-z-]+)/;

/** Plain colours of text and ground need no class. */
function tokenClass(style: unknown): string | null {
  const token = typeof style === 'string' ? colour.exec(style)?.[1] : undefined;
  return token ? `token-${token}` : null;
}

function element(name: string, className: string, children: ElementContent[]): Element {
  return { type: 'element', tagName: name, properties: { class: className }, children };
}

/** Splits text at ports after addresses and badges them. */
function badged(text: string): ElementContent[] {
  return text.split(new RegExp(`(${portAfterAddress.source})`)).map((piece, index) => {
    const port = Number(piece);
    if (index % 2 === 0 || !isPort(port)) return { type: 'text', value: piece };
    const badge = element('span', 'port-badge in-console', [{ type: 'text', value: piece }]);
    badge.properties['data-range'] = rangeOf(port);
    return badge;
  });
}

function withBadges(children: readonly ElementContent[]): ElementContent[] {
  return children.flatMap((child) => {
    if (child.type === 'text') return badged(child.value).filter((one) => !isEmptyText(one));
    if (child.type === 'element') child.children = withBadges(child.children);
    return [child];
  });
}

const isEmptyText = (node: ElementContent) => node.type === 'text' && node.value === '';

function textOf(node: ElementContent): string {
  if (node.type === 'text') return node.value;
  return node.type === 'element' ? node.children.map(textOf).join('') : '';
}

/** Cuts the first `length` characters off a line's children. */
function without(children: readonly ElementContent[], length: number): ElementContent[] {
  const rest: ElementContent[] = [];
  let left = length;
  for (const child of children) {
    const size = textOf(child).length;
    if (left >= size) {
      left -= size;
      continue;
    }
    if (left > 0 && child.type === 'text')
      rest.push({ type: 'text', value: child.value.slice(left) });
    else if (left > 0 && child.type === 'element')
      rest.push({ ...child, children: without(child.children, left) });
    else rest.push(child);
    left = 0;
  }
  return rest;
}

export const consoleTranscript: ShikiTransformer = {
  name: 'console-transcript',
  span(node) {
    const name = tokenClass(node.properties['style']);
    delete node.properties['style'];
    if (name) node.properties['class'] = name;
  },
  line(node) {
    const found =
      this.options.lang === 'console' ? prompt.exec(node.children.map(textOf).join('')) : null;
    if (found) {
      const command = withBadges(without(node.children, found[0].length));
      node.children = [
        element('span', 'prompt', [{ type: 'text', value: found[0] }]),
        element('span', 'command', command),
      ];
      return;
    }
    node.children = withBadges(node.children);
  },
  pre(node) {
    delete node.properties['style'];
    node.properties['class'] = this.options.lang === 'console' ? 'console' : 'code';
  },
};
