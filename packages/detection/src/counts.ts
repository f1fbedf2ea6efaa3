import { bucketsPerMinute } from './settings.ts';

/** Beyond these ages, in buckets, counts are kept per minute, and per ten minutes. */
const fineBuckets = 60;
const minuteBuckets = 360;
const tenMinutes = 10 * bucketsPerMinute;

/** The longest time over which counts are kept, in buckets: four hours. */
export const longest = 1440;

/** The unit in which counts of an age are kept, in buckets. */
export function unitAt(age: number): number {
  return age < fineBuckets ? 1 : age <= minuteBuckets ? bucketsPerMinute : tenMinutes;
}

export function wholeUnits(bucket: number, unit: number): number {
  return unit === 1 ? bucket : Math.floor(bucket / unit) * unit;
}

/**
 * What a series counted lately: entries of a first bucket and a count, in rising order. They are kept
 * per bucket for ten minutes, per minute for an hour, per ten minutes for four hours, so that a busy
 * series holds some hundred and fifty and a silent one none.
 */
export class Counts {
  readonly #at: number[];
  readonly #count: number[];
  /** Minute up to which old counts were joined. */
  #joinedAt = 0;

  constructor(at: readonly number[], count: readonly number[]) {
    this.#at = [...at];
    this.#count = [...count];
  }

  toState(): { at: number[]; n: number[] } {
    return { at: [...this.#at], n: [...this.#count] };
  }

  /** Entries, by index. */
  get length(): number {
    return this.#at.length;
  }

  bucket(index: number): number {
    return this.#at[index]!;
  }

  count(index: number): number {
    return this.#count[index]!;
  }

  /** Appends the count of a bucket that is later than all before. */
  push(bucket: number, count: number): void {
    this.#at.push(bucket);
    this.#count.push(count);
  }

  /** Sum of what was counted in [from, to). */
  sum(from: number, to: number): number {
    let sum = 0;
    for (let i = this.#at.length - 1; i >= 0 && this.#at[i]! >= from; i -= 1) {
      if (this.#at[i]! < to) sum += this.#count[i]!;
    }
    return sum;
  }

  /** Index of the first entry at or after a bucket. */
  indexFrom(bucket: number): number {
    let low = 0;
    let high = this.#at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#at[middle]! < bucket) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Drops and joins what has become old. */
  age(now: number): void {
    const oldest = now - longest - tenMinutes;
    let drop = 0;
    while (drop < this.#at.length && this.#at[drop]! < oldest) drop += 1;
    if (drop > 0) {
      this.#at.splice(0, drop);
      this.#count.splice(0, drop);
    }
    const minute = Math.floor(now / bucketsPerMinute);
    if (minute === this.#joinedAt) return;
    this.#joinedAt = minute;
    this.#join(now - fineBuckets, bucketsPerMinute);
    this.#join(now - minuteBuckets - bucketsPerMinute, tenMinutes);
  }

  /** Joins counts from before a bucket into units of several. */
  #join(before: number, unit: number): void {
    let write = 0;
    for (let read = 0; read < this.#at.length; read += 1) {
      const at = this.#at[read]!;
      const start = wholeUnits(at, unit);
      // The same entries join whenever in a minute this is asked, also after a restart.
      const old = start + unit <= before;
      if (old && write > 0 && this.#at[write - 1] === start) {
        this.#count[write - 1] = this.#count[write - 1]! + this.#count[read]!;
        continue;
      }
      this.#at[write] = old ? start : at;
      this.#count[write] = this.#count[read]!;
      write += 1;
    }
    this.#at.length = write;
    this.#count.length = write;
  }
}
