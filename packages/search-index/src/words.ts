/**
 * How text becomes the words that are searched, the same for what is indexed and what is asked.
 *
 * A word is a run of letters, digits and marks, folded: lower case, without the diacritics of Latin,
 * Greek and Cyrillic, with one form for the variants of an Arabic letter. Scripts that write no
 * spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese), and Korean, whose particles stick to the
 * word, become overlapping pairs of characters. So no dictionary is needed, and a search finds a name
 * wherever it stands in a sentence.
 *
 * The Elasticsearch adapter has an analyser of the same effect (infra/elasticsearch/signals.json);
 * an integration test compares the two over real posts.
 */

/** More words than this in one question are ignored: nobody types them, and each costs a look-up. */
export const maxQueryWords = 32;

const wordPattern = /[\p{L}\p{N}\p{M}]+/gu;
const pairedScripts =
  '\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}ー々〆';
const pairedPattern = new RegExp(`[${pairedScripts}]`, 'u');
const runPattern = new RegExp(`[${pairedScripts}]+|[^${pairedScripts}]+`, 'gu');
const asciiOnly = /^[\p{ASCII}]*$/u;
const strokedPattern = /[øđłßæœıþðħŧ\u0640\u0622\u0623\u0625\u0649\u0629ς]|[\u064b-\u0652]/gu;

/** Letters that Unicode does not decompose, though people type them without their stroke. */
const stroked: Readonly<Record<string, string>> = {
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  þ: 'th',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  ς: 'σ',
  // Arabic: alef with hamza or madda, dotless yeh, teh marbuta.
  '\u0622': '\u0627',
  '\u0623': '\u0627',
  '\u0625': '\u0627',
  '\u0649': '\u064a',
  '\u0629': '\u0647',
};

/** One spelling for texts that readers take to be the same. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (asciiOnly.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(strokedPattern, (letter) => stroked[letter] ?? '');
}

/** The words of a text to be indexed, in order, with repeats. */
export function indexWords(text: string): string[] {
  const folded = fold(text);
  const words = folded.match(wordPattern) ?? [];
  if (!pairedPattern.test(folded)) return words;
  // Single characters too, so that a question of one character finds its texts.
  return words.flatMap((word) => splitWord(word, true));
}

/** The different words of a question: a text is found when it has all of them. */
export function queryWords(text: string): string[] {
  const words = fold(text).match(wordPattern) ?? [];
  return [...new Set(words.flatMap((word) => splitWord(word, false)))].slice(0, maxQueryWords);
}

function splitWord(word: string, withSingles: boolean): string[] {
  if (!pairedPattern.test(word)) return [word];
  return (word.match(runPattern) ?? []).flatMap((run) =>
    pairedPattern.test(run) ? pairs(run, withSingles) : [run],
  );
}

function pairs(run: string, withSingles: boolean): string[] {
  const characters = Array.from(run);
  if (characters.length === 1) return characters;
  const made = withSingles ? [...characters] : [];
  for (let at = 0; at + 1 < characters.length; at++)
    made.push(`${characters[at]}${characters[at + 1]}`);
  return made;
}
