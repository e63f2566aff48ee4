/**
 * Lessons as files, read the way an author writes them: front matter, import lines, and a tree of the
 * vocabulary's parts with their words. Enough of MDX for searching and for the rules of the content
 * tests; not a compiler.
 */

import { parse } from 'yaml';
import type { LocaleCode } from '../i18n/locales.ts';

export interface Part {
  readonly name: string;
  readonly props: Readonly<Record<string, string>>;
  /** In the file, from 1. */
  readonly line: number;
  readonly parts: Part[];
  /** All words inside, code included, tags left out; ports of badges are part of them. */
  words: string;
  /** The same without what inner turns, replies, systems say. */
  ownWords: string;
}

export interface LessonFile {
  /** From the project's root. */
  readonly file: string;
  readonly slug: string;
  readonly locale: LocaleCode;
  readonly frontMatter: unknown;
  readonly imports: readonly string[];
  /** The body with import lines, code and fences blanked out; same lines as the file. */
  readonly prose: string;
  /** Top-level parts in order. */
  readonly parts: readonly Part[];
  /** Tags that are opened and not closed or the like. */
  readonly broken: readonly string[];
}

/**
 * Reads a lesson.
 * @param text the whole file.
 * @param file its path from the project's root.
 */
export function readLesson(text: string, file: string, locale: LocaleCode): LessonFile {
  const [, head = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  const headLines = head.split('\n').length + 2;
  const imports = body.match(/^import .*$/gm) ?? [];
  const blank = (found: string) => found.replaceAll(/[^\n]/g, ' ');
  const source = body.replaceAll(/^import .*$/gm, blank);
  const prose = source.replaceAll(/^ *```[\s\S]*?^ *```/gm, blank).replaceAll(/`[^`\n]*`/g, blank);
  const { parts, broken } = readParts(source, prose, headLines);
  return {
    file,
    slug: /([^/]+)\.mdx$/.exec(file)?.[1] ?? '',
    locale,
    frontMatter: parse(head),
    imports,
    prose: '\n'.repeat(headLines) + prose,
    parts,
    broken,
  };
}

const tag = /<(\/?)([A-Z]\w*)((?:\s+[\w-]+="[^"]*")*)\s*(\/?)>/g;

function readParts(source: string, prose: string, linesBefore: number) {
  const top: Part = { name: '', props: {}, line: 0, parts: [], words: '', ownWords: '' };
  const open = [top];
  const broken: string[] = [];
  let end = 0;
  const speak = (words: string) => {
    for (const part of open) part.words += words;
    const block = open.findLast((part) => !isInline(part));
    if (block) block.ownWords += words;
  };
  for (const found of prose.matchAll(tag)) {
    const [whole, slash, name = '', props = '', selfClosing] = found;
    const line = linesBefore + source.slice(0, found.index).split('\n').length;
    speak(source.slice(end, found.index));
    end = found.index + whole.length;
    if (slash) {
      const last = open.at(-1);
      if (last?.name === name && open.length > 1) open.pop();
      else
        broken.push(`line ${line}: </${name}> closes nothing. Open <${name}> first, or remove it.`);
      continue;
    }
    const part: Part = {
      name,
      props: Object.fromEntries(
        [...props.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, prop = '', value = '']) => [
          prop,
          value,
        ]),
      ),
      line,
      parts: [],
      words: '',
      ownWords: '',
    };
    open.at(-1)?.parts.push(part);
    // What a reader sees of a part beside what is between its tags.
    const seen = { Port: part.props['n'], Reply: part.props['says'], Aside: part.props['title'] }[
      name
    ];
    if (seen) speak(`${seen} `);
    if (!selfClosing) open.push(part);
  }
  speak(source.slice(end));
  for (const part of open.slice(1)) {
    broken.push(`line ${part.line}: <${part.name}> is not closed. Write </${part.name}>.`);
  }
  return { parts: top.parts, broken };
}

/** Ports and terms are in a sentence and may change places in it; all others keep theirs. */
export function isInline({ name }: Part): boolean {
  return name === 'Port' || name === 'Term';
}

/** A part and all parts inside it. */
export function withInner(parts: readonly Part[]): readonly Part[] {
  return parts.flatMap((part) => [part, ...withInner(part.parts)]);
}

/** The turns of the dialogue itself, without those that answer a choice. */
export function turnsOf({ parts }: LessonFile): readonly Part[] {
  return parts.filter(({ name }) => name === 'Sensei' || name === 'Student');
}
