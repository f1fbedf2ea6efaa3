import type { Check, ErrorType, OutageEvent, Platform } from '@outcry/contracts';
import { guessCause } from './cause.ts';
import { confidenceBand, evidenceOf, judgeConfidence } from './confidence.ts';
import { corroborates, severityOf, stateOf } from './life.ts';
import type { OutageRecord, Surroundings } from './outage.ts';
import { sentence } from './reason.ts';
import type { EvidenceRise } from './rise.ts';
import { scopeOfPlaces } from './scope.ts';
import { rulesVersion } from './version.ts';

/** What is told of an outage, and when a change of it is worth telling. */

/** Whether two events differ in more than their numbers. */
export function worthTelling(before: OutageEvent, after: OutageEvent): boolean {
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

/** The event that tells an outage as it stands; `before`: the one told last. */
export function describe(
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
    endedAt: isEnd(type) ? ((rise.mergedInto === null ? rise.calmSince : null) ?? rise.at) : null,
    state:
      type === 'outage.resolved'
        ? 'resolved'
        : type === 'outage.retracted'
          ? 'retracted'
          : stateOf(record, before),
    severity: severityOf(rise, before),
    confidence: judgeConfidence(evidenceOf(rise, checks, around.echoOf !== undefined)),
    countries: scope.countries,
    subdivisions: scope.subdivisions,
    scope: scope.words,
    types: record.types as ErrorType[],
    platforms: record.platforms as Platform[],
    peak: rise.peak,
    voices: rise.voices,
    ...(cause === undefined ? {} : { cause }),
    ...(around.echoOf === undefined ? {} : { echoOf: around.echoOf }),
    ...besideOf(around, before),
    ...mergedOf(type, rise, around),
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
      windowStart: strongest.from,
      normalPerMinute: rise.normalPerMinute,
      topTextShare: rise.topClusterShare,
      sourceVoices: rise.sources.slice(0, 16).map(([source, voices]) => ({ source, voices })),
      regions: regionsOf(rise),
      windows: rise.findings.slice(0, 12).map(({ from, ...found }) => ({ ...found, start: from })),
    },
    rules: rulesVersion,
  };
  event.reason = sentence(event, rise);
  return event;
}

/** Countries and subdivisions with what was counted there, those with most beyond the normal first. */
function regionsOf(rise: EvidenceRise): NonNullable<OutageEvent['explanation']['regions']> {
  return [...rise.countries, ...rise.subdivisions]
    .map(({ key, observed, expected }) => ({ place: key, observed, expected }))
    .sort(
      (a, b) => b.observed - b.expected - (a.observed - a.expected) || (a.place < b.place ? -1 : 1),
    )
    .slice(0, 12);
}

/** What else was open at the target when this one opened stays as it was told then. */
function besideOf(around: Surroundings, before: OutageEvent | null): Pick<OutageEvent, 'beside'> {
  const beside = before === null ? around.beside : (before.beside ?? []);
  return beside.length === 0 ? {} : { beside: [...beside] };
}

function mergedOf(
  type: OutageEvent['type'],
  rise: EvidenceRise,
  { whole }: Surroundings,
): Pick<OutageEvent, 'mergedInto'> {
  if (!isEnd(type) || whole === undefined) return {};
  return {
    mergedInto: {
      outageId: whole.outageId,
      evidence: [
        `places beyond ${scopeOfPlaces(rise.places).words} and ${whole.scope} failed too`,
        `${whole.outageId} began first`,
      ],
    },
  };
}

function isEnd(type: OutageEvent['type']): boolean {
  return type === 'outage.resolved' || type === 'outage.retracted';
}

/** `<target>-<onset>`: no two outages of a target begin in the same bucket. */
function nameOf(rise: EvidenceRise): string {
  return `${rise.target}-${rise.onset.replaceAll(/[-:]|\.000/g, '')}`;
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
