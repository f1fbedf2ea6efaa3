import type {
  Check,
  Deletion,
  Explanation,
  Heartbeat,
  OutageEvent,
  Post,
  Report,
  Signal,
} from '@outcry/contracts';

/**
 * Valid records with sensible fields, of which a test overrides what it speaks about. Ids and voices
 * count up, so two records built without overrides never collide.
 */
let counter = 0;
const nextId = (): string => String(++counter).padStart(6, '0');

/** The time that records carry unless told otherwise. */
export const builderTime = '2025-04-16T12:20:00.000Z';

export function buildPost(overrides: Partial<Post> = {}): Post {
  const n = nextId();
  const occurredAt = overrides.occurredAt ?? builderTime;
  const source = overrides.source ?? 'test';
  return {
    kind: 'post',
    id: `${source}:post-${n}`,
    source,
    text: 'spotify is not working for me, songs will not play',
    occurredAt,
    observedAt: occurredAt,
    voice: `voice-${n}`,
    ...overrides,
  };
}

export function buildReport(overrides: Partial<Report> = {}): Report {
  const n = nextId();
  const occurredAt = overrides.occurredAt ?? builderTime;
  const source = overrides.source ?? 'reports';
  return {
    kind: 'report',
    id: `${source}:report-${n}`,
    source,
    target: 'spotify',
    type: 'playback',
    occurredAt,
    observedAt: occurredAt,
    voice: `voice-${n}`,
    ...overrides,
  };
}

export function buildCheck(overrides: Partial<Check> = {}): Check {
  const n = nextId();
  const occurredAt = overrides.occurredAt ?? builderTime;
  const source = overrides.source ?? 'probe';
  return {
    kind: 'check',
    id: `${source}:check-${n}`,
    source,
    target: 'spotify',
    method: 'probe',
    outcome: 'up',
    subject: 'https://open.spotify.com',
    occurredAt,
    observedAt: occurredAt,
    ...overrides,
  };
}

export function buildHeartbeat(overrides: Partial<Heartbeat> = {}): Heartbeat {
  return {
    kind: 'heartbeat',
    source: 'test',
    state: 'seeing',
    through: builderTime,
    ...overrides,
  };
}

export function buildDeletion(overrides: Partial<Deletion> = {}): Deletion {
  return { kind: 'deletion', source: 'test', observedAt: builderTime, ...overrides };
}

/** A signal that counts: an affected voice at Spotify, playback. */
export function buildSignal(overrides: Partial<Signal> = {}): Signal {
  const n = nextId();
  const occurredAt = overrides.occurredAt ?? builderTime;
  const source = overrides.source ?? 'test';
  const recordId = overrides.recordId ?? `${source}:post-${n}`;
  const target = overrides.target === undefined ? 'spotify' : overrides.target;
  const stance = overrides.stance ?? 'affected';
  const counts = stance === 'affected' || stance === 'asking';
  const type = overrides.type === undefined ? (counts ? 'playback' : null) : overrides.type;
  return {
    kind: 'signal',
    id: `${recordId}@${target ?? '-'}`,
    recordId,
    recordKind: 'post',
    source,
    target,
    text: 'spotify is not working for me, songs will not play',
    occurredAt,
    observedAt: occurredAt,
    voice: `voice-${n}`,
    stance,
    confidence: counts ? 0.95 : 0.05,
    weight: counts ? (stance === 'affected' ? 1 : 0.5) : 0,
    type,
    types: type === null ? [] : [type],
    places: [],
    platforms: [],
    language: 'en',
    cluster: `cluster-${n}`,
    model: 'test@1',
    ...overrides,
  };
}

export function buildExplanation(overrides: Partial<Explanation> = {}): Explanation {
  return {
    series: 'all',
    windowSeconds: 60,
    observed: 40,
    expected: 2,
    score: 30,
    threshold: 14,
    voices: 40,
    clusters: 38,
    sources: ['test'],
    blindSources: [],
    samplePostIds: ['test:post-000001'],
    checks: [],
    ...overrides,
  };
}

/** The opening of a worldwide Spotify outage; `sequence` and `outageId` make the id. */
export function buildOutageEvent(overrides: Partial<OutageEvent> = {}): OutageEvent {
  const target = overrides.target ?? 'spotify';
  const outageId = overrides.outageId ?? `${target}-${nextId()}`;
  const sequence = overrides.sequence ?? 1;
  const type = overrides.type ?? 'outage.opened';
  const decidedAt = overrides.decidedAt ?? '2025-04-16T12:21:00.000Z';
  const over = type === 'outage.resolved' || type === 'outage.retracted';
  return {
    kind: 'outage-event',
    id: `${outageId}/${sequence}`,
    type,
    outageId,
    sequence,
    target,
    decidedAt,
    startedAt: builderTime,
    endedAt: over ? decidedAt : null,
    state:
      type === 'outage.resolved'
        ? 'resolved'
        : type === 'outage.retracted'
          ? 'retracted'
          : 'confirmed',
    severity: 'major',
    confidence: 0.95,
    countries: [],
    subdivisions: [],
    scope: 'worldwide',
    types: ['playback'],
    platforms: [],
    peak: { voicesPerMinute: 40, at: decidedAt },
    voices: 40,
    leadSeconds: null,
    reason: '40 voices in 60 s where 2 are normal',
    explanation: buildExplanation(),
    rules: 'test@1',
    ...overrides,
  };
}

/** The life of one outage as receivers hear it: opened, updated, resolved, in order. */
export function buildOutageLife(overrides: Partial<OutageEvent> = {}): OutageEvent[] {
  const outageId = overrides.outageId ?? `${overrides.target ?? 'spotify'}-${nextId()}`;
  const steps = [
    ['outage.opened', '2025-04-16T12:21:00.000Z'],
    ['outage.updated', '2025-04-16T12:30:00.000Z'],
    ['outage.resolved', '2025-04-16T15:45:00.000Z'],
  ] as const;
  return steps.map(([type, decidedAt], index) =>
    buildOutageEvent({ ...overrides, outageId, type, decidedAt, sequence: index + 1 }),
  );
}
