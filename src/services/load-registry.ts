/** Fetches the registry once for the page. */

import { decodeRegistry } from './registry-format.ts';
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
      return new Registry(decodeRegistry(await answer.text()), stories);
    })
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
}
