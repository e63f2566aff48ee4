/** The replies of a choice: one open at a time on the screen, all of them on paper. */

export function openOneReply(lesson: HTMLElement): void {
  lesson.addEventListener(
    'toggle',
    ({ target }) => {
      if (!(target instanceof HTMLDetailsElement) || !target.open || isPrinting) return;
      const choice = target.closest<HTMLElement>('.choice');
      const replies = choice?.querySelectorAll<HTMLDetailsElement>('.reply') ?? [];
      if (choice) choice.dataset['tried'] = '';
      for (const reply of replies) if (reply !== target) reply.open = false;
    },
    true,
  );
}

let isPrinting = false;

/** For browsers that cannot show a closed reply by style alone. */
export function openForPrint(lesson: HTMLElement): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    isPrinting = true;
    opened = [...lesson.querySelectorAll<HTMLDetailsElement>('.reply:not([open])')];
    for (const reply of opened) reply.open = true;
  });
  addEventListener('afterprint', () => {
    for (const reply of opened) reply.open = false;
    isPrinting = false;
  });
}
