import type { Check, OutageEvent } from '@outcry/contracts';
import {
  check as checkSchema,
  errorType,
  instant,
  outageEvent,
  platform as platformSchema,
} from '@outcry/contracts';
import { z } from 'zod';
import type { Neighbour } from './cause.ts';
import { enoughTexts, flapMs } from './life.ts';
import { describe, worthTelling } from './outage-event.ts';
import type { EvidenceRise, RisePart } from './rise.ts';
import { evidenceRise } from './rise.ts';
import type { Scope } from './scope.ts';
import { findScope, scopeOfPlaces } from './scope.ts';
import type { DetectionSettings } from './settings.ts';

/** The life of one outage as the correlator holds it, between its first event and its last. */
export const outageRecord = z.strictObject({
  openedAt: instant,
  /** The last event that was told. */
  told: outageEvent,
  /** When an update was last told, epoch milliseconds. */
  updatedAt: z.number(),
  /** Greatest excess of voices since the onset, and what was found of it then. */
  most: z.number(),
  scope: z.strictObject({
    countries: z.array(z.string()),
    subdivisions: z.array(z.string()),
    words: z.string(),
  }),
  /** A scope that is seen but not told yet, and since when. */
  nextScope: z.strictObject({ words: z.string(), since: z.string() }).nullable(),
  /** Whether it was ever confirmed. */
  wasSure: z.boolean(),
  /** Most voices in five minutes. */
  peakFive: z.number(),
  types: z.array(z.string()),
  platforms: z.array(z.string()),
  /** The newest evidence. */
  rise: evidenceRise,
  /** Official notices and probe changes that concern it. */
  checks: z.array(checkSchema),
});
export type OutageRecord = z.infer<typeof outageRecord>;

/** What the correlator knows beside the target's own evidence. */
export interface Surroundings {
  echoOf: OutageEvent['echoOf'] | undefined;
  neighbours: readonly Neighbour[];
  dependencies: readonly string[];
  /** Ids of other open outages of the same target. */
  beside: readonly string[];
  /** What was last told of the outage that this one turned out to be a part of. */
  whole: OutageEvent | undefined;
}

/** Another scope is believed once it held this long. */
const scopeMs = 2 * 60_000;
/** Places and types are those of the time when at least this share of the greatest excess stood. */
const informative = 0.7;

export function openOutage(
  rise: EvidenceRise,
  checks: readonly Check[],
  around: Surroundings,
): OutageRecord {
  const record: Omit<OutageRecord, 'told'> = {
    openedAt: rise.at,
    updatedAt: Date.parse(rise.at),
    most: 0,
    scope: scopeOf(rise),
    nextScope: null,
    peakFive: 0,
    wasSure: false,
    types: [],
    platforms: [],
    rise,
    checks: [...checks],
  };
  look(record, rise);
  const told = describe('outage.opened', record, null, around);
  return { ...record, wasSure: told.state === 'confirmed', told };
}

/** Takes newer evidence. @returns the event that has to be told, or null. */
export function followOutage(
  record: OutageRecord,
  rise: EvidenceRise,
  around: Surroundings,
  settings: DetectionSettings,
): OutageEvent | null {
  if (rise.places.join() !== record.rise.places.join()) lookAfresh(record, rise);
  record.rise = rise;
  look(record, rise);
  const told = record.told;
  const next = describe(
    !rise.over ? 'outage.updated' : holds(record, around) ? 'outage.resolved' : 'outage.retracted',
    record,
    told,
    around,
  );
  if (!rise.over) {
    const waited = Date.parse(rise.at) - record.updatedAt;
    if (next.state !== told.state) {
      if (told.state !== 'suspected' && waited < flapMs) return null;
    } else if (!worthTelling(told, next) || waited < settings.updateEveryMs) return null;
  }
  record.updatedAt = Date.parse(rise.at);
  record.wasSure ||= next.state === 'confirmed';
  record.told = next;
  return next;
}

/**
 * Whether it was an outage after all, at its end. What was never more than suspected, and turned out
 * to be copied text or the echo of another, is taken back.
 */
function holds(record: OutageRecord, around: Surroundings): boolean {
  if (record.told.state !== 'suspected' && record.told.state !== 'recovering') return true;
  if (record.wasSure || around.whole !== undefined) return true;
  const { rise } = record;
  const copied = rise.topClusterShare > 0.5 && rise.effectiveTexts < enoughTexts;
  return !copied && around.echoOf === undefined && record.told.echoOf === undefined;
}

function scopeOf(rise: EvidenceRise): Scope {
  return rise.places.length > 0
    ? scopeOfPlaces(rise.places)
    : findScope(rise.countries, rise.subdivisions);
}

/** What is counted is another thing from now on: places of its own, or the whole again. */
function lookAfresh(record: OutageRecord, rise: EvidenceRise): void {
  record.most = 0;
  record.peakFive = 0;
  record.nextScope = null;
  record.scope = scopeOf(rise);
}

/** Reads places, types and platforms while the outage stands high enough to show them. */
function look(record: Omit<OutageRecord, 'told'>, rise: EvidenceRise): void {
  record.peakFive = Math.max(record.peakFive, rise.lastFiveMinutes);
  const excess = rise.total.observed - rise.total.expected;
  if (record.most > 0 && excess < informative * record.most) return;
  record.most = Math.max(record.most, excess);
  const scope = scopeOf(rise);
  if (scope.words === record.scope.words) record.nextScope = null;
  else if (record.nextScope?.words !== scope.words) {
    record.nextScope = { words: scope.words, since: rise.at };
  } else if (Date.parse(rise.at) - Date.parse(record.nextScope.since) >= scopeMs) {
    record.nextScope = null;
    record.scope = scope;
  }
  record.types = leading(rise.types, errorType);
  record.platforms = leading(rise.platforms, platformSchema);
}

/** Parts that carry at least a tenth of the excess of their kind, most excess first. */
function leading(parts: readonly RisePart[], schema: z.ZodType): string[] {
  const risen = parts
    .map((part) => ({ key: part.key, excess: part.observed - part.expected }))
    .filter((part) => part.excess > 0 && schema.safeParse(part.key).success)
    .sort((a, b) => b.excess - a.excess || (a.key < b.key ? -1 : 1));
  const excess = risen.reduce((sum, part) => sum + part.excess, 0);
  return risen
    .filter((part) => part.excess >= 0.1 * excess)
    .slice(0, 4)
    .map((part) => part.key);
}
