/** How languages change a foreign name that they take in. */

/** Whether a word that begins with this unit may carry a short word glued before it. */
export function isSemitic(unit: number): boolean {
  return unit >= 0x0590 && unit <= 0x06ff;
}

/** The article and the prepositions that Arabic and Hebrew write as one word with the name. */
export const semiticPrefixes = new Set('ال و ف ب ل ك لل وال بال ה ב ל ש ו מ כ'.split(' '));

export const latinEndings = new Set(
  // English and Germanic, Slavic, Turkish, Finnic, Hungarian, Indonesian, Romanian, as written on a
  // foreign name.
  `s es n en em ern a u om owi ie y e i em ya ye yi yu da de ta te dan den tan ten daki deki in un
   nin nun la le yla yle ssa sta lla lta iin ban ben ba be nak nek on rol val ot et t nya ku mu ul
   ului`.split(/\s+/),
);

export const cyrillicEndings = new Set(
  'а у ю ом ем е и ы я ой ою ам ям ами ях ах ов ев ь ьи'.split(' '),
);
