/** A link from each turn to itself, for whoever has a pointer that hovers: to copy, or to come back to. */

export function offerTurnLinks(lesson: HTMLElement, label: string): void {
  if (matchMedia('(hover: none)').matches) return;
  for (const other of lesson.querySelectorAll<HTMLAnchorElement>('.turn-link[lang]:first-child')) {
    // As the link beside it, with the same style.
    const link = other.cloneNode() as HTMLAnchorElement;
    link.href = other.hash;
    link.textContent = '#';
    link.removeAttribute('lang');
    link.setAttribute('aria-label', label);
    link.tabIndex = -1;
    other.before(link);
  }
}
