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

interface Entry {
  language: number;
  cue: number;
}

/** Phrases of all languages in one trie, laid out as an open-addressing table of integers. */
export class CueMatcher {
  readonly #size: number;
  readonly #keys: Int32Array;
  readonly #nodes: Int32Array;
  /** Per node: where its entries begin in `#entries`; the next node's start ends them. */
  readonly #first: Int32Array;
  readonly #entryLanguage: Int32Array;
  readonly #entryCue: Uint8Array;
  /** Nodes that have a child `word*`, and the root's `*word`. */
  readonly #starred: Uint8Array;
  /** Which first tokens occur at all, so that most tokens cost one look. */
  readonly #bloom = new Int32Array(1 << 11);

  constructor() {
    const edges = new Map<number, number>();
    const nodes: { entries: Entry[]; starred: boolean }[] = [{ entries: [], starred: false }];
    const child = (node: number, hash: number) => {
      const key = combine(node, hash) | 1;
      let next = edges.get(key);
      if (next === undefined) {
        next = nodes.length;
        nodes.push({ entries: [], starred: false });
        edges.set(key, next);
      }
      return next;
    };
    const scan = new Scan();
    for (const [index, language] of cueLanguages.entries()) {
      const lexicon = cueLexicons[language]!;
      for (const [cue, name] of cueClasses.entries()) {
        for (const phrase of (lexicon[name as CueClass] ?? '').split(/\s*,\s*/)) {
          if (phrase === '') continue;
          const node = this.#insert(phrase, scan, nodes, child);
          if (node === 0) continue;
          const entries = nodes[node]!.entries;
          if (!entries.some((entry) => entry.cue === cue && entry.language === 1 << index)) {
            entries.push({ language: 1 << index, cue });
          }
        }
      }
    }
    let size = 1024;
    while (size < edges.size * 2) size *= 2;
    this.#size = size;
    this.#keys = new Int32Array(size);
    this.#nodes = new Int32Array(size);
    for (const [key, node] of edges) {
      let slot = key & (size - 1);
      while (this.#nodes[slot] !== 0) slot = (slot + 1) & (size - 1);
      this.#keys[slot] = key;
      this.#nodes[slot] = node;
    }
    this.#first = new Int32Array(nodes.length + 1);
    this.#starred = new Uint8Array(nodes.length);
    const languages: number[] = [];
    const cues: number[] = [];
    for (const [i, node] of nodes.entries()) {
      this.#first[i] = cues.length;
      this.#starred[i] = node.starred ? 1 : 0;
      for (const entry of node.entries) {
        languages.push(entry.language);
        cues.push(entry.cue);
      }
    }
    this.#first[nodes.length] = cues.length;
    this.#entryLanguage = Int32Array.from(languages);
    this.#entryCue = Uint8Array.from(cues);
  }

  #insert(
    phrase: string,
    scan: Scan,
    nodes: { entries: Entry[]; starred: boolean }[],
    child: (node: number, hash: number) => number,
  ): number {
    const star = phrase.endsWith('*');
    if (phrase.startsWith('*')) {
      const folded = foldWord(phrase.slice(1)).slice(-suffixMax);
      if (folded.length < suffixMin) return 0;
      nodes[0]!.starred = true;
      const hash = hashWord([...folded].reverse().join(''));
      const key = combine(hash, suffixMark);
      this.#mark(key);
      return child(0, key);
    }
    scan.read(star ? phrase.slice(0, -1) : phrase);
    let node = 0;
    for (let i = 0; i < scan.count; i++) {
      const last = i === scan.count - 1;
      let hash = scan.hash[i]!;
      if (star && last) {
        const size = Math.min(scan.size[i]!, affixMax);
        if (size < affixMin) return 0;
        nodes[node]!.starred = true;
        hash = combine(scan.prefixHash(i, size), prefixMark);
      }
      if (i === 0) this.#mark(hash);
      node = child(node, hash);
    }
    return node;
  }

  #mark(hash: number): void {
    this.#bloom[(hash >>> 5) & 0x7ff]! |= 1 << (hash & 31);
  }

  #mayBe(hash: number): boolean {
    return (this.#bloom[(hash >>> 5) & 0x7ff]! & (1 << (hash & 31))) !== 0;
  }

  #step(node: number, hash: number): number {
    const key = combine(node, hash) | 1;
    const mask = this.#size - 1;
    let slot = key & mask;
    while (this.#nodes[slot] !== 0) {
      if (this.#keys[slot] === key) return this.#nodes[slot]!;
      slot = (slot + 1) & mask;
    }
    return 0;
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
    const hash = scan.hash[from]!;
    let best = 0;
    let bestEnd = from;
    if (this.#mayBe(hash)) {
      let node = 0;
      const until = Math.min(scan.count, from + maxPhrase);
      for (let at = from; at < until; at++) {
        if (at > from && this.#starred[node] === 1 && scan.kind[at] === tokenKind.word) {
          const ended = this.#prefix(scan, at, node);
          if (ended > 0 && this.#speaks(ended, languages)) {
            best = ended;
            bestEnd = at + 1;
          }
        }
        node = this.#step(node, scan.hash[at]!);
        if (node === 0) break;
        if (this.#speaks(node, languages)) {
          best = node;
          bestEnd = at + 1;
        }
      }
    }
    if (best === 0) return false;
    this.#emit(best, from, bestEnd, languages, hits);
    return true;
  }

  #prefix(scan: Scan, token: number, node: number): number {
    for (let length = Math.min(affixMax, scan.size[token]!); length >= affixMin; length--) {
      const hash = combine(scan.prefixHash(token, length), prefixMark);
      if (node === 0 && !this.#mayBe(hash)) continue;
      const next = this.#step(node, hash);
      if (next > 0) return next;
    }
    return 0;
  }

  #affixes(scan: Scan, token: number, languages: number, hits: CueHits): void {
    if (scan.size[token]! < affixMin) return;
    const node = this.#prefix(scan, token, 0);
    if (node > 0) this.#emit(node, token, token + 1, languages, hits);
    for (let length = Math.min(suffixMax, scan.size[token]!); length >= suffixMin; length--) {
      const hash = combine(scan.suffixHash(token, length), suffixMark);
      if (!this.#mayBe(hash)) continue;
      const next = this.#step(0, hash);
      if (next === 0) continue;
      this.#emit(next, token, token + 1, languages, hits);
      return;
    }
  }

  #speaks(node: number, languages: number): boolean {
    const end = this.#first[node + 1]!;
    for (let e = this.#first[node]!; e < end; e++) {
      if ((this.#entryLanguage[e]! & languages) !== 0) return true;
    }
    return false;
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
