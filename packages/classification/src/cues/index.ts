import { ja, ko, th, zh } from './asian.ts';
import type { CueLexicon } from './classes.ts';
import { en } from './en.ts';
import { da, de, nl, no, sv } from './germanic.ts';
import type { CueLanguage } from './languages.ts';
import { ar, cs, fi, hi, id, ms, pl, ru, tl, tr, uk, vi } from './others.ts';
import { es, fr, it, pt } from './romance.ts';
import { symptoms } from './symptoms.ts';

export * from './classes.ts';

const lexicons: Readonly<Record<CueLanguage, CueLexicon>> = {
  en,
  es,
  pt,
  de,
  fr,
  it,
  nl,
  sv,
  tr,
  id,
  ja,
  ko,
  no,
  da,
  fi,
  pl,
  cs,
  ru,
  uk,
  vi,
  th,
  ar,
  hi,
  zh,
  tl,
  ms,
};

/** The lexicon of each language, by ISO 639-1 code. */
export const cueLexicons = Object.fromEntries(
  Object.entries(lexicons).map(([language, lexicon]) => [
    language,
    { ...lexicon, ...symptoms[language] },
  ]),
) as Readonly<Record<CueLanguage, CueLexicon>>;
