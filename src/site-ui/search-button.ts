/** Opens the search: by the loupe, or by Ctrl+K and Cmd+K, except in a terminal, where they cut a line. */

const button = document.querySelector<HTMLButtonElement>('.search-button');

function open(): void {
  import('../search/search-dialog.ts')
    .then(({ openSearch }) => openSearch(button?.dataset['index'] ?? ''))
    .catch(() => {
      // The script cannot be had. The course lists everything that the search would find.
      location.assign(button?.dataset['instead'] ?? '');
    });
}

button?.addEventListener('click', open);
document.addEventListener('keydown', (event) => {
  const isAsked =
    event.key.toLowerCase() === 'k' &&
    (event.ctrlKey || event.metaKey) &&
    !(event.altKey || event.shiftKey || event.isComposing || event.defaultPrevented);
  if (!isAsked || (event.target instanceof Element && event.target.closest('.terminal'))) return;
  event.preventDefault();
  open();
});
