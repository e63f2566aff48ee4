/** What a request asks for (RFC 9112, section 3.2), read without ever throwing. */

export interface Target {
  /** As it was sent, percent signs and all; begins with a slash. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /**
   * The path as names of files, decoded; null where no file can be meant: an encoding that is none, a
   * way out of the folder, a hidden file, an empty name in the middle.
   */
  readonly name: string | null;
}

/** Null where the target is no path: `*`, a proxy's `host:port`, a damaged address. */
export function readTarget(target: string): Target | null {
  const local = target.startsWith('/') ? target : pathOfAddress(target);
  if (local === null) return null;
  const [whole = ''] = local.split('#');
  const at = whole.indexOf('?');
  const path = at < 0 ? whole : whole.slice(0, at);
  return { path, query: at < 0 ? '' : whole.slice(at), name: decodedName(path) };
}

/** `http://host/path?query`, as a proxy sends it. */
function pathOfAddress(target: string): string | null {
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return null;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

function decodedName(path: string): string | null {
  let name: string;
  try {
    name = decodeURIComponent(path);
  } catch {
    return null;
  }
  const isHidden = name.split('/').some((part) => part.startsWith('.') && part !== '.well-known');
  return isHidden || /\/\/|[\\\0]/.test(name) ? null : name;
}
