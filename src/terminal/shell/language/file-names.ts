/** Pathname expansion: the files of the machine that a pattern matches, as a user sees them. */

import { FileError, resolvePath, type FileSystem, type Identity } from '../../linux/file-system.ts';
import { hasPattern, unquotePattern, wholePattern } from './patterns.ts';

export interface GlobOptions {
  readonly dotglob: boolean;
  readonly nocaseglob: boolean;
  readonly globstar: boolean;
  readonly extglob: boolean;
}

/** Paths as the pattern writes them, sorted; empty where nothing matches. */
export function matchingPaths(
  files: FileSystem,
  who: Identity,
  cwd: string,
  pattern: string,
  options: GlobOptions,
): string[] {
  const isAbsolute = pattern.startsWith('/');
  const segments = pattern.split(/\/+/).filter((segment, index) => segment !== '' || index > 0);
  let found: string[] = [isAbsolute ? '/' : ''];
  const isForDirectories = segments.at(-1) === '';
  if (isForDirectories) segments.pop();
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1 && !isForDirectories;
    found = found.flatMap((base) => expandSegment(files, who, cwd, base, segment, isLast, options));
  }
  if (isForDirectories)
    found = found
      .filter((path) => isDirectory(files, who, resolvePath(cwd, path)))
      .map((path) => `${path}/`);
  return found.sort((one, other) => (one < other ? -1 : 1));
}

function expandSegment(
  files: FileSystem,
  who: Identity,
  cwd: string,
  base: string,
  segment: string,
  isLast: boolean,
  options: GlobOptions,
): string[] {
  const joined = (name: string) => `${base}${base === '' || base.endsWith('/') ? '' : '/'}${name}`;
  const directory = resolvePath(cwd, base === '' ? '.' : base);
  if (!hasPattern(segment, options.extglob)) {
    const path = joined(unquotePattern(segment));
    return files.exists(resolvePath(cwd, path), who) ? [path] : [];
  }
  if (options.globstar && segment === '**') {
    const below = directoriesBelow(files, who, directory).map(joined);
    const all = isLast
      ? [base, ...below].flatMap((path) =>
          namesIn(files, who, resolvePath(cwd, path === '' ? '.' : path))
            .filter((name) => !name.startsWith('.'))
            .map((name) => `${path}${path === '' || path.endsWith('/') ? '' : '/'}${name}`),
        )
      : [base, ...below];
    return [...new Set(all)];
  }
  const expression = wholePattern(segment, options.nocaseglob, true);
  const wantsDots = options.dotglob || segment.startsWith('.') || segment.startsWith('\\.');
  return namesIn(files, who, directory)
    .filter((name) => (wantsDots || !name.startsWith('.')) && expression.test(name))
    .filter((name) => isLast || isDirectory(files, who, resolvePath(directory, name)))
    .map(joined);
}

function namesIn(files: FileSystem, who: Identity, directory: string): string[] {
  try {
    return files.list(directory, who);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

function directoriesBelow(files: FileSystem, who: Identity, directory: string): string[] {
  return namesIn(files, who, directory)
    .filter(
      (name) => !name.startsWith('.') && isDirectory(files, who, resolvePath(directory, name)),
    )
    .flatMap((name) => [
      name,
      ...directoriesBelow(files, who, resolvePath(directory, name)).map((one) => `${name}/${one}`),
    ]);
}

function isDirectory(files: FileSystem, who: Identity, path: string): boolean {
  try {
    const { kind } = files.node(path, who);
    return kind === 'directory' || kind === 'virtual-directory';
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}
