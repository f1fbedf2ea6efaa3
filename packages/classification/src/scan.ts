/**
 * One pass over a text: tokens with their hashes, so that every later step (cues, features, places,
 * platforms, language, cluster) works on integers and no substring is cut.
 *
 * The buffers of a `Scan` are reused from text to text; what must outlive the next scan is copied.
 */

export const tokenKind = {
  word: 0,
  /** One character of a script that writes without spaces, or one Hangul syllable. */
  glyph: 1,
  number: 2,
  mention: 3,
  link: 4,
  emoji: 5,
  mark: 6,
} as const;

export const flag = {
  /** Starts with a capital. */
  capital: 1,
  /** All capitals, two letters or more. */
  shouted: 2,
  /** White space before it. */
  spaced: 4,
  /** Part of a hashtag. */
  hashtag: 8,
  /** First word of its sentence. */
  first: 16,
} as const;

const hashSeed = 0x811c9dc5 | 0;
const hashPrime = 0x01000193;

/** Spreads the bits of a hash; FNV alone leaves the low bits of short words alike. */
export function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return h ^ (h >>> 16);
}

/** Order matters: `combine(a, b)` is not `combine(b, a)`. */
export function combine(a: number, b: number): number {
  return mix(Math.imul(a, 0x9e3779b1) ^ b);
}

/** Longest prefix and suffix whose hash is kept, shortest first. */
export const affixMin = 3;
export const affixMax = 8;
const affixes = affixMax - affixMin + 1;
export const suffixMin = 3;
export const suffixMax = 6;
const suffixes = suffixMax - suffixMin + 1;

/** Texts are read up to here; what follows in a rant of many pages changes no decision. */
export const maxTokens = 400;

const classLetter = 1;
const classDigit = 2;
const classGlyph = 3;
const classSpace = 4;
const classMark = 5;
const classEmoji = 6;
const classJoin = 7;

const tableSize = 0x10000;
/** Lower case without diacritics, for the Basic Multilingual Plane. */
const folds = new Uint16Array(tableSize);
const classes = new Uint8Array(tableSize);
const upper = new Uint8Array(tableSize);
fillTables();

function fillTables(): void {
  const letter = /\p{L}/u;
  const joins = /\p{M}/u;
  const special: Record<string, string> = {
    ı: 'i',
    ø: 'o',
    đ: 'd',
    ł: 'l',
    ß: 's',
    æ: 'a',
    œ: 'o',
  };
  for (let code = 0; code < tableSize; code++) {
    folds[code] = code;
    if (code >= 0xd800 && code <= 0xf8ff) continue;
    if (
      (code >= 0x3041 && code <= 0x30ff && code !== 0x30fb) ||
      (code >= 0x31f0 && code <= 0x31ff) ||
      (code >= 0x3400 && code <= 0x9fff) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0x0e01 && code <= 0x0edf) ||
      (code >= 0x1000 && code <= 0x109f) ||
      (code >= 0x1780 && code <= 0x17ff)
    ) {
      classes[code] = classGlyph;
      continue;
    }
    if (code >= 0x3130 && code <= 0xfeff && !(code >= 0xf900 && code <= 0xfaff)) continue;
    const char = String.fromCharCode(code);
    const lower = char.toLowerCase();
    const base =
      special[lower] ??
      (code < 0x250 || (code >= 0x1e00 && code < 0x2000) || code >= 0xff00
        ? lower.normalize('NFKD')
        : lower);
    folds[code] = base.charCodeAt(0);
    if (code >= 0xff66 && code <= 0xff9d) {
      classes[code] = classGlyph;
    } else if (joins.test(char)) {
      classes[code] = code >= 0x300 && code <= 0x36f ? classJoin : classLetter;
    } else if (letter.test(char)) {
      classes[code] = classLetter;
      if (lower !== char) upper[code] = 1;
    }
  }
  for (let code = 0x30; code <= 0x39; code++) classes[code] = classDigit;
  for (let code = 0xff10; code <= 0xff19; code++) classes[code] = classDigit;
  for (const space of ' \t\r\u00a0\u3000\u200b\u2009\u202f')
    classes[space.charCodeAt(0)] = classSpace;
  for (const mark of '!?.,;:\n…！？。、，¿¡$€£¥₹()"') classes[mark.charCodeAt(0)] = classMark;
  classes["'".charCodeAt(0)] = classJoin;
  classes['’'.charCodeAt(0)] = classJoin;
  classes['`'.charCodeAt(0)] = classJoin;
  classes[0xfe0f] = classJoin;
  classes[0x200d] = classJoin;
  for (let code = 0x2600; code <= 0x27bf; code++) classes[code] = classEmoji;
  for (let code = 0x2b00; code <= 0x2bff; code++) classes[code] = classEmoji;
  for (let code = 0x2190; code <= 0x21ff; code++) classes[code] = classEmoji;
  for (let code = 0x23e9; code <= 0x23fa; code++) classes[code] = classEmoji;
  const marks: Record<string, string> = {
    '！': '!',
    '？': '?',
    '。': '.',
    '、': ',',
    '，': ',',
    '…': '.',
  };
  for (const [from, to] of Object.entries(marks)) folds[from.charCodeAt(0)] = to.charCodeAt(0);
}

/** Folds a word as a scan does, for lexicons: lower case, no diacritics, no apostrophes. */
export function foldWord(word: string): string {
  let folded = '';
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (classes[code] === classJoin) continue;
    folded += String.fromCharCode(folds[code]!);
  }
  return folded;
}

/** The hash that a scan gives a folded word. */
export function hashWord(folded: string): number {
  let hash = hashSeed;
  for (let i = 0; i < folded.length; i++) {
    hash = Math.imul(hash ^ folded.charCodeAt(i), hashPrime);
  }
  return hash;
}

/** Hashes of the tokens that stand for a whole kind. */
export const mentionHash = hashWord('@@');
export const linkHash = hashWord('@link');
export const numberHash = hashWord('@number');

export class Scan {
  text = '';
  count = 0;
  readonly kind = new Uint8Array(maxTokens);
  readonly flags = new Uint8Array(maxTokens);
  readonly start = new Int32Array(maxTokens);
  readonly end = new Int32Array(maxTokens);
  /** Characters after folding. */
  readonly size = new Int32Array(maxTokens);
  readonly hash = new Int32Array(maxTokens);
  /** Hashes of the first `affixMin`…`affixMax` characters of each word; 0 where it is shorter. */
  readonly prefix = new Int32Array(maxTokens * affixes);
  /** Hashes of the last `suffixMin`…`suffixMax` characters, read backwards. */
  readonly suffix = new Int32Array(maxTokens * suffixes);
  /** Characters by kind, for the shape of the text. */
  letters = 0;
  capitals = 0;
  /** All UTF-16 units of the text or-ed: below 0x80 it is plain ASCII. */
  units = 0;
  /** Whether an ASCII digit stands anywhere in the text, links too. */
  digits = false;

  prefixHash(token: number, length: number): number {
    return this.prefix[token * affixes + length - affixMin]!;
  }

  suffixHash(token: number, length: number): number {
    return this.suffix[token * suffixes + length - suffixMin]!;
  }

  read(text: string): this {
    this.text = text;
    this.count = 0;
    this.letters = 0;
    this.capitals = 0;
    const length = text.length;
    this.#survey(text);
    let at = 0;
    let spaced = true;
    let first = true;
    while (at < length && this.count < maxTokens) {
      const code = text.charCodeAt(at);
      const kind = classes[code]!;
      if (kind === classSpace) {
        spaced = true;
        at++;
        continue;
      }
      const flags = (spaced ? flag.spaced : 0) | (first ? flag.first : 0);
      if (kind === classLetter || kind === classDigit) {
        const next = this.#word(at, flags);
        if (next < 0) {
          at = this.#link(at, flags);
        } else {
          at = next;
          first = false;
        }
        spaced = false;
        continue;
      }
      spaced = false;
      if (kind === classGlyph) {
        const folded = folds[code]!;
        this.#push(tokenKind.glyph, flags, at, at + 1, Math.imul(hashSeed ^ folded, hashPrime), 1);
        this.letters++;
        first = false;
        at++;
      } else if (kind === classMark) {
        let end = at + 1;
        while (end < length && text.charCodeAt(end) === code) end++;
        const folded = folds[code]!;
        let hash = Math.imul(hashSeed ^ folded, hashPrime);
        if (end - at > 1) hash = Math.imul(hash ^ folded, hashPrime);
        this.#push(tokenKind.mark, flags, at, end, hash, end - at);
        if (folded === 0x2e || folded === 0x21 || folded === 0x3f || folded === 0x0a) first = true;
        at = end;
      } else if (code === 0x40) {
        at = this.#mention(at, flags);
      } else if (code === 0x23) {
        at = this.#hashtag(at);
        first = false;
      } else if (kind === classEmoji) {
        this.#push(tokenKind.emoji, flags, at, at + 1, Math.imul(hashSeed ^ code, hashPrime), 1);
        at++;
      } else if (code >= 0xd800 && code <= 0xdbff && at + 1 < length) {
        const low = text.charCodeAt(at + 1);
        const hash = Math.imul(Math.imul(hashSeed ^ code, hashPrime) ^ low, hashPrime);
        this.#push(tokenKind.emoji, flags, at, at + 2, hash, 1);
        at += 2;
      } else {
        at++;
      }
    }
    return this;
  }

  #survey(text: string): void {
    let units = 0;
    let digits = false;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      units |= code;
      if (code <= 0x39 && code >= 0x30) digits = true;
    }
    this.units = units;
    this.digits = digits;
  }

  #push(kind: number, flags: number, start: number, end: number, hash: number, size: number): void {
    const i = this.count++;
    this.kind[i] = kind;
    this.flags[i] = flags;
    this.start[i] = start;
    this.end[i] = end;
    this.hash[i] = hash;
    this.size[i] = size;
  }

  /** Reads a word or number at `start`; -1 when it turns out to be the scheme of a link. */
  #word(start: number, given: number): number {
    const text = this.text;
    const length = text.length;
    const prefix = this.prefix;
    const slot = this.count * affixes - affixMin;
    let hash = hashSeed;
    let size = 0;
    let digits = 0;
    let capitals = 0;
    let previous = -1;
    let repeats = 0;
    let at = start;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      const kind = classes[code]!;
      if (kind === classLetter) {
        const folded = folds[code]!;
        capitals += upper[code]!;
        if (folded === previous) {
          // "sooooo" is "so": the third of a row and all after it are dropped.
          repeats++;
          if (repeats >= 2) continue;
        } else {
          previous = folded;
          repeats = 0;
        }
        hash = Math.imul(hash ^ folded, hashPrime);
        size++;
        if (size >= affixMin && size <= affixMax) prefix[slot + size] = hash;
      } else if (kind === classDigit) {
        hash = Math.imul(hash ^ folds[code]!, hashPrime);
        size++;
        digits++;
        previous = -1;
        if (size >= affixMin && size <= affixMax) prefix[slot + size] = hash;
      } else if (kind === classJoin) {
        if (at + 1 >= length) break;
        const after = text.charCodeAt(at + 1);
        if (classes[after] !== classLetter) {
          if (code === 0x27 || code === 0x2019 || code === 0x60) break;
          continue;
        }
        // "can't" is one word; "l'appli" is two.
        if ((code === 0x27 || code === 0x2019) && at + 3 < length) {
          const third = classes[text.charCodeAt(at + 3)]!;
          if (third === classLetter && classes[text.charCodeAt(at + 2)] === classLetter) break;
        }
      } else if (code === 0x3a && size >= 4 && text.charCodeAt(at + 1) === 0x2f && digits === 0) {
        return -1;
      } else {
        break;
      }
    }
    for (let k = Math.max(size + 1, affixMin); k <= affixMax; k++) prefix[slot + k] = 0;
    const all = size === digits;
    let flags = given;
    if (upper[text.charCodeAt(start)]) flags |= flag.capital;
    if (capitals > 1 && capitals === size - digits) flags |= flag.shouted;
    if (all) {
      this.#push(tokenKind.number, flags, start, at, hash, size);
    } else {
      this.letters += size - digits;
      this.capitals += capitals;
      this.#suffixes(start, at);
      this.#push(tokenKind.word, flags, start, at, hash, size);
    }
    return at === start ? start + 1 : at;
  }

  #suffixes(start: number, end: number): void {
    const text = this.text;
    const suffix = this.suffix;
    const slot = this.count * suffixes - suffixMin;
    let hash = hashSeed;
    let size = 0;
    for (let at = end - 1; at >= start && size < suffixMax; at--) {
      const code = text.charCodeAt(at);
      if (classes[code] === classJoin) continue;
      hash = Math.imul(hash ^ folds[code]!, hashPrime);
      size++;
      if (size >= suffixMin) suffix[slot + size] = hash;
    }
    for (let k = Math.max(size + 1, suffixMin); k <= suffixMax; k++) suffix[slot + k] = 0;
  }

  #link(start: number, flags: number): number {
    const text = this.text;
    let at = start;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code <= 0x20 || code === 0x3000 || code >= 0x2e80) break;
      at++;
    }
    this.#push(tokenKind.link, flags, start, at, linkHash, 1);
    return at;
  }

  #mention(start: number, flags: number): number {
    const text = this.text;
    let at = start + 1;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      const kind = classes[code]!;
      const dotted =
        (code === 0x2e || code === 0x2d) && classes[text.charCodeAt(at + 1)] === classLetter;
      if (kind !== classLetter && kind !== classDigit && code !== 0x5f && !dotted) break;
      at++;
    }
    if (at === start + 1) return at;
    this.#push(tokenKind.mention, flags, start, at, mentionHash, 1);
    return at;
  }

  /** `#SpotifyDown` reads as the words `spotify` `down`, each marked as part of a hashtag. */
  #hashtag(start: number): number {
    const text = this.text;
    let at = start + 1;
    let from = at;
    let lowerBefore = false;
    while (at < text.length && this.count < maxTokens) {
      const code = text.charCodeAt(at);
      const kind = classes[code]!;
      if (kind !== classLetter && kind !== classDigit && code !== 0x5f) break;
      const isUpper = upper[code] === 1;
      if ((isUpper && lowerBefore) || code === 0x5f) {
        this.#part(from, at);
        from = code === 0x5f ? at + 1 : at;
      }
      lowerBefore = !isUpper && kind === classLetter;
      at++;
    }
    this.#part(from, at);
    return at;
  }

  #part(from: number, to: number): void {
    if (to <= from || this.count >= maxTokens) return;
    const whole = this.text;
    const slot = this.count * affixes;
    this.prefix.fill(0, slot, slot + affixes);
    let hash = hashSeed;
    let size = 0;
    for (let at = from; at < to; at++) {
      hash = Math.imul(hash ^ folds[whole.charCodeAt(at)]!, hashPrime);
      size++;
      if (size >= affixMin && size <= affixMax) this.prefix[slot + size - affixMin] = hash;
    }
    this.letters += size;
    this.#suffixes(from, to);
    const flags = flag.hashtag | (upper[whole.charCodeAt(from)] ? flag.capital : 0);
    this.#push(tokenKind.word, flags, from, to, hash, size);
  }
}
