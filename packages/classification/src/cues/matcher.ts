import type { Scan } from '../scan.ts';
import { affixMax, affixMin, combine, suffixMax, suffixMin, tokenKind } from '../scan.ts';
import { englishMask } from './languages.ts';
import type { CueTables } from './tables.ts';
import {
  hasBit,
  prefixMark,
  slotBeyond,
  slotNode,
  slotSpeaks,
  slotWidth,
  suffixMark,
} from './tables.ts';

/** Longest phrase in tokens; a character of a script without spaces is a token. */
const maxPhrase = 10;

/** Cues found in a text, in the order of their first token. Reused from text to text. */
export class CueHits {
  count = 0;
  readonly cue = new Uint8Array(512);
  readonly start = new Int16Array(512);
  readonly end = new Int16Array(512);
}

/** Finds the phrases of a model in texts. */
export class CueMatcher {
  readonly #tables: CueTables;
  readonly #mask: number;

  constructor(tables: CueTables) {
    this.#tables = tables;
    this.#mask = tables.slots.length / slotWidth - 1;
  }

  /** The slot of the edge from a node over a hash, -1 when there is none. */
  #step(node: number, hash: number): number {
    const key = combine(node, hash) | 1;
    if (node !== 0 && !hasBit(this.#tables.edges, key)) return -1;
    const slots = this.#tables.slots;
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
    if (!hasBit(this.#tables.words, scan.hash[from]!)) return false;
    const slots = this.#tables.slots;
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
      if (node === 0 && !hasBit(this.#tables.prefixes, hash)) continue;
      const slot = this.#step(node, combine(hash, prefixMark));
      if (slot >= 0) return slot;
    }
    return -1;
  }

  #affixes(scan: Scan, token: number, languages: number, hits: CueHits): void {
    if (scan.size[token]! < affixMin) return;
    const slots = this.#tables.slots;
    if (hasBit(this.#tables.prefixes, scan.prefixHash(token, affixMin))) {
      const slot = this.#prefix(scan, token, 0);
      if (slot >= 0) this.#emit(slots[slot + slotNode]!, token, token + 1, languages, hits);
    }
    if (!hasBit(this.#tables.suffixes, scan.suffixHash(token, suffixMin))) return;
    for (let length = Math.min(suffixMax, scan.size[token]!); length >= suffixMin; length--) {
      const hash = scan.suffixHash(token, length);
      if (!hasBit(this.#tables.suffixes, hash)) continue;
      const slot = this.#step(0, combine(hash, suffixMark));
      if (slot < 0) continue;
      this.#emit(slots[slot + slotNode]!, token, token + 1, languages, hits);
      return;
    }
  }

  #emit(node: number, from: number, to: number, languages: number, hits: CueHits): void {
    const { first, entryLanguage, entryCue } = this.#tables;
    const end = first[node + 1]!;
    for (let e = first[node]!; e < end && hits.count < 512; e++) {
      if ((entryLanguage[e]! & languages) === 0) continue;
      const cue = entryCue[e]!;
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
