import { cueClasses } from './cues/classes.ts';
import { CueHits, CueMatcher } from './cues/matcher.ts';
import type { CueTables } from './cues/tables.ts';
import type { Scan } from './scan.ts';
import { combine, flag, hashWord, tokenKind } from './scan.ts';

const maxFeatures = 4096;
/** Slots of the table of keys seen, for a text of the usual length and for the longest. */
const usualSlots = 1024;
const mostSlots = 16_384;

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

  /**
   * Keys already there, by their low bits: a feature counts once. Each slot is the number of the
   * round that filled it and the key. Only the first slots are used until a text fills half of them,
   * so that the table of a post stays in the first-level cache.
   */
  readonly #seen = new Int32Array(mostSlots * 2);
  #slots = usualSlots;
  #round = 0;

  clear(): void {
    this.count = 0;
    this.#slots = usualSlots;
    this.#nextRound();
  }

  #nextRound(): void {
    this.#round++;
    if (this.#round > 0x7fff_ffff) {
      this.#seen.fill(0);
      this.#round = 1;
    }
  }

  push(sort: number, a: number, b: number, from: number, to: number): void {
    if (this.count === maxFeatures) return;
    const key = combine(combine(sort, a), b);
    if (!this.#add(key)) return;
    const i = this.count++;
    this.key[i] = key;
    if (i * 2 >= this.#slots) this.#widen();
    this.sort[i] = sort;
    this.from[i] = from;
    this.to[i] = to;
    this.detail[i] = a;
  }

  /** False when the key was there. */
  #add(key: number): boolean {
    const seen = this.#seen;
    const round = this.#round;
    const mask = this.#slots * 2 - 1;
    let slot = (key << 1) & mask;
    while (seen[slot] === round) {
      if (seen[slot + 1] === key) return false;
      slot = (slot + 2) & mask;
    }
    seen[slot] = round;
    seen[slot + 1] = key;
    return true;
  }

  #widen(): void {
    this.#slots *= 4;
    this.#nextRound();
    for (let i = 0; i < this.count; i++) this.#add(this.key[i]!);
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
  readonly #cues: CueMatcher;

  constructor(cues: CueTables) {
    this.#cues = new CueMatcher(cues);
  }

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
    if (question === 1) out.push(space.shape, shape.question, 0, 0, count);
    if (exclamations === 1) out.push(space.shape, shape.exclamation, 0, 0, count);
    if (exclamations > 1) out.push(space.shape, shape.exclamations, 0, 0, count);
    if (mention === 1) out.push(space.shape, shape.mention, 0, 0, count);
    if (scan.kind[0] === tokenKind.mention)
      out.push(space.shape, shape.startsWithMention, 0, 0, count);
    if (link === 1) out.push(space.shape, shape.link, 0, 0, count);
    if (hashtags > 0) out.push(space.shape, shape.hashtag, 0, 0, count);
    if (hashtags > 3) out.push(space.shape, shape.hashtags, 0, 0, count);
    if (numbers === 1) out.push(space.shape, shape.number, 0, 0, count);
    if (emoji === 1) out.push(space.shape, shape.emoji, 0, 0, count);
    if (brand === 1) out.push(space.shape, shape.brand, 0, 0, count);
    if (scan.letters > 12 && scan.capitals > scan.letters * 0.6)
      out.push(space.shape, shape.shouting, 0, 0, count);
  }
}
