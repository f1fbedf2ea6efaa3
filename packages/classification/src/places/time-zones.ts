/**
 * Countries of time zones, as Unicode CLDR has them (UTS #35, "Time Zone Identifiers"): a zone that
 * several countries share tells nothing. Made when first asked for, since few sources tell a zone.
 */
let countries: ReadonlyMap<string, string> | null = null;

/** Zones by the name that was asked for; they are few, and telling the canonical one is slow. */
const asked = new Map<string, string | null>();
const mostAsked = 2_000;

/** The country of an IANA time zone (Asia/Kolkata), ISO 3166-1 alpha-2; null when it has none. */
export function countryOfTimeZone(name: string): string | null {
  const known = asked.get(name);
  if (known !== undefined) return known;
  countries ??= readCountries();
  const canonical = canonicalZone(name);
  const country = canonical === null ? null : (countries.get(canonical) ?? null);
  if (asked.size >= mostAsked) asked.clear();
  asked.set(name, country);
  return country;
}

function canonicalZone(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch (error) {
    // Not a zone that anyone knows.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readCountries(): Map<string, string> {
  const found = new Map<string, string>();
  const shared = new Set<string>();
  for (const code of regionCodes()) {
    for (const zone of zonesOf(code)) {
      if (found.has(zone)) shared.add(zone);
      found.set(zone, code);
    }
  }
  for (const zone of shared) found.delete(zone);
  return found;
}

/** Codes in use: one that was withdrawn is canonicalised into its successor. */
function regionCodes(): string[] {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters.flatMap((first) =>
    letters
      .map((second) => first + second)
      .filter(
        (code) => new Intl.Locale(`und-${code}`).region === code && names.of(code) !== undefined,
      ),
  );
}

function zonesOf(code: string): readonly string[] {
  // Part of ECMA-402 since 2025, and in V8 for longer; the types do not know it yet.
  const locale = new Intl.Locale(`und-${code}`) as Intl.Locale & {
    getTimeZones?: () => readonly string[] | undefined;
  };
  return locale.getTimeZones?.() ?? [];
}
