import type { Place } from '@outcry/contracts';
import { countryOfTimeZone } from './time-zones.ts';

/**
 * Languages that (nearly) one country speaks, and how much of its speakers live there. A weak hint:
 * many countries speak English, Spanish, Portuguese, French, Arabic, so these tell nothing.
 */
const homes: Readonly<Record<string, readonly [string, number]>> = {
  ja: ['JP', 0.6],
  ko: ['KR', 0.55],
  th: ['TH', 0.55],
  vi: ['VN', 0.5],
  id: ['ID', 0.5],
  tr: ['TR', 0.5],
  pl: ['PL', 0.5],
  cs: ['CZ', 0.5],
  fi: ['FI', 0.5],
  no: ['NO', 0.5],
  da: ['DK', 0.5],
  sv: ['SE', 0.45],
  it: ['IT', 0.45],
  he: ['IL', 0.5],
  el: ['GR', 0.45],
  uk: ['UA', 0.4],
  hi: ['IN', 0.45],
  tl: ['PH', 0.45],
};

/** What a clock is worth: people travel, and a zone may be set to that of head office. */
const zoneConfidence = 0.5;
/** Two weak hints that agree. */
const agreedConfidence = 0.65;

/** The country that a time zone hints at, or else a language. */
export function hintedPlaces(language: string, timeZone: string | undefined): Place[] {
  const home = homes[language];
  const zone = timeZone === undefined ? null : countryOfTimeZone(timeZone);
  if (zone !== null) {
    const confidence = zone === home?.[0] ? agreedConfidence : zoneConfidence;
    return [{ country: zone, source: 'timezone', confidence, evidence: timeZone! }];
  }
  if (home === undefined) return [];
  const [country, confidence] = home;
  return [{ country, source: 'language', confidence: Math.round(confidence * 50) / 100 }];
}
