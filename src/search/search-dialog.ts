/**
 * The search dialog: a field, a list that arrow keys walk, links that lead to the very place. Loaded
 * when it is first asked for, with its styles; the index is fetched then. What is typed is text and
 * nothing else.
 */

import type { SearchFile } from './search-document.ts';
import {
  buildSearchIndex,
  mostResults,
  portAskedFor,
  type Found,
  type SearchIndex,
} from './search-index.ts';
import { excerptOf, folded, piecesOf } from './search-words.ts';
import styles from './search-dialog.css?inline';

type SearchWords = typeof import('../../content/interface/search/en.json');

/** Letters of an excerpt: about two lines. Those of East Asia are twice as wide. */
const excerptLength = /^(?:ja|zh|ko)/.test(document.documentElement.lang) ? 60 : 110;

/** What a line of the list shows. */
interface Line {
  readonly kind: string;
  readonly href: string;
  readonly title: string;
  readonly text: string;
  readonly tokens: readonly string[];
}

const wordFiles = import.meta.glob<SearchWords>('/content/interface/search/*.json', {
  import: 'default',
});

let dialog: Promise<() => void> | undefined;

/**
 * Shows the dialog.
 * @param address where the page's language has its search.json.
 * @returns rejects where the dialog's words cannot be loaded; a later try may succeed.
 */
export async function openSearch(address: string): Promise<void> {
  dialog ??= loadWords().then((loaded) => buildDialog(address, loaded));
  try {
    (await dialog)();
  } catch (error) {
    dialog = undefined;
    throw error;
  }
}

async function loadWords(): Promise<SearchWords> {
  const load = wordFiles[`/content/interface/search/${document.documentElement.lang}.json`];
  if (load === undefined) throw new Error('There are no words for the search in this language.');
  return await load();
}

function buildDialog(address: string, words: SearchWords): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

  const dialog = make('dialog', { class: 'search-dialog', 'aria-label': words.title });
  const field = make('input', {
    type: 'text',
    role: 'combobox',
    inputmode: 'search',
    enterkeyhint: 'go',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: '200',
    'aria-label': words.field,
    'aria-controls': 'search-results',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    placeholder: words.placeholder,
  });
  const close = make('button', { type: 'button', class: 'search-close' });
  close.textContent = words.close;
  const top = make('div', { class: 'search-top' });
  top.append(field, close);
  const status = make('p', { class: 'search-status', role: 'status' });
  const again = make('button', { type: 'button', class: 'search-again' });
  again.textContent = words.again;
  again.hidden = true;
  const list = make('div', { id: 'search-results', role: 'listbox', 'aria-label': words.results });
  dialog.append(top, status, again, list);
  document.body.append(dialog);

  let index: SearchIndex | undefined;
  let ports = '';
  let isLoading = false;
  /** Which line is chosen; -1 before any. */
  let chosen = -1;

  async function load(): Promise<void> {
    if (index !== undefined || isLoading) return;
    isLoading = true;
    again.hidden = true;
    status.textContent = words.loading;
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(String(response.status));
      const file = (await response.json()) as SearchFile;
      index = await buildSearchIndex(file.documents);
      ports = file.ports;
      show();
    } catch {
      status.textContent = words.failed;
      again.hidden = false;
    } finally {
      isLoading = false;
    }
  }

  function show(): void {
    if (index === undefined) return;
    const text = field.value.trim();
    const results = text === '' ? [] : index.find(text);
    const found = text === '' ? [] : linesOf(results, text);
    list.replaceChildren(...found.map(option));
    choose(found.length > 0 ? 0 : -1);
    list.scrollTop = 0;
    field.setAttribute('aria-expanded', String(found.length > 0));
    if (text === '') status.textContent = words.hint;
    else {
      // The last line leads on, and is nothing that was found.
      const count = found.length - 1;
      const several = results.length < mostResults ? words.found : words.foundMany;
      const message = count === 0 ? words.none : count === 1 ? words.one : several;
      status.textContent = message.replace('{count}', String(count));
    }
  }

  function linesOf(found: readonly Found[], text: string): readonly Line[] {
    const lines = found.map(({ document: { kind, href, title, text: itsText }, tokens }): Line => ({
      kind: words.kinds[kind],
      href,
      title,
      text: itsText,
      tokens,
    }));
    const inRegistry = (query: string) => `${ports}?q=${encodeURIComponent(query)}`;
    const port = portAskedFor(text);
    const isThere = found.some(
      ({ document: { kind, title } }) => kind === 'port' && title.startsWith(`${port} `),
    );
    if (port !== undefined && !isThere) {
      lines.unshift({
        kind: words.kinds.port,
        href: inRegistry(String(port)),
        title: String(port),
        text: words.portText,
        tokens: [String(port)],
      });
    }
    lines.push({
      kind: words.kinds.page,
      href: inRegistry(folded(text)),
      title: words.registry.replace('{text}', () => text),
      text: '',
      tokens: [],
    });
    return lines;
  }

  function option({ kind, href, title, text, tokens }: Line, place: number): HTMLElement {
    const line = make('a', {
      role: 'option',
      id: `search-result-${place}`,
      tabindex: '-1',
      href,
      'aria-selected': 'false',
    });
    const name = make('span', { class: 'search-name' });
    name.append(...marked(title, tokens));
    const label = make('span', { class: 'search-kind' });
    label.textContent = kind;
    const excerpt = make('span', { class: 'search-excerpt' });
    excerpt.append(...marked(excerptOf(text, tokens, excerptLength), tokens));
    line.append(name, ' ', label, ' ', excerpt);
    return line;
  }

  function choose(place: number): void {
    chosen = place;
    for (const [at, line] of [...list.children].entries())
      line.setAttribute('aria-selected', String(at === place));
    const line = list.children[place];
    if (line === undefined) field.removeAttribute('aria-activedescendant');
    else {
      field.setAttribute('aria-activedescendant', line.id);
      line.scrollIntoView({ block: 'nearest' });
    }
  }

  function walk(steps: number): void {
    const count = list.children.length;
    if (count > 0) choose((chosen + steps + count) % count);
  }

  field.addEventListener('input', show);
  dialog.addEventListener('keydown', (event) => {
    // Keys of an input method are its own.
    if (event.isComposing) return;
    if (event.key === 'Escape') dialog.close();
    else if (event.target !== field) return;
    else if (event.key === 'ArrowDown') walk(1);
    else if (event.key === 'ArrowUp') walk(-1);
    else if (event.key === 'Enter') {
      const { ctrlKey, metaKey } = event;
      list.children[chosen]?.dispatchEvent(
        new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey }),
      );
    } else return;
    event.preventDefault();
  });
  list.addEventListener('click', (event) => {
    // Before the browser follows the link, so that a place on this very page gets the focus.
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!isElsewhere && event.target instanceof Element && event.target.closest('a'))
      dialog.close();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  close.addEventListener('click', () => {
    dialog.close();
  });
  again.addEventListener('click', () => {
    field.focus();
    void load();
  });

  return () => {
    if (dialog.open) return;
    dialog.showModal();
    field.focus();
    field.select();
    void load();
  };
}

function marked(text: string, tokens: readonly string[]): readonly (Node | string)[] {
  return piecesOf(text, tokens).map(({ text: piece, isFound }) => {
    if (!isFound) return piece;
    const mark = document.createElement('mark');
    mark.textContent = piece;
    return mark;
  });
}

function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
