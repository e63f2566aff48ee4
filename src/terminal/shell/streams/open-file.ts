/**
 * An open file description, as the kernel keeps one: what several descriptors, of several processes,
 * may point to at once. Contents are byte strings (one character, one byte).
 */

/** A write into a pipe that nobody reads any more; it ends the writer, as SIGPIPE does. */
export class BrokenPipe extends Error {
  constructor() {
    super('Broken pipe');
  }
}

/** A read or write that this kind of file refuses, with strerror(3)'s words. */
export class FileRefusal extends Error {}

export abstract class OpenFile {
  private references = 0;

  /** Whether it is the terminal. */
  readonly isTerminal: boolean = false;

  /** Whether it was opened for reading. */
  readonly isReadable: boolean = true;

  /** Whether a reader can go back in it: what a program has read too much of a pipe is gone. */
  readonly isSeekable: boolean = false;

  /** One descriptor more points here. */
  retain(): this {
    this.references += 1;
    return this;
  }

  /** One descriptor less; the last one closes. */
  release(): void {
    this.references -= 1;
    if (this.references === 0) this.close();
  }

  /**
   * The next bytes, at least one; null at the end. Waits where none are there yet.
   * @param _most bytes to take at most
   */
  read(_most: number, _signal: AbortSignal): Promise<string | null> {
    return Promise.reject(new FileRefusal('Bad file descriptor'));
  }

  /** Gives back bytes that were read too much; only what is read piece by piece can. */
  unread(bytes: string): void {
    if (bytes !== '') throw new FileRefusal('Illegal seek');
  }

  /** Writes all bytes; waits where there is no room. */
  write(_bytes: string, _signal: AbortSignal): Promise<void> {
    return Promise.reject(new FileRefusal('Bad file descriptor'));
  }

  protected close(): void {
    // Most kinds have nothing to put away.
  }
}

/** Bytes that are there from the start: a here-document, a here-string, a text handed in. */
export class TextFile extends OpenFile {
  private rest: string;

  constructor(bytes: string) {
    super();
    this.rest = bytes;
  }

  override read(most: number): Promise<string | null> {
    if (this.rest === '') return Promise.resolve(null);
    const piece = this.rest.slice(0, most);
    this.rest = this.rest.slice(piece.length);
    return Promise.resolve(piece);
  }

  override unread(bytes: string): void {
    this.rest = bytes + this.rest;
  }
}

/** Keeps what is written, up to a limit: `$(…)`, and lines whose output is collected. */
export class Collector extends OpenFile {
  private readonly pieces: string[] = [];
  private size = 0;
  private readonly most: number;
  private readonly onFull: () => Error;

  constructor(most: number, onFull: () => Error) {
    super();
    this.most = most;
    this.onFull = onFull;
  }

  override write(bytes: string): Promise<void> {
    this.size += bytes.length;
    if (this.size > this.most) return Promise.reject(this.onFull());
    this.pieces.push(bytes);
    return Promise.resolve();
  }

  get bytes(): string {
    return this.pieces.join('');
  }
}

/** What a background job finds at the terminal: it would be stopped there, so nothing ever comes. */
export class SilentInput extends OpenFile {
  override read(_most: number, signal: AbortSignal): Promise<string | null> {
    return new Promise((resolve) => {
      if (signal.aborted) resolve(null);
      signal.addEventListener('abort', () => {
        resolve(null);
      });
    });
  }
}
