/**
 * The client directive `client:seen`: a widget wakes when it comes into view. Its props, which are
 * mostly words, lie in a file of their own (scripts/build/later-props.ts), and come along with its
 * script instead of with the page.
 */
import type { ClientDirective } from 'astro';

const files = new Map<string, Promise<Readonly<Record<string, string>>>>();

/** The props of one widget, as the page's file of props has them. */
async function propsOf(island: HTMLElement, file: string): Promise<string | undefined> {
  let all = files.get(file);
  if (all === undefined) {
    all = fetch(file).then((answer) => {
      if (!answer.ok) throw new Error(`${file}: ${String(answer.status)}`);
      return answer.json() as Promise<Readonly<Record<string, string>>>;
    });
    files.set(file, all);
    // A line that was down for a while: the next widget asks again.
    all.catch(() => files.delete(file));
  }
  return (await all)[island.getAttribute('uid') ?? ''];
}

/** The page has its turn; what comes after is a task of its own. */
const aTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const wakeWhenSeen: ClientDirective = (load, options, island) => {
  /** Until the network is there again. */
  const sleepOn = (): void => {
    dispatchEvent(new Event('port-dojo:missing-part'));
    addEventListener('online', begin, { once: true });
  };
  // Its script could not be had: the island says so by an event, and does as if nothing were.
  island.addEventListener('astro:hydration-error', sleepOn);
  const wake = async (): Promise<void> => {
    const file = island.dataset['props'];
    const hydrating = load();
    let props: string | undefined;
    try {
      if (file !== undefined) props = await propsOf(island, file);
    } catch {
      sleepOn();
      return;
    }
    const hydrate = await hydrating;
    await aTurn();
    // The island wakes by itself as soon as its props change.
    if (props === undefined) await hydrate();
    else island.setAttribute('props', props);
  };
  const given = typeof options.value === 'object' ? options.value : {};
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    void wake();
  }, given);
  const begin = (): void => {
    for (const child of island.children) watch.observe(child);
  };
  begin();
};

export default wakeWhenSeen;
