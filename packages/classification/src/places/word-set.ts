import { foldWord, hashWord } from '../scan.ts';

/** Words, parted by spaces, as the hashes that a scan gives them. */
export function wordSet(words: string): ReadonlySet<number> {
  return new Set(words.split(/\s+/).map((word) => hashWord(foldWord(word))));
}
