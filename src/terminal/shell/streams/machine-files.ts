/** Opening the machine's files and devices for a shell: regular files, /dev and the terminal. */

import { FileError, fromBytes, type FileSystem, type Identity } from '../../linux/file-system.ts';
import type { TerminalAccess } from '../../commands/command.ts';
import { refusalText } from '../../linux/user-files.ts';
import { FileRefusal, OpenFile } from './open-file.ts';

export type OpenMode = 'read' | 'write' | 'append' | 'read-write';

/** A file of the machine, with the position that all its descriptors share. */
class DiskFile extends OpenFile {
  private readonly files: FileSystem;
  private readonly path: string;
  private readonly who: Identity;
  private readonly mode: OpenMode;
  private position = 0;
  /** A virtual file is made when it is first read, and stays so for this reader. */
  private made: string | null = null;

  constructor(files: FileSystem, path: string, who: Identity, mode: OpenMode) {
    super();
    this.files = files;
    this.path = path;
    this.who = who;
    this.mode = mode;
  }

  private content(): string {
    if (!this.files.exists(this.path, this.who)) return this.made ?? '';
    const node = this.files.node(this.path, this.who);
    if (node.kind === 'file') return node.bytes;
    this.made ??= this.files.read(this.path, this.who);
    return this.made;
  }

  override read(most: number): Promise<string | null> {
    if (this.mode === 'write' || this.mode === 'append') return super.read(most, neverAborted);
    const piece = this.content().slice(this.position, this.position + most);
    this.position += piece.length;
    return Promise.resolve(piece === '' ? null : piece);
  }

  override readonly isSeekable: boolean = true;

  override unread(bytes: string): void {
    this.position -= bytes.length;
  }

  override write(bytes: string): Promise<void> {
    if (this.mode === 'read') return super.write(bytes, neverAborted);
    if (bytes === '') return Promise.resolve();
    try {
      const node = this.files.exists(this.path, this.who)
        ? this.files.node(this.path, this.who)
        : undefined;
      if (node?.kind === 'virtual' || this.mode === 'append') {
        this.files.write(this.path, bytes, this.who, { append: true });
      } else {
        const before = node?.kind === 'file' ? node.bytes : '';
        const isAtEnd = this.position === before.length && node !== undefined;
        if (isAtEnd) this.files.write(this.path, bytes, this.who, { append: true });
        else {
          const head = before.slice(0, this.position).padEnd(this.position, '\0');
          const tail = before.slice(this.position + bytes.length);
          this.files.write(this.path, head + bytes + tail, this.who);
        }
        this.position += bytes.length;
      }
      return Promise.resolve();
    } catch (error) {
      if (error instanceof FileError)
        return Promise.reject(new FileRefusal(refusalText(error.code)));
      throw error;
    }
  }
}

const neverAborted = new AbortController().signal;

class NullDevice extends OpenFile {
  override read(): Promise<string | null> {
    return Promise.resolve(null);
  }

  override write(): Promise<void> {
    return Promise.resolve();
  }
}

/** /dev/zero and /dev/urandom: without end. */
class EndlessDevice extends OpenFile {
  private readonly make: (count: number) => string;

  constructor(make: (count: number) => string) {
    super();
    this.make = make;
  }

  override read(most: number, signal: AbortSignal): Promise<string | null> {
    return Promise.resolve(signal.aborted ? null : this.make(Math.min(most, 65_536)));
  }

  override unread(): void {
    // There is more where that came from.
  }

  override write(): Promise<void> {
    return Promise.resolve();
  }
}

class FullDevice extends OpenFile {
  override read(most: number, signal: AbortSignal): Promise<string | null> {
    return Promise.resolve(signal.aborted ? null : '\0'.repeat(Math.min(most, 65_536)));
  }

  override write(): Promise<void> {
    return Promise.reject(new FileRefusal('No space left on device'));
  }
}

/** A block of noise from a seed: xorshift32, for what needs to look random and stay the same. */
function noise(seed: number): (count: number) => string {
  let state = seed === 0 ? 1 : seed;
  return (count) => {
    const codes = new Uint8Array(count + 4);
    for (let at = 0; at < count; at += 4) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      codes[at] = state;
      codes[at + 1] = state >>> 8;
      codes[at + 2] = state >>> 16;
      codes[at + 3] = state >>> 24;
    }
    // In few pieces: millions of single characters put together would keep the page.
    let bytes = '';
    for (let at = 0; at < count; at += 8192)
      bytes += String.fromCharCode(...codes.subarray(at, Math.min(count, at + 8192)));
    return bytes;
  };
}

/**
 * Opens a path for a user; a new file is made where the mode writes.
 * @throws FileError where the kernel would refuse
 */
export function openPath(
  files: FileSystem,
  path: string,
  who: Identity,
  mode: OpenMode,
  nowMs: number,
  umask: number,
): OpenFile {
  const isReading = mode === 'read' || mode === 'read-write';
  const exists = files.exists(path, who);
  if (isReading && exists) files.read(path, who);
  if (mode !== 'read') {
    files.checkWritable(path, who);
    const node = exists ? files.node(path, who) : undefined;
    if (node === undefined || (node.kind === 'file' && mode === 'write'))
      files.write(path, '', who);
    if (node === undefined) files.change(path, who, { mode: 0o666 & ~umask });
  } else if (!exists) files.read(path, who);
  switch (files.realPath(path, who)) {
    case '/dev/null':
      return new NullDevice();
    case '/dev/zero':
      return new EndlessDevice((count) => '\0'.repeat(count));
    case '/dev/urandom':
    case '/dev/random':
      return new EndlessDevice(noise(Math.floor(nowMs) + 1));
    case '/dev/full':
      return new FullDevice();
    default:
      return new DiskFile(files, path, who, mode);
  }
}

/** The keyboard: a line at a time, until Ctrl+D. */
export class TerminalInput extends OpenFile {
  private readonly terminal: TerminalAccess;
  private rest = '';

  constructor(terminal: TerminalAccess) {
    super();
    this.terminal = terminal;
  }

  override readonly isTerminal: boolean = true;

  override async read(most: number, signal: AbortSignal): Promise<string | null> {
    if (this.rest === '') {
      const line = await this.terminal.readLine('', signal);
      if (line === null) return null;
      this.rest = String.fromCharCode(...new TextEncoder().encode(`${line}\n`));
    }
    const piece = this.rest.slice(0, most);
    this.rest = this.rest.slice(piece.length);
    return piece;
  }

  override unread(bytes: string): void {
    this.rest = bytes + this.rest;
  }
}

/** So much is shown between two turns of the page, in bytes. */
const shownAtOnce = 16_384;

/** The screen: standard output and standard error are told apart, as the page shows them so. */
export class TerminalOutput extends OpenFile {
  private readonly show: (text: string, stream: 'out' | 'err') => void;
  private readonly afterShowing: (bytes: number) => Promise<void>;
  readonly stream: 'out' | 'err';

  /** @param afterShowing lets the page draw where much has been shown */
  constructor(
    show: (text: string, stream: 'out' | 'err') => void,
    stream: 'out' | 'err',
    afterShowing: (bytes: number) => Promise<void>,
  ) {
    super();
    this.show = show;
    this.stream = stream;
    this.afterShowing = afterShowing;
  }

  override readonly isTerminal: boolean = true;

  override async write(bytes: string, signal: AbortSignal): Promise<void> {
    // What a program says when it is stopped is seen; the rest of something long is not.
    for (let at = 0; at < bytes.length && (at === 0 || !signal.aborted);) {
      let end = Math.min(bytes.length, at + shownAtOnce);
      // Never within a character.
      while (end < bytes.length && end > at + 1 && (bytes.charCodeAt(end) & 0xc0) === 0x80)
        end -= 1;
      this.show(fromBytes(bytes.slice(at, end)), this.stream);
      const count = end - at;
      at = end;
      await this.afterShowing(count);
    }
  }
}
