import { z } from 'zod';
import type { Level, Rate } from './level.ts';
import { beginLevel, judgeMemories, learnLevel, memories, rateOf, restoreLevel } from './level.ts';
import { tailBound, tailEvidence } from './numbers.ts';
import type { ProfileState } from './profile.ts';
import { Profile, profileState } from './profile.ts';
import { bucketsPerHour, bucketsPerMinute, bucketsPerWeek } from './settings.ts';
import type { Spread } from './spread.ts';
import {
  beginSpread,
  learnSpread,
  spreadLengths,
  spreadLevels,
  varianceAt,
  variancesOf,
} from './spread.ts';

/**
 * One series: what was counted lately, what is normal, and whether a window strays from it.
 *
 * Counts are kept per bucket for ten minutes and per minute for an hour. Levels follow behind with a
 * delay, so that a window is always compared with a level that has not seen it. Nothing is done for
 * a series that is silent: its zeros are worked off in one step when the next voice comes.
 */

/** Lengths of the windows that are scanned, in buckets: ten seconds to an hour. */
export const windows = [1, 2, 3, 4, 6, 9, 12, 18, 24, 30, 42, 60, 90, 120, 180, 270, 360] as const;

/** ln of how many such windows a week has. */
const looks = windows.map((window) => Math.log(bucketsPerWeek / window));

/** Beyond this age, in buckets, counts are kept per minute. */
const fineBuckets = 60;
const longest = 360;

/** Delays of the levels, in buckets; a window is compared with the first level not shorter. */
const delays = [30, 90, 180, 360] as const;

/** Exposure that a level must have, in buckets: after ten minutes it may speak. */
const leastKnown = 60;

/** A series gets a rhythm of its own once it has this many voices in a day. */
const rhythmVoices = 48;

/** A span of buckets [from, to). */
export type Span = [from: number, to: number];

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
  /** Next bucket that is not taken yet. */
  #now: number;
  /** First buckets of the entries, rising, and their counts. */
  #at: number[];
  #count: number[];
  #levels: Level[];
  #spread: Spread[];
  /** Spans that are not learnt, and those of them that an outage fills. */
  #frozen: Span[];
  #failing: Span[];
  #profile: Profile | null;
  /** Next hour (from the epoch) for the rhythm, and the voices of the last day, faded. */
  #hour: number;
  #dayVoices: number;
  /** Bucket at whose coming the next measured window is complete. */
  #measureAt = 0;
  /** Minute up to which old counts were joined. */
  #mergedAt = 0;
  /** Believed rates, kept between changes. */
  readonly #rates: (Rate | null)[] = delays.map(() => null);

  private constructor(state: SeriesState) {
    this.#now = state.now;
    this.#at = [...state.at];
    this.#count = [...state.n];
    this.#levels = state.levels.map(restoreLevel);
    this.#spread = state.spread.map((spread) => ({ ...spread }));
    this.#frozen = state.frozen.map(([from, to]) => [from, to]);
    this.#failing = state.failing.map(([from, to]) => [from, to]);
    this.#profile = state.profile === null ? null : new Profile(state.profile);
    this.#hour = state.hour;
    this.#dayVoices = state.dayVoices;
  }

  /** @param since first bucket from which silence counts as knowledge */
  static begin(since: number): Series {
    return new Series({
      now: since,
      at: [],
      n: [],
      levels: delays.map(() => beginLevel(since)),
      spread: beginSpread(since),
      frozen: [],
      failing: [],
      profile: null,
      hour: Math.ceil(since / bucketsPerHour),
      dayVoices: 0,
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
      levels: this.#levels.map((level) => ({
        next: level.next,
        voices: [...level.voices],
        exposure: [...level.exposure],
        merit: [...level.merit],
      })),
      spread: this.#spread.map((spread) => ({ ...spread })),
      frozen: this.#frozen.map(([from, to]) => [from, to]),
      failing: this.#failing.map(([from, to]) => [from, to]),
      profile: this.#profile?.toState() ?? null,
      hour: this.#hour,
      dayVoices: this.#dayVoices,
    };
  }

  /** The bucket up to which it has come. */
  get now(): number {
    return this.#now;
  }

  /** Adds what a bucket counted. Buckets come in rising order. */
  add(bucket: number, count: number, blind: readonly Span[]): void {
    this.advance(bucket, blind);
    if (count === 0) return;
    this.#at.push(bucket);
    this.#count.push(count);
  }

  /**
   * Moves on to a bucket: measures the windows that are complete, lets the levels learn what has
   * become old enough, forgets old counts.
   * @param blind spans in which not all could be seen; they are not learnt
   */
  advance(bucket: number, blind: readonly Span[]): void {
    const now = bucket + 1;
    if (now <= this.#now) return;
    this.#measure(bucket, blind);
    this.#turnHours(Math.floor(bucket / bucketsPerHour), blind);
    this.#now = now;
    for (let i = 0; i < delays.length; i += 1) {
      const until = now - delays[i]!;
      // Old counts are whole minutes, so old levels learn whole minutes.
      this.#learn(
        i,
        delays[i]! < fineBuckets ? until : Math.floor(until / bucketsPerMinute) * bucketsPerMinute,
        blind,
      );
    }
    this.#rates.fill(null);
    const oldest = now - longest - bucketsPerMinute;
    let drop = 0;
    while (drop < this.#at.length && this.#at[drop]! < oldest) drop += 1;
    if (drop > 0) {
      this.#at.splice(0, drop);
      this.#count.splice(0, drop);
    }
    while (this.#frozen.length > 0 && this.#frozen[0]![1] <= oldest) this.#frozen.shift();
    while (this.#failing.length > 0 && this.#failing[0]![1] <= oldest) this.#failing.shift();
    const minute = Math.floor(now / bucketsPerMinute);
    if (minute !== this.#mergedAt) {
      this.#mergedAt = minute;
      this.#merge(now - fineBuckets);
    }
  }

  /**
   * Forbids to learn a bucket. Under mere suspicion only the level and the rhythm rest; how far the
   * series strays is learnt on, or it would forget its own excursions.
   */
  freeze(bucket: number, failing: boolean): void {
    extend(this.#frozen, bucket);
    if (failing) extend(this.#failing, bucket);
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

  /** The first bucket from `bucket` on that counted something. */
  firstFrom(bucket: number): number {
    return this.#at[firstFrom(this.#at, bucket)] ?? bucket;
  }

  /** Weighted voices that are normal in the last `length` buckets. */
  expected(length: number): number {
    let index = levelFor(length);
    const seen = memories.length - 1;
    while (index > 0 && this.#levels[index]!.exposure[seen]! < bucketsPerHour) index -= 1;
    return this.#exposure(this.#now - length, this.#now) * this.#rate(index).mean;
  }

  /**
   * The window that speaks most for a rise, relative to its threshold; null when none exceeds.
   * @param budget what is added to ln(looks per week) for the bar
   * @param leak voices in a window [from, now) that the classifier may have taken for complaints
   * @param whole the series of which this one is a part: what strays there strays here
   * @param notBefore no window reaches back beyond this bucket: what lies there is told already
   */
  scan(
    budget: number,
    notBefore: number,
    leak: (from: number, length: number) => number,
    whole: Series | null,
  ): Finding | null {
    let variances: readonly number[] | null = null;
    let best: Finding | null = null;
    let sum = 0;
    let i = this.#at.length - 1;
    let exposure = 0;
    let reached = this.#now;
    for (let w = 0; w < windows.length; w += 1) {
      const window = windows[w]!;
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
      exposure += this.#exposure(from, reached);
      reached = from;
      if (sum === 0) continue;
      const which = levelFor(window);
      const rate = this.#rate(which);
      const mean = exposure * rate.mean;
      const known = this.#levels[which]!.exposure[memories.length - 1]!;
      if (sum > mean && known >= leastKnown) {
        variances ??= variancesOf(this.#spread, whole?.variances());
        const dispersion = rate.variance + varianceAt(variances, window);
        const threshold = looks[w]! + budget;
        if (tailBound(sum, mean, dispersion) >= 0.25 * threshold) {
          const length = this.#now - from;
          const expected = mean + leak(from, length);
          const score = tailEvidence(sum, expected, dispersion);
          if (best === null || score * best.threshold > best.score * threshold) {
            best = { from, length, observed: sum, expected, score, threshold };
          }
        }
      }
      if (from === notBefore) break;
    }
    return best;
  }

  /** How far this series strays, by length of window. */
  variances(): number[] {
    return variancesOf(this.#spread);
  }

  #rate(index: number): Rate {
    let rate = this.#rates[index]!;
    if (rate === null) {
      rate = rateOf(this.#levels[index]!);
      this.#rates[index] = rate;
    }
    return rate;
  }

  #exposure(from: number, to: number): number {
    return this.#profile === null ? to - from : this.#profile.exposure(from, to);
  }

  /** Compares every window that has become complete before `bucket` with what was foretold. */
  #measure(bucket: number, blind: readonly Span[]): void {
    if (bucket < this.#measureAt) return;
    let next = Number.POSITIVE_INFINITY;
    for (let index = 0; index < spreadLengths.length; index += 1) {
      const spread = this.#spread[index]!;
      const length = spreadLengths[index]!;
      const end = Math.floor(bucket / length) * length;
      next = Math.min(next, end + length);
      if (end <= spread.measured) continue;
      const first = spread.measured + length;
      const silent = (end - first) / length;
      spread.measured = end;
      const which = spreadLevels[index]!;
      const level = this.#levels[which]!;
      // The level must have an hour of knowledge before its errors mean anything.
      if (level.exposure[memories.length - 1]! < bucketsPerHour) continue;
      const rate = this.#rate(which);
      if (overlaps(this.#failing, first - length, first)) continue;
      if (overlaps(blind, first - length, first)) continue;
      let voices = 0;
      for (let i = this.#at.length - 1; i >= 0 && this.#at[i]! >= first - length; i -= 1) {
        if (this.#at[i]! < first) voices += this.#count[i]!;
      }
      const exposure = this.#exposure(first - length, first);
      learnSpread(spread, index, 1, voices, exposure * rate.mean, rate.variance);
      if (silent > 0) {
        // What followed until now was silence; the last hours stand for all of it.
        const windows = Math.min(silent, Math.ceil(bucketsPerWeek / length));
        learnSpread(spread, index, windows, 0, exposure * rate.mean, rate.variance);
      }
      if (length === delays[which]) {
        const variance = variancesOf(this.#spread)[index]!;
        judgeMemories(level, length, exposure, voices, variance);
      }
    }
    this.#measureAt = next;
  }

  /** The levels were counted without rhythm; what they have seen is weighed by it from now on. */
  #adoptRhythm(now: number): void {
    const step = bucketsPerHour / 2;
    memories.forEach((memory, i) => {
      let weights = 0;
      let factors = 0;
      for (let age = 0; age < 24 * bucketsPerHour; age += step) {
        const weight = Math.exp(-age / memory);
        weights += weight;
        factors += weight * this.#profile!.at(now - age);
      }
      for (const level of this.#levels) level.exposure[i]! *= factors / weights;
    });
    this.#rates.fill(null);
  }

  #turnHours(hour: number, blind: readonly Span[]): void {
    if (hour <= this.#hour) return;
    const first = this.#hour;
    this.#hour = hour;
    const gap = hour - first;
    // After more than a week of silence the older hours say nothing new.
    for (let one = Math.max(first, hour - 168); one < hour; one += 1) this.#closeHour(one, blind);
    if (gap > 168) this.#dayVoices = 0;
  }

  /** Gives the rhythm an hour, without the buckets that must not be learnt. */
  #closeHour(hour: number, blind: readonly Span[]): void {
    const from = hour * bucketsPerHour;
    const to = from + bucketsPerHour;
    let learnt = bucketsPerHour;
    for (const spans of [this.#frozen, blind]) {
      for (const span of spans) {
        learnt -= Math.max(0, Math.min(to, span[1]) - Math.max(from, span[0]));
      }
    }
    let voices = 0;
    for (let i = this.#at.length - 1; i >= 0 && this.#at[i]! >= from; i -= 1) {
      const at = this.#at[i]!;
      if (at < to && this.#unlearntUntil(at, blind) === at) voices += this.#count[i]!;
    }
    this.#dayVoices = this.#dayVoices * (23 / 24) + voices;
    if (this.#profile === null) {
      if (this.#dayVoices < rhythmVoices) return;
      this.#profile = new Profile();
    }
    if (learnt >= bucketsPerHour / 4) {
      const flat = !this.#profile.ready;
      this.#profile.observe(hour, voices, learnt / bucketsPerHour);
      if (flat && this.#profile.ready) this.#adoptRhythm(to);
    }
  }

  #learn(index: number, until: number, blind: readonly Span[]): void {
    const level = this.#levels[index]!;
    if (until <= level.next) return;
    let position = level.next;
    let i = firstFrom(this.#at, position);
    while (position < until) {
      const skip = Math.min(until, this.#unlearntUntil(position, blind));
      if (skip > position) {
        while (i < this.#at.length && this.#at[i]! < skip) i += 1;
        position = skip;
        continue;
      }
      // A stretch of silence with one count at its end.
      let stop = until;
      for (const span of this.#frozen) if (span[0] > position && span[0] < stop) stop = span[0];
      for (const span of blind) if (span[0] > position && span[0] < stop) stop = span[0];
      const at = this.#at[i];
      let voices = 0;
      if (at !== undefined && at < stop) {
        voices = this.#count[i]!;
        i += 1;
        stop = at + 1;
      }
      learnLevel(level, stop - position, this.#exposure(position, stop), voices);
      position = stop;
    }
    level.next = until;
  }

  #unlearntUntil(bucket: number, blind: readonly Span[]): number {
    for (const [from, to] of this.#frozen) if (bucket >= from && bucket < to) return to;
    for (const [from, to] of blind) if (bucket >= from && bucket < to) return to;
    return bucket;
  }

  /** Joins counts that are older than ten minutes into minutes. */
  #merge(before: number): void {
    // Usually only one entry has become old since the last time; find where the fine ones begin.
    let end = this.#at.length;
    while (end > 0 && this.#at[end - 1]! >= before) end -= 1;
    let read = end;
    while (read > 0 && this.#at[read - 1]! % bucketsPerMinute !== 0) read -= 1;
    while (read > 0 && end - read < 2 * bucketsPerMinute) read -= 1;
    let write = read;
    for (; read < this.#at.length; read += 1) {
      const at = this.#at[read]!;
      const minute = Math.floor(at / bucketsPerMinute) * bucketsPerMinute;
      const old = minute + bucketsPerMinute <= before;
      if (old && write > 0 && this.#at[write - 1] === minute) {
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

/** Index of the first entry at or after a bucket. */
function firstFrom(at: readonly number[], bucket: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! < bucket) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds a bucket to rising spans. */
function extend(spans: Span[], bucket: number): void {
  const last = spans.at(-1);
  if (last !== undefined && last[1] >= bucket) last[1] = Math.max(last[1], bucket + 1);
  else spans.push([bucket, bucket + 1]);
}

function overlaps(spans: readonly Span[], from: number, to: number): boolean {
  for (const span of spans) if (span[0] < to && span[1] > from) return true;
  return false;
}

function levelFor(length: number): number {
  return length <= delays[0] ? 0 : length <= delays[1] ? 1 : length <= delays[2] ? 2 : 3;
}

const memoryNumbers = z.array(z.number()).length(memories.length);
export const seriesState = z.strictObject({
  now: z.number(),
  at: z.array(z.number()),
  n: z.array(z.number()),
  levels: z
    .array(
      z.strictObject({
        next: z.number(),
        voices: memoryNumbers,
        exposure: memoryNumbers,
        merit: memoryNumbers,
      }),
    )
    .length(delays.length),
  spread: z
    .array(z.strictObject({ weight: z.number(), sum: z.number(), measured: z.number() }))
    .length(spreadLengths.length),
  frozen: z.array(z.tuple([z.number(), z.number()])),
  failing: z.array(z.tuple([z.number(), z.number()])),
  profile: profileState.nullable(),
  hour: z.number(),
  dayVoices: z.number(),
});
export type SeriesState = z.infer<typeof seriesState>;
export type { ProfileState };
