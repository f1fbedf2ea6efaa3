/**
 * How text becomes the words that are searched, the same for what is indexed and what is asked.
 *
 * A word is a run of letters, digits and their marks, folded: lower case, without the diacritics of Latin,
 * Greek and Cyrillic, with one form for the variants of an Arabic letter. Scripts that write no
 * spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese), and Korean, whose particles stick to the
 * word, become overlapping pairs of characters. So no dictionary is needed, and a search finds a name
 * wherever it stands in a sentence.
 *
 * The Elasticsearch adapter has an analyser of the same effect (infra/elasticsearch/signals.json);
 * an integration test compares the two over real posts.
 */

/** Characters of a question that are read: more is pasted, not asked, and each word costs a look-up. */
export const maxQuestionLength = 500;

const wordPattern = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const unspaced = '\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}';
const paired = `\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}${unspaced}ー々〆`;
const pairedPattern = new RegExp(`[${paired}]`, 'u');
const runPattern = new RegExp(`[${paired}]+|[^${paired}]+`, 'gu');
const unspacedPattern = new RegExp(`[${unspaced}]+`, 'gu');
const asciiOnly = /^[\p{ASCII}]*$/u;
// Full and half width, letters styled as mathematics, ligatures, raised and lowered digits: the same
// characters in other clothes.
const dressedPattern =
  /[\u00b2\u00b3\u00b9\u2070-\u209c\uff00-\uffef\u{1d400}-\u{1d7ff}\ufb00-\ufb06]+/gu;
const accentedPattern = /[\u00c0-\u052f\u1e00-\u1fff]+/g;
// Accents, key caps around digits, and the selectors that make a letter an emoji.
const accentPattern = /[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f]/g;
const variantPattern = /[øđłßæœıþðħŧŀſς\u0622\u0623\u0625\u0649\u0629\u0640\u064b-\u0652]/g;

/** Letters that Unicode does not decompose, though people type them for one another. */
const variants: Readonly<Record<string, string>> = {
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
  ŀ: 'l',
  ſ: 's',
  ς: 'σ',
  // Arabic: alef with hamza or madda, dotless yeh, teh marbuta. Tatweel and vowel signs go.
  '\u0622': '\u0627',
  '\u0623': '\u0627',
  '\u0625': '\u0627',
  '\u0649': '\u064a',
  '\u0629': '\u0647',
};

/** One spelling for texts that readers take to be the same. */
export function fold(text: string): string {
  if (asciiOnly.test(text)) return text.toLowerCase();
  return text
    .replace(dressedPattern, (run) => run.normalize('NFKC'))
    .toLowerCase()
    .replace(accentedPattern, (run) => run.normalize('NFD').replace(accentPattern, ''))
    .replace(accentPattern, '')
    .replace(variantPattern, (letter) => variants[letter] ?? '');
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
export function queryWords(question: string): string[] {
  const words = fold(question.slice(0, maxQuestionLength)).match(wordPattern) ?? [];
  return [...new Set(words.flatMap((word) => splitWord(word, false)))];
}

/**
 * A question for an analyser that splits and folds by itself, but takes a run of Thai, Lao, Khmer or
 * Burmese for one word: those runs are split here.
 */
export function spaceQuestion(question: string): string {
  return question
    .slice(0, maxQuestionLength)
    .replace(unspacedPattern, (run) => ` ${pairs(run, false).join(' ')} `);
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
