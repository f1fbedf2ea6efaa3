/** What is hung on a phrase. */
export interface Entry<T> {
  value: T;
  /** Endings may follow the phrase (Spotifys, Spotifyda): not where it is an ordinary word too. */
  inflects: boolean;
}

/** A place in the trie. */
export interface Node<T> {
  /** The word or letter that leads here. */
  key: string;
  /** By the hash of the word, or by the letter's unit: no string is made while a text is read. */
  next: Map<number, Node<T>> | null;
  /** Another word with the same hash. */
  twin: Node<T> | null;
  entries: Entry<T>[] | null;
}

/** A set of hashes that says "surely not" of nearly every word without looking it up. */
export class Sieve {
  #bits: Uint32Array;
  #mask: number;

  constructor(entries: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(1_024, entries * 32)));
    this.#bits = new Uint32Array(size / 32);
    this.#mask = size - 1;
  }

  add(hash: number): void {
    const bit = this.#mix(hash);
    this.#bits[bit >>> 5]! |= 1 << (bit & 31);
  }

  mayHave(hash: number): boolean {
    const bit = this.#mix(hash);
    return (this.#bits[bit >>> 5]! & (1 << (bit & 31))) !== 0;
  }

  #mix(hash: number): number {
    return (hash ^ (hash >>> 15)) & this.#mask;
  }
}

export function newNode<T>(key: string): Node<T> {
  return { key, next: null, twin: null, entries: null };
}

/** The node behind a key, made when it is missing. */
export function step<T>(node: Node<T>, key: string, code: number): Node<T> {
  node.next ??= new Map();
  const first = node.next.get(code);
  let next = first ?? null;
  while (next !== null && next.key !== key) next = next.twin;
  if (next === null) {
    next = newNode(key);
    next.twin = first ?? null;
    node.next.set(code, next);
  }
  return next;
}

/** The nodes behind the root by hash, in a table of integers: the first look at nearly every word. */
export class RootTable<T> {
  readonly #hashes: Int32Array;
  readonly #nodes: (Node<T> | null)[];
  readonly #mask: number;

  constructor(root: Node<T>) {
    let size = 64;
    while (size < (root.next?.size ?? 0) * 2) size *= 2;
    this.#mask = size - 1;
    this.#hashes = new Int32Array(size);
    this.#nodes = new Array<Node<T> | null>(size).fill(null);
    for (const [hash, node] of root.next ?? []) {
      let slot = this.#slot(hash);
      while (this.#nodes[slot] !== null) slot = (slot + 1) & this.#mask;
      this.#hashes[slot] = hash;
      this.#nodes[slot] = node;
    }
  }

  #slot(hash: number): number {
    return (hash ^ (hash >>> 15)) & this.#mask;
  }

  /** The first node of a hash; others hang on it as twins. */
  get(hash: number): Node<T> | null {
    let slot = this.#slot(hash);
    while (this.#nodes[slot] !== null) {
      if (this.#hashes[slot] === hash) return this.#nodes[slot]!;
      slot = (slot + 1) & this.#mask;
    }
    return null;
  }
}

/** The node behind the word that stands in a stretch of units. */
export function child<T>(
  node: Node<T>,
  hash: number,
  units: Uint16Array,
  start: number,
  end: number,
): Node<T> | undefined {
  return ofKey(node.next?.get(hash) ?? null, units, start, end);
}

/** Of nodes with the same hash the one of the word that stands in a stretch of units. */
export function ofKey<T>(
  first: Node<T> | null,
  units: Uint16Array,
  start: number,
  end: number,
): Node<T> | undefined {
  let next = first;
  while (next !== null && !isKey(next.key, units, start, end)) next = next.twin;
  return next ?? undefined;
}

function isKey(key: string, units: Uint16Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let index = start; index < end; index++) {
    if (key.charCodeAt(index - start) !== units[index]) return false;
  }
  return true;
}
