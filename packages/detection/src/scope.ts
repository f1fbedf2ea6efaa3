import { continentOf } from './geography.ts';
import type { RisePart } from './rise.ts';
import { compare } from './watermark.ts';

export interface Scope {
  /** Affected countries; empty when worldwide. */
  countries: string[];
  subdivisions: string[];
  /** Worldwide, continents, countries or subdivisions in words. */
  words: string;
}

export const worldwide: Scope = { countries: [], subdivisions: [], words: 'worldwide' };

/** Evidence, in nats, that a place needs to be called affected. */
const affectedBar = 3;

/**
 * Where an outage is. A place is affected when its counts fit the rise of the affected places better
 * than its normal; places that could have shown the rise and did not make the outage regional.
 */
export function findScope(
  countries: readonly RisePart[],
  subdivisions: readonly RisePart[],
): Scope {
  const affected = findAffected(countries);
  if (affected.length === 0) return worldwide;
  const chosen = new Set(affected.map((part) => part.key));
  const ratio = ratioOf(affected);
  let spared = 0;
  let normal = 0;
  for (const part of countries) {
    normal += part.expected;
    if (!chosen.has(part.key) && evidence(part, ratio) < -1) spared += part.expected;
  }
  const continents = [...new Set(affected.map((part) => continentOf(part.key) ?? part.key))].sort(
    compare,
  );
  const few = affected.length <= 2 || continents.length === 1;
  if (!few && spared <= 0.1 * normal) return worldwide;
  if (few && spared === 0 && affected.length > 2 && normal === 0) return worldwide;
  const codes = [...chosen].sort(compare);
  const within = codes.length === 1 ? findSubdivisions(codes[0]!, subdivisions) : [];
  const words =
    within.length > 0
      ? within.join(', ')
      : codes.length <= 3
        ? codes.join(', ')
        : continents.join(', ');
  return { countries: codes, subdivisions: within, words };
}

function findAffected(parts: readonly RisePart[]): RisePart[] {
  let affected = parts.filter((part) => evidence(part, 3) > affectedBar);
  for (let round = 0; round < 4 && affected.length > 0; round += 1) {
    const ratio = ratioOf(affected);
    const next = parts.filter((part) => evidence(part, ratio) > affectedBar);
    if (next.length === affected.length) break;
    if (next.length === 0) break;
    affected = next;
  }
  return affected;
}

function findSubdivisions(country: string, parts: readonly RisePart[]): string[] {
  const inside = parts.filter((part) => part.key.startsWith(`${country}-`));
  const affected = findAffected(inside);
  if (affected.length === 0) return [];
  const ratio = ratioOf(affected);
  const spared = inside.some((part) => !affected.includes(part) && evidence(part, ratio) < -1);
  const excess = inside.reduce((sum, part) => sum + Math.max(0, part.observed - part.expected), 0);
  const held = affected.reduce((sum, part) => sum + part.observed - part.expected, 0);
  if (!spared && affected.length > 1) return [];
  return held >= 0.8 * excess ? affected.map((part) => part.key).sort(compare) : [];
}

function ratioOf(parts: readonly RisePart[]): number {
  const observed = parts.reduce((sum, part) => sum + part.observed, 0);
  const expected = parts.reduce((sum, part) => sum + part.expected, 0);
  return Math.min(1000, Math.max(1.5, observed / Math.max(0.1, expected)));
}

/** Log-likelihood ratio of "risen by this ratio" against "normal". */
function evidence(part: RisePart, ratio: number): number {
  return part.observed * Math.log(ratio) - (ratio - 1) * Math.max(part.expected, 1e-3);
}
