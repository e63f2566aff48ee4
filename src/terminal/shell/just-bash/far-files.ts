/** Files that a tool reaches by way of something else: another call's files, or another thread. */

import type { IFileSystem } from 'just-bash/browser';
import { resolvePath } from '../../linux/file-system.ts';

/** What a tool may ask of the machine's files. */
export const fileMethods = [
  'appendFile',
  'chmod',
  'cp',
  'exists',
  'link',
  'lstat',
  'mkdir',
  'mv',
  'readFile',
  'readFileBuffer',
  'readFileBytes',
  'readdir',
  'readlink',
  'realpath',
  'rm',
  'stat',
  'symlink',
  'utimes',
  'writeFile',
] as const;

export type FileMethod = (typeof fileMethods)[number];

/** A file system each of whose methods is a question to `ask`. */
export function filesBy(
  ask: (method: FileMethod, args: readonly unknown[]) => Promise<unknown>,
): IFileSystem {
  const methods = Object.fromEntries(
    fileMethods.map((method) => [method, (...args: unknown[]) => ask(method, args)]),
  );
  // No tool of this machine looks at all paths at once.
  return { ...methods, resolvePath, getAllPaths: () => [] } as unknown as IFileSystem;
}

/** Asks a file system as filesBy() does. @throws FileError */
export async function askFiles(
  files: IFileSystem,
  method: FileMethod,
  args: readonly unknown[],
): Promise<unknown> {
  if (!fileMethods.includes(method)) throw new Error('no such question');
  const act: unknown = Reflect.get(files, method);
  if (typeof act !== 'function') throw new Error(`no ${method}`);
  return (await Reflect.apply(act, files, args)) as unknown;
}
