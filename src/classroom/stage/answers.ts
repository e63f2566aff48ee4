/** What has been chosen and answered on the stage, read off the page and put back into another window's. */

import type { FormState } from '../stage-state.ts';

/** The reply of a choice that is open; empty for none. */
export function openReply(choice: HTMLElement): string {
  return choice.querySelector<HTMLElement>('.reply[open]')?.dataset['reply'] ?? '';
}

export function putReply(choice: HTMLElement, reply: string): void {
  for (const one of choice.querySelectorAll<HTMLDetailsElement>('.reply')) {
    const isOpen = one.dataset['reply'] === reply;
    if (one.open !== isOpen) one.open = isOpen;
  }
}

const fields = 'input, select';

function partsOf(form: HTMLFormElement): readonly HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>('[data-part]')];
}

/** What is in a question's form. */
export function formState(form: HTMLFormElement): FormState {
  const given =
    form.dataset['kind'] === 'order'
      ? partsOf(form).map((part) => part.dataset['part'] ?? '')
      : [...new FormData(form)].flatMap(([name, value]) =>
          typeof value === 'string' && value !== '' ? [`${name}=${value}`] : [],
        );
  return { given, isMarked: form.dataset['verdict'] !== undefined };
}

export function isSameForm(one: FormState, other: FormState): boolean {
  return one.isMarked === other.isMarked && one.given.join('\n') === other.given.join('\n');
}

/**
 * Puts an answer into a form, marked where it was.
 * @returns whether that changed anything
 */
export function putForm(form: HTMLFormElement, state: FormState): boolean {
  if (isSameForm(formState(form), state)) return false;
  if (form.dataset['kind'] === 'order') {
    const parts = new Map(partsOf(form).map((part) => [part.dataset['part'], part]));
    for (const id of state.given) {
      const part = parts.get(id);
      part?.parentElement?.append(part);
    }
  } else {
    for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>(fields)) {
      const values = state.given
        .filter((pair) => pair.startsWith(`${field.name}=`))
        .map((pair) => pair.slice(field.name.length + 1));
      if (field.type === 'radio' || field.type === 'checkbox') {
        field.checked = values.includes(field.value);
      } else field.value = values[0] ?? '';
    }
  }
  // Takes the marks off, as when somebody has typed.
  form.dispatchEvent(new Event('input', { bubbles: true }));
  if (state.isMarked) form.requestSubmit();
  return true;
}
