import type { Scan } from './scan.ts';
import { combine, mix, tokenKind } from './scan.ts';

/**
 * A key that near-identical texts share, so that a copied campaign is told from many voices.
 *
 * What copies change is left out first: mentions, links, numbers, marks, emoji, the "RT" of a
 * retweet. The key is made of the smallest hashes of the word pairs that remain (a min-hash): a text
 * with a word more or less mostly keeps it. Texts too short to differ by accident ("is spotify
 * down") say nothing about copying, so the key of one holds its words in order, and the length.
 *
 * @returns 8 or more base-36 digits; `-` when nothing remains
 */
export function clusterKey(scan: Scan): string {
  let words = 0;
  let ordered = 0x51ed;
  let previous = 0;
  let least = 0x7fffffff;
  let second = 0x7fffffff;
  for (let i = 0; i < scan.count; i++) {
    const kind = scan.kind[i]!;
    if (kind !== tokenKind.word && kind !== tokenKind.glyph) continue;
    const hash = scan.hash[i]!;
    if (
      words === 0 &&
      scan.end[i]! - scan.start[i]! === 2 &&
      /^rt$/i.test(scan.text.slice(scan.start[i]!, scan.end[i]!))
    )
      continue;
    words++;
    ordered = combine(ordered, hash);
    if (previous !== 0) {
      const value = mix(combine(previous, hash)) & 0x7fffffff;
      if (value < least) {
        second = least;
        least = value;
      } else if (value > least && value < second) second = value;
    }
    previous = hash;
  }
  if (words === 0) return '-';
  if (words < 8) return `s${(ordered >>> 0).toString(36)}`;
  return `m${((least * 0x9e3779b1) >>> 0).toString(36)}${(combine(second, least) >>> 0).toString(36)}`;
}
