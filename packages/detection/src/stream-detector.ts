import type { Check, Heartbeat, OutageEvent, Signal } from '@outcry/contracts';
import {
  check,
  countryCode,
  deletion,
  errorType,
  heartbeat,
  instant,
  place,
  platform,
  probability,
  stance,
  subdivisionCode,
  targetId,
  voice,
} from '@outcry/contracts';
import { z } from 'zod';
import { createCorrelator } from './correlator.ts';
import { createPartitionDetector } from './partition-detector.ts';
import type { RiseRecord } from './ports.ts';
import type { DetectionSettings } from './settings.ts';

/** A signal as the `detect` pipe takes it: target, voice and time; everything else may be absent. */
export const signalLike = z.looseObject({
  kind: z.literal('signal').optional(),
  id: z.string().min(1).max(640).optional(),
  recordId: z.string().min(1).max(512).optional(),
  target: targetId.nullable(),
  voice,
  occurredAt: instant,
  observedAt: instant.optional(),
  source: z.string().min(1).max(128).optional(),
  stance: stance.optional(),
  confidence: probability.optional(),
  weight: probability.optional(),
  type: errorType.nullable().optional(),
  types: z.array(errorType).optional(),
  countries: z.array(countryCode).optional(),
  subdivisions: z.array(subdivisionCode).optional(),
  places: z.array(z.union([place, countryCode, subdivisionCode])).optional(),
  platforms: z.array(platform).optional(),
  appVersion: z.string().max(64).optional(),
  cluster: z.string().max(256).optional(),
  bot: z.boolean().optional(),
});
export type SignalLike = z.infer<typeof signalLike>;

/** One line of the `detect` pipe. */
export const detectInput = z.union([heartbeat, check, deletion, signalLike]);
export type DetectInput = z.infer<typeof detectInput>;

export interface StreamDetector {
  take(record: DetectInput): OutageEvent[];
  /** The input has ended: closes every bucket and ends every open outage. */
  finish(): OutageEvent[];
}

/** Source of signals that name none; its heartbeats are the times of the stream itself. */
const streamSource = 'stream';

/**
 * Both steps over one stream in memory.
 *
 * Without heartbeats that see, the greatest observed time of the stream moves the watermark; the
 * first heartbeat that sees takes over. When the input ends, an outage that is still open is told
 * resolved at the end of the last bucket, with a reason that says so.
 */
export function createStreamDetector(
  settings?: Partial<DetectionSettings>,
  options: { dependencies?: (target: string) => readonly string[] } = {},
): StreamDetector {
  const given = settings === undefined ? {} : { settings };
  const detector = createPartitionDetector({
    partition: 0,
    partitions: 1,
    state: new Map(),
    ...given,
  });
  const correlator = createCorrelator({ state: new Map(), ...given, ...options });
  let ownTime = true;
  let latest = '';
  let last = '';
  const open = new Map<string, OutageEvent>();

  function pass(rises: RiseRecord[]): OutageEvent[] {
    const events: OutageEvent[] = [];
    for (const rise of rises) {
      if (rise.kind === 'progress') last = rise.through;
      events.push(...correlator.take(rise));
    }
    return note(events);
  }

  function note(events: OutageEvent[]): OutageEvent[] {
    for (const event of events) {
      const ended = event.type === 'outage.resolved' || event.type === 'outage.retracted';
      if (ended) open.delete(event.outageId);
      else open.set(event.outageId, event);
    }
    return events;
  }

  return {
    take(record) {
      if (record.kind === 'heartbeat') {
        const beat = record as Heartbeat;
        const events: OutageEvent[] = [];
        if (ownTime && beat.state === 'seeing') {
          ownTime = false;
          if (latest !== '') events.push(...pass(detector.take(ownBeat('blind', latest))));
        }
        events.push(...pass(detector.take(beat)));
        return events;
      }
      if (record.kind === 'check') return pass(detector.take(record as Check));
      if (record.kind === 'deletion') return [];
      const signal = toSignal(record as SignalLike);
      const events = pass(detector.take(signal));
      if (ownTime && signal.observedAt > latest) {
        latest = signal.observedAt;
        events.push(...pass(detector.take(ownBeat('seeing', latest))));
      }
      return events;
    },
    finish() {
      const events = pass(detector.finish());
      events.push(...note(correlator.finish()));
      const unended = [...open.values()].sort((a, b) => (a.outageId < b.outageId ? -1 : 1));
      open.clear();
      for (const told of unended) events.push(endOfInput(told, last));
      return events;
    },
  };
}

function ownBeat(state: 'seeing' | 'blind', through: string): Heartbeat {
  return { kind: 'heartbeat', source: streamSource, state, through };
}

function endOfInput(told: OutageEvent, at: string): OutageEvent {
  const sequence = told.sequence + 1;
  return {
    ...told,
    id: `${told.outageId}/${sequence}`,
    type: 'outage.resolved',
    sequence,
    decidedAt: at,
    endedAt: at,
    state: 'resolved',
    reason: `The input ended while the outage was still open; ${told.reason}`,
  };
}

/** Completes what the pipe leaves out. A record without an id is named by its voice and time. */
function toSignal(line: SignalLike): Signal {
  const recordId = line.recordId ?? line.id ?? `${line.voice}/${line.occurredAt}`;
  const places = (line.places ?? []).map((one) => (typeof one === 'string' ? tagged(one) : one));
  for (const code of line.subdivisions ?? []) places.push(tagged(code));
  for (const code of line.countries ?? []) {
    if (!places.some((one) => one.country === code)) places.push(tagged(code));
  }
  const type = line.type ?? line.types?.[0] ?? null;
  return {
    kind: 'signal',
    id: line.id ?? `${recordId}@${line.target ?? '-'}`,
    recordId,
    recordKind: 'post',
    source: line.source ?? streamSource,
    target: line.target,
    text: '',
    occurredAt: line.occurredAt,
    observedAt: line.observedAt ?? line.occurredAt,
    voice: line.voice,
    stance: line.stance ?? 'affected',
    confidence: line.confidence ?? 1,
    weight: line.weight ?? 1,
    type,
    types: line.types ?? (type === null ? [] : [type]),
    places,
    platforms: line.platforms ?? [],
    language: 'und',
    // Without a cluster every text counts as one of its own.
    cluster: line.cluster ?? `#${recordId}`,
    model: '',
    ...(line.appVersion === undefined ? {} : { appVersion: line.appVersion }),
    ...(line.bot === undefined ? {} : { bot: line.bot }),
  };
}

function tagged(code: string): z.infer<typeof place> {
  return {
    country: code.slice(0, 2),
    ...(code.length > 2 ? { subdivision: code } : {}),
    source: 'tag',
    confidence: 1,
  };
}
