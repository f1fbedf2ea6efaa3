import type { LinearModel } from './linear.ts';
import { LinearScorer } from './linear.ts';
import type { Scan } from './scan.ts';
import { combine, tokenKind } from './scan.ts';

/** Scripts that one language (nearly) owns: the range of code points and the language. */
const scripts: readonly (readonly [number, number, string])[] = [
  [0x0370, 0x03ff, 'el'],
  [0x0530, 0x058f, 'hy'],
  [0x0590, 0x05ff, 'he'],
  [0x0900, 0x097f, 'hi'],
  [0x0980, 0x09ff, 'bn'],
  [0x0a00, 0x0a7f, 'pa'],
  [0x0a80, 0x0aff, 'gu'],
  [0x0b00, 0x0b7f, 'or'],
  [0x0b80, 0x0bff, 'ta'],
  [0x0c00, 0x0c7f, 'te'],
  [0x0c80, 0x0cff, 'kn'],
  [0x0d00, 0x0d7f, 'ml'],
  [0x0d80, 0x0dff, 'si'],
  [0x0e00, 0x0e7f, 'th'],
  [0x0e80, 0x0eff, 'lo'],
  [0x1000, 0x109f, 'my'],
  [0x10a0, 0x10ff, 'ka'],
  [0x1200, 0x137f, 'am'],
  [0x1780, 0x17ff, 'km'],
];

const keyWord = 0x2001;
const keySuffix = 0x2003;
const keyChar = 0x2004;

export interface LanguageGuess {
  language: string;
  /** Runner-up when it is nearly as likely: its cues count too. */
  second: string | null;
  /** 0 to 1. */
  confidence: number;
}

/** Features for telling Latin-script languages apart: words, how they begin and end, special letters. */
export function languageKeys(scan: Scan, out: Int32Array): number {
  let count = 0;
  const limit = out.length - 8;
  for (let i = 0; i < scan.count && count < limit; i++) {
    if (scan.kind[i] !== tokenKind.word) continue;
    out[count++] = combine(keyWord, scan.hash[i]!);
    const size = scan.size[i]!;
    if (size >= 4) {
      out[count++] = combine(keySuffix, scan.suffixHash(i, 3));
    }
    if (scan.units < 0x80) continue;
    for (let at = scan.start[i]!; at < scan.end[i]!; at++) {
      const code = scan.text.charCodeAt(at);
      if (code > 0x7f && count < limit) out[count++] = combine(keyChar, code | 0x20);
    }
  }
  return count;
}

/** Tells the language of short text: by script where that suffices, else by a small linear model. */
export class LanguageDetector {
  readonly #languages: readonly string[];
  readonly #scorer: LinearScorer;
  readonly #keys = new Int32Array(128);

  constructor(languages: readonly string[], model: LinearModel) {
    this.#languages = languages;
    this.#scorer = new LinearScorer(model);
  }

  detect(scan: Scan, hint: string | undefined): LanguageGuess {
    const script = guessByScript(scan);
    if (script !== null) {
      // A script tells a family; what the source says may name the member.
      if (hint !== undefined && script.confidence < 0.9 && hint !== 'en' && hint !== 'und') {
        return { language: hint, second: script.language, confidence: 0.8 };
      }
      return script;
    }
    const count = languageKeys(scan, this.#keys);
    if (count === 0) {
      return { language: hint ?? 'und', second: null, confidence: hint === undefined ? 0 : 0.5 };
    }
    const sums = this.#scorer.score(this.#keys, count);
    const hinted = hint === undefined ? -1 : this.#languages.indexOf(hint);
    // A source's word is worth about one telling word of the text.
    if (hinted >= 0) sums[hinted]! += 1.5;
    let best = 0;
    let second = -1;
    for (let i = 1; i < sums.length; i++) {
      if (sums[i]! > sums[best]!) {
        second = best;
        best = i;
      } else if (second < 0 || sums[i]! > sums[second]!) second = i;
    }
    let total = 0;
    const top = sums[best]!;
    for (let i = 0; i < sums.length; i++) {
      // What is far behind adds nothing that a probability shows.
      const behind = sums[i]! - top;
      if (behind > -20) total += Math.exp(behind);
    }
    const gap = sums[best]! - sums[second]!;
    if (this.#scorer.known === 0 && hinted < 0) {
      return { language: 'und', second: 'en', confidence: 0 };
    }
    return {
      language: this.#languages[best]!,
      second: gap < 2.5 ? this.#languages[second]! : null,
      confidence: 1 / total,
    };
  }
}

/** The language by its script; null where the script is Latin, which many share. */
export function guessByScript(scan: Scan): LanguageGuess | null {
  if (scan.units < 0x200) return null;
  const text = scan.text;
  let kana = 0;
  let han = 0;
  let hangul = 0;
  let cyrillic = 0;
  let ukrainian = 0;
  let bulgarian = 0;
  let arabic = 0;
  let persian = 0;
  let urdu = 0;
  let latin = 0;
  let other = '';
  let others = 0;
  const length = Math.min(text.length, 400);
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) {
      if (code > 0x40) latin++;
      continue;
    }
    if (code < 0x370) continue;
    if (code >= 0x3041 && code <= 0x30ff) kana++;
    else if (code >= 0x3400 && code <= 0x9fff) han++;
    else if ((code >= 0xac00 && code <= 0xd7a3) || (code >= 0x3131 && code <= 0x318e)) hangul++;
    else if (code >= 0x0400 && code <= 0x04ff) {
      cyrillic++;
      if (code === 0x456 || code === 0x457 || code === 0x454 || code === 0x491) ukrainian++;
      else if (code === 0x44b || code === 0x44d || code === 0x451) bulgarian--;
      else if (code === 0x44a) bulgarian++;
    } else if (code >= 0x0600 && code <= 0x06ff) {
      arabic++;
      if (code === 0x67e || code === 0x686 || code === 0x698 || code === 0x6af || code === 0x6cc)
        persian++;
      if (code === 0x679 || code === 0x688 || code === 0x691 || code === 0x6d2 || code === 0x6ba)
        urdu++;
    } else if (code < 0x1800) {
      for (const [from, to, language] of scripts) {
        if (code >= from && code <= to) {
          other = language;
          others++;
          break;
        }
      }
    }
  }
  const most = Math.max(kana + han, hangul, cyrillic, arabic, others);
  // Names of apps and links are Latin in every language: a few letters of another script decide.
  if (most < 2 || most * 6 < latin) return null;
  if (hangul === most) return { language: 'ko', second: null, confidence: 0.98 };
  if (kana + han === most) {
    if (kana > 0) return { language: 'ja', second: null, confidence: 0.98 };
    return { language: 'zh', second: 'ja', confidence: han > 3 ? 0.9 : 0.7 };
  }
  if (cyrillic === most) {
    if (ukrainian > 0) return { language: 'uk', second: 'ru', confidence: 0.9 };
    if (bulgarian > 1) return { language: 'bg', second: 'ru', confidence: 0.6 };
    return { language: 'ru', second: null, confidence: 0.88 };
  }
  if (arabic === most) {
    if (urdu > 0) return { language: 'ur', second: 'ar', confidence: 0.9 };
    if (persian > 0) return { language: 'fa', second: 'ar', confidence: 0.9 };
    return { language: 'ar', second: null, confidence: 0.88 };
  }
  return { language: other, second: null, confidence: other === 'hi' ? 0.88 : 0.97 };
}
