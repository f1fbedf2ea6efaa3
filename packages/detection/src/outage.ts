import type { Check, ErrorType, OutageEvent, Platform, Severity } from '@outcry/contracts';
import {
  check as checkSchema,
  errorType,
  instant,
  outageEvent,
  platform as platformSchema,
} from '@outcry/contracts';
import { z } from 'zod';
import type { Neighbour } from './cause.ts';
import { guessCause } from './cause.ts';
import { confidenceBand, judgeConfidence } from './confidence.ts';
import { sentence } from './reason.ts';
import type { EvidenceRise, RisePart } from './rise.ts';
import { evidenceRise } from './rise.ts';
import { findScope } from './scope.ts';
import type { DetectionSettings } from './settings.ts';
import { rulesVersion } from './version.ts';

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
}

/** Share of the peak below which it recovers, and above which it fails again. */
const recoveringShare = 0.3;
const failingShare = 0.5;
/** With so many different texts nobody asks for more. */
const enoughTexts = 8;
/** Fewer voices than this must come over a minute at least. */
const fewVoices = 8;
const fewLastMs = 60_000;
/** Evidence beyond its bar that makes a suspicion sure without anyone else's word. */
const sureRatio = 1.5;
/** Recovering and failing again is told no more often than this. */
const flapMs = 5 * 60_000;
/** Another scope is believed once it held this long. */
const scopeMs = 2 * 60_000;
/** Places and types are those of the time when at least this share of the greatest excess stood. */
const informative = 0.7;

/** Whether the evidence suffices to speak of an outage. */
export function suffices(rise: EvidenceRise, settings: DetectionSettings): boolean {
  const lead = rise.findings[0];
  if (lead === undefined || lead.score < lead.threshold) return false;
  if (lead.observed < settings.minVoices || rise.voices < settings.minVoices) return false;
  // A handful within seconds may be one who copies or automates; people keep coming.
  const lasted = Date.parse(rise.at) - Date.parse(rise.onset);
  if (rise.voices < fewVoices && lasted < fewLastMs) return false;
  // Copied text is not many people: the texts must be as varied as a few voices of their own.
  return (
    rise.effectiveTexts >= Math.min(enoughTexts, Math.max(settings.minClusters, 0.75 * rise.voices))
  );
}

export function openOutage(
  rise: EvidenceRise,
  checks: readonly Check[],
  around: Surroundings,
): OutageRecord {
  const record: Omit<OutageRecord, 'told'> = {
    openedAt: rise.at,
    updatedAt: Date.parse(rise.at),
    most: 0,
    scope: findScope(rise.countries, rise.subdivisions),
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
  if (record.wasSure) return true;
  const { rise } = record;
  const copied = rise.topClusterShare > 0.5 && rise.effectiveTexts < enoughTexts;
  return !copied && around.echoOf === undefined && record.told.echoOf === undefined;
}

/** Reads places, types and platforms while the outage stands high enough to show them. */
function look(record: Omit<OutageRecord, 'told'>, rise: EvidenceRise): void {
  record.peakFive = Math.max(record.peakFive, rise.lastFiveMinutes);
  const excess = rise.total.observed - rise.total.expected;
  if (record.most > 0 && excess < informative * record.most) return;
  record.most = Math.max(record.most, excess);
  const scope = findScope(rise.countries, rise.subdivisions);
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

function worthTelling(before: OutageEvent, after: OutageEvent): boolean {
  return (
    before.severity !== after.severity ||
    before.scope !== after.scope ||
    before.types[0] !== after.types[0] ||
    before.leadSeconds !== after.leadSeconds ||
    before.echoOf?.outageId !== after.echoOf?.outageId ||
    before.cause?.class !== after.cause?.class ||
    confidenceBand(before.confidence) < confidenceBand(after.confidence)
  );
}

function describe(
  type: OutageEvent['type'],
  record: Omit<OutageRecord, 'told'>,
  before: OutageEvent | null,
  around: Surroundings,
): OutageEvent {
  const { rise, checks, scope } = record;
  const outageId = before?.outageId ?? nameOf(rise);
  const sequence = (before?.sequence ?? 0) + 1;
  const strongest = rise.strongest;
  // An echo has no cause of its own.
  const cause =
    around.echoOf !== undefined
      ? undefined
      : guessCause(
          rise,
          { countries: scope.countries, types: record.types },
          checks,
          around.neighbours,
          around.dependencies,
        );
  const event: OutageEvent = {
    kind: 'outage-event',
    id: `${outageId}/${sequence}`,
    type,
    outageId,
    sequence,
    target: rise.target,
    decidedAt: rise.at,
    startedAt: before?.startedAt ?? rise.onset,
    endedAt: isEnd(type) ? (rise.calmSince ?? rise.at) : null,
    state:
      type === 'outage.resolved'
        ? 'resolved'
        : type === 'outage.retracted'
          ? 'retracted'
          : stateOf(record, before),
    severity: severityOf(rise, before),
    confidence: judgeConfidence(rise, checks, around.echoOf !== undefined),
    countries: scope.countries,
    subdivisions: scope.subdivisions,
    scope: scope.words,
    types: record.types as ErrorType[],
    platforms: record.platforms as Platform[],
    peak: rise.peak,
    voices: rise.voices,
    ...(cause === undefined ? {} : { cause }),
    ...(around.echoOf === undefined ? {} : { echoOf: around.echoOf }),
    leadSeconds: leadOf(record.openedAt, checks),
    reason: '',
    explanation: {
      series: strongest.series,
      windowSeconds: strongest.windowSeconds,
      observed: strongest.observed,
      expected: strongest.expected,
      score: strongest.score,
      threshold: strongest.threshold,
      voices: rise.voices,
      clusters: rise.clusters,
      sources: rise.sources.map(([source]) => source),
      blindSources: rise.blind.map(({ source }) => source),
      samplePostIds: rise.samples,
      checks: checks.slice(-20).map(checkWords),
    },
    rules: rulesVersion,
  };
  event.reason = sentence(event, rise);
  return event;
}

function isEnd(type: OutageEvent['type']): boolean {
  return type === 'outage.resolved' || type === 'outage.retracted';
}

/** `<target>-<onset>`: no two outages of a target begin in the same bucket. */
function nameOf(rise: EvidenceRise): string {
  return `${rise.target}-${rise.onset.replaceAll(/[-:]|\.000/g, '')}`;
}

function stateOf(
  record: Omit<OutageRecord, 'told'>,
  before: OutageEvent | null,
): OutageEvent['state'] {
  const { rise, checks } = record;
  const sure =
    rise.strongest.score >= sureRatio * rise.strongest.threshold || checks.some(corroborates);
  const failing = sure || before?.state === 'confirmed' ? 'confirmed' : 'suspected';
  if (before === null) return failing;
  const normal = 5 * rise.normalPerMinute;
  const excess = rise.lastFiveMinutes - normal;
  const most = record.peakFive - normal;
  if (before.state === 'recovering') {
    return excess > failingShare * most + 3 * Math.sqrt(failingShare * most) && !rise.calm
      ? 'confirmed'
      : 'recovering';
  }
  const opening = Date.parse(rise.at) - Date.parse(before.startedAt) < flapMs;
  // Of a few voices a fall is chance; then only a calm that is weighed tells that it recovers.
  const falls = excess < recoveringShare * most && most >= 20;
  return !opening && (rise.calm || falls) ? 'recovering' : failing;
}

export function corroborates(check: Check): boolean {
  return check.outcome === 'down' || check.outcome === 'degraded';
}

function severityOf(rise: EvidenceRise, before: OutageEvent | null): Severity {
  const rate = rise.peak.voicesPerMinute;
  const ratio = rate / Math.max(0.1, rise.normalPerMinute);
  const now: Severity =
    rate >= 50 && ratio >= 10 ? 'critical' : rate >= 10 && ratio >= 4 ? 'major' : 'minor';
  const order = ['minor', 'major', 'critical'];
  return before !== null && order.indexOf(before.severity) > order.indexOf(now)
    ? before.severity
    : now;
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

/** Seconds from our opening to the official one. */
function leadOf(openedAt: string, checks: readonly Check[]): number | null {
  for (const check of checks) {
    if (check.method !== 'official-status' || !corroborates(check)) continue;
    const official = Date.parse(check.officialStartedAt ?? check.occurredAt);
    return Math.round((official - Date.parse(openedAt)) / 1000);
  }
  return null;
}

function checkWords(check: Check): string {
  const who = check.method === 'probe' ? 'probe' : 'official status';
  return `${who} ${check.subject}: ${check.outcome} at ${check.occurredAt}`.slice(0, 500);
}
