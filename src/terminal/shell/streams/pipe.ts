/** A pipe as Linux makes one: 64 KiB between a writer and a reader, each waiting for the other. */

import { BrokenPipe, OpenFile } from './open-file.ts';

/** pipe(7): the capacity of a pipe, in bytes. */
const capacity = 65_536;

class Channel {
  bytes = '';
  isWritten = true;
  isRead = true;
  private waiting: (() => void)[] = [];

  /** Wakes everyone who waits for room, bytes or the end. */
  wake(): void {
    const woken = this.waiting;
    this.waiting = [];
    for (const one of woken) one();
  }

  /** Resolves at the next change, or when the signal is aborted. */
  change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const done = () => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done);
      this.waiting.push(done);
    });
  }
}

class PipeReader extends OpenFile {
  private readonly channel: Channel;

  constructor(channel: Channel) {
    super();
    this.channel = channel;
  }

  override async read(most: number, signal: AbortSignal): Promise<string | null> {
    const { channel } = this;
    while (channel.bytes === '' && channel.isWritten && !signal.aborted)
      await channel.change(signal);
    if (channel.bytes === '') return null;
    const piece = channel.bytes.slice(0, most);
    channel.bytes = channel.bytes.slice(piece.length);
    channel.wake();
    return piece;
  }

  override unread(bytes: string): void {
    this.channel.bytes = bytes + this.channel.bytes;
  }

  protected override close(): void {
    this.channel.isRead = false;
    this.channel.wake();
  }
}

class PipeWriter extends OpenFile {
  private readonly channel: Channel;

  override readonly isReadable: boolean = false;

  constructor(channel: Channel) {
    super();
    this.channel = channel;
  }

  override async write(bytes: string, signal: AbortSignal): Promise<void> {
    const { channel } = this;
    let rest = bytes;
    while (rest !== '' && !signal.aborted) {
      if (!channel.isRead) throw new BrokenPipe();
      const room = capacity - channel.bytes.length;
      if (room <= 0) {
        await channel.change(signal);
        continue;
      }
      channel.bytes += rest.slice(0, room);
      rest = rest.slice(room);
      channel.wake();
    }
  }

  protected override close(): void {
    this.channel.isWritten = false;
    this.channel.wake();
  }
}

/** Both ends of a new pipe. */
export function makePipe(): { readonly reader: OpenFile; readonly writer: OpenFile } {
  const channel = new Channel();
  return { reader: new PipeReader(channel), writer: new PipeWriter(channel) };
}
