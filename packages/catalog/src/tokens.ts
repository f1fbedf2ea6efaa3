import type { Folded } from './fold.ts';
import { classOf, unitClass } from './fold.ts';

export const tokenKind = {
  /** A word of a script with spaces. */
  word: 1,
  /** A run of letters of a script without. */
  run: 2,
  /** `+` or `&`. */
  symbol: 3,
  /** `#tag`, number sign included. */
  tag: 4,
  /** `@handle`, sign included, with what looks like a domain. */
  handle: 5,
} as const;

/** Letters that a stem has at least, before an ending may be taken off. */
export const stemLength = 5;

const seed = 0x811c9dc5;
const prime = 0x01000193;

/** FNV-1a over UTF-16 units, as the tokenizer computes it while it reads. */
export function hashOf(text: string): number {
  let hash = seed;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  }
  return hash;
}

/** The tokens of one text side by side in arrays, used again for the next text. */
export class Tokens {
  count = 0;
  kinds = new Uint8Array(256);
  starts = new Uint32Array(256);
  ends = new Uint32Array(256);
  /** Hash of the whole word, and of its first letters (0 when it is shorter than a stem). */
  hashes = new Int32Array(256);
  stems = new Int32Array(256);

  read(folded: Folded): void {
    this.count = 0;
    const { units, length } = folded;
    let index = 0;
    while (index < length) {
      const kind = classOf(units[index]!);
      if (kind === unitClass.spaced) index = this.#word(units, index, length);
      else if (kind === unitClass.unspaced) index = this.#run(units, index, length);
      else if (kind === unitClass.symbol) index = this.#symbol(units, index, length);
      else if (kind === unitClass.hash) index = this.#tag(units, index, length);
      else if (kind === unitClass.at) index = this.#handle(units, index, length);
      else index++;
    }
  }

  #word(units: Uint16Array, start: number, length: number): number {
    let hash = seed;
    let stem = 0;
    let index = start;
    while (index < length && classOf(units[index]!) === unitClass.spaced) {
      hash = Math.imul(hash ^ units[index]!, prime);
      index++;
      if (index - start === stemLength) stem = hash;
    }
    this.#add(tokenKind.word, start, index, hash, stem);
    return index;
  }

  #run(units: Uint16Array, start: number, length: number): number {
    let index = start + 1;
    while (index < length && classOf(units[index]!) === unitClass.unspaced) index++;
    this.#add(tokenKind.run, start, index, 0, 0);
    return index;
  }

  #symbol(units: Uint16Array, start: number, length: number): number {
    // `&amp;`: sources that bring escaped text leave it behind.
    const escaped =
      units[start] === 38 &&
      start + 4 < length &&
      units[start + 1] === 97 &&
      units[start + 2] === 109 &&
      units[start + 3] === 112 &&
      units[start + 4] === 59;
    const hash = Math.imul(seed ^ units[start]!, prime);
    const end = start + (escaped ? 5 : 1);
    this.#add(tokenKind.symbol, start, end, hash, 0);
    return end;
  }

  #tag(units: Uint16Array, start: number, length: number): number {
    let index = start + 1;
    while (index < length && isTagUnit(classOf(units[index]!))) index++;
    if (index > start + 1) this.#add(tokenKind.tag, start, index, 0, 0);
    return index;
  }

  #handle(units: Uint16Array, start: number, length: number): number {
    // Inside a word it is an address, which names nobody we watch by its sign.
    if (start > 0 && classOf(units[start - 1]!) === unitClass.spaced) return start + 1;
    let index = start + 1;
    while (index < length && isHandleUnit(units[index]!)) index++;
    while (index > start + 1 && (units[index - 1] === 46 || units[index - 1] === 45)) index--;
    if (index > start + 1) this.#add(tokenKind.handle, start, index, 0, 0);
    return index;
  }

  #add(kind: number, start: number, end: number, hash: number, stem: number): void {
    if (this.count === this.kinds.length) this.#grow();
    this.kinds[this.count] = kind;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.hashes[this.count] = hash;
    this.stems[this.count] = stem;
    this.count++;
  }

  #grow(): void {
    const size = this.kinds.length * 2;
    this.kinds = widen(this.kinds, new Uint8Array(size));
    this.starts = widen(this.starts, new Uint32Array(size));
    this.ends = widen(this.ends, new Uint32Array(size));
    this.hashes = widen(this.hashes, new Int32Array(size));
    this.stems = widen(this.stems, new Int32Array(size));
  }
}

function widen<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}

function isTagUnit(kind: number): boolean {
  return kind === unitClass.spaced || kind === unitClass.unspaced || kind === unitClass.underscore;
}

function isHandleUnit(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) ||
    (unit >= 48 && unit <= 57) ||
    unit === 95 ||
    unit === 45 ||
    unit === 46 ||
    unit === 64
  );
}
