/** A descriptor or a file as a command reads it. */

import type { InputStream } from '../../commands/command.ts';
import { FileError, fromBytes, resolvePath } from '../../linux/file-system.ts';
import type { Interpreter } from '../execution/interpreter.ts';
import { LimitReached } from '../language/problems.ts';
import { maximumHeld } from '../limits.ts';
import type { OpenFile } from '../streams/open-file.ts';
import { openPath } from '../streams/machine-files.ts';

export class ShellInput implements InputStream {
  private readonly file: OpenFile | undefined;
  private readonly signal: AbortSignal;
  private readonly ownsFile: boolean;

  constructor(file: OpenFile | undefined, signal: AbortSignal, ownsFile: boolean) {
    this.file = ownsFile ? file?.retain() : file;
    this.signal = signal;
    this.ownsFile = ownsFile;
  }

  get isTerminal(): boolean {
    return this.file?.isTerminal === true;
  }

  async read(most = 65_536, signal: AbortSignal = this.signal): Promise<string | null> {
    return (await this.file?.read(most, signal)) ?? null;
  }

  unread(bytes: string): void {
    if (this.file?.isSeekable === true) this.file.unread(bytes);
  }

  async readText(): Promise<string> {
    let bytes = '';
    for (;;) {
      const piece = await this.read();
      if (piece === null) return fromBytes(bytes);
      bytes += piece;
      if (bytes.length > maximumHeld)
        throw new LimitReached(`an input of more than ${maximumHeld} bytes`);
    }
  }

  close(): void {
    if (this.ownsFile) this.file?.release();
  }
}

export function openFor(shell: Interpreter, path: string): InputStream {
  const { state, session } = shell;
  const { machine } = session.options;
  const match = /^\/dev\/(?:fd\/(\d+)|stdin)$/.exec(path);
  if (match !== null && !machine.descriptorFiles.has(path)) {
    const file = shell.fds.get(match[1] === undefined ? 0 : Number(match[1]));
    if (file === undefined) throw new FileError('ENOENT', path);
    return new ShellInput(file, shell.signal, true);
  }
  const absolute = resolvePath(state.cwd, path);
  const { files, world } = machine;
  const file = openPath(files, absolute, state.user, 'read', world.nowMs, state.umask);
  return new ShellInput(file, shell.signal, true);
}
