/** Readings above the words that beginners stumble over. Loaded when they are asked for. */

import readingsFile from '../../../content/readings.json';

/** Where words are not the lesson's own, or would stop being what they are. */
const leftOut = 'code, pre, script, style, button, ruby, astro-island, [popover], form';

const readings = new Map(Object.entries(readingsFile.ja.words));
const words = new RegExp(`(${[...readings.keys()].join('|')})`);

/** Puts readings above all words of the lesson that have one, or takes them away. */
export function showReadings(lesson: HTMLElement, isOn: boolean): void {
  if (isOn) annotate(lesson);
  else for (const ruby of lesson.querySelectorAll('ruby')) ruby.replaceWith(wordOf(ruby));
  lesson.normalize();
}

function annotate(lesson: HTMLElement): void {
  const walker = document.createTreeWalker(lesson, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) {
    const { currentNode: node } = walker;
    const isLeftOut = node.parentElement?.closest(leftOut) != null;
    if (node instanceof Text && !isLeftOut && words.test(node.data)) texts.push(node);
  }
  for (const text of texts)
    text.replaceWith(
      ...text.data.split(words).map((piece) => {
        const reading = readings.get(piece);
        return reading === undefined ? piece : rubyOf(piece, reading);
      }),
    );
}

function rubyOf(word: string, reading: string): HTMLElement {
  const ruby = document.createElement('ruby');
  const text = document.createElement('rt');
  text.textContent = reading;
  ruby.append(word, text);
  return ruby;
}

/** What was there before. */
function wordOf(ruby: Element): string {
  return ruby.firstChild?.textContent ?? '';
}
