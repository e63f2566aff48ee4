/** What a command prints, on two descriptors and in one order. */

import { toBytes } from '../../linux/file-system.ts';
import type { Interpreter } from '../execution/interpreter.ts';
import { FileRefusal } from '../streams/open-file.ts';

/** Writes in the order in which they were asked for, each when the last is through. */
export class OrderedOutput {
  private readonly shell: Interpreter;
  private last: Promise<void> = Promise.resolve();
  private failure: Error | null = null;

  constructor(shell: Interpreter) {
    this.shell = shell;
  }

  write(text: string, stream: 'out' | 'err'): void {
    if (text !== '') this.add(toBytes(text), stream);
  }

  async writeBytes(bytes: string): Promise<void> {
    this.add(bytes, 'out');
    await this.settled();
    // Two programs could hand bytes to one another for ever, and the page would never have its turn.
    const { pageYield } = this.shell.session;
    if (pageYield.isDue) await pageYield.ifDue();
  }

  /** Waits until all is written. @throws BrokenPipe */
  async settled(): Promise<void> {
    await this.last;
    if (this.failure !== null) throw this.failure;
  }

  private add(bytes: string, stream: 'out' | 'err'): void {
    const { shell } = this;
    this.last = this.last.then(async () => {
      if (this.failure !== null) return;
      const file = shell.fds.get(stream === 'out' ? 1 : 2);
      try {
        if (file === undefined) throw new FileRefusal('Bad file descriptor');
        await file.write(bytes, shell.signal);
      } catch (error) {
        if (stream === 'err' && error instanceof FileRefusal) return;
        this.failure = error as Error;
      }
    });
  }
}
