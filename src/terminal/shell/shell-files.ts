/** A user's files with the few devices through which the shell reaches the terminal and itself. */

import type { FileContent, FsStat } from 'just-bash/browser';
import {
  FileError,
  fromBytes,
  toBytes,
  type FileSystem,
  type Identity,
  may,
} from '../linux/file-system.ts';
import { refusalText, UserFiles } from '../linux/user-files.ts';
import { ttyErr, ttyOut } from './line-transform.ts';
import { tcpPrefix } from './tcp-files.ts';

const statePrefix = '/dev/.state-';

export class ShellFiles extends UserFiles {
  /** What the end of a line left behind: `variables`, `functions`, `options`. */
  readonly state = new Map<string, string>();
  private readonly write: (text: string, stream: 'out' | 'err') => void;
  private readonly allFiles: FileSystem;
  private readonly identity: Identity;

  constructor(
    files: FileSystem,
    who: Identity,
    write: (text: string, stream: 'out' | 'err') => void,
  ) {
    super(files, who);
    this.allFiles = files;
    this.identity = who;
    this.write = write;
  }

  /** Null, or the words of the refusal that an open() would get. */
  tryOpen(path: string, isForReading: boolean): string | null {
    if (path.startsWith(tcpPrefix) || path.startsWith('/dev/.')) return null;
    try {
      if (isForReading) this.allFiles.read(path, this.identity);
      else this.allFiles.checkWritable(path, this.identity);
      return null;
    } catch (error) {
      if (error instanceof FileError) return refusalText(error.code);
      throw error;
    }
  }

  /** Null, or the words of the refusal that `cd` would get where the directory is there. */
  tryEnter(path: string): string | null {
    if (!this.allFiles.exists(path, this.identity)) return null;
    const node = this.allFiles.node(path, this.identity);
    const isDirectory = node.kind === 'directory' || node.kind === 'virtual-directory';
    return isDirectory && !may(node, this.identity, 1) ? refusalText('EACCES') : null;
  }

  override async exists(path: string): Promise<boolean> {
    return isOurs(path) || super.exists(path);
  }

  override async stat(path: string): Promise<FsStat> {
    return isOurs(path) ? oursStat : super.stat(path);
  }

  override async lstat(path: string): Promise<FsStat> {
    return isOurs(path) ? oursStat : super.lstat(path);
  }

  /** Nothing comes from a connection that a line opens for reading: no server here speaks first. */
  override async readFile(...args: Parameters<UserFiles['readFile']>): Promise<string> {
    return args[0].startsWith(tcpPrefix) ? '' : super.readFile(...args);
  }

  override async readFileBuffer(path: string): Promise<Uint8Array> {
    return path.startsWith(tcpPrefix) ? new Uint8Array() : super.readFileBuffer(path);
  }

  override async readFileBytes(path: string): ReturnType<UserFiles['readFileBytes']> {
    return path.startsWith(tcpPrefix)
      ? ('' as unknown as Awaited<ReturnType<UserFiles['readFileBytes']>>)
      : super.readFileBytes(path);
  }

  override async writeFile(
    path: string,
    content: FileContent,
    options?: Parameters<UserFiles['writeFile']>[2],
  ): Promise<void> {
    if (!this.take(path, content, options)) await super.writeFile(path, content, options);
  }

  override async appendFile(
    path: string,
    content: FileContent,
    options?: Parameters<UserFiles['appendFile']>[2],
  ): Promise<void> {
    if (!this.take(path, content, options)) await super.appendFile(path, content, options);
  }

  private take(
    path: string,
    content: FileContent,
    options: Parameters<UserFiles['writeFile']>[2],
  ): boolean {
    if (path.startsWith(tcpPrefix)) return true;
    if (!path.startsWith('/dev/.')) return false;
    const text = textOf(content, options);
    if (path === ttyOut || path === ttyErr) {
      if (text !== '') this.write(text, path === ttyOut ? 'out' : 'err');
    } else if (path.startsWith(statePrefix)) {
      const name = path.slice(statePrefix.length);
      this.state.set(name, (this.state.get(name) ?? '') + text);
    }
    return true;
  }
}

/** The shell's own devices, and the commands that only rewritten lines call. */
function isOurs(path: string): boolean {
  return (
    path.startsWith('/dev/.') ||
    path.startsWith(tcpPrefix) ||
    path.startsWith('/usr/bin/__') ||
    builtins.has(path)
  );
}

/** Words that real shells know by themselves and the library takes as programs. */
const builtins = new Set(
  ['alias', 'bg', 'fg', 'history', 'jobs', 'unalias'].map((name) => `/usr/bin/${name}`),
);

const oursStat: FsStat = {
  isFile: true,
  isDirectory: false,
  isSymbolicLink: false,
  mode: 0o755,
  size: 0,
  mtime: new Date(0),
};

function textOf(content: FileContent, options: Parameters<UserFiles['writeFile']>[2]): string {
  if (typeof content !== 'string') return new TextDecoder().decode(content);
  const encoding = typeof options === 'string' ? options : options?.encoding;
  return encoding === 'binary' || encoding === 'latin1'
    ? fromBytes(content)
    : fromBytes(toBytes(content));
}
