/** A process's descriptor table: numbers that point to open file descriptions. */

import type { OpenFile } from './open-file.ts';

export class Descriptors {
  private readonly files = new Map<number, OpenFile>();
  /** Copies that a redirection keeps to put back, under numbers of their own that no program inherits. */
  kept = 0;

  /** How many are open. */
  get size(): number {
    return this.files.size;
  }

  /** Whether RLIMIT_NOFILE leaves room for so many more. */
  hasRoom(count: number, limit: number): boolean {
    let below = this.kept + count;
    for (const fd of this.files.keys()) if (fd < limit) below += 1;
    return below <= limit;
  }

  get(fd: number): OpenFile | undefined {
    return this.files.get(fd);
  }

  /** Points a descriptor at a file; what it pointed to before is let go. */
  set(fd: number, file: OpenFile): void {
    file.retain();
    this.files.get(fd)?.release();
    this.files.set(fd, file);
  }

  close(fd: number): void {
    this.files.get(fd)?.release();
    this.files.delete(fd);
  }

  /** The lowest free number from `from` on. */
  free(from: number): number {
    let fd = from;
    while (this.files.has(fd)) fd += 1;
    return fd;
  }

  numbers(): readonly number[] {
    return [...this.files.keys()].sort((one, other) => one - other);
  }

  /** As fork(2) hands it on: the same files under the same numbers. */
  copy(): Descriptors {
    const copied = new Descriptors();
    for (const [fd, file] of this.files) copied.set(fd, file);
    return copied;
  }

  closeAll(): void {
    for (const fd of [...this.files.keys()]) this.close(fd);
  }
}
