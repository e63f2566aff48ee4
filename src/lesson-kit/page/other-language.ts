/**
 * A turn in another language, below its own words: the link to it opens it in place. What does so comes
 * with the first turn that is asked for; where that fails, the link leads there as it would without
 * script.
 */

export function offerOtherLanguages(lesson: HTMLElement): void {
  lesson.addEventListener('click', (event) => {
    const { target, ctrlKey, metaKey, shiftKey } = event;
    const link =
      target instanceof Element ? target.closest<HTMLAnchorElement>('.turn-link[lang]') : null;
    if (link === null || ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    import('./other-words.ts')
      .then(({ toggle }) => toggle(link))
      .catch(() => {
        location.assign(link.href);
      });
  });
}
