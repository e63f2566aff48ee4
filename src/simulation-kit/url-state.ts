/**
 * States of widgets in the address bar: `#sim-first-page=…&sim-second=…`. A fragment without an
 * equals sign is an anchor (a turn of the dialogue, a heading) and none of our business; writing a
 * state replaces it, for an address has only one fragment.
 */

const KEY_PREFIX = 'sim-';

function parts(hash: string): [key: string, value: string][] {
  const bare = hash.startsWith('#') ? hash.slice(1) : hash;
  return bare
    .split('&')
    .filter((part) => part.startsWith(KEY_PREFIX) && part.includes('='))
    .map((part) => {
      const at = part.indexOf('=');
      return [part.slice(KEY_PREFIX.length, at), part.slice(at + 1)];
    });
}

/** The state of one widget in a fragment, or null where there is none. */
export function readState(hash: string, id: string): string | null {
  for (const [key, value] of parts(hash)) {
    if (key === id) return value.replaceAll('%7E', '~').replaceAll('%21', '!');
  }
  return null;
}

/** The id of the first widget that a fragment names: the one to bring into sight. */
export function firstNamed(hash: string): string | null {
  return parts(hash)[0]?.[0] ?? null;
}

/** The fragment with one widget's state put in (or taken out: null), others kept. */
export function writeState(hash: string, id: string, value: string | null): string {
  const others = parts(hash).filter(([key]) => key !== id);
  const all = value === null ? others : [...others, [id, value] as const];
  if (all.length === 0) return hash.includes('=') ? '' : hash;
  return `#${all.map(([key, text]) => `${KEY_PREFIX}${key}=${text}`).join('&')}`;
}
