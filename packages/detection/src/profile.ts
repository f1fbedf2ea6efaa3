import { z } from 'zod';
import { bucketsPerHour } from './settings.ts';

/**
 * Hour-of-week rhythm of a series, as factors around one.
 *
 * A young or tiny series has no rhythm of its own: the factor of an hour of the week is drawn to the
 * one of its hour of the day, and that to one, by a prior worth `priorVoices` voices. Old weeks fade.
 */
export class Profile {
  /** Voices and hours seen, per hour of the day, then per hour of the week. */
  #voices: Float64Array;
  #hours: Float64Array;
  #factors = new Float64Array(hoursPerWeek).fill(1);
  #dirty = true;
  #ready = false;

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
    let mean = 0;
    for (let slot = 0; slot < 24; slot += 1) {
      // Before every hour of the day was seen there is no telling a rhythm from a change.
      if (this.#hours[slot]! < 0.25) return;
      mean += this.#voices[slot]! / this.#hours[slot]! / 24;
    }
    this.#ready = true;
    for (let hour = 0; hour < hoursPerWeek; hour += 1) {
      const day = hour % 24;
      const daily = shrunk(this.#voices[day]!, this.#hours[day]! * mean, 1);
      const slot = 24 + hour;
      const factor = shrunk(this.#voices[slot]!, this.#hours[slot]! * mean, daily);
      this.#factors[hour] = Math.min(20, Math.max(0.05, factor));
    }
  }
}

function shrunk(voices: number, expected: number, prior: number): number {
  return (voices + priorVoices * prior) / (expected + priorVoices);
}

const hoursPerWeek = 168;
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
