/**
 * Marks the question forms of a page: reads what was given, asks the engine, shows the explanation
 * that belongs to the answer. One listener for all forms.
 */

import { fill } from '../../i18n/format.ts';
import type { Messages } from '../../i18n/messages.ts';
import { grade } from '../engine/grade.ts';
import type { Grade, Key, Response } from '../engine/question.ts';
import { decodedKey } from './encoded-key.ts';

export type CheckWords = Pick<
  Messages['check'],
  'right' | 'wrong' | 'partRight' | 'partWrong' | 'placeWrong' | 'missing' | 'incomplete' | 'moved'
>;

type Judged = Extract<Grade, { verdict: 'right' | 'wrong' }>;

/**
 * @param root holds the forms.
 * @param onAnswer is called with every try that was judged, with the question's id.
 */
export function markChecks(
  root: HTMLElement,
  words: CheckWords,
  onAnswer: (question: string, outcome: 'right' | 'wrong') => void,
): void {
  root.addEventListener('submit', (event) => {
    const form = checkOf(event.target);
    if (!form) return;
    event.preventDefault();
    const key = decodedKey(form.dataset['key'] ?? '');
    const result = grade(key, responseIn(form, key));
    clearMarks(form);
    if (result.verdict === 'incomplete') {
      say(form, words.incomplete[result.why]);
      form.querySelector<HTMLElement>('.part :is(input, select)')?.focus();
      return;
    }
    form.dataset['tried'] = result.verdict;
    markParts(form, key, result, words);
    explain(form, key, result, words);
    // A phone's window may end above it.
    form.querySelector('.check-result')?.scrollIntoView({ block: 'nearest' });
    onAnswer(form.id, result.verdict);
  });

  for (const type of ['input', 'change'] as const) {
    root.addEventListener(type, ({ target }) => {
      const form = checkOf(target);
      if (form) clearMarks(form);
    });
  }

  root.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-move]') : null;
    const form = checkOf(button);
    const item = button?.closest<HTMLElement>('.part');
    if (!button || !form || !item) return;
    const isUp = button.dataset['move'] === '-1';
    const neighbour = isUp ? item.previousElementSibling : item.nextElementSibling;
    if (!neighbour) return;
    if (isUp) neighbour.before(item);
    else neighbour.after(item);
    clearMarks(form);
    button.focus();
    const places = [...(item.parentElement?.children ?? [])];
    say(form, fill(words.moved, { place: places.indexOf(item) + 1, total: places.length }));
  });
}

function checkOf(target: EventTarget | null): HTMLFormElement | null {
  return target instanceof Element ? target.closest<HTMLFormElement>('form.lesson-check') : null;
}

function partsOf(form: HTMLFormElement): HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>('[data-part]')];
}

function responseIn(form: HTMLFormElement, { kind }: Key): Response {
  const data = new FormData(form);
  const given = data.getAll(form.id).map(String);
  switch (kind) {
    case 'choice':
      return { kind, chosen: given[0] ?? null };
    case 'several':
      return { kind, chosen: given };
    case 'number':
      return { kind, typed: given[0] ?? '' };
    case 'order':
      return { kind, order: partsOf(form).map((part) => part.dataset['part'] ?? '') };
    case 'match':
      return {
        kind,
        pairs: Object.fromEntries(
          [...data].map(([left, right]) => [left, typeof right === 'string' ? right : '']),
        ),
      };
  }
}

function clearMarks(form: HTMLFormElement): void {
  for (const part of form.querySelectorAll<HTMLElement>('.part')) {
    delete part.dataset['mark'];
    const mark = part.querySelector('.mark');
    if (mark) mark.textContent = '';
  }
  delete form.dataset['verdict'];
  form.querySelector('.check-result')?.replaceChildren();
}

/** A right option that was not chosen stays unmarked: it is for the learner to find. */
function markParts(form: HTMLFormElement, key: Key, { parts }: Judged, words: CheckWords): void {
  const given = key.kind === 'several' ? new FormData(form).getAll(form.id) : null;
  // An order is judged place by place: the mark is on the item that was put there.
  const ids =
    key.kind === 'order' ? key.answer : partsOf(form).map((part) => part.dataset['part'] ?? '');
  partsOf(form).forEach((part, place) => {
    const id = ids[place] ?? '';
    const isRight = parts[id];
    if (isRight === undefined || (given && !given.includes(id))) return;
    part.dataset['mark'] = isRight ? 'right' : 'wrong';
    const wrong = key.kind === 'order' ? words.placeWrong : words.partWrong;
    const mark = part.querySelector('.mark');
    if (mark) mark.textContent = isRight ? `✓ ${words.partRight}` : `✗ ${wrong}`;
  });
}

function explain(form: HTMLFormElement, key: Key, result: Judged, words: CheckWords): void {
  const isRight = result.verdict === 'right';
  form.dataset['verdict'] = result.verdict;
  const texts = aboutWhat(form, key, result).flatMap((about) => {
    const why = form.querySelector(`[data-about="${CSS.escape(about)}"] .why`)?.cloneNode(true);
    if (!(why instanceof Element)) return [];
    // In an order, the explanation of one line says which line it speaks of.
    const item = form.querySelector(`[data-part="${CSS.escape(about)}"] > .item`);
    if (item && key.kind === 'order') {
      const name = document.createElement('strong');
      name.textContent = item.textContent.trim();
      why.prepend(name, ' ');
    }
    return [why];
  });
  const isOnlyMissing = !isRight && texts.length === 0;
  say(form, isRight ? words.right : isOnlyMissing ? words.missing : words.wrong, texts);
  if (!isRight) form.querySelector('.check-result')?.prepend(teacher());
}

/** Half a figure of the sensei beside what went wrong, out of the page's own drawings. */
function teacher(): SVGSVGElement {
  const made = <Name extends 'svg' | 'use'>(name: Name, attributes: Record<string, string>) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const svg = made('svg', { class: 'person', viewBox: '0 0 360 420', 'aria-hidden': 'true' });
  svg.append(made('use', { href: '#sensei-warning' }));
  return svg;
}

/** Which explanations answer this try. */
function aboutWhat(form: HTMLFormElement, key: Key, { verdict, parts, value }: Judged): string[] {
  const isRight = verdict === 'right';
  switch (key.kind) {
    case 'choice':
      return Object.keys(parts);
    case 'several': {
      const chosen = new FormData(form).getAll(form.id).map(String);
      return isRight ? [...key.answer] : chosen.filter((id) => !parts[id]);
    }
    case 'number': {
      const known = `=${value ?? ''}`;
      if (isRight) return ['right'];
      return [form.querySelector(`[data-about="${CSS.escape(known)}"]`) ? known : 'otherwise'];
    }
    case 'order': {
      if (isRight) return ['right'];
      const misplaced = key.answer.findIndex((id) => !parts[id]);
      return partsOf(form)
        .slice(misplaced, misplaced + 1)
        .map((part) => part.dataset['part'] ?? '');
    }
    case 'match':
      return isRight ? ['right'] : Object.keys(parts).filter((id) => !parts[id]);
  }
}

function say(form: HTMLFormElement, verdict: string, texts: readonly Node[] = []): void {
  const line = document.createElement('p');
  line.className = 'verdict';
  line.textContent = verdict;
  form.querySelector('.check-result')?.replaceChildren(line, ...texts);
}
