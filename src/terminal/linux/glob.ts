/** Paths that match a pattern, as glob(3) with GLOB_NOCHECK gives them: `*`, `?`, `[…]`. */

import { FileError, resolvePath, type FileSystem, type Identity } from './file-system.ts';

/** Sorted matches; the pattern itself where nothing matches. */
export function matchingPaths(
  files: FileSystem,
  who: Identity,
  cwd: string,
  pattern: string,
): readonly string[] {
  if (!/[*?[]/.test(pattern)) return [pattern];
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const part of pattern.split('/').filter(Boolean)) {
    const expression = partExpression(part);
    found = found.flatMap((base) =>
      names(files, who, resolvePath(cwd, base === '' ? '.' : base))
        .filter((name) => expression.test(name) && (!name.startsWith('.') || part.startsWith('.')))
        .map((name) => `${base}${base === '' || base.endsWith('/') ? '' : '/'}${name}`),
    );
  }
  return found.length === 0 ? [pattern] : found.sort();
}

function names(files: FileSystem, who: Identity, path: string): readonly string[] {
  try {
    return files.list(path, who);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

function partExpression(part: string): RegExp {
  const source = part
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return /$^/;
  }
}
