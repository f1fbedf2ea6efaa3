import {
  affixMax,
  affixMin,
  combine,
  foldWord,
  hashWord,
  Scan,
  suffixMax,
  suffixMin,
  tokenKind,
} from '../scan.ts';
import type { CueClass } from './classes.ts';
import { cueClasses } from './classes.ts';
import { cueLexicons } from './index.ts';

/** Languages with a lexicon, in a fixed order; each has a bit in the masks below. */
export const cueLanguages: readonly string[] = Object.keys(cueLexicons);
const englishMask = 1;

/** The bit of a language; 0 when it has no lexicon. English is bit 0 and always on: it is mixed into everything. */
export function languageMask(language: string): number {
  const index = cueLanguages.indexOf(language);
  return index < 0 ? 0 : 1 << index;
}

const prefixMark = 0x2a2a;
const suffixMark = 0x3c3c;
/** Longest phrase in tokens; a character of a script without spaces is a token. */
const maxPhrase = 10;

/** Cues found in a text, in the order of their first token. Reused from text to text. */
export class CueHits {
  count = 0;
  readonly cue = new Uint8Array(512);
  readonly start = new Int16Array(512);
  readonly end = new Int16Array(512);
}

/** A set of hashes that says "surely not" of nearly every other. 16 KB. */
class Bits {
  readonly #bits = new Int32Array(1 << 12);

  mark(hash: number): void {
    this.#bits[(hash ^ (hash >>> 15)) & 0xfff]! |= 1 << (hash >>> 27);
  }

  has(hash: number): boolean {
    return (this.#bits[(hash ^ (hash >>> 15)) & 0xfff]! & (1 << (hash >>> 27))) !== 0;
  }
}

/** The trie while it grows: lists side by side, since a hundred thousand small objects load slowly. */
class Trie {
  readonly edges = new Map<number, number>();
  readonly parent: number[] = [0];
  /** Whether it has a child `word*`. */
  readonly starred: boolean[] = [false];
  /** Entries of all nodes, and of each node its last one, -1 for none. */
  readonly last: number[] = [-1];
  readonly before: number[] = [];
  readonly language: number[] = [];
  readonly cue: number[] = [];

  child(node: number, hash: number): number {
    const key = combine(node, hash) | 1;
    const known = this.edges.get(key);
    if (known !== undefined) return known;
    const next = this.parent.length;
    this.parent.push(node);
    this.starred.push(false);
    this.last.push(-1);
    this.edges.set(key, next);
    return next;
  }

  enter(node: number, language: number, cue: number): void {
    for (let e = this.last[node]!; e >= 0; e = this.before[e]!) {
      if (this.cue[e] === cue && this.language[e] === language) return;
    }
    this.before.push(this.last[node]!);
    this.language.push(language);
    this.cue.push(cue);
    this.last[node] = this.language.length - 1;
  }

  /** Entries of a node in the order in which they came. */
  entriesOf(node: number): number[] {
    const found: number[] = [];
    for (let e = this.last[node]!; e >= 0; e = this.before[e]!) found.unshift(e);
    return found;
  }
}

/** What a slot of the table holds. */
const slotWidth = 4;
const slotNode = 1;
/** Languages in which a phrase ends at the node; the top bit when a `word*` may follow. */
const slotSpeaks = 2;
/** Languages in which a phrase goes on from the node. */
const slotBeyond = 3;
const starred = 1 << 31;

/** Phrases of all languages in one trie, laid out as an open-addressing table of integers. */
export class CueMatcher {
  readonly #mask: number;
  /** Key, node and languages of each edge, side by side: a step costs one line of cache. */
  readonly #slots: Int32Array;
  /** Per node: where its entries begin in `#entries`; the next node's start ends them. */
  readonly #first: Int32Array;
  readonly #entryLanguage: Int32Array;
  readonly #entryCue: Uint8Array;
  /**
   * A bit for each first word, first beginning `word*` and ending `*word` of any phrase, and one for
   * the shortest beginning or ending of each: most words of a text are none, whatever the number of
   * phrases, and a look or three tells.
   */
  readonly #words = new Bits();
  readonly #prefixes = new Bits();
  readonly #suffixes = new Bits();
  /** The same for the edges beyond the first word. */
  readonly #edges = new Bits();

  constructor() {
    const trie = new Trie();
    const scan = new Scan();
    for (const [index, language] of cueLanguages.entries()) {
      const lexicon = cueLexicons[language]!;
      for (const [cue, name] of cueClasses.entries()) {
        for (const piece of (lexicon[name as CueClass] ?? '').split(',')) {
          const phrase = piece.trim();
          if (phrase === '') continue;
          const node = this.#insert(phrase, scan, trie);
          if (node !== 0) trie.enter(node, 1 << index, cue);
        }
      }
    }
    const count = trie.parent.length;
    const entries: number[] = [];
    const speaks = new Int32Array(count);
    this.#first = new Int32Array(count + 1);
    for (let node = 0; node < count; node++) {
      this.#first[node] = entries.length;
      if (trie.last[node] === -1) continue;
      for (const entry of trie.entriesOf(node)) {
        speaks[node]! |= trie.language[entry]!;
        entries.push(entry);
      }
    }
    this.#first[count] = entries.length;
    this.#entryLanguage = Int32Array.from(entries, (entry) => trie.language[entry]!);
    this.#entryCue = Uint8Array.from(entries, (entry) => trie.cue[entry]!);
    // A node is made after its parent: from the last to the first, each tells its parent.
    const beyond = new Int32Array(count);
    for (let node = count - 1; node > 0; node--) {
      beyond[trie.parent[node]!]! |= beyond[node]! | speaks[node]!;
    }
    let size = 1024;
    while (size < trie.edges.size * 2) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int32Array(size * slotWidth);
    for (const [key, node] of trie.edges) {
      if (trie.parent[node] !== 0) this.#edges.mark(key);
      let at = (key & this.#mask) * slotWidth;
      while (this.#slots[at + slotNode] !== 0) at = (at + slotWidth) & (size * slotWidth - 1);
      this.#slots[at] = key;
      this.#slots[at + slotNode] = node;
      this.#slots[at + slotSpeaks] = speaks[node]! | (trie.starred[node] ? starred : 0);
      this.#slots[at + slotBeyond] = beyond[node]!;
    }
  }

  #insert(phrase: string, scan: Scan, trie: Trie): number {
    const star = phrase.endsWith('*');
    if (phrase.startsWith('*')) {
      const folded = foldWord(phrase.slice(1)).slice(-suffixMax);
      if (folded.length < suffixMin) return 0;
      const reversed = [...folded].reverse().join('');
      const hash = hashWord(reversed);
      this.#suffixes.mark(hash);
      this.#suffixes.mark(hashWord(reversed.slice(0, suffixMin)));
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
          this.#prefixes.mark(scan.prefixHash(i, size));
          this.#prefixes.mark(scan.prefixHash(i, affixMin));
        }
      } else if (i === 0) this.#words.mark(hash);
      node = trie.child(node, hash);
    }
    return node;
  }

  /** The slot of the edge from a node over a hash, -1 when there is none. */
  #step(node: number, hash: number): number {
    const key = combine(node, hash) | 1;
    if (node !== 0 && !this.#edges.has(key)) return -1;
    const slots = this.#slots;
    let at = (key & this.#mask) * slotWidth;
    while (slots[at + slotNode] !== 0) {
      if (slots[at] === key) return at;
      at = (at + slotWidth) & (slots.length - 1);
    }
    return -1;
  }

  /** Finds the cues of English and of the languages in `mask`: at each token the longest phrase. */
  find(scan: Scan, mask: number, hits: CueHits): void {
    hits.count = 0;
    const languages = mask | englishMask;
    for (let i = 0; i < scan.count; i++) {
      const found = this.#longest(scan, i, languages, hits);
      if (found || scan.kind[i] !== tokenKind.word) continue;
      this.#affixes(scan, i, languages, hits);
    }
  }

  #longest(scan: Scan, from: number, languages: number, hits: CueHits): boolean {
    if (!this.#words.has(scan.hash[from]!)) return false;
    const slots = this.#slots;
    let best = 0;
    let bestEnd = from;
    let node = 0;
    let wantsPrefix = false;
    const until = Math.min(scan.count, from + maxPhrase);
    for (let at = from; at < until; at++) {
      if (wantsPrefix && scan.kind[at] === tokenKind.word) {
        const ended = this.#prefix(scan, at, node);
        if (ended >= 0 && (slots[ended + slotSpeaks]! & languages) !== 0) {
          best = slots[ended + slotNode]!;
          bestEnd = at + 1;
        }
      }
      const slot = this.#step(node, scan.hash[at]!);
      if (slot < 0) break;
      node = slots[slot + slotNode]!;
      const speaks = slots[slot + slotSpeaks]!;
      wantsPrefix = speaks < 0;
      if ((speaks & languages) !== 0) {
        best = node;
        bestEnd = at + 1;
      }
      if ((slots[slot + slotBeyond]! & languages) === 0) break;
    }
    if (best === 0) return false;
    this.#emit(best, from, bestEnd, languages, hits);
    return true;
  }

  /** The slot of the longest `word*` from a node that a word begins with, -1 when there is none. */
  #prefix(scan: Scan, token: number, node: number): number {
    for (let length = Math.min(affixMax, scan.size[token]!); length >= affixMin; length--) {
      const hash = scan.prefixHash(token, length);
      if (node === 0 && !this.#prefixes.has(hash)) continue;
      const slot = this.#step(node, combine(hash, prefixMark));
      if (slot >= 0) return slot;
    }
    return -1;
  }

  #affixes(scan: Scan, token: number, languages: number, hits: CueHits): void {
    if (scan.size[token]! < affixMin) return;
    const slots = this.#slots;
    if (this.#prefixes.has(scan.prefixHash(token, affixMin))) {
      const slot = this.#prefix(scan, token, 0);
      if (slot >= 0) this.#emit(slots[slot + slotNode]!, token, token + 1, languages, hits);
    }
    if (!this.#suffixes.has(scan.suffixHash(token, suffixMin))) return;
    for (let length = Math.min(suffixMax, scan.size[token]!); length >= suffixMin; length--) {
      const hash = scan.suffixHash(token, length);
      if (!this.#suffixes.has(hash)) continue;
      const slot = this.#step(0, combine(hash, suffixMark));
      if (slot < 0) continue;
      this.#emit(slots[slot + slotNode]!, token, token + 1, languages, hits);
      return;
    }
  }

  #emit(node: number, from: number, to: number, languages: number, hits: CueHits): void {
    const end = this.#first[node + 1]!;
    for (let e = this.#first[node]!; e < end && hits.count < 512; e++) {
      if ((this.#entryLanguage[e]! & languages) === 0) continue;
      const cue = this.#entryCue[e]!;
      // Two languages may both give a word to a class.
      const last = hits.count - 1;
      if (last >= 0 && hits.start[last] === from && hits.cue[last] === cue) continue;
      hits.cue[hits.count] = cue;
      hits.start[hits.count] = from;
      hits.end[hits.count] = to;
      hits.count++;
    }
  }
}
