/** Countries by flags: pairs of regional indicators. */
export function flagCountries(text: string): [string, string][] {
  if (!text.includes('\ud83c')) return [];
  return [...text.matchAll(/[\u{1f1e6}-\u{1f1ff}]{2}/gu)].map(([found]) => {
    const letters = [...found].map((sign) =>
      String.fromCharCode(sign.codePointAt(0)! - 0x1f1e6 + 65),
    );
    return [letters.join(''), found];
  });
}

/** Countries by postal codes that only one country writes so, or that the words beside them explain. */
export function postalCountries(text: string): [string, string][] {
  if (!/\d/.test(text)) return [];
  const found: [string, string][] = [];
  const us =
    /\b(?:in|zip|zip code|zipcode|area|near)[:\s]+(\d{5})(?:-\d{4})?\b(?!\s*(?:mb|gb|dollars|people|users|\$|€|songs|days|hours))/i.exec(
      text,
    );
  if (us !== null) found.push(['US', us[1]!]);
  const gb = /\b(?:[A-Z]{1,2}\d{1,2}|[A-Z]{1,2}\d[A-Z]) \d[A-Z]{2}\b/.exec(text);
  if (gb !== null) found.push(['GB', gb[0]]);
  return found;
}
