/**
 * The terminal between a machine's programs and whoever listens: output goes out as events, lines
 * come in and wait for the program that reads.
 */

import type { TerminalAccess } from './commands/command.ts';
import type { EditRequest, MachineOutput } from './machine.ts';

export interface CapturedPiece {
  readonly stream: 'out' | 'err';
  readonly text: string;
}

export class MachineTerminal implements TerminalAccess {
  private readonly listeners = new Set<(output: MachineOutput) => void>();
  /** Lines typed ahead of the program that will read them. */
  private readonly typedAhead: string[] = [];
  private reader: ((line: string | null) => void) | null = null;
  /** Nobody is to hear of what is going on. */
  isMuted = false;
  private captured: CapturedPiece[] | null = null;
  /** `^C` has just been shown, with the end of its line. */
  private hasEchoed = false;
  private size = { columns: 80, rows: 24 };

  listen(listener: (output: MachineOutput) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(output: MachineOutput): void {
    this.hasEchoed = false;
    if (this.isMuted) return;
    for (const listener of [...this.listeners]) listener(output);
  }

  resize(columns: number, rows: number): void {
    this.size = {
      columns: Math.max(20, Math.floor(columns)),
      rows: Math.max(4, Math.floor(rows)),
    };
  }

  /** Collects what is printed until the returned function is called, in the order of printing. */
  capture(): () => readonly CapturedPiece[] {
    const pieces: CapturedPiece[] = [];
    this.captured = pieces;
    return () => {
      this.captured = null;
      return pieces;
    };
  }

  private get isHeard(): boolean {
    return !this.isMuted && this.listeners.size > 0;
  }

  get isReading(): boolean {
    return this.reader !== null;
  }

  /** Gives the reading program its line, or the end of input. */
  answer(line: string | null): void {
    const { reader } = this;
    this.reader = null;
    reader?.(line);
  }

  typeAhead(line: string): void {
    this.typedAhead.push(line);
  }

  get hasTypedAhead(): boolean {
    return this.typedAhead.length > 0;
  }

  takeTypedAhead(): string | undefined {
    return this.typedAhead.shift();
  }

  forgetTypedAhead(): void {
    this.typedAhead.length = 0;
  }

  /** No program reads any more. */
  endReading(): void {
    this.reader = null;
  }

  columns(): number {
    return this.size.columns;
  }

  rows(): number {
    return this.size.rows;
  }

  write(text: string, stream: 'out' | 'err' = 'out'): void {
    if (text === '') return;
    this.captured?.push({ stream, text });
    // The line end with which an interrupted program leaves the line of `^C` is there already.
    const shown = this.hasEchoed && text.startsWith('\n') ? text.slice(1) : text;
    if (shown !== '') this.emit({ event: 'text', text: shown, stream });
  }

  /** Shows what a terminal shows for the interrupt key, on a line of its own. */
  echoInterrupt(): void {
    this.emit({ event: 'text', text: '^C\n', stream: 'out' });
    this.hasEchoed = true;
  }

  readLine(prompt: string, signal: AbortSignal): Promise<string | null> {
    if (signal.aborted) return Promise.resolve(null);
    const ahead = this.takeTypedAhead();
    if (ahead !== undefined) return Promise.resolve(ahead);
    if (!this.isHeard) return Promise.resolve(null);
    return new Promise((resolve) => {
      const done = (line: string | null) => {
        signal.removeEventListener('abort', stop);
        resolve(line);
      };
      const stop = () => {
        this.reader = null;
        done(null);
      };
      signal.addEventListener('abort', stop);
      this.reader = done;
      this.emit({ event: 'prompt', prompt, isCommandLine: false });
    });
  }

  page(title: string, text: string, signal: AbortSignal): Promise<void> {
    return this.untilClosed(signal, (close) => {
      this.emit({ event: 'page', title, text, close });
    });
  }

  edit(request: Omit<EditRequest, 'close'>): Promise<void> {
    return this.untilClosed(undefined, (close) => {
      this.emit({ event: 'edit', request: { ...request, close } });
    });
  }

  screen(text: string | null): void {
    this.emit({ event: 'screen', text });
  }

  clear(): void {
    this.emit({ event: 'clear' });
  }

  offerFile(name: string, bytes: string): void {
    this.emit({ event: 'file', name, bytes });
  }

  notice(text: string): void {
    this.emit({ event: 'notice', text });
  }

  /** Hands something to the view and waits until it is closed; with no view nothing waits. */
  private untilClosed(
    signal: AbortSignal | undefined,
    open: (close: () => void) => void,
  ): Promise<void> {
    if (!this.isHeard) return Promise.resolve();
    return new Promise((resolve) => {
      const close = () => {
        signal?.removeEventListener('abort', close);
        resolve();
      };
      signal?.addEventListener('abort', close);
      open(close);
    });
  }
}
