/** Languages with a lexicon, in a fixed order; each has a bit in the masks below. */
export const cueLanguages = [
  'en',
  'es',
  'pt',
  'de',
  'fr',
  'it',
  'nl',
  'sv',
  'tr',
  'id',
  'ja',
  'ko',
  'no',
  'da',
  'fi',
  'pl',
  'cs',
  'ru',
  'uk',
  'vi',
  'th',
  'ar',
  'hi',
  'zh',
  'tl',
  'ms',
] as const;
export type CueLanguage = (typeof cueLanguages)[number];

export const englishMask = 1;

/** The bit of a language; 0 when it has no lexicon. English is bit 0 and always on: it is mixed into everything. */
export function languageMask(language: string): number {
  const index = (cueLanguages as readonly string[]).indexOf(language);
  return index < 0 ? 0 : 1 << index;
}
