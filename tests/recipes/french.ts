/** French, as somebody would begin with it: the words of the interface, one lesson, a few phrases. */

import { globSync } from 'node:fs';
import type { Copy } from './copy.ts';

/** Every sentence with a mark before it: English that can be told from English. */
function marked(tree: unknown): unknown {
  if (typeof tree === 'string') return tree.trim() === '' ? tree : `fr: ${tree}`;
  if (Array.isArray(tree)) return tree.map(marked);
  return Object.fromEntries(
    Object.entries(tree as object).map(([key, value]) => [key, marked(value)]),
  );
}

/** The words that the recipe asks for. */
export function addFrenchInterface(copy: Copy): void {
  for (const path of globSync('content/interface/**/en.json', { cwd: copy.folder })) {
    const words = marked(JSON.parse(copy.read(path)));
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
