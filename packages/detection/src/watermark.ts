import type { Heartbeat } from '@outcry/contracts';
import { bucketMs, topics } from '@outcry/contracts';
import { z } from 'zod';
import type { DetectionSettings } from './settings.ts';
import { bucketOf } from './settings.ts';
import type { Span } from './spans.ts';

/**
 * How far the sources have told everything, and when which of them could not see.
 *
 * - A source is known from its first heartbeat on. Its watermark is the least over its input
 *   partitions, and there is none until all of them have spoken.
 * - A blind input partition holds nobody back. When nobody sees, time stands still.
 * - At the very start nothing closes until `settleMs` of event time have passed since the first
 *   heartbeat, so sources that start together are all waited for. A source that turns up later is
 *   waited for from then on; what it brings for buckets already closed is not used.
 */
export class Watermarks {
  readonly #settings: DetectionSettings;
  #inputs: Input[] = [];
  /** `through` of the first heartbeat ever, milliseconds. */
  #first: number | null = null;
  #intervals: BlindInterval[] = [];
  #spans: readonly Span[] | null = null;

  constructor(settings: DetectionSettings, state?: WatermarkState) {
    this.#settings = settings;
    if (state !== undefined) {
      this.#first = state.first;
      this.#inputs = state.inputs.map((input) => ({ ...input }));
      this.#intervals = state.blind.map((interval) => ({ ...interval }));
    }
  }

  take(beat: Heartbeat): void {
    this.#spans = null;
    const through = Date.parse(beat.through);
    const key = beat.input === undefined ? '' : `${beat.input.topic}/${beat.input.partition}`;
    let input = this.#inputs.find((one) => one.source === beat.source && one.key === key);
    if (input === undefined) {
      input = {
        source: beat.source,
        key,
        topic: beat.input?.topic ?? '',
        partitions: beat.input?.partitions ?? 1,
        through,
        blindSince: null,
      };
      this.#inputs.push(input);
      this.#inputs.sort((a, b) => compare(a.source, b.source) || compare(a.key, b.key));
    }
    if (this.#first === null || through < this.#first) this.#first = through;
    input.partitions = beat.input?.partitions ?? 1;
    if (beat.state === 'blind') {
      const since = beat.since === undefined ? through : Date.parse(beat.since);
      if (input.blindSince === null) input.blindSince = since;
      else input.blindSince = Math.min(input.blindSince, since);
      input.through = Math.max(input.through, through);
      return;
    }
    if (input.blindSince !== null) {
      this.#intervals.push({
        source: input.source,
        topic: input.topic,
        from: input.blindSince,
        to: Math.max(input.blindSince, through),
      });
      input.blindSince = null;
    }
    input.through = Math.max(input.through, through);
  }

  /** `through` of the first heartbeat ever, or null. */
  get first(): number | null {
    return this.#first;
  }

  /** Last bucket that may close, or null. */
  closable(): number | null {
    if (this.#first === null) return null;
    const perSource = new Map<string, { heard: number; partitions: number; blind: boolean }>();
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    for (const input of this.#inputs) {
      // One source may bring posts and reports: every topic of it is waited for.
      const name = `${input.source} ${input.topic}`;
      const entry = perSource.get(name) ?? {
        heard: 0,
        partitions: input.partitions,
        blind: false,
      };
      entry.heard += 1;
      entry.blind ||= input.blindSince !== null;
      perSource.set(name, entry);
      greatest = Math.max(greatest, input.through);
      if (input.blindSince === null) least = Math.min(least, input.through);
    }
    for (const { heard, partitions, blind } of perSource.values()) {
      // One that went blind before all of its partitions spoke is not waited for either.
      if (heard < partitions && !blind) return null;
    }
    if (least === Number.POSITIVE_INFINITY) return null;
    if (greatest - this.#first < this.#settings.settleMs) return null;
    // A bucket closes when the watermark passes its end plus the lateness, not when it reaches it.
    return Math.ceil((least - this.#settings.latenessMs) / bucketMs) - 2;
  }

  /** Sources that could not see during some of a bucket, sorted. */
  blindIn(bucket: number): BlindSource[] {
    const from = bucket * bucketMs;
    const to = from + bucketMs;
    const found = new Map<string, BlindSource>();
    const note = (source: string, topic: string, since: number) => {
      const known = found.get(source);
      if (known === undefined)
        found.set(source, { source, since, checksOnly: topic === topics.checks });
      else {
        known.since = Math.min(known.since, since);
        known.checksOnly &&= topic === topics.checks;
      }
    };
    for (const input of this.#inputs) {
      if (input.blindSince !== null && input.blindSince < to) {
        note(input.source, input.topic, input.blindSince);
      }
    }
    for (const interval of this.#intervals) {
      if (interval.from < to && interval.to > from) {
        note(interval.source, interval.topic, interval.from);
      }
    }
    return [...found.values()].sort((a, b) => compare(a.source, b.source));
  }

  /**
   * Buckets that must not be learnt because a source of voices could not see. Of a long blindness
   * only the beginning: a source that stays away belongs to what is normal after a while.
   */
  blindSpans(): readonly Span[] {
    if (this.#spans === null) {
      const most = this.#settings.maxFreezeMs;
      const spans = [
        ...this.#intervals,
        ...this.#inputs
          .filter((input) => input.blindSince !== null)
          .map((input) => ({ topic: input.topic, from: input.blindSince!, to: Number.MAX_VALUE })),
      ];
      this.#spans = spans
        .filter((span) => span.topic !== topics.checks)
        .map(
          (span): Span => [
            bucketOf(span.from),
            Math.ceil(Math.min(span.to, span.from + most) / bucketMs),
          ],
        );
    }
    return this.#spans;
  }

  /** Forgets blind spans that are older than a week. */
  forgetBefore(bucket: number): void {
    const time = bucket * bucketMs - weekMs;
    if (this.#intervals.some((interval) => interval.to <= time)) {
      this.#intervals = this.#intervals.filter((interval) => interval.to > time);
      this.#spans = null;
    }
  }

  /** Bucket of the greatest time that any source has reached, or null. */
  latest(): number | null {
    let latest: number | null = null;
    for (const input of this.#inputs) {
      if (latest === null || input.through > latest) latest = input.through;
    }
    return latest === null ? null : bucketOf(latest);
  }

  toState(): WatermarkState {
    return {
      first: this.#first,
      inputs: this.#inputs.map((input) => ({ ...input })),
      blind: this.#intervals.map((interval) => ({ ...interval })),
    };
  }
}

const weekMs = 7 * 24 * 60 * 60_000;

export interface BlindSource {
  source: string;
  /** Epoch milliseconds. */
  since: number;
  /** It brings probes or official notices, no voices. */
  checksOnly: boolean;
}

interface Input {
  source: string;
  key: string;
  topic: string;
  partitions: number;
  through: number;
  blindSince: number | null;
}

interface BlindInterval {
  source: string;
  topic: string;
  from: number;
  to: number;
}

export const watermarkState = z.strictObject({
  first: z.number().nullable(),
  inputs: z.array(
    z.strictObject({
      source: z.string(),
      key: z.string(),
      topic: z.string(),
      partitions: z.number(),
      through: z.number(),
      blindSince: z.number().nullable(),
    }),
  ),
  blind: z.array(
    z.strictObject({ source: z.string(), topic: z.string(), from: z.number(), to: z.number() }),
  ),
});
export type WatermarkState = z.infer<typeof watermarkState>;

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
