/** The screens of a lesson on the wall: its title, each part of the dialogue, the summary. */

export interface Screen {
  /** Stable, the same in every language: the part's id; `title` and `summary`. */
  readonly id: string;
  readonly part: HTMLElement;
  /** The heading of the section it is in. */
  readonly section: string;
  /** A few words for the overview. */
  readonly label: string;
  readonly kind: 'title' | 'turn' | 'choice' | 'check' | 'widget' | 'note' | 'summary';
  /** The widget's id in links, where the screen is one. */
  readonly widget: string | null;
}

const LABEL_LENGTH = 60;

function kindOf(part: HTMLElement): Screen['kind'] {
  if (part.matches('.turn')) return 'turn';
  if (part.matches('.choice')) return 'choice';
  if (part.matches('form.lesson-check')) return 'check';
  if (part.matches('.side-note, .try-it')) return 'note';
  return 'widget';
}

function labelOf(part: HTMLElement): string {
  const named = part.querySelector('legend, h1, h2, h3, .title, .speech, .prompt, .caption');
  const text = (named ?? part).textContent.trim().replace(/\s+/g, ' ');
  return text.length > LABEL_LENGTH ? `${text.slice(0, LABEL_LENGTH)}…` : text;
}

export function screensOf(stage: HTMLElement): readonly Screen[] {
  const screens: Screen[] = [];
  let section = '';
  const add = (id: string, part: HTMLElement, kind: Screen['kind']): void => {
    const widget = kind === 'widget' ? part.id.replace(/^sim-/, '') : null;
    screens.push({ id, part, section, label: labelOf(part), kind, widget });
  };
  const title = stage.querySelector<HTMLElement>('.stage-title');
  if (title) add('title', title, 'title');
  const parts = stage.querySelectorAll<HTMLElement>(
    '.dialogue > :not(script, style, link, noscript)',
  );
  parts.forEach((part, place) => {
    if (part.tagName === 'H2') section = part.textContent.trim();
    else add(part.id || `part-${String(place)}`, part, kindOf(part));
  });
  section = '';
  const summary = stage.querySelector<HTMLElement>('.stage-summary');
  if (summary) add('summary', summary, 'summary');
  return screens;
}

/** The screen that an address leads to: `#turn`, `#sim-widget=state`; -1 where there is none. */
export function screenAt(screens: readonly Screen[], hash: string): number {
  const name = decodeURIComponent(hash.slice(1).split(/[=&]/)[0] ?? '');
  if (name === '') return -1;
  const bare = name.replace(/^sim-/, '');
  return screens.findIndex(
    ({ id, part, widget }) =>
      id === name || widget === bare || part.querySelector(`#${CSS.escape(name)}`) !== null,
  );
}
