import { Counts, longest, unitAt, wholeUnits } from './counts.ts';
import type { Finding } from './finding.ts';
import type { Level, Rate } from './level.ts';
import { beginLevel, judgeMemories, learnLevel, memories, rateOf, restoreLevel } from './level.ts';
import { tailBound, tailEvidence } from './numbers.ts';
import { Rhythm } from './rhythm.ts';
import type { SeriesState } from './series-state.ts';
import { delays } from './series-state.ts';
import { bucketsPerHour, bucketsPerWeek } from './settings.ts';
import type { Span } from './spans.ts';
import { covered, dropSpans, endOfSpanAt, extend, nextSpan, overlaps } from './spans.ts';
import type { Spread } from './spread.ts';
import {
  beginSpread,
  learnSpread,
  spreadLengths,
  spreadLevels,
  varianceAt,
  variancesOf,
} from './spread.ts';
import { looks, windowStart, windows } from './windows.ts';

/**
 * One series: what was counted lately, what is normal, and whether a window strays from it.
 *
 * Levels follow behind with a delay, so that a window is always compared with a level that has not
 * seen it. Nothing is done for a series that is silent: its zeros are worked off in one step when the
 * next voice comes.
 */

/** Exposure that a level must have, in buckets: after ten minutes it may speak. */
const leastKnown = 60;

/** How far hours stray from a day's mean when the rhythm is not known: relative variance. */
const ofDay = 0.15;

const tenMinutes = bucketsPerHour / 6;

/** Weighted voices that a window must hold to be looked at; an outage wants more anyway. */
const fewest = 2.5;

export class Series {
  /** Next bucket that is not taken yet. */
  #now: number;
  #counts: Counts;
  #levels: Level[];
  #spread: Spread[];
  /** Spans that are not learnt, and those of them that an outage fills. */
  #frozen: Span[];
  #failing: Span[];
  #rhythm: Rhythm;
  /** Bucket at whose coming the next measured window is complete. */
  #measureAt = 0;
  /** How far it strays by what it has seen alone, kept between changes. */
  #variances: readonly number[] | null = null;
  /** The same as a part of a whole, and the whole's that went into it. */
  #asPart: readonly number[] = [];
  #ofWhole: readonly number[] | null = null;
  /** Believed rates, kept between changes. */
  readonly #rates: (Rate | null)[] = delays.map(() => null);

  private constructor(state: SeriesState) {
    this.#now = state.now;
    this.#counts = new Counts(state.at, state.n);
    this.#levels = state.levels.map(restoreLevel);
    this.#spread = state.spread.map((spread) => ({ ...spread }));
    this.#frozen = state.frozen.map(([from, to]) => [from, to]);
    this.#failing = state.failing.map(([from, to]) => [from, to]);
    this.#rhythm = Rhythm.restore(state);
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
      ...Rhythm.begin(since).toState(),
    });
  }

  static restore(state: SeriesState): Series {
    return new Series(state);
  }

  toState(): SeriesState {
    return {
      now: this.#now,
      ...this.#counts.toState(),
      levels: this.#levels.map((level) => ({
        next: level.next,
        voices: [...level.voices],
        exposure: [...level.exposure],
        merit: [...level.merit],
      })),
      spread: this.#spread.map((spread) => ({ ...spread })),
      frozen: this.#frozen.map(([from, to]) => [from, to]),
      failing: this.#failing.map(([from, to]) => [from, to]),
      ...this.#rhythm.toState(),
    };
  }

  /** Lets it go by the rhythm of the series of which it is a part, instead of one of its own. */
  goBy(whole: Series): void {
    this.#rhythm.goBy(whole.#rhythm);
  }

  /** The bucket up to which it has come. */
  get now(): number {
    return this.#now;
  }

  /** Adds what a bucket counted. Buckets come in rising order. */
  add(bucket: number, count: number, blind: readonly Span[]): void {
    this.advance(bucket, blind);
    if (count > 0) this.#counts.push(bucket, count);
  }

  /**
   * Moves on to a bucket: measures the windows that are complete, lets the levels learn what has
   * become old enough, forgets old counts.
   * @param blind spans in which not all could be seen; they are not learnt
   */
  advance(bucket: number, blind: readonly Span[]): void {
    const now = bucket + 1;
    if (now <= this.#now) return;
    if (this.#rhythm.borrow()) this.#adoptRhythm(this.#now);
    this.#measure(bucket, blind);
    this.#rhythm.turn(
      Math.floor(bucket / bucketsPerHour),
      (hour) => this.#voicesIn(hour, blind),
      (known) => this.#adoptRhythm(known),
    );
    this.#now = now;
    for (let i = 0; i < delays.length; i += 1) {
      // Old counts are whole minutes or more, so old levels learn these.
      this.#learn(i, wholeUnits(now - delays[i]!, unitAt(delays[i]!)), blind);
    }
    this.#rates.fill(null);
    this.#counts.age(now);
    const oldest = now - longest - unitAt(longest);
    dropSpans(this.#frozen, oldest);
    dropSpans(this.#failing, oldest);
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
    return this.#counts.sum(this.#now - length, this.#now);
  }

  /** The first bucket from `bucket` on that counted something. */
  firstFrom(bucket: number): number {
    const index = this.#counts.indexFrom(bucket);
    return index < this.#counts.length ? this.#counts.bucket(index) : bucket;
  }

  /** Weighted voices that are normal in the last `length` buckets. */
  expected(length: number): number {
    let index = levelFor(length);
    const seen = memories.length - 1;
    while (index > 0 && this.#levels[index]!.exposure[seen]! < bucketsPerHour) index -= 1;
    return this.#rhythm.exposure(this.#now - length, this.#now) * this.#rate(index).mean;
  }

  /**
   * The window that speaks most for a rise, relative to its threshold; null when none exceeds.
   * @param budget what is added to ln(looks per week) for the bar; asked for when it matters
   * @param leastBudget what it is at least
   * @param leak voices in a window [from, now) that the classifier may have taken for complaints
   * @param whole the series of which this one is a part: what strays there strays here
   * @param notBefore no window reaches back beyond this bucket: what lies there is told already
   */
  scan(
    budget: () => number,
    leastBudget: number,
    notBefore: number,
    leak: (from: number, length: number) => number,
    whole: Series | null,
  ): Finding | null {
    let variances: readonly number[] | null = null;
    let best: Finding | null = null;
    let sum = 0;
    const counts = this.#counts;
    let i = counts.length - 1;
    const { profile } = this.#rhythm;
    const exposures = profile === null ? null : profile.exposures(this.#now);
    const rhythm = this.hasRhythm;
    const days = rhythm || whole?.hasRhythm === true;
    for (let w = 0; w < windows.length; w += 1) {
      const window = windows[w]!;
      // Over hours a day's rise looks like an excess until a day was seen.
      if (window > bucketsPerHour && !days) break;
      let from = windowStart(this.#now, w);
      const clipped = from < notBefore;
      if (clipped) {
        if (notBefore >= this.#now) break;
        from = notBefore;
      }
      while (i >= 0 && counts.bucket(i) >= from) {
        sum += counts.count(i);
        i -= 1;
      }
      if (sum < fewest) {
        if (clipped) break;
        continue;
      }
      const exposure =
        exposures === null
          ? this.#now - from
          : clipped
            ? profile!.exposure(from, this.#now)
            : exposures[w]!;
      const which = levelFor(window);
      const rate = this.#rate(which);
      const mean = exposure * rate.mean;
      const known = this.#levels[which]!.exposure[memories.length - 1]!;
      if (sum > mean && known >= leastKnown) {
        variances ??= whole === null ? this.variances() : this.#variancesIn(whole);
        const unsure = days ? window > bucketsPerHour && !rhythm : window > tenMinutes;
        const unknown = unsure ? ofDay : 0;
        const dispersion = rate.variance + varianceAt(variances, window) + unknown;
        if (tailBound(sum, mean, dispersion) >= 0.4 * (looks[w]! + leastBudget)) {
          const threshold = looks[w]! + budget();
          const length = this.#now - from;
          const expected = mean + leak(from, length);
          const score = tailEvidence(sum, expected, dispersion);
          if (best === null || score * best.threshold > best.score * threshold) {
            best = { from, length, observed: sum, expected, score, threshold };
          }
        }
      }
      if (clipped) break;
    }
    return best;
  }

  /** How far this series strays, by length of window. */
  variances(): readonly number[] {
    this.#variances ??= variancesOf(this.#spread);
    return this.#variances;
  }

  #variancesIn(whole: Series): readonly number[] {
    const usual = whole.variances();
    if (this.#ofWhole !== usual) {
      this.#asPart = variancesOf(this.#spread, usual);
      this.#ofWhole = usual;
    }
    return this.#asPart;
  }

  /** Whether it knows its day. */
  get hasRhythm(): boolean {
    return this.#rhythm.known;
  }

  #rate(index: number): Rate {
    let rate = this.#rates[index]!;
    if (rate === null) {
      rate = rateOf(this.#levels[index]!);
      this.#rates[index] = rate;
    }
    return rate;
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
      const voices = this.#counts.sum(first - length, first);
      const exposure = this.#rhythm.exposure(first - length, first);
      this.#variances = null;
      this.#ofWhole = null;
      learnSpread(spread, index, 1, voices, exposure * rate.mean, rate.variance);
      if (silent > 0) {
        // What followed until now was silence; the last hours stand for all of it.
        const windows = Math.min(silent, Math.ceil(bucketsPerWeek / length));
        learnSpread(spread, index, windows, 0, exposure * rate.mean, rate.variance);
      }
      if (length === delays[which]) {
        const variance = this.variances()[index]!;
        judgeMemories(level, length, exposure, voices, variance);
      }
    }
    this.#measureAt = next;
  }

  /** The levels were counted without rhythm; what they have seen is weighed by it from now on. */
  #adoptRhythm(now: number): void {
    const rhythm = this.#rhythm.profile!;
    const step = bucketsPerHour / 2;
    memories.forEach((memory, i) => {
      let weights = 0;
      let factors = 0;
      for (let age = 0; age < 24 * bucketsPerHour; age += step) {
        const weight = Math.exp(-age / memory);
        weights += weight;
        factors += weight * rhythm.at(now - age);
      }
      for (const level of this.#levels) level.exposure[i]! *= factors / weights;
    });
    this.#rates.fill(null);
  }

  /** Voices of an hour, without the buckets that must not be learnt, and the part that is left. */
  #voicesIn(hour: number, blind: readonly Span[]): { voices: number; part: number } {
    const from = hour * bucketsPerHour;
    const to = from + bucketsPerHour;
    const learnt = bucketsPerHour - covered(this.#frozen, from, to) - covered(blind, from, to);
    let voices = 0;
    const counts = this.#counts;
    for (let i = counts.length - 1; i >= 0 && counts.bucket(i) >= from; i -= 1) {
      const at = counts.bucket(i);
      if (at < to && this.#unlearntUntil(at, blind) === at) voices += counts.count(i);
    }
    return { voices, part: learnt / bucketsPerHour };
  }

  #learn(index: number, until: number, blind: readonly Span[]): void {
    const level = this.#levels[index]!;
    if (until <= level.next) return;
    let position = level.next;
    const counts = this.#counts;
    let i = counts.indexFrom(position);
    while (position < until) {
      const skip = Math.min(until, this.#unlearntUntil(position, blind));
      if (skip > position) {
        while (i < counts.length && counts.bucket(i) < skip) i += 1;
        position = skip;
        continue;
      }
      // A stretch of silence with one count at its end.
      let stop = nextSpan(blind, position, nextSpan(this.#frozen, position, until));
      let voices = 0;
      if (i < counts.length && counts.bucket(i) < stop) {
        voices = counts.count(i);
        stop = counts.bucket(i) + 1;
        i += 1;
      }
      learnLevel(level, stop - position, this.#rhythm.exposure(position, stop), voices);
      position = stop;
    }
    level.next = until;
  }

  #unlearntUntil(bucket: number, blind: readonly Span[]): number {
    const until = endOfSpanAt(bucket, this.#frozen);
    return until > bucket ? until : endOfSpanAt(bucket, blind);
  }
}

function levelFor(length: number): number {
  let level = 0;
  while (level < delays.length - 1 && length > delays[level]!) level += 1;
  return level;
}
