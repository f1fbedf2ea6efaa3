import {
  affixMax,
  affixMin,
  combine,
  foldWord,
  hashWord,
  Scan,
  suffixMax,
  suffixMin,
} from '../scan.ts';
import { cueClasses } from './classes.ts';
import { cueLexicons } from './index.ts';
import { cueLanguages } from './languages.ts';
import type { CueTables } from './tables.ts';
import {
  bitsSize,
  markBit,
  prefixMark,
  slotBeyond,
  slotNode,
  slotSpeaks,
  slotWidth,
  starred,
  suffixMark,
} from './tables.ts';

/** The bits by which a matcher turns most words away. */
type Bits = Pick<CueTables, 'words' | 'prefixes' | 'suffixes' | 'edges'>;

/**
 * Lays out all phrases as a model holds them. It takes some tenths of a second, which whoever reads
 * posts must not spend: it is done when a model is trained.
 */
export function compileCues(): CueTables {
  const bits: Bits = {
    words: new Int32Array(bitsSize),
    prefixes: new Int32Array(bitsSize),
    suffixes: new Int32Array(bitsSize),
    edges: new Int32Array(bitsSize),
  };
  const trie = grow(bits);
  const entries: number[] = [];
  const count = trie.parent.length;
  const speaks = new Int32Array(count);
  const first = new Int32Array(count + 1);
  for (let node = 0; node < count; node++) {
    first[node] = entries.length;
    for (const entry of trie.entriesOf(node)) {
      speaks[node]! |= trie.language[entry]!;
      entries.push(entry);
    }
  }
  first[count] = entries.length;
  return {
    slots: layOut(trie, speaks, bits),
    first,
    entryLanguage: Int32Array.from(entries, (entry) => trie.language[entry]!),
    entryCue: Uint8Array.from(entries, (entry) => trie.cue[entry]!),
    ...bits,
  };
}

function grow(bits: Bits): Trie {
  const trie = new Trie();
  const scan = new Scan();
  for (const [index, language] of cueLanguages.entries()) {
    const lexicon = cueLexicons[language];
    for (const [cue, name] of cueClasses.entries()) {
      for (const piece of (lexicon[name] ?? '').split(',')) {
        const phrase = piece.trim();
        if (phrase === '') continue;
        const node = insert(phrase, scan, trie, bits);
        if (node !== 0) trie.enter(node, 1 << index, cue);
      }
    }
  }
  return trie;
}

/** @returns the node at which the phrase ends, 0 when it is too short */
function insert(phrase: string, scan: Scan, trie: Trie, bits: Bits): number {
  const star = phrase.endsWith('*');
  if (phrase.startsWith('*')) {
    const folded = foldWord(phrase.slice(1)).slice(-suffixMax);
    if (folded.length < suffixMin) return 0;
    const reversed = [...folded].reverse().join('');
    const hash = hashWord(reversed);
    markBit(bits.suffixes, hash);
    markBit(bits.suffixes, hashWord(reversed.slice(0, suffixMin)));
    return trie.child(0, combine(hash, suffixMark));
  }
  scan.read(star ? phrase.slice(0, -1) : phrase);
  let node = 0;
  for (let i = 0; i < scan.count; i++) {
    const last = i === scan.count - 1;
    let hash = scan.hash[i]!;
    if (star && last) {
      const size = Math.min(scan.size[i]!, affixMax);
      if (size < affixMin) return 0;
      trie.starred[node] = true;
      hash = combine(scan.prefixHash(i, size), prefixMark);
      if (i === 0) {
        markBit(bits.prefixes, scan.prefixHash(i, size));
        markBit(bits.prefixes, scan.prefixHash(i, affixMin));
      }
    } else if (i === 0) markBit(bits.words, hash);
    node = trie.child(node, hash);
  }
  return node;
}

function layOut(trie: Trie, speaks: Int32Array, bits: Bits): Int32Array {
  // A node is made after its parent: from the last to the first, each tells its parent.
  const beyond = new Int32Array(speaks.length);
  for (let node = beyond.length - 1; node > 0; node--) {
    beyond[trie.parent[node]!]! |= beyond[node]! | speaks[node]!;
  }
  // Three quarters full at most: the table is most of a model's size, and few looks miss.
  let size = 1024;
  while (size * 0.75 < trie.edges.size) size *= 2;
  const slots = new Int32Array(size * slotWidth);
  for (const [key, node] of trie.edges) {
    if (trie.parent[node] !== 0) markBit(bits.edges, key);
    let at = (key & (size - 1)) * slotWidth;
    while (slots[at + slotNode] !== 0) at = (at + slotWidth) & (slots.length - 1);
    slots[at] = key;
    slots[at + slotNode] = node;
    slots[at + slotSpeaks] = speaks[node]! | (trie.starred[node] ? starred : 0);
    slots[at + slotBeyond] = beyond[node]!;
  }
  return slots;
}

/** The trie while it grows: lists side by side, since a hundred thousand small objects are slow. */
class Trie {
  /** Nodes by the key of the edge that leads to them. */
  readonly edges = new Map<number, number>();
  readonly parent: number[] = [0];
  /** Whether it has a child `word*`. */
  readonly starred: boolean[] = [false];
  readonly language: number[] = [];
  readonly cue: number[] = [];
  /** Of each node its last entry, and of each entry the one before it; -1 for none. */
  readonly #last: number[] = [-1];
  readonly #before: number[] = [];

  child(node: number, hash: number): number {
    const key = combine(node, hash) | 1;
    const known = this.edges.get(key);
    if (known !== undefined) return known;
    const next = this.parent.length;
    this.parent.push(node);
    this.starred.push(false);
    this.#last.push(-1);
    this.edges.set(key, next);
    return next;
  }

  /** Gives a node a class in a language, once. */
  enter(node: number, language: number, cue: number): void {
    for (let e = this.#last[node]!; e >= 0; e = this.#before[e]!) {
      if (this.cue[e] === cue && this.language[e] === language) return;
    }
    this.#before.push(this.#last[node]!);
    this.language.push(language);
    this.cue.push(cue);
    this.#last[node] = this.language.length - 1;
  }

  /** Entries of a node in the order in which they came. */
  entriesOf(node: number): number[] {
    const found: number[] = [];
    for (let e = this.#last[node]!; e >= 0; e = this.#before[e]!) found.push(e);
    return found.reverse();
  }
}
