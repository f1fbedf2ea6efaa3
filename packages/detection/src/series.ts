import { z } from 'zod';
import { tailBound, tailEvidence } from './numbers.ts';
import { bucketsPerHour, bucketsPerMinute, bucketsPerWeek } from './settings.ts';

/**
 * One series: what was counted lately, and what is normal.
 *
 * Counts are kept per bucket for ten minutes and per minute for two hours. Levels follow behind with
 * a delay, so that a window is always compared with a level that has not seen it: windows up to five
 * minutes with the level of five minutes ago, and so on. A delayed level skips what was under
 * suspicion when its turn comes. Nothing is done for a series that is silent: zeros are worked off
 * in one step when the next voice comes.
 */

/** Lengths of the windows that are scanned, in buckets: ten seconds to an hour. */
export const windows = [1, 2, 3, 6, 9, 12, 18, 30, 48, 72, 120, 180, 240, 360] as const;

/** Beyond this age, in buckets, counts are kept per minute. */
const fineBuckets = 60;
const longest = 720;

/** Delay and memory of each level, in buckets. */
const levels = [
  { delay: 30, memory: 360 },
  { delay: 180, memory: 720 },
  { delay: 360, memory: 1080 },
] as const;

/** Shape of the prior of a rate of which nothing is known: half a voice. */
const priorShape = 0.5;

/** Variance of the relative error that each level is granted for drift over its windows. */
const tolerance = [0.02, 0.06, 0.15] as const;

export interface Finding {
  /** First bucket of the window. */
  from: number;
  /** Length of the window in buckets. */
  length: number;
  observed: number;
  expected: number;
  /** -ln of the tail probability. */
  score: number;
  /** What the score has to pass. */
  threshold: number;
}

export class Series {
  /** First buckets of the entries, rising, and their counts. */
  #at: number[];
  #count: number[];
  #levels: Level[];
  /** Next bucket that is not taken yet. */
  #now: number;
  /** Spans [from, to) that no level may learn. */
  #frozen: [number, number][];

  private constructor(state: SeriesState) {
    this.#now = state.now;
    this.#at = [...state.at];
    this.#count = [...state.n];
    this.#levels = state.levels.map((level) => ({ ...level }));
    this.#frozen = state.frozen.map(([from, to]) => [from, to]);
  }

  /** @param since first bucket from which silence counts as knowledge */
  static begin(since: number): Series {
    return new Series({
      now: since,
      at: [],
      n: [],
      levels: levels.map(() => ({ shape: priorShape, exposure: 0, next: since })),
      frozen: [],
    });
  }

  static restore(state: SeriesState): Series {
    return new Series(state);
  }

  toState(): SeriesState {
    return {
      now: this.#now,
      at: [...this.#at],
      n: [...this.#count],
      levels: this.#levels.map((level) => ({ ...level })),
      frozen: this.#frozen.map(([from, to]) => [from, to]),
    };
  }

  /** Adds what a bucket counted. Buckets come in rising order. */
  add(bucket: number, count: number): void {
    this.advance(bucket);
    if (count === 0) return;
    this.#at.push(bucket);
    this.#count.push(count);
  }

  /** Moves on to a bucket: levels learn what has become old enough, old counts are forgotten. */
  advance(bucket: number): void {
    const now = bucket + 1;
    if (now <= this.#now) return;
    this.#now = now;
    for (let i = 0; i < levels.length; i += 1) this.#learn(i, now - levels[i]!.delay);
    const oldest = now - longest - bucketsPerMinute;
    let drop = 0;
    while (drop < this.#at.length && this.#at[drop]! < oldest) drop += 1;
    if (drop > 0) {
      this.#at.splice(0, drop);
      this.#count.splice(0, drop);
    }
    this.#frozen = this.#frozen.filter((span) => span[1] > oldest);
    this.#merge(now - fineBuckets);
  }

  /** Forbids the levels to learn a bucket. */
  freeze(bucket: number): void {
    const last = this.#frozen.at(-1);
    if (last !== undefined && last[1] >= bucket) last[1] = Math.max(last[1], bucket + 1);
    else this.#frozen.push([bucket, bucket + 1]);
  }

  /** Weighted voices in the last `length` buckets. */
  sum(length: number): number {
    const from = this.#now - length;
    let sum = 0;
    for (let i = this.#at.length - 1; i >= 0 && this.#at[i]! >= from; i -= 1) {
      sum += this.#count[i]!;
    }
    return sum;
  }

  /** Expected weighted voices per bucket, as the level of a window of this length has it. */
  rate(length: number): number {
    let index: number = levelFor(length);
    while (index > 0 && this.#levels[index]!.exposure < bucketsPerHour) index -= 1;
    const level = this.#levels[index]!;
    return level.shape / Math.max(1, level.exposure);
  }

  /**
   * The window that speaks most for a rise, relative to its threshold; null when none exceeds.
   * @param notBefore no window reaches back beyond this bucket: what lies there is told already
   */
  scan(budget: number, notBefore: number): Finding | null {
    let best: Finding | null = null;
    let sum = 0;
    let i = this.#at.length - 1;
    for (const window of windows) {
      let from = this.#now - window;
      if (window > fineBuckets) from = Math.floor(from / bucketsPerMinute) * bucketsPerMinute;
      if (from < notBefore) {
        if (notBefore >= this.#now) break;
        from = notBefore;
      }
      while (i >= 0 && this.#at[i]! >= from) {
        sum += this.#count[i]!;
        i -= 1;
      }
      if (sum === 0) continue;
      const level = this.#levels[levelFor(window)]!;
      const length = this.#now - from;
      const exposure = Math.max(1, level.exposure);
      const mean = (length * level.shape) / exposure;
      if (sum <= mean) continue;
      const dispersion = 1 / level.shape + tolerance[levelFor(window)]!;
      const threshold = Math.log(bucketsPerWeek / window) + budget;
      const bound = tailBound(sum, mean, dispersion);
      if (bound < 0.25 * threshold) continue;
      const score = tailEvidence(sum, mean, dispersion);
      if (best === null || score / threshold > best.score / best.threshold) {
        best = { from, length, observed: sum, expected: mean, score, threshold };
      }
      if (from === notBefore) break;
    }
    return best;
  }

  /** Whether nothing of the last two hours is left. */
  get idle(): boolean {
    return this.#at.length === 0;
  }

  #learn(index: number, until: number): void {
    const level = this.#levels[index]!;
    if (until <= level.next) return;
    const keep = Math.exp(-1 / levels[index]!.memory);
    let position = level.next;
    let i = 0;
    while (i < this.#at.length && this.#at[i]! < level.next) i += 1;
    while (position < until) {
      // A stretch up to the next count or the next border of a frozen span.
      let stop = until;
      let count = 0;
      const at = this.#at[i];
      if (at !== undefined && at < stop) {
        if (at <= position) {
          stop = Math.min(stop, position + 1);
          count = this.#count[i]!;
          i += 1;
        } else stop = at;
      }
      const skip = this.#frozenUntil(position);
      if (skip > position) {
        while (i < this.#at.length && this.#at[i]! < skip) i += 1;
        position = Math.min(until, skip);
        continue;
      }
      for (const [from] of this.#frozen) if (from > position && from < stop) stop = from;
      const steps = stop - position;
      const fade = steps === 1 ? keep : keep ** steps;
      level.shape = priorShape + (level.shape - priorShape) * fade + count;
      level.exposure = level.exposure * fade + (1 - fade) / (1 - keep);
      position = stop;
    }
    level.next = until;
  }

  #frozenUntil(bucket: number): number {
    for (const [from, to] of this.#frozen) if (bucket >= from && bucket < to) return to;
    return bucket;
  }

  /** Joins counts that are older than ten minutes into minutes. */
  #merge(before: number): void {
    let write = 0;
    for (let read = 0; read < this.#at.length; read += 1) {
      const at = this.#at[read]!;
      const minute = Math.floor(at / bucketsPerMinute) * bucketsPerMinute;
      const old = minute + bucketsPerMinute <= before;
      const previous = this.#at[write - 1];
      if (old && write > 0 && previous === minute) {
        this.#count[write - 1] = this.#count[write - 1]! + this.#count[read]!;
        continue;
      }
      this.#at[write] = old ? minute : at;
      this.#count[write] = this.#count[read]!;
      write += 1;
    }
    this.#at.length = write;
    this.#count.length = write;
  }
}

interface Level {
  shape: number;
  exposure: number;
  next: number;
}

function levelFor(length: number): 0 | 1 | 2 {
  return length <= 30 ? 0 : length <= 180 ? 1 : 2;
}

export const seriesState = z.strictObject({
  now: z.number(),
  at: z.array(z.number()),
  n: z.array(z.number()),
  levels: z
    .array(z.strictObject({ shape: z.number(), exposure: z.number(), next: z.number() }))
    .length(levels.length),
  frozen: z.array(z.tuple([z.number(), z.number()])),
});
export type SeriesState = z.infer<typeof seriesState>;
