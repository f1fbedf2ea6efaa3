/**
 * Phrases of all languages in one trie, laid out as an open-addressing table of integers, as it lies in
 * a model. Node 0 is the root; an edge's key is `combine(node, hash of the token) | 1`.
 */
export interface CueTables {
  /** Key, node and languages of each edge, side by side: a step costs one line of cache. */
  slots: Int32Array;
  /** Per node: where its entries begin below; the next node's start ends them. */
  first: Int32Array;
  entryLanguage: Int32Array;
  entryCue: Uint8Array;
  /**
   * A bit for each first word, first beginning `word*` and ending `*word` of any phrase, and one for
   * the shortest beginning or ending of each: most words of a text are none, whatever the number of
   * phrases, and a look or three tells.
   */
  words: Int32Array;
  prefixes: Int32Array;
  suffixes: Int32Array;
  /** The same for the edges beyond the first word. */
  edges: Int32Array;
}

/** What a slot holds. */
export const slotWidth = 4;
export const slotNode = 1;
/** Languages in which a phrase ends at the node; the top bit when a `word*` may follow. */
export const slotSpeaks = 2;
/** Languages in which a phrase goes on from the node. */
export const slotBeyond = 3;
export const starred = 1 << 31;

export const prefixMark = 0x2a2a;
export const suffixMark = 0x3c3c;

/** Integers of a set of hashes that says "surely not" of nearly every other. 16 KB. */
export const bitsSize = 1 << 12;

export function markBit(bits: Int32Array, hash: number): void {
  bits[(hash ^ (hash >>> 15)) & (bitsSize - 1)]! |= 1 << (hash >>> 27);
}

export function hasBit(bits: Int32Array, hash: number): boolean {
  return (bits[(hash ^ (hash >>> 15)) & (bitsSize - 1)]! & (1 << (hash >>> 27))) !== 0;
}
