/**
 * A map for keys that come and go again and again, as ports do when nearly all are taken. V8 leaves a
 * deleted entry of a Map in its chain until the table is rebuilt: where the same thirty keys are
 * added and deleted, each look-up comes to walk past thousands of dead entries. Here an entry is
 * emptied and filled again; the table is rebuilt once most of its keys are empty.
 */

/** How many empty keys are kept, besides as many as there are full ones. */
const spare = 64;

export class RecurringMap<Key, Value> {
  #entries = new Map<Key, Value | undefined>();
  #size = 0;

  /** Keys that have a value. */
  get size(): number {
    return this.#size;
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  has(key: Key): boolean {
    return this.#entries.get(key) !== undefined;
  }

  set(key: Key, value: Value): void {
    if (!this.has(key)) this.#size++;
    this.#entries.set(key, value);
  }

  /** Whether there was a value. */
  delete(key: Key): boolean {
    if (!this.has(key)) return false;
    this.#size--;
    this.#entries.set(key, undefined);
    if (this.#entries.size > 2 * this.#size + spare) this.#rebuild();
    return true;
  }

  #rebuild(): void {
    const entries = new Map<Key, Value | undefined>();
    this.#entries.forEach((value, key) => {
      if (value !== undefined) entries.set(key, value);
    });
    this.#entries = entries;
  }

  *keys(): Generator<Key> {
    for (const [key] of this) yield key;
  }

  *values(): Generator<Value> {
    for (const [, value] of this) yield value;
  }

  *[Symbol.iterator](): Generator<[Key, Value]> {
    for (const [key, value] of this.#entries) if (value !== undefined) yield [key, value];
  }
}
