/** Fetches the registry once for the page. */

import { decodeByStretches } from './registry-format.ts';
import { Registry, type PortStory } from './registry.ts';

let loading: Promise<Registry> | null = null;

/**
 * @param address where the build put `registry.txt`.
 * @param stories searched too: those of the page's first call, whose registry all others get
 * @throws Error when it cannot be fetched or is damaged; a later call tries again.
 */
export function loadRegistry(
  address: string,
  stories: readonly PortStory[] = [],
): Promise<Registry> {
  loading ??= fetch(address)
    .then(async (answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
      const decoding = decodeByStretches(await answer.text());
      for (;;) {
        // What is pressed meanwhile is heard.
        await new Promise((resolve) => {
          setTimeout(resolve);
        });
        const { done, value } = decoding.next();
        if (done === true) return new Registry(value, stories);
      }
    })
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
}
