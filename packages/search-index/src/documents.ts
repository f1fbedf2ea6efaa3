import { createHash } from 'node:crypto';
import type { ErrorType, OutageEvent, Place, Platform, Signal, Stance } from '@outcry/contracts';
import { isSignalStance } from '@outcry/contracts';

/**
 * Contract records as documents with the field names of the Elastic Common Schema, and back. A
 * document says all that its record says, so a record is rebuilt from it without loss; `geo.*` and
 * `tags` are derived, for those who search.
 */
export const ecsVersion = '9.0.0';

/** A signal in the index. What its record leaves out, it leaves out too; null is left out as well. */
export interface SignalDocument {
  '@timestamp': string;
  message: string;
  /** `trouble` on signs of trouble, `bot` on posts of declared bots. */
  tags: string[];
  ecs: { version: string };
  event: {
    id: string;
    kind: 'event';
    category: ['web'];
    type: ['info'];
    module: 'outcry';
    dataset: 'outcry.signals';
    /** The source. */
    provider: string;
    /** When the source handed it over. */
    created: string;
  };
  /** Absent where no target is recognised. */
  service?: { name: string };
  geo?: {
    country_iso_code: string[];
    region_iso_code?: string[];
    city_name?: string[];
    location?: { lat: number; lon: number }[];
  };
  url?: { full: string };
  outcry: {
    record: { id: string; kind: Signal['recordKind'] };
    voice: string;
    stance: Stance;
    confidence: number;
    weight: number;
    type?: ErrorType;
    types: ErrorType[];
    platforms: Platform[];
    language: string;
    cluster: string;
    model: string;
    app_version?: string;
    bot?: boolean;
    reply_to?: string;
    /** Kept whole, not indexed. */
    places: Place[];
  };
}

/** An outage, or one event of it, in the index. */
export interface OutageDocument {
  /** When the change was decided. */
  '@timestamp': string;
  message: string;
  ecs: { version: string };
  event: {
    id: string;
    kind: 'state' | 'alert';
    category: ['web'];
    type: ['start' | 'change' | 'end'];
    action: OutageEvent['type'];
    module: 'outcry';
    dataset: 'outcry.outages' | 'outcry.outage-events';
    sequence: number;
    reason: string;
    start: string;
    end?: string;
  };
  service: { name: string };
  geo: { country_iso_code: string[]; region_iso_code: string[] };
  outcry: {
    types: ErrorType[];
    platforms: Platform[];
    confidence: number;
    outage: {
      id: string;
      state: OutageEvent['state'];
      severity: OutageEvent['severity'];
      scope: string;
      voices: number;
      lead_seconds?: number;
      peak: { voices_per_minute: number; at: string };
      cause?: NonNullable<OutageEvent['cause']>;
      echo_of?: { outage_id: string; target: string; evidence: string[] };
      beside?: string[];
      merged_into?: { outage_id: string; evidence: string[] };
      rules: string;
      /** Kept whole, not indexed. */
      explanation: OutageEvent['explanation'];
    };
  };
}

/** Source and target in one: bytes that Elasticsearch allows for an id. */
const maxIdBytes = 512;

/** The document id of a record: its own, or a digest where that is too long for the index. */
export function documentId(recordId: string): string {
  if (Buffer.byteLength(recordId) <= maxIdBytes) return recordId;
  return `sha256:${createHash('sha256').update(recordId).digest('hex')}`;
}

export function signalDocument(signal: Signal): SignalDocument {
  const tags: string[] = [];
  if (isSignalStance(signal.stance)) tags.push('trouble');
  if (signal.bot === true) tags.push('bot');
  const geo = geoOf(signal.places);
  return {
    '@timestamp': signal.occurredAt,
    message: signal.text,
    tags,
    ecs: { version: ecsVersion },
    event: {
      id: signal.id,
      kind: 'event',
      category: ['web'],
      type: ['info'],
      module: 'outcry',
      dataset: 'outcry.signals',
      provider: signal.source,
      created: signal.observedAt,
    },
    ...(signal.target === null ? {} : { service: { name: signal.target } }),
    ...(geo === undefined ? {} : { geo }),
    ...(signal.url === undefined ? {} : { url: { full: signal.url } }),
    outcry: {
      record: { id: signal.recordId, kind: signal.recordKind },
      voice: signal.voice,
      stance: signal.stance,
      confidence: signal.confidence,
      weight: signal.weight,
      ...(signal.type === null ? {} : { type: signal.type }),
      types: signal.types,
      platforms: signal.platforms,
      language: signal.language,
      cluster: signal.cluster,
      model: signal.model,
      ...(signal.appVersion === undefined ? {} : { app_version: signal.appVersion }),
      ...(signal.bot === undefined ? {} : { bot: signal.bot }),
      ...(signal.replyTo === undefined ? {} : { reply_to: signal.replyTo }),
      places: signal.places,
    },
  };
}

export function signalFromDocument(document: SignalDocument): Signal {
  const { event, outcry, service, url } = document;
  return {
    kind: 'signal',
    id: event.id,
    recordId: outcry.record.id,
    recordKind: outcry.record.kind,
    source: event.provider,
    target: service?.name ?? null,
    text: document.message,
    occurredAt: document['@timestamp'],
    observedAt: event.created,
    voice: outcry.voice,
    stance: outcry.stance,
    confidence: outcry.confidence,
    weight: outcry.weight,
    type: outcry.type ?? null,
    types: outcry.types,
    places: outcry.places,
    platforms: outcry.platforms,
    ...(outcry.app_version === undefined ? {} : { appVersion: outcry.app_version }),
    language: outcry.language,
    cluster: outcry.cluster,
    model: outcry.model,
    ...(outcry.bot === undefined ? {} : { bot: outcry.bot }),
    ...(outcry.reply_to === undefined ? {} : { replyTo: outcry.reply_to }),
    ...(url === undefined ? {} : { url: url.full }),
  };
}

const eventTypes = {
  'outage.opened': 'start',
  'outage.updated': 'change',
  'outage.resolved': 'end',
  'outage.retracted': 'end',
} as const satisfies Record<OutageEvent['type'], string>;

/** @param collection whether the document is an outage's state or one event of its history */
export function outageDocument(
  event: OutageEvent,
  collection: 'outages' | 'outage-events',
): OutageDocument {
  return {
    '@timestamp': event.decidedAt,
    message: event.reason,
    ecs: { version: ecsVersion },
    event: {
      id: event.id,
      kind: collection === 'outages' ? 'state' : 'alert',
      category: ['web'],
      type: [eventTypes[event.type]],
      action: event.type,
      module: 'outcry',
      dataset: `outcry.${collection}`,
      sequence: event.sequence,
      reason: event.reason,
      start: event.startedAt,
      ...(event.endedAt === null ? {} : { end: event.endedAt }),
    },
    service: { name: event.target },
    geo: { country_iso_code: event.countries, region_iso_code: event.subdivisions },
    outcry: {
      types: event.types,
      platforms: event.platforms,
      confidence: event.confidence,
      outage: {
        id: event.outageId,
        state: event.state,
        severity: event.severity,
        scope: event.scope,
        voices: event.voices,
        ...(event.leadSeconds === null ? {} : { lead_seconds: event.leadSeconds }),
        peak: { voices_per_minute: event.peak.voicesPerMinute, at: event.peak.at },
        ...(event.cause === undefined ? {} : { cause: event.cause }),
        ...(event.echoOf === undefined
          ? {}
          : {
              echo_of: {
                outage_id: event.echoOf.outageId,
                target: event.echoOf.target,
                evidence: event.echoOf.evidence,
              },
            }),
        ...(event.beside === undefined ? {} : { beside: event.beside }),
        ...(event.mergedInto === undefined
          ? {}
          : {
              merged_into: {
                outage_id: event.mergedInto.outageId,
                evidence: event.mergedInto.evidence,
              },
            }),
        rules: event.rules,
        explanation: event.explanation,
      },
    },
  };
}

export function outageFromDocument(document: OutageDocument): OutageEvent {
  const { event, geo, outcry, service } = document;
  const { outage } = outcry;
  return {
    kind: 'outage-event',
    id: event.id,
    type: event.action,
    outageId: outage.id,
    sequence: event.sequence,
    target: service.name,
    decidedAt: document['@timestamp'],
    startedAt: event.start,
    endedAt: event.end ?? null,
    state: outage.state,
    severity: outage.severity,
    confidence: outcry.confidence,
    countries: geo.country_iso_code,
    subdivisions: geo.region_iso_code,
    scope: outage.scope,
    types: outcry.types,
    platforms: outcry.platforms,
    peak: { voicesPerMinute: outage.peak.voices_per_minute, at: outage.peak.at },
    voices: outage.voices,
    ...(outage.cause === undefined ? {} : { cause: outage.cause }),
    ...(outage.echo_of === undefined
      ? {}
      : {
          echoOf: {
            outageId: outage.echo_of.outage_id,
            target: outage.echo_of.target,
            evidence: outage.echo_of.evidence,
          },
        }),
    ...(outage.beside === undefined ? {} : { beside: outage.beside }),
    ...(outage.merged_into === undefined
      ? {}
      : {
          mergedInto: {
            outageId: outage.merged_into.outage_id,
            evidence: outage.merged_into.evidence,
          },
        }),
    leadSeconds: outage.lead_seconds ?? null,
    reason: document.message,
    explanation: outage.explanation,
    rules: outage.rules,
  };
}

function geoOf(places: readonly Place[]): SignalDocument['geo'] {
  if (places.length === 0) return undefined;
  const distinct = (values: readonly (string | undefined)[]): string[] => [
    ...new Set(values.filter((value) => value !== undefined)),
  ];
  const regions = distinct(places.map((place) => place.subdivision));
  const cities = distinct(places.map((place) => place.city));
  const points = places.flatMap((place) =>
    place.latitude === undefined || place.longitude === undefined
      ? []
      : [{ lat: place.latitude, lon: place.longitude }],
  );
  return {
    country_iso_code: distinct(places.map((place) => place.country)),
    ...(regions.length === 0 ? {} : { region_iso_code: regions }),
    ...(cities.length === 0 ? {} : { city_name: cities }),
    ...(points.length === 0 ? {} : { location: points }),
  };
}
