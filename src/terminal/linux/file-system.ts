/**
 * A Linux machine's files: a tree of owned nodes with permission bits, links and virtual files
 * (/proc, /dev). Nodes are never changed in place, so a snapshot is a shallow copy. File contents
 * are byte strings (one character, one byte). Left out: groups besides a user's own, ACLs, devices
 * besides the few in /dev, hard links.
 */

export type FileErrorCode =
  | 'EACCES'
  | 'EEXIST'
  | 'EINVAL'
  | 'EISDIR'
  | 'ELOOP'
  | 'ENOENT'
  | 'ENOSPC'
  | 'ENOTDIR'
  | 'ENOTEMPTY'
  | 'EPERM';

const errorTexts: Readonly<Record<FileErrorCode, string>> = {
  EACCES: 'Permission denied',
  EEXIST: 'File exists',
  EINVAL: 'Invalid argument',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
  EPERM: 'Operation not permitted',
};

export class FileError extends Error {
  readonly code: FileErrorCode;
  readonly path: string;
  constructor(code: FileErrorCode, path: string) {
    super(`${code}: ${errorTexts[code].toLowerCase()}, open '${path}'`);
    this.code = code;
    this.path = path;
  }
}

/** strerror(3)'s words. */
export function errorText(code: FileErrorCode): string {
  return errorTexts[code];
}

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

export const rootIdentity: Identity = { uid: 0, gid: 0 };

interface Owned {
  /** Permission bits only. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly modifiedAtMs: number;
}

export type FileNode = Owned &
  (
    | { readonly kind: 'file'; readonly bytes: string }
    | { readonly kind: 'directory' }
    | { readonly kind: 'link'; readonly target: string }
  );

/** A file whose content is made when read, and whose writes go somewhere else. */
export interface VirtualNode extends Owned {
  readonly kind: 'virtual';
  readonly isDevice?: boolean;
  read(): string;
  /** Null when taken; the error otherwise. Absent for files that only root could never write. */
  write?(bytes: string, isAppend: boolean): FileErrorCode | null;
}

export interface VirtualDirectory extends Owned {
  readonly kind: 'virtual-directory';
  names(): readonly string[];
}

export type AnyNode = FileNode | VirtualNode | VirtualDirectory;

/** Answers for the paths below its mount point. */
export interface VirtualTree {
  readonly mountPoint: string;
  find(path: string): VirtualNode | VirtualDirectory | undefined;
}

/** Room on the disk, in bytes and files: enough for any exercise, small enough to keep. */
const maximumBytes = 16 * 1024 * 1024;
const maximumNodes = 5000;

export class FileSystem {
  private nodes: Map<string, FileNode>;
  private readonly trees: readonly VirtualTree[];
  private readonly now: () => number;

  constructor(
    nodes: ReadonlyMap<string, FileNode>,
    trees: readonly VirtualTree[],
    now: () => number,
  ) {
    this.nodes = new Map(nodes);
    this.trees = trees;
    this.now = now;
  }

  snapshot(): ReadonlyMap<string, FileNode> {
    return new Map(this.nodes);
  }

  restore(nodes: ReadonlyMap<string, FileNode>): void {
    this.nodes = new Map(nodes);
  }

  /** The node at an absolute path, links followed. */
  node(path: string, who: Identity): AnyNode {
    return this.at(this.resolve(path, who), path);
  }

  /** The node itself, without following a link in the last part. */
  linkNode(path: string, who: Identity): AnyNode {
    return this.at(this.resolve(path, who, true), path);
  }

  exists(path: string, who: Identity): boolean {
    // The shell asks this of every directory in PATH for every command: answer the plain cases fast.
    if (this.nodes.get(parentOf(path))?.kind === 'directory' && !this.isVirtual(path)) {
      const node = this.nodes.get(path);
      if (node === undefined) return false;
      if (node.kind === 'file' && who.uid === 0) return true;
    }
    try {
      this.node(path, who);
      return true;
    } catch (error) {
      if (error instanceof FileError) return false;
      throw error;
    }
  }

  read(path: string, who: Identity): string {
    const node = this.node(path, who);
    if (node.kind === 'directory' || node.kind === 'virtual-directory')
      throw new FileError('EISDIR', path);
    if (!may(node, who, 4)) throw new FileError('EACCES', path);
    if (node.kind === 'virtual') return node.read();
    return node.kind === 'file' ? node.bytes : '';
  }

  /** Writes or appends; a virtual file's refusal comes back as its error. */
  write(
    path: string,
    bytes: string,
    who: Identity,
    options: { readonly append?: boolean } = {},
  ): void {
    const target = this.writableTarget(path, who);
    const node = this.lookUp(target);
    if (node?.kind === 'virtual') {
      const problem =
        node.write === undefined ? 'EACCES' : node.write(bytes, options.append ?? false);
      if (problem !== null) throw new FileError(problem, path);
      return;
    }
    const before = node?.kind === 'file' ? node.bytes : '';
    const content = options.append ? before + bytes : bytes;
    if (this.usedBytes() - before.length + content.length > maximumBytes)
      throw new FileError('ENOSPC', path);
    this.set(target, {
      ...(node?.kind === 'file' ? node : { mode: 0o644, uid: who.uid, gid: who.gid }),
      kind: 'file',
      bytes: content,
      modifiedAtMs: this.now(),
    });
  }

  /** Throws what an open() for writing would give; changes nothing. */
  checkWritable(path: string, who: Identity): void {
    this.writableTarget(path, who);
  }

  list(path: string, who: Identity): string[] {
    const resolved = this.resolve(path, who);
    const node = this.at(resolved, path);
    if (node.kind !== 'directory' && node.kind !== 'virtual-directory')
      throw new FileError('ENOTDIR', path);
    if (!may(node, who, 4)) throw new FileError('EACCES', path);
    if (node.kind === 'virtual-directory') return [...node.names()];
    const prefix = resolved === '/' ? '/' : `${resolved}/`;
    const names = new Set<string>();
    for (const key of this.nodes.keys()) {
      if (key !== '/' && key.startsWith(prefix) && !key.includes('/', prefix.length))
        names.add(key.slice(prefix.length));
    }
    for (const tree of this.trees) {
      if (parentOf(tree.mountPoint) === resolved) names.add(baseOf(tree.mountPoint));
    }
    return [...names].sort();
  }

  makeDirectory(path: string, who: Identity, recursive = false): void {
    const normal = normalize(path);
    if (this.exists(normal, who)) {
      if (recursive) return;
      throw new FileError('EEXIST', path);
    }
    const parent = parentOf(normal);
    if (recursive && !this.exists(parent, who)) this.makeDirectory(parent, who, true);
    const target = this.newEntry(normal, who);
    this.set(target, { kind: 'directory', mode: 0o755, ...who, modifiedAtMs: this.now() });
  }

  link(target: string, path: string, who: Identity): void {
    if (this.lookUp(normalize(path)) !== undefined) throw new FileError('EEXIST', path);
    this.set(this.newEntry(normalize(path), who), {
      kind: 'link',
      target,
      mode: 0o777,
      ...who,
      modifiedAtMs: this.now(),
    });
  }

  remove(path: string, who: Identity, recursive = false): void {
    const resolved = this.resolve(path, who, true);
    const node = this.at(resolved, path);
    if (node.kind === 'virtual' || node.kind === 'virtual-directory')
      throw new FileError(resolved.startsWith('/proc/sys/') ? 'EACCES' : 'EPERM', path);
    this.checkParent(resolved, path, who);
    if (node.kind === 'directory') {
      const children = this.list(resolved, rootIdentity);
      if (children.length > 0 && !recursive) throw new FileError('ENOTEMPTY', path);
      for (const name of children) this.remove(join(resolved, name), who, true);
    }
    this.nodes.delete(resolved);
  }

  move(from: string, to: string, who: Identity): void {
    const source = this.resolve(from, who, true);
    const node = this.at(source, from);
    if (node.kind === 'virtual' || node.kind === 'virtual-directory')
      throw new FileError('EPERM', from);
    let target = normalize(to);
    const there = this.exists(target, who) ? this.node(target, who) : undefined;
    if (there?.kind === 'directory' && node.kind === 'file') throw new FileError('EISDIR', to);
    target = this.newEntry(target, who);
    if (target === source || target.startsWith(`${source}/`)) throw new FileError('EINVAL', to);
    this.checkParent(source, from, who);
    for (const [key, value] of [...this.nodes]) {
      if (key !== source && !key.startsWith(`${source}/`)) continue;
      this.nodes.delete(key);
      this.nodes.set(target + key.slice(source.length), value);
    }
  }

  change(
    path: string,
    who: Identity,
    change: { mode?: number; uid?: number; gid?: number; modifiedAtMs?: number },
  ): void {
    const resolved = this.resolve(path, who);
    const node = this.at(resolved, path);
    const isTouch =
      change.mode === undefined && change.uid === undefined && change.gid === undefined;
    // The time of a virtual file is always now.
    if (node.kind === 'virtual' && isTouch && may(node, who, 2)) return;
    if (node.kind === 'virtual' || node.kind === 'virtual-directory')
      throw new FileError('EPERM', path);
    const isOwner = who.uid === 0 || who.uid === node.uid;
    if (!isOwner || (change.uid !== undefined && who.uid !== 0)) throw new FileError('EPERM', path);
    this.set(resolved, { ...node, ...change });
  }

  /** Every path that is not virtual. */
  allPaths(): string[] {
    return [...this.nodes.keys()];
  }

  /** The path with all links followed; with `isLinkItself` all but the last. */
  realPath(path: string, who: Identity, isLinkItself = false): string {
    const resolved = this.resolve(path, who, isLinkItself);
    this.at(resolved, path);
    return resolved;
  }

  private at(resolved: string, asked: string): AnyNode {
    const node = this.lookUp(resolved);
    if (node === undefined) throw new FileError('ENOENT', asked);
    return node;
  }

  private lookUp(path: string): AnyNode | undefined {
    for (const tree of this.trees) {
      if (path === tree.mountPoint || path.startsWith(`${tree.mountPoint}/`))
        return tree.find(path);
    }
    return this.nodes.get(path);
  }

  private isVirtual(path: string): boolean {
    return this.trees.some(
      (tree) => path === tree.mountPoint || path.startsWith(`${tree.mountPoint}/`),
    );
  }

  private set(path: string, node: FileNode): void {
    if (!this.nodes.has(path) && this.nodes.size >= maximumNodes)
      throw new FileError('ENOSPC', path);
    this.nodes.set(path, node);
  }

  private usedBytes(): number {
    let sum = 0;
    for (const node of this.nodes.values()) if (node.kind === 'file') sum += node.bytes.length;
    return sum;
  }

  /** Follows links and checks that every directory on the way may be passed. */
  private resolve(path: string, who: Identity, keepLast = false, depth = 0): string {
    if (depth > 20) throw new FileError('ELOOP', path);
    const parts = normalize(path).split('/').filter(Boolean);
    let here = '/';
    for (const [index, part] of parts.entries()) {
      const directory = this.lookUp(here);
      if (directory === undefined) throw new FileError('ENOENT', path);
      if (directory.kind !== 'directory' && directory.kind !== 'virtual-directory')
        throw new FileError('ENOTDIR', path);
      if (!may(directory, who, 1)) throw new FileError('EACCES', path);
      here = join(here, part);
      const node = this.lookUp(here);
      const isLast = index === parts.length - 1;
      if (node?.kind === 'link' && !(isLast && keepLast)) {
        const rest = parts.slice(index + 1).join('/');
        const target = resolvePath(parentOf(here), node.target);
        return this.resolve(rest === '' ? target : join(target, rest), who, keepLast, depth + 1);
      }
    }
    return here;
  }

  private writableTarget(path: string, who: Identity): string {
    const resolved = this.resolve(path, who);
    const node = this.lookUp(resolved);
    if (node === undefined) return this.newEntry(resolved, who, path);
    if (node.kind === 'directory' || node.kind === 'virtual-directory')
      throw new FileError('EISDIR', path);
    if (!may(node, who, 2) || isSealed(node)) throw new FileError('EACCES', path);
    return resolved;
  }

  /** Where a new entry may be made; its parent must exist and be writable. */
  private newEntry(path: string, who: Identity, asked = path): string {
    const parent = this.resolve(parentOf(path), who);
    const target = join(parent, baseOf(path));
    this.checkParent(target, asked, who);
    return target;
  }

  private checkParent(path: string, asked: string, who: Identity): void {
    const parent = this.lookUp(parentOf(path));
    if (parent === undefined) throw new FileError('ENOENT', asked);
    if (parent.kind === 'virtual-directory')
      throw new FileError(this.lookUp(path) === undefined ? 'ENOENT' : 'EACCES', asked);
    if (parent.kind !== 'directory') throw new FileError('ENOTDIR', asked);
    if (!may(parent, who, 2)) throw new FileError('EACCES', asked);
    const sticky = (parent.mode & 0o1000) !== 0;
    const node = this.lookUp(path);
    if (sticky && node !== undefined && who.uid !== 0 && node.uid !== who.uid)
      throw new FileError('EPERM', asked);
  }
}

/** A parameter that the kernel lets nobody write, root neither. */
function isSealed(node: AnyNode): boolean {
  return node.kind === 'virtual' && (node.mode & 0o222) === 0;
}

/** Whether the permission bits allow 4 (read), 2 (write) or 1 (execute, pass). */
export function may(node: Owned, who: Identity, bit: 1 | 2 | 4): boolean {
  if (who.uid === 0) return true;
  if (node.uid === who.uid) return ((node.mode >> 6) & bit) !== 0;
  if (node.gid === who.gid) return ((node.mode >> 3) & bit) !== 0;
  return (node.mode & bit) !== 0;
}

function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function resolvePath(base: string, path: string): string {
  return normalize(path.startsWith('/') ? path : `${base}/${path}`);
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function join(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

/** Text to the byte string that files hold. */
export function toBytes(text: string): string {
  if (isPlain(text)) return text;
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** A file's bytes as text; bytes that are not UTF-8 become U+FFFD. */
export function fromBytes(bytes: string): string {
  if (isPlain(bytes)) return bytes;
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
}

/** ASCII is the same in both forms, and most of what a shell handles. */
function isPlain(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
