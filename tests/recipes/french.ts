/**
 * French, as somebody would begin with it: the words of the interface, one lesson, a few phrases. The
 * words are under stress, for a browser test that looks at the pages: tests/e2e/stress-words.spec.ts.
 */

import { globSync } from 'node:fs';
import type { Copy } from './copy.ts';
import { stressed } from './stress-words.ts';

/** What a picture draws too: its font has no letters that run from right to left. */
const drawn = new Set(['home.title', 'home.lead']);

/** Every sentence with a mark before it, and under stress: English that can be told from English. */
function marked(tree: unknown, path: readonly string[]): unknown {
  if (typeof tree === 'string') {
    if (tree.trim() === '') return tree;
    return `fr: ${stressed(tree, path.join('.'), drawn.has(path.slice(1).join('.')))}`;
  }
  if (Array.isArray(tree)) return tree.map((one, index) => marked(one, [...path, String(index)]));
  return Object.fromEntries(
    Object.entries(tree as object).map(([key, value]) => [key, marked(value, [...path, key])]),
  );
}

/** The words that the recipe asks for. */
export function addFrenchInterface(copy: Copy): void {
  for (const path of globSync('content/interface/**/en.json', { cwd: copy.folder })) {
    const words = marked(JSON.parse(copy.read(path)), [path]);
    copy.write(path.replace(/en\.json$/, 'fr.json'), `${JSON.stringify(words, undefined, 2)}\n`);
  }
}

/** What may follow in any order: here one lesson, and the phrases of one generator. */
export function addSomeFrench(copy: Copy): void {
  const lesson = copy.read('content/lessons/en/10-what-a-port-is.mdx');
  copy.write(
    'content/lessons/fr/10-what-a-port-is.mdx',
    lesson.replace(/^title: .*$/m, 'title: Ce qu’est un port'),
  );
  const phrases = 'content/practice/needs-root.yaml';
  copy.write(phrases, copy.read(phrases).replaceAll(/\ben: '([^']*)'/g, "en: '$1', fr: 'fr: $1'"));
}
