import { classOf, foldString, foldText, unitClass } from './fold.ts';
import { hashOf, stemLength, Tokens, tokenKind } from './tokens.ts';

/** What is hung on a phrase. */
export interface Entry<T> {
  value: T;
  /** Endings may follow the phrase (Spotifys, Spotifyda): not where it is an ordinary word too. */
  inflects: boolean;
}

interface Node<T> {
  /** The word or letter that leads here. */
  key: string;
  /** By the hash of the word, or by the letter's unit: no string is made while a text is read. */
  next: Map<number, Node<T>> | null;
  /** Another word with the same hash. */
  twin: Node<T> | null;
  entries: Entry<T>[] | null;
}

/** A set of hashes that says "surely not" of nearly every word without looking it up. */
class Sieve {
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

export type Found<T> = (
  entry: Entry<T>,
  fromToken: number,
  toToken: number,
  endUnit: number,
) => void;

const kana = /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u;
const katakana = /[\p{Script=Katakana}ー]/u;
const hangul = /\p{Script=Hangul}/u;

/**
 * All phrases of the catalog in one trie of words, and one of letters for scripts without spaces.
 * Reading a text is one pass: its cost follows the text and the phrases in it, not the size of the
 * catalog.
 */
export class Dictionary<T> {
  #words: Node<T> = newNode('');
  #letters: Node<T> = newNode('');
  #letterStarts = new Uint8Array(65_536);
  #stems = new Map<string, { entry: Entry<T>; endings: ReadonlySet<string> }[]>();
  #plain = new Set<string>();
  #sieve: Sieve;
  #stemSieve: Sieve;
  #scratch = new Tokens();

  /** @param size about how many phrases will be added */
  constructor(size: number) {
    this.#sieve = new Sieve(size);
    this.#stemSieve = new Sieve(size);
  }

  /** Adds a phrase as people write it. */
  add(phrase: string, value: T, inflects: boolean): void {
    const folded = foldString(phrase);
    const entry: Entry<T> = { value, inflects };
    if ([...folded].some((char) => classOf(char.charCodeAt(0)) === unitClass.unspaced)) {
      this.#addLetters(folded, entry);
      return;
    }
    const keys = this.#wordsOf(folded);
    if (keys.length === 0) return;
    let node = this.#words;
    for (const key of keys) node = step(node, key, hashOf(key));
    node.entries ??= [];
    node.entries.push(entry);
    this.#sieve.add(hashOf(keys[0]!));
    if (inflects && keys.length === 1) this.#addStem(keys[0]!, entry);
  }

  /** A word that is no name although it looks like one with an ending. */
  addPlain(word: string): void {
    this.#plain.add(foldString(word));
  }

  #addLetters(folded: string, entry: Entry<T>): void {
    let node = this.#letters;
    for (let index = 0; index < folded.length; index++) {
      // A space inside such a name is written or left out.
      if (folded[index] !== ' ') node = step(node, folded[index]!, folded.charCodeAt(index));
    }
    node.entries ??= [];
    node.entries.push(entry);
    this.#letterStarts[folded.charCodeAt(0)] = 1;
  }

  #addStem(word: string, entry: Entry<T>): void {
    const cyrillic = /^\p{Script=Cyrillic}+$/u.test(word);
    // A Cyrillic name changes its last vowel: спотифай, спотифая.
    const stem = cyrillic ? word.replace(/[аеиоуыьюя]$/u, '') : word;
    if (stem.length < stemLength) return;
    const endings = cyrillic ? cyrillicEndings : latinEndings;
    const known = this.#stems.get(stem) ?? [];
    known.push({ entry, endings });
    this.#stems.set(stem, known);
    this.#stemSieve.add(hashOf(stem.slice(0, stemLength)));
  }

  #wordsOf(folded: string): string[] {
    const text = foldText(folded);
    this.#scratch.read(text);
    const keys: string[] = [];
    for (let index = 0; index < this.#scratch.count; index++) {
      keys.push(textOf(text.units, this.#scratch.starts[index]!, this.#scratch.ends[index]!));
    }
    return keys;
  }

  /** Calls `found` for every phrase in the text, also where phrases overlap. */
  scan(units: Uint16Array, length: number, tokens: Tokens, found: Found<T>): void {
    for (let index = 0; index < tokens.count; index++) {
      const start = tokens.starts[index]!;
      switch (tokens.kinds[index]) {
        case tokenKind.run:
          this.#scanRun(units, length, tokens, index, found);
          break;
        case tokenKind.word:
          if (this.#sieve.mayHave(tokens.hashes[index]!))
            this.#scanWords(units, tokens, index, found);
          if (tokens.stems[index] !== 0 && this.#stemSieve.mayHave(tokens.stems[index]!))
            this.#scanStem(units, tokens, index, found);
          if (this.#letterStarts[units[start]!] === 1)
            this.#scanLetters(units, start, length, tokens, index, found);
          if (isSemitic(units[start]!)) this.#scanPrefixed(units, tokens, index, found);
          break;
      }
    }
  }

  #scanWords(units: Uint16Array, tokens: Tokens, first: number, found: Found<T>): void {
    let node: Node<T> | undefined = this.#words;
    for (let index = first; index < tokens.count; index++) {
      const kind = tokens.kinds[index];
      if (kind !== tokenKind.word && kind !== tokenKind.symbol) return;
      if (index > first && !joins(units, tokens, index)) return;
      const symbol = kind === tokenKind.symbol;
      const start = tokens.starts[index]!;
      const end = tokens.ends[index]!;
      node = child(node, tokens.hashes[index]!, units, start, symbol ? start + 1 : end);
      if (node === undefined) return;
      if (node.entries !== null) {
        for (const entry of node.entries) found(entry, first, index, end);
      }
    }
  }

  #scanStem(units: Uint16Array, tokens: Tokens, index: number, found: Found<T>): void {
    const start = tokens.starts[index]!;
    const end = tokens.ends[index]!;
    const longestEnding = 5;
    for (let cut = end - 1; cut >= Math.max(start + stemLength, end - longestEnding); cut--) {
      for (const { entry, endings } of this.#stems.get(textOf(units, start, cut)) ?? []) {
        if (endings.has(textOf(units, cut, end)) && !this.#plain.has(textOf(units, start, end)))
          found(entry, index, index, end);
      }
    }
  }

  /** Arabic and Hebrew write the article and short prepositions as one word with the name. */
  #scanPrefixed(units: Uint16Array, tokens: Tokens, index: number, found: Found<T>): void {
    const start = tokens.starts[index]!;
    const end = tokens.ends[index]!;
    for (let cut = start + 1; cut <= Math.min(start + 3, end - 3); cut++) {
      if (!semiticPrefixes.has(textOf(units, start, cut))) continue;
      for (const entry of this.lookup(textOf(units, cut, end)))
        if (entry.inflects) found(entry, index, index, end);
    }
  }

  #scanRun(
    units: Uint16Array,
    length: number,
    tokens: Tokens,
    token: number,
    found: Found<T>,
  ): void {
    const end = tokens.ends[token]!;
    for (let start = tokens.starts[token]!; start < end; start++) {
      if (this.#letterStarts[units[start]!] === 1)
        this.#scanLetters(units, start, length, tokens, token, found);
    }
  }

  #scanLetters(
    units: Uint16Array,
    start: number,
    length: number,
    tokens: Tokens,
    token: number,
    found: Found<T>,
  ): void {
    let node: Node<T> | undefined = this.#letters;
    for (let index = start; index < length; index++) {
      const unit = units[index]!;
      if (unit === 32 && index > start) continue;
      node = node.next?.get(unit);
      if (node === undefined) return;
      if (node.entries === null || !isWhole(units, start, index + 1, length)) continue;
      let last = token;
      while (last + 1 < tokens.count && tokens.starts[last + 1]! <= index) last++;
      for (const entry of node.entries) found(entry, token, last, index + 1);
    }
  }

  /** The entries of a single joined word, as in a hashtag. */
  lookup(joined: string): readonly Entry<T>[] {
    let node = this.#words.next?.get(hashOf(joined)) ?? null;
    while (node !== null && node.key !== joined) node = node.twin;
    return node?.entries ?? [];
  }
}

function newNode<T>(key: string): Node<T> {
  return { key, next: null, twin: null, entries: null };
}

function step<T>(node: Node<T>, key: string, code: number): Node<T> {
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

function child<T>(
  node: Node<T>,
  hash: number,
  units: Uint16Array,
  start: number,
  end: number,
): Node<T> | undefined {
  let next = node.next?.get(hash) ?? null;
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

/** Text of a stretch of folded units. */
export function textOf(units: Uint16Array, start: number, end: number): string {
  let text = '';
  for (let index = start; index < end; index++) text += String.fromCharCode(units[index]!);
  return text;
}

/** Whether a token may continue a name: one joiner between, two at most, and none before `+`. */
function joins(units: Uint16Array, tokens: Tokens, index: number): boolean {
  const from = tokens.ends[index - 1]!;
  const to = tokens.starts[index]!;
  if (tokens.kinds[index] === tokenKind.symbol && units[to] === 43) return to === from;
  if (to - from > 2) return false;
  for (let unit = from; unit < to; unit++) {
    const kind = classOf(units[unit]!);
    if (kind !== unitClass.joiner && kind !== unitClass.underscore) return false;
  }
  // ". " ends a sentence, and a name with it.
  return !(to - from === 2 && (units[from] === 46 || units[from] === 33));
}

/**
 * Boundaries of scripts without spaces: a kana name is not a piece of a longer kana word (ライン in
 * オンライン), a Hangul name begins a word and lets particles follow; Han and Thai know no border.
 */
function isWhole(units: Uint16Array, start: number, end: number, length: number): boolean {
  const first = String.fromCharCode(units[start]!);
  const last = String.fromCharCode(units[end - 1]!);
  const before = start === 0 ? '' : String.fromCharCode(units[start - 1]!);
  const after = end === length ? '' : String.fromCharCode(units[end]!);
  if (katakana.test(first) && katakana.test(before)) return false;
  if (katakana.test(last) && katakana.test(after)) return false;
  if (!kana.test(first) && hangul.test(first) && hangul.test(before)) return false;
  if (classOf(units[end - 1]!) === unitClass.spaced && after !== '')
    return classOf(units[end]!) !== unitClass.spaced;
  return true;
}

function isSemitic(unit: number): boolean {
  return unit >= 0x0590 && unit <= 0x06ff;
}

const semiticPrefixes = new Set('ال و ف ب ل ك لل وال بال ה ב ל ש ו מ כ'.split(' '));
const latinEndings = new Set(
  // English and Germanic, Slavic, Turkish, Finnic, Hungarian, Indonesian, Romanian, as written on a
  // foreign name.
  `s es n en em ern a u om owi ie y e i em ya ye yi yu da de ta te dan den tan ten daki deki in un
   nin nun la le yla yle ssa sta lla lta iin ban ben ba be nak nek on rol val ot et t nya ku mu ul
   ului`.split(/\s+/),
);
const cyrillicEndings = new Set('а у ю ом ем е и ы я ой ою ам ям ами ях ах ов ев ь ьи'.split(' '));
