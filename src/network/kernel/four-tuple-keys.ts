/** Numbers for four-tuples, by which packet filters know connections and routers their mappings. */

/** Room for 2^21 pairs of addresses above 32 bits of ports in one exact number. */
const PORTS_PER_PAIR = 2 ** 32;

export class FourTupleKeys {
  private readonly pairs = new Map<number, Map<number, number>>();
  private pairCount = 0;

  /** The same number for the same four-tuple, and never 0. Each pair of addresses is remembered. */
  of(localAddress: number, localPort: number, remoteAddress: number, remotePort: number): number {
    let remotes = this.pairs.get(localAddress);
    if (remotes === undefined) {
      remotes = new Map();
      this.pairs.set(localAddress, remotes);
    }
    let pair = remotes.get(remoteAddress);
    if (pair === undefined) {
      pair = ++this.pairCount;
      remotes.set(remoteAddress, pair);
    }
    return pair * PORTS_PER_PAIR + localPort * 65_536 + remotePort;
  }
}
