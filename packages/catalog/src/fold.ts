/**
 * Folding: the one form in which names and texts are compared. Case, diacritics, width and fancy
 * mathematical letters go; the script stays. One UTF-16 unit becomes one unit wherever possible, so
 * that positions in the folded text are positions in the text.
 */

/** What a UTF-16 unit is to the tokenizer. */
export const unitClass = {
  separator: 1,
  /** A separator that may stand inside a name of several words: space, hyphen, full stop … */
  joiner: 2,
  /** Letter, digit or mark of a script that puts spaces between words. */
  spaced: 3,
  /** Letter of a script that does not (Han, kana, Thai …), or Hangul, which glues particles on. */
  unspaced: 4,
  /** `+` and `&`: part of names such as Disney+ and AT&T. */
  symbol: 5,
  hash: 6,
  at: 7,
  underscore: 8,
  /** Folds to nothing or to several units: the text takes the slow path. */
  complex: 9,
} as const;

const unspacedScripts =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々]/u;
const wordUnit = /[\p{L}\p{N}\p{M}]/u;
const joiners = new Set(" \t\n\r\u00a0-\u2010\u2011\u2013_.'\u2019\u02bc\u2018/·・!");
// Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs: people leave them out.
const strippedMarks = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]/g;
const invisible = /[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff]/g;
const undecomposed: Readonly<Record<string, string>> = {
  ı: 'i',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ħ: 'h',
  ŧ: 't',
};
const ascii = /^[ -~]*$/;
const keepsItsMarks = /[\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Folds a whole string, whatever its length becomes. */
export function foldString(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  let folded = '';
  for (const char of text.normalize('NFKC').toLowerCase()) {
    if (keepsItsMarks.test(char)) {
      folded += char;
      continue;
    }
    // Of Ǿ the accent goes first, and then the stroke.
    const base = char.normalize('NFD').replace(strippedMarks, '');
    folded += undecomposed[base] ?? base;
  }
  return folded.replace(invisible, '').normalize('NFC').replaceAll('\u2019', "'");
}

// Filled when a unit is first seen; 0 means not yet.
const classes = new Uint8Array(65_536);
const folds = new Uint16Array(65_536);

function learn(unit: number): number {
  const char = String.fromCharCode(unit);
  const folded = foldString(char);
  folds[unit] = folded.length === 1 ? folded.charCodeAt(0) : unit;
  classes[unit] = classify(unit, char, folded);
  return classes[unit];
}

function classify(unit: number, char: string, folded: string): number {
  // The high surrogate of the mathematical letters that people decorate their posts with.
  if (unit === 0xd835) return unitClass.complex;
  if (unit >= 0xd800 && unit <= 0xdfff) return unitClass.separator;
  // Half-width kana put their voicing in a unit of its own.
  if (unit >= 0xff66 && unit <= 0xff9f) return unitClass.complex;
  if (unit === 0x3099 || unit === 0x309a) return unitClass.complex;
  // Emoji parts: variation selectors, the key cap, the joiner of families and flags.
  if ((unit >= 0xfe00 && unit <= 0xfe0f) || unit === 0x20e3 || unit === 0x200d)
    return unitClass.separator;
  if (folded.length !== 1)
    return wordUnit.test(char) || folded === '' ? unitClass.complex : unitClass.separator;
  if (folded === '#') return unitClass.hash;
  if (folded === '@') return unitClass.at;
  if (folded === '_') return unitClass.underscore;
  if (folded === '+' || folded === '&') return unitClass.symbol;
  if (unspacedScripts.test(folded)) return unitClass.unspaced;
  if (wordUnit.test(folded)) return unitClass.spaced;
  return joiners.has(folded) ? unitClass.joiner : unitClass.separator;
}

/** Class of a UTF-16 unit, one of `unitClass`. */
export function classOf(unit: number): number {
  return classes[unit] || learn(unit);
}

/** A text in folded UTF-16 units. The buffers are used again by the next call. */
export interface Folded {
  units: Uint16Array;
  length: number;
  /** Position in the text of each folded unit and of the end; null when they are the same. */
  offsets: Uint32Array | null;
}

let buffer = new Uint16Array(1_024);

/** Folds a text for matching. */
export function foldText(text: string): Folded {
  const length = text.length;
  if (buffer.length < length) buffer = new Uint16Array(length * 2);
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    const kind = classes[unit] || learn(unit);
    if (kind === unitClass.complex) return foldSlowly(text);
    buffer[index] = folds[unit]!;
  }
  return { units: buffer, length, offsets: null };
}

const cluster = /\P{M}\p{M}*|\p{M}+/gsu;

function foldSlowly(text: string): Folded {
  const units: number[] = [];
  const offsets: number[] = [];
  for (const match of text.matchAll(cluster)) {
    // Voiced half-width kana are two letters: the mark is taken with the letter before it.
    const whole =
      /^[\uff66-\uff9d]$/.test(match[0]) && /[\uff9e\uff9f]/.test(text[match.index + 1] ?? '')
        ? text.slice(match.index, match.index + 2)
        : match[0];
    if (/^[\uff9e\uff9f]/.test(whole)) continue;
    // A trade mark sign is no letters, and an invisible sign inside a word is nothing.
    const folded = /^[\p{L}\p{N}\p{M}]/u.test(whole)
      ? foldString(whole)
      : match[0].replace(invisible, '');
    for (let index = 0; index < folded.length; index++) {
      units.push(folded.charCodeAt(index));
      offsets.push(match.index);
    }
  }
  offsets.push(text.length);
  return {
    units: Uint16Array.from(units),
    length: units.length,
    offsets: Uint32Array.from(offsets),
  };
}
