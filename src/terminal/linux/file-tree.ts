/** Makes a distribution's file tree: its listed files and all directories above them. */

import type { Distribution } from './distribution.ts';
import { parentOf, toBytes, type FileNode } from './file-system.ts';

export function buildFiles(
  distribution: Distribution,
  modifiedAtMs: number,
): ReadonlyMap<string, FileNode> {
  const nodes = new Map<string, FileNode>();
  const root = { uid: 0, gid: 0, modifiedAtMs };
  const addDirectories = (path: string) => {
    if (nodes.has(path)) return;
    if (path !== '/') addDirectories(parentOf(path));
    nodes.set(path, { ...root, kind: 'directory', mode: 0o755 });
  };
  for (const file of distribution.files) {
    addDirectories(parentOf(file.path));
    const owned = { ...root, ...file.owner };
    if (file.linkTo !== undefined)
      nodes.set(file.path, { ...owned, kind: 'link', mode: 0o777, target: file.linkTo });
    else if (file.text === undefined)
      nodes.set(file.path, { ...owned, kind: 'directory', mode: file.mode ?? 0o755 });
    else
      nodes.set(file.path, {
        ...owned,
        kind: 'file',
        mode: file.mode ?? 0o644,
        bytes: toBytes(file.text),
      });
  }
  return nodes;
}
