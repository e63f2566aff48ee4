/**
 * What programs have said over their connections, for captures: the engine counts bytes, and this knows which
 * they were. Only the latest connections are remembered, and of each direction so many bytes.
 */

const mostStreams = 400;
const longestStream = 200_000;

export class WireTexts {
  private readonly streams = new Map<string, string>();

  /** Adds bytes to what one endpoint sends to another. */
  add(from: string, to: string, bytes: string): void {
    const key = `${from} ${to}`;
    const stream = (this.streams.get(key) ?? '') + bytes;
    this.streams.delete(key);
    if (stream.length <= longestStream) this.streams.set(key, stream);
    if (this.streams.size <= mostStreams) return;
    const [oldest] = this.streams.keys();
    if (oldest !== undefined) this.streams.delete(oldest);
  }

  /** A new connection between two endpoints: what was said before is another's. */
  begin(from: string, to: string): void {
    this.streams.delete(`${from} ${to}`);
    this.streams.delete(`${to} ${from}`);
  }

  /** Bytes of a stream, as far as they are known. */
  slice(from: string, to: string, offset: number, bytes: number): string | undefined {
    return this.streams.get(`${from} ${to}`)?.slice(offset, offset + bytes);
  }
}
