/**
 * What programs on this machine say to one another. The engine counts the bytes of a connection; their
 * text goes this way, to whoever listens for a process. What nobody listens for is not kept.
 */
export class Conversations {
  private readonly hearers = new Map<number, (text: string) => void>();

  /** From now on `hearer` is given what is said to the process; until the function returned is called. */
  hear(pid: number, hearer: (text: string) => void): () => void {
    this.hearers.set(pid, hearer);
    return () => {
      if (this.hearers.get(pid) === hearer) this.hearers.delete(pid);
    };
  }

  tell(pid: number, text: string): void {
    this.hearers.get(pid)?.(text);
  }
}
