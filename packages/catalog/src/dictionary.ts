import { classOf, foldString, foldText, unitClass } from './fold.ts';
import { cyrillicEndings, isSemitic, latinEndings, semiticPrefixes } from './inflection.ts';
import { hashOf, stemLength, Tokens, tokenKind } from './tokens.ts';
import type { Entry, Node } from './trie.ts';
import { child, newNode, ofKey, RootTable, Sieve, step } from './trie.ts';

export type { Entry };

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
  /** Made of `#words` when a text is first read; null after a phrase was added. */
  #roots: RootTable<T> | null = null;
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
    this.#roots = null;
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
    this.#roots ??= new RootTable(this.#words);
    let node = ofKey(
      this.#roots.get(tokens.hashes[first]!),
      units,
      tokens.starts[first]!,
      tokens.ends[first]!,
    );
    for (let index = first; node !== undefined; ) {
      if (node.entries !== null) {
        const end = tokens.ends[index]!;
        for (const entry of node.entries) found(entry, first, index, end);
      }
      index++;
      if (node.next === null || index >= tokens.count) return;
      const kind = tokens.kinds[index];
      if (kind !== tokenKind.word && kind !== tokenKind.symbol) return;
      if (!joins(units, tokens, index)) return;
      const symbol = kind === tokenKind.symbol;
      const start = tokens.starts[index]!;
      const end = tokens.ends[index]!;
      node = child(node, tokens.hashes[index]!, units, start, symbol ? start + 1 : end);
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
