/** The words of a turn in another language. The other page is fetched with the first of its turns. */

const pages = new Map<string, Promise<Document>>();

/**
 * Shows a turn's words in the language of its link, or hides them again.
 * @throws Error where the page or the turn is not to be had
 */
export async function toggle(link: HTMLAnchorElement): Promise<void> {
  const speech = link.closest('.turn')?.querySelector(':scope > .speech');
  const shown = speech?.querySelector<HTMLElement>(`:scope > [lang="${link.lang}"]`);
  if (speech && !shown) speech.append(await wordsAt(link));
  else if (shown) shown.hidden = !shown.hidden;
  link.setAttribute('aria-expanded', String(shown?.hidden !== true));
}

/** @throws Error where the page or the turn is not to be had. */
async function wordsAt({ href, hash, lang }: HTMLAnchorElement): Promise<HTMLElement> {
  const [address = href] = href.split('#');
  const page = pages.get(address) ?? fetchPage(address);
  pages.set(address, page);
  const found = (await page).querySelector(`${hash} > .speech`);
  if (found === null) throw new Error(`${href} has no such turn`);
  const words = document.createElement('div');
  words.className = 'flow quiet';
  words.lang = lang;
  words.append(...[...found.childNodes].map((node) => document.importNode(node, true)));
  // What a badge or a term tells belongs to its own page: here they are words.
  for (const button of words.querySelectorAll('button')) {
    const plain = document.createElement('span');
    plain.className = button.className;
    const { range } = button.dataset;
    if (range !== undefined) plain.dataset['range'] = range;
    plain.append(...button.childNodes);
    button.replaceWith(plain);
  }
  return words;
}

async function fetchPage(address: string): Promise<Document> {
  const answer = await fetch(address).catch((error: unknown) => {
    pages.delete(address);
    throw error;
  });
  if (!answer.ok) throw new Error(`${address}: ${String(answer.status)}`);
  // Its styles are here already, and the policy refuses to read them even where they would do nothing.
  const text = (await answer.text()).replaceAll(/<style\b[^]*?<\/style>/g, '');
  return new DOMParser().parseFromString(text, 'text/html');
}
