import { z } from 'zod';
import { bucketsPerHour, hoursPerWeek } from './settings.ts';
import { windowStart, windows } from './windows.ts';

/**
 * Hour-of-week rhythm of a series, as factors around one.
 *
 * A young or tiny series has no rhythm of its own, so each step is drawn to the one before by a prior
 * worth `priorVoices` voices: a smooth day (an hour with its neighbours), the hour of the day, the
 * half day of the week around an hour (working days and weekends, whatever the time zone), and the
 * hour of the week itself. Old weeks fade.
 */
export class Profile {
  /** Voices and hours seen, per hour of the day, then per hour of the week. */
  #voices: Float64Array;
  #hours: Float64Array;
  #factors = new Float64Array(hoursPerWeek).fill(1);
  #dirty = true;
  #ready = false;
  #exposures = new Float64Array(windows.length);
  #exposedAt = -1;

  constructor(state?: ProfileState) {
    this.#voices = Float64Array.from(state?.voices ?? new Array(slots).fill(0));
    this.#hours = Float64Array.from(state?.hours ?? new Array(slots).fill(0));
  }

  /**
   * Takes the voices of an hour (numbered from the epoch).
   * @param part how much of the hour they stand for, 0 to 1
   */
  observe(hour: number, voices: number, part: number): void {
    for (const slot of [hour % 24, 24 + (hour % hoursPerWeek)]) {
      const fade = slot < 24 ? dayFade : weekFade;
      this.#voices[slot] = this.#voices[slot]! * fade + voices;
      this.#hours[slot] = this.#hours[slot]! * fade + part;
    }
    this.#dirty = true;
  }

  /** Whether every hour of the day was seen; until then all factors are one. */
  get ready(): boolean {
    if (this.#dirty) this.#refresh();
    return this.#ready;
  }

  /** Factor at a bucket: hours are joined by straight lines between their middles. */
  at(bucket: number): number {
    if (this.#dirty) this.#refresh();
    const position = bucket / bucketsPerHour - 0.5;
    const hour = Math.floor(position);
    const part = position - hour;
    const before = this.#factors[hour % hoursPerWeek]!;
    const after = this.#factors[(hour + 1) % hoursPerWeek]!;
    return before + (after - before) * part;
  }

  /** Exposures of all scanned windows that end before `now`; many parts ask for the same. */
  exposures(now: number): Float64Array {
    if (this.#dirty) this.#refresh();
    if (this.#exposedAt === now) return this.#exposures;
    this.#exposedAt = now;
    let sum = 0;
    let reached = now;
    for (let w = 0; w < windows.length; w += 1) {
      const from = windowStart(now, w);
      sum += this.exposure(from, reached);
      this.#exposures[w] = sum;
      reached = from;
    }
    return this.#exposures;
  }

  /** Sum of the factors of the buckets [from, to). */
  exposure(from: number, to: number): number {
    // Beyond two weeks the rhythm has evened out.
    const start = Math.max(from, to - 2 * hoursPerWeek * bucketsPerHour);
    let sum = start - from;
    let position = start;
    while (position < to) {
      const stop = Math.min(to, (Math.floor(position / halfHour) + 1) * halfHour);
      // Straight between the middles of hours, which lie on half hours: the mean is the middle's.
      sum += (stop - position) * this.at((position + stop) / 2 - 0.5);
      position = stop;
    }
    return sum;
  }

  toState(): ProfileState {
    return { voices: [...this.#voices], hours: [...this.#hours] };
  }

  #refresh(): void {
    this.#dirty = false;
    this.#exposedAt = -1;
    let mean = 0;
    for (let slot = 0; slot < 24; slot += 1) {
      // Before every hour of the day was seen there is no telling a rhythm from a change.
      if (this.#hours[slot]! < 0.25) return;
      mean += this.#voices[slot]! / this.#hours[slot]! / 24;
    }
    this.#ready = true;
    const expected = Array.from(this.#hours, (hours) => hours * mean);
    const daily = this.#daily(expected);
    // Sums over the half days around each hour of the week, of what came and what the day foretells.
    let came = 0;
    let foretold = 0;
    for (let k = -halfDay; k < halfDay; k += 1) {
      const hour = (k + hoursPerWeek) % hoursPerWeek;
      came += this.#voices[24 + hour]!;
      foretold += expected[24 + hour]! * daily[hour % 24]!;
    }
    for (let hour = 0; hour < hoursPerWeek; hour += 1) {
      const enters = (hour + halfDay) % hoursPerWeek;
      came += this.#voices[24 + enters]!;
      foretold += expected[24 + enters]! * daily[enters % 24]!;
      const usual = daily[hour % 24]! * shrunk(came, foretold, 1);
      // One week may have been a holiday or an odd one: the half day around counts half a week too.
      const factor = shrunk(this.#voices[24 + hour]!, expected[24 + hour]!, usual, 0.5 * mean);
      this.#factors[hour] = Math.min(20, Math.max(0.05, factor));
      const leaves = (hour - halfDay + hoursPerWeek) % hoursPerWeek;
      came -= this.#voices[24 + leaves]!;
      foretold -= expected[24 + leaves]! * daily[leaves % 24]!;
    }
  }

  /** Factors by hour of the day: each hour drawn to itself and its neighbours, and these to one. */
  #daily(expected: readonly number[]): number[] {
    return Array.from({ length: 24 }, (_, hour) => {
      let came = 0;
      let flat = 0;
      for (let k = -neighbours.length + 1; k < neighbours.length; k += 1) {
        const weight = neighbours[Math.abs(k)]!;
        const slot = (hour + k + 24) % 24;
        came += weight * this.#voices[slot]!;
        flat += weight * expected[slot]!;
      }
      return shrunk(this.#voices[hour]!, expected[hour]!, shrunk(came, flat, 1));
    });
  }
}

/** @param more voices that the prior is worth beyond the usual */
function shrunk(voices: number, expected: number, prior: number, more = 0): number {
  const strength = priorVoices + more;
  return (voices + strength * prior) / (expected + strength);
}

/** Weights of the hours around an hour, nearest first. */
const neighbours = [1, 0.8, 0.4, 0.1] as const;
const halfDay = 6;
const halfHour = bucketsPerHour / 2;
const slots = 24 + hoursPerWeek;
/** A week ago counts two thirds; per hour of the day that is 0.94 a day. */
const weekFade = 0.67;
const dayFade = 0.67 ** (1 / 7);
/** With this many voices an hour is known to about a fifth. */
const priorVoices = 30;

export const profileState = z.strictObject({
  voices: z.array(z.number()).length(slots),
  hours: z.array(z.number()).length(slots),
});
export type ProfileState = z.infer<typeof profileState>;
