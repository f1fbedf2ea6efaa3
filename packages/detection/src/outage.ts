import type { Check, ErrorType, OutageEvent, Platform, Severity } from '@outcry/contracts';
import {
  check as checkSchema,
  errorType,
  outageEvent,
  platform as platformSchema,
} from '@outcry/contracts';
import { z } from 'zod';
import { confidenceBand, judgeConfidence } from './confidence.ts';
import { sentence } from './reason.ts';
import type { EvidenceRise, RisePart } from './rise.ts';
import { evidenceRise } from './rise.ts';
import type { Scope } from './scope.ts';
import { findScope } from './scope.ts';
import type { DetectionSettings } from './settings.ts';
import { rulesVersion } from './version.ts';

/** The life of one outage as the correlator holds it, between its first event and its last. */
export const outageRecord = z.strictObject({
  /** The last event that was told. */
  told: outageEvent,
  /** When something that is no change of state was last told, epoch milliseconds. */
  updatedAt: z.number(),
  /** The newest evidence. */
  rise: evidenceRise,
  /** Official notices and probe changes that concern it. */
  checks: z.array(checkSchema),
});
export type OutageRecord = z.infer<typeof outageRecord>;

/** Share of the peak below which it recovers, and above which it fails again. */
const recoveringShare = 0.3;
const failingShare = 0.5;
/** With so many different texts nobody asks for more. */
const enoughTexts = 5;
/** Evidence beyond its bar that makes a suspicion sure without anyone else's word. */
const sureRatio = 1.5;

/** Whether the evidence suffices to speak of an outage. */
export function suffices(rise: EvidenceRise, settings: DetectionSettings): boolean {
  const lead = rise.findings[0];
  if (lead === undefined || lead.score < lead.threshold) return false;
  if (lead.observed < settings.minVoices || rise.voices < settings.minVoices) return false;
  // Copied text is not many people: the texts must be as varied as a few voices of their own.
  return (
    rise.effectiveTexts >= Math.min(enoughTexts, Math.max(settings.minClusters, 0.75 * rise.voices))
  );
}

export function openOutage(rise: EvidenceRise, checks: readonly Check[]): OutageRecord {
  const outageId = `${rise.target}-${rise.onset.replaceAll(/[-:]|\.000/g, '')}`;
  return {
    told: describe('outage.opened', outageId, 1, rise, checks, null),
    updatedAt: Date.parse(rise.at),
    rise,
    checks: [...checks],
  };
}

/** Takes newer evidence. @returns the event that has to be told, or null. */
export function followOutage(
  record: OutageRecord,
  rise: EvidenceRise,
  settings: DetectionSettings,
): OutageEvent | null {
  record.rise = rise;
  const told = record.told;
  const type = rise.over ? 'outage.resolved' : 'outage.updated';
  const next = describe(type, told.outageId, told.sequence + 1, rise, record.checks, told);
  if (rise.over) return keep(record, next);
  const now = Date.parse(rise.at);
  if (next.state === told.state) {
    if (!worthTelling(told, next)) return null;
    if (now - record.updatedAt < settings.updateEveryMs) return null;
  }
  record.updatedAt = now;
  return keep(record, next);
}

function keep(record: OutageRecord, event: OutageEvent): OutageEvent {
  record.told = event;
  return event;
}

function worthTelling(before: OutageEvent, after: OutageEvent): boolean {
  return (
    before.severity !== after.severity ||
    before.scope !== after.scope ||
    before.types[0] !== after.types[0] ||
    before.leadSeconds !== after.leadSeconds ||
    confidenceBand(before.confidence) !== confidenceBand(after.confidence)
  );
}

function describe(
  type: OutageEvent['type'],
  outageId: string,
  sequence: number,
  rise: EvidenceRise,
  checks: readonly Check[],
  before: OutageEvent | null,
): OutageEvent {
  const ended = type === 'outage.resolved' || type === 'outage.retracted';
  const shown = ended ? null : findScope(rise.countries, rise.subdivisions);
  const scope: Scope = shown ?? {
    countries: before?.countries ?? [],
    subdivisions: before?.subdivisions ?? [],
    words: before?.scope ?? 'worldwide',
  };
  const types =
    ended && before !== null ? before.types : leading(rise.types, rise.total, errorType);
  const platforms =
    ended && before !== null
      ? before.platforms
      : leading(rise.platforms, rise.total, platformSchema);
  const strongest = rise.strongest;
  const event: OutageEvent = {
    kind: 'outage-event',
    id: `${outageId}/${sequence}`,
    type,
    outageId,
    sequence,
    target: rise.target,
    decidedAt: rise.at,
    startedAt: before?.startedAt ?? rise.onset,
    endedAt: ended ? (rise.calmSince ?? rise.at) : null,
    state: type === 'outage.resolved' ? 'resolved' : stateOf(rise, checks, before),
    severity: severityOf(rise, before),
    confidence: judgeConfidence(rise, checks),
    countries: scope.countries,
    subdivisions: scope.subdivisions,
    scope: scope.words,
    types: types as ErrorType[],
    platforms: platforms as Platform[],
    peak: rise.peak,
    voices: rise.voices,
    leadSeconds: before?.leadSeconds ?? leadOf(before?.decidedAt ?? rise.at, checks),
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

function stateOf(
  rise: EvidenceRise,
  checks: readonly Check[],
  before: OutageEvent | null,
): OutageEvent['state'] {
  const excess = rise.lastFiveMinutes / 5 - rise.normalPerMinute;
  const peak = Math.max(0, rise.peak.voicesPerMinute - rise.normalPerMinute);
  const sure =
    rise.strongest.score >= sureRatio * rise.strongest.threshold || checks.some(corroborates);
  const failing = sure || before?.state === 'confirmed' ? 'confirmed' : 'suspected';
  if (before === null) return failing;
  if (before.state === 'recovering')
    return excess > failingShare * peak ? 'confirmed' : 'recovering';
  const opening = Date.parse(rise.at) - Date.parse(before.startedAt) < 5 * 60_000;
  if (!opening && (rise.calm || excess < recoveringShare * peak)) return 'recovering';
  return failing;
}

export function corroborates(check: Check): boolean {
  return check.outcome === 'down' || check.outcome === 'degraded';
}

function severityOf(rise: EvidenceRise, before: OutageEvent | null): Severity {
  const ratio = rise.peak.voicesPerMinute / Math.max(0.1, rise.normalPerMinute);
  const rate = rise.peak.voicesPerMinute;
  const now: Severity =
    rate >= 50 && ratio >= 10 ? 'critical' : rate >= 10 && ratio >= 4 ? 'major' : 'minor';
  const order = ['minor', 'major', 'critical'];
  return before !== null && order.indexOf(before.severity) > order.indexOf(now)
    ? before.severity
    : now;
}

/** Parts that carry at least a tenth of the excess, most excess first. */
function leading(parts: readonly RisePart[], total: RisePart, schema: z.ZodType): string[] {
  const excess = Math.max(1, total.observed - total.expected);
  return parts
    .map((part) => ({ key: part.key, excess: part.observed - part.expected }))
    .filter((part) => part.excess >= 0.1 * excess && schema.safeParse(part.key).success)
    .sort((a, b) => b.excess - a.excess || (a.key < b.key ? -1 : 1))
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
