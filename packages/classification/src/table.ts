/** Keys of 32 bits to rows, as an open-addressing table that is stored as it is. */
export class KeyTable {
  readonly slots: Uint16Array;
  readonly prints: Uint16Array;
  readonly #mask: number;
  /** Print and slot of `slots` in one integer, so that a look costs one line of cache. */
  #joined: Int32Array | null = null;

  /** @param slots row + 1 per slot, 0 where empty; the length is a power of two */
  constructor(slots: Uint16Array, prints: Uint16Array) {
    this.slots = slots;
    this.prints = prints;
    this.#mask = slots.length - 1;
  }

  /** Lays out keys in their order; the row of a key is its index. At most 65,534 keys. */
  static build(keys: ArrayLike<number>): KeyTable {
    let size = 16;
    while (size < keys.length * 1.4) size *= 2;
    const table = new KeyTable(new Uint16Array(size), new Uint16Array(size));
    for (let row = 0; row < keys.length; row++) {
      const key = keys[row]!;
      let slot = key & table.#mask;
      while (table.slots[slot] !== 0) slot = (slot + 1) & table.#mask;
      table.slots[slot] = row + 1;
      table.prints[slot] = key >>> 16;
    }
    return table;
  }

  /** Row of a key, -1 when it is not there. Two keys of the same upper half may be taken for one. */
  row(key: number): number {
    const joined = this.#joined ?? this.#join();
    const print = key >>> 16;
    let slot = key & this.#mask;
    let entry = joined[slot]!;
    while ((entry & 0xffff) !== 0) {
      if (entry >>> 16 === print) return (entry & 0xffff) - 1;
      slot = (slot + 1) & this.#mask;
      entry = joined[slot]!;
    }
    return -1;
  }

  #join(): Int32Array {
    const joined = new Int32Array(this.slots.length);
    for (let slot = 0; slot < joined.length; slot++) {
      joined[slot] = (this.prints[slot]! << 16) | this.slots[slot]!;
    }
    this.#joined = joined;
    return joined;
  }
}
