/**
 * The machine's files as one user's programs see them: the file system interface that the shell
 * library asks for. It remembers the paths that were refused, because the library's own tools say
 * "No such file" for every failure, and the shell puts their words right afterwards.
 */

import type { BufferEncoding, FileContent, FsStat, IFileSystem } from 'just-bash/browser';
import {
  errorText,
  FileError,
  fromBytes,
  parentOf,
  resolvePath,
  toBytes,
  type AnyNode,
  type FileErrorCode,
  type FileSystem,
  type Identity,
} from './file-system.ts';

type ByteString = Awaited<ReturnType<NonNullable<IFileSystem['readFileBytes']>>>;
type Encoded = { encoding?: BufferEncoding | null } | BufferEncoding | undefined;

export class UserFiles implements IFileSystem {
  /** Paths refused since the list was last emptied, with the reason. */
  readonly refused = new Map<string, FileErrorCode>();
  /** The refusal of the last write into a virtual file, until it is asked for. */
  private lateRefusal: { path: string; code: FileErrorCode } | null = null;
  private readonly files: FileSystem;
  private readonly who: Identity;

  constructor(files: FileSystem, who: Identity) {
    this.files = files;
    this.who = who;
  }

  /** Takes the refusal of a write into a virtual file, if there was one at this path. */
  takeLateRefusal(path: string): FileErrorCode | null {
    const refusal = this.lateRefusal;
    if (refusal?.path !== path) return null;
    this.lateRefusal = null;
    return refusal.code;
  }

  readFile(path: string, options?: Encoded): Promise<string> {
    return later(() => {
      const bytes = this.attempt(path, () => this.files.read(path, this.who));
      const encoding = typeof options === 'string' ? options : options?.encoding;
      return encoding === 'binary' || encoding === 'latin1' ? bytes : fromBytes(bytes);
    });
  }

  readFileBytes(path: string): Promise<ByteString> {
    return later(() => {
      return this.attempt(path, () => this.files.read(path, this.who)) as unknown as ByteString;
    });
  }

  readFileBuffer(path: string): Promise<Uint8Array> {
    return later(() => {
      const bytes = this.attempt(path, () => this.files.read(path, this.who));
      return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
    });
  }

  writeFile(path: string, content: FileContent, options?: Encoded): Promise<void> {
    return later(() => {
      this.store(path, content, options, false);
    });
  }

  appendFile(path: string, content: FileContent, options?: Encoded): Promise<void> {
    return later(() => {
      this.store(path, content, options, true);
    });
  }

  exists(path: string): Promise<boolean> {
    return later(() => {
      return this.files.exists(path, this.who);
    });
  }

  stat(path: string): Promise<FsStat> {
    return later(() => {
      return this.attempt(path, () =>
        toStat(this.files.node(path, this.who), this.files.realPath(path, this.who)),
      );
    });
  }

  lstat(path: string): Promise<FsStat> {
    return later(() => {
      return this.attempt(path, () =>
        toStat(this.files.linkNode(path, this.who), this.files.realPath(path, this.who, true)),
      );
    });
  }

  mkdir(path: string, options?: { recursive?: boolean }): Promise<void> {
    return later(() => {
      this.attempt(path, () => {
        this.files.makeDirectory(path, this.who, options?.recursive);
      });
    });
  }

  readdir(path: string): Promise<string[]> {
    return later(() => {
      return this.attempt(path, () => this.files.list(path, this.who));
    });
  }

  rm(path: string, options?: { recursive?: boolean; force?: boolean }): Promise<void> {
    return later(() => {
      try {
        this.attempt(path, () => {
          this.files.remove(path, this.who, options?.recursive);
        });
      } catch (error) {
        if (!(options?.force && error instanceof FileError && error.code === 'ENOENT')) throw error;
      }
    });
  }

  async cp(source: string, target: string, options?: { recursive?: boolean }): Promise<void> {
    const node = this.attempt(source, () => this.files.node(source, this.who));
    if (node.kind === 'directory' || node.kind === 'virtual-directory') {
      if (!options?.recursive) throw new FileError('EISDIR', source);
      this.attempt(target, () => {
        this.files.makeDirectory(target, this.who, true);
      });
      for (const name of this.files.list(source, this.who)) {
        await this.cp(resolvePath(source, name), resolvePath(target, name), options);
      }
      return;
    }
    const bytes = this.attempt(source, () => this.files.read(source, this.who));
    this.attempt(target, () => {
      this.files.write(target, bytes, this.who);
    });
  }

  mv(source: string, target: string): Promise<void> {
    return later(() => {
      this.attempt(parentOf(source), () => {
        this.files.move(source, target, this.who);
      });
    });
  }

  resolvePath(base: string, path: string): string {
    return resolvePath(base, path);
  }

  getAllPaths(): string[] {
    return this.files.allPaths();
  }

  chmod(path: string, mode: number): Promise<void> {
    return later(() => {
      this.attempt(path, () => {
        this.files.change(path, this.who, { mode: mode & 0o7777 });
      });
    });
  }

  symlink(target: string, path: string): Promise<void> {
    return later(() => {
      this.attempt(path, () => {
        this.files.link(target, path, this.who);
      });
    });
  }

  link(existing: string, path: string): Promise<void> {
    return later(() => {
      const bytes = this.attempt(existing, () => this.files.read(existing, this.who));
      this.attempt(path, () => {
        this.files.write(path, bytes, this.who);
      });
    });
  }

  readlink(path: string): Promise<string> {
    return later(() => {
      const node = this.attempt(path, () => this.files.linkNode(path, this.who));
      if (node.kind !== 'link') throw new FileError('EINVAL', path);
      return node.target;
    });
  }

  realpath(path: string): Promise<string> {
    return later(() => {
      return this.attempt(path, () => this.files.realPath(path, this.who));
    });
  }

  utimes(path: string, _accessed: Date, modified: Date): Promise<void> {
    return later(() => {
      this.attempt(path, () => {
        this.files.change(path, this.who, { modifiedAtMs: modified.getTime() });
      });
    });
  }

  private store(path: string, content: FileContent, options: Encoded, append: boolean): void {
    const bytes = contentBytes(content, options);
    const node = this.files.exists(path, this.who) ? this.files.node(path, this.who) : undefined;
    if (node?.kind !== 'virtual') {
      this.attempt(path, () => {
        this.files.write(path, bytes, this.who, { append });
      });
      return;
    }
    // Opening a virtual file truncates nothing: the empty write that makes room is not a write.
    if (bytes === '') return;
    try {
      this.files.write(path, bytes, this.who, { append });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.lateRefusal = { path, code: error.code };
      this.refused.set(path, error.code);
    }
  }

  private attempt<T>(path: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      if (error instanceof FileError) this.refused.set(path, error.code);
      throw error;
    }
  }
}

/** Runs at once; a throw becomes a rejection. */
function later<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(act());
  });
}

function contentBytes(content: FileContent, options: Encoded): string {
  if (typeof content !== 'string') {
    let bytes = '';
    for (const byte of content) bytes += String.fromCharCode(byte);
    return bytes;
  }
  const encoding = typeof options === 'string' ? options : options?.encoding;
  return encoding === 'binary' || encoding === 'latin1' ? content : toBytes(content);
}

/** `identity`: what two names of one file share. There are no hard links, so its real path. */
function toStat(node: AnyNode, identity: string): FsStat {
  const isDirectory = node.kind === 'directory' || node.kind === 'virtual-directory';
  return {
    isFile: node.kind === 'file' || node.kind === 'virtual',
    isDirectory,
    isSymbolicLink: node.kind === 'link',
    mode: node.mode,
    size:
      node.kind === 'file'
        ? node.bytes.length
        : isDirectory
          ? 4096
          : node.kind === 'link'
            ? node.target.length
            : 0,
    mtime: new Date(node.modifiedAtMs),
    identity,
  };
}

/** strerror(3)'s words for a refusal. */
export function refusalText(code: FileErrorCode): string {
  return errorText(code);
}
