import { cueClasses } from './cues/classes.ts';
import { CueHits, CueMatcher } from './cues/matcher.ts';
import type { Scan } from './scan.ts';
import { combine, flag, hashWord, tokenKind } from './scan.ts';

const maxFeatures = 4096;
const dedupeSize = 16_384;

/** Words apart within which two cues make a pair. A character of a script without spaces counts a third. */
const pairReach = 5;

const space = {
  word: 0x1001,
  pair: 0x1002,
  stem: 0x1003,
  triple: 0x1004,
  cue: 0x1005,
  cuePair: 0x1006,
  shape: 0x1007,
} as const;

/** Stands for whatever brand is named: no brand is evidence by itself. */
export const brandHash = hashWord('@brand');

const shape = {
  length: 1,
  question: 2,
  endsInQuestion: 3,
  exclamation: 4,
  exclamations: 5,
  startsWithMention: 6,
  mention: 7,
  link: 8,
  hashtag: 9,
  hashtags: 10,
  shouting: 11,
  number: 12,
  emoji: 13,
  brand: 14,
  money: 15,
} as const;

/** What a text says, as the integers that the linear model weighs. Reused from text to text. */
export class Features {
  count = 0;
  readonly key = new Int32Array(maxFeatures);
  /** For explanations: the tokens that a feature comes from, and of what sort it is. */
  readonly from = new Int16Array(maxFeatures);
  readonly to = new Int16Array(maxFeatures);
  readonly sort = new Uint16Array(maxFeatures);
  readonly detail = new Int32Array(maxFeatures);
  readonly hits = new CueHits();

  /** Keys already there, by their low bits: a feature counts once. */
  readonly #seen = new Uint32Array(dedupeSize);
  readonly #seenKey = new Int32Array(dedupeSize);
  #round = 0;

  clear(): void {
    this.count = 0;
    this.#round++;
    if (this.#round > 0xffff_ffff) {
      this.#round = 1;
    }
  }

  push(sort: number, a: number, b: number, from: number, to: number): void {
    if (this.count === maxFeatures) return;
    const key = combine(combine(sort, a), b);
    let slot = key & (dedupeSize - 1);
    while (this.#seen[slot] === this.#round) {
      if (this.#seenKey[slot] === key) return;
      slot = (slot + 1) & (dedupeSize - 1);
    }
    this.#seen[slot] = this.#round;
    this.#seenKey[slot] = key;
    const i = this.count++;
    this.key[i] = key;
    this.sort[i] = sort;
    this.from[i] = from;
    this.to[i] = to;
    this.detail[i] = a;
  }

  /** Words for the feature at `index`, from the text that was scanned. */
  describe(index: number, scan: Scan): string {
    const text = scan.text.slice(scan.start[this.from[index]!]!, scan.end[this.to[index]! - 1]!);
    switch (this.sort[index]) {
      case space.cue:
        return `${cueClasses[this.detail[index]!]} (${text})`;
      case space.cuePair: {
        const pair = this.detail[index]!;
        return `${cueClasses[pair >> 8]} … ${cueClasses[pair & 255]} (${text})`;
      }
      case space.stem:
        return `${text}~`;
      case space.shape:
        return `shape: ${Object.entries(shape).find(([, code]) => code === this.detail[index])?.[0]}`;
      default:
        return text;
    }
  }
}

export class FeatureExtractor {
  readonly #cues = new CueMatcher();

  /**
   * @param masked 1 for each token that names a brand
   * @param languages bits of the languages whose cues count, see `languageMask`
   */
  extract(scan: Scan, masked: Uint8Array, languages: number, out: Features): void {
    out.clear();
    this.#words(scan, masked, out);
    this.#cues.find(scan, languages, out.hits);
    this.#cueFeatures(scan, out);
    this.#shape(scan, masked, out);
  }

  #words(scan: Scan, masked: Uint8Array, out: Features): void {
    let previous = 0;
    let before = 0;
    for (let i = 0; i < scan.count; i++) {
      const kind = scan.kind[i]!;
      let hash = scan.hash[i]!;
      if (masked[i] === 1) hash = brandHash;
      else if (kind === tokenKind.number) hash = 0x0123;
      if (kind === tokenKind.glyph) {
        out.push(space.word, hash, 0, i, i + 1);
        if (previous !== 0 && i > 0) {
          out.push(space.pair, previous, hash, i - 1, i + 1);
          if (before !== 0 && i > 1)
            out.push(space.triple, combine(before, previous), hash, i - 2, i + 1);
        }
      } else {
        // A run of masked tokens is one brand.
        if (hash === brandHash && previous === brandHash) continue;
        out.push(space.word, hash, 0, i, i + 1);
        if (previous !== 0) out.push(space.pair, previous, hash, i - 1, i + 1);
        if (kind === tokenKind.word && masked[i] === 0) {
          const size = scan.size[i]!;
          if (size >= 6) out.push(space.stem, scan.prefixHash(i, 5), 0, i, i + 1);
        }
      }
      before = previous;
      previous = hash;
    }
  }

  #cueFeatures(scan: Scan, out: Features): void {
    const hits = out.hits;
    for (let i = 0; i < hits.count; i++) {
      const cue = hits.cue[i]!;
      out.push(space.cue, cue, 0, hits.start[i]!, hits.end[i]!);
      const glyph = scan.kind[hits.start[i]!] === tokenKind.glyph;
      const reach = glyph ? pairReach * 3 : pairReach;
      for (let j = i + 1; j < hits.count; j++) {
        const gap = hits.start[j]! - hits.end[i]!;
        if (gap > reach) break;
        if (hits.start[j] === hits.start[i] || gap < 0) continue;
        out.push(space.cuePair, (cue << 8) | hits.cue[j]!, 0, hits.start[i]!, hits.end[j]!);
      }
    }
  }

  #shape(scan: Scan, masked: Uint8Array, out: Features): void {
    const count = scan.count;
    if (count === 0) return;
    const bucket =
      count < 4 ? 0 : count < 8 ? 1 : count < 16 ? 2 : count < 30 ? 3 : count < 60 ? 4 : 5;
    out.push(space.shape, shape.length, bucket, 0, count);
    let question = 0;
    let exclamations = 0;
    let mention = 0;
    let link = 0;
    let hashtags = 0;
    let numbers = 0;
    let emoji = 0;
    let brand = 0;
    for (let i = 0; i < count; i++) {
      const kind = scan.kind[i]!;
      if ((scan.flags[i]! & flag.hashtag) !== 0) hashtags++;
      if (masked[i] === 1) brand = 1;
      if (kind === tokenKind.mark) {
        const code = scan.text.charCodeAt(scan.start[i]!);
        if (code === 0x3f || code === 0xff1f) question = 1;
        else if (code === 0x21 || code === 0xff01) exclamations += scan.size[i]!;
      } else if (kind === tokenKind.mention) mention = 1;
      else if (kind === tokenKind.link) link = 1;
      else if (kind === tokenKind.number) numbers = 1;
      else if (kind === tokenKind.emoji) emoji = 1;
    }
    const flags: [number, boolean][] = [
      [shape.question, question === 1],
      [shape.exclamation, exclamations === 1],
      [shape.exclamations, exclamations > 1],
      [shape.mention, mention === 1],
      [shape.startsWithMention, scan.kind[0] === tokenKind.mention],
      [shape.link, link === 1],
      [shape.hashtag, hashtags > 0],
      [shape.hashtags, hashtags > 3],
      [shape.number, numbers === 1],
      [shape.emoji, emoji === 1],
      [shape.brand, brand === 1],
      [shape.shouting, scan.letters > 12 && scan.capitals > scan.letters * 0.6],
    ];
    for (const [code, on] of flags) if (on) out.push(space.shape, code, 0, 0, count);
  }
}
