import type { ProbeResult } from './attempt.ts';

/** Fewer different hosts than this prove nothing. */
const fewestHosts = 3;
/** More are not needed, however many are watched. */
const enoughHosts = 10;
/** Intervals without any answer; three failures of one host take longer, so we doubt us first. */
const silentIntervals = 1.5;

/**
 * Tells our own outage from theirs: when nobody at all has answered for more than an interval, and
 * many hosts were tried, it is our network that fails, and nothing is known about any target.
 */
export class OwnNetwork {
  #silent = new Set<string>();
  #lastReachedAt: number;
  #everReached = false;
  #needed: number;
  #intervalMs: number;

  /** @param hosts how many different hosts are probed: with one or two, doubt is not possible */
  constructor(hosts: number, intervalMs: number, now: number) {
    this.#needed =
      hosts < fewestHosts
        ? Number.POSITIVE_INFINITY
        : Math.min(enoughHosts, Math.max(fewestHosts, Math.ceil(hosts * 0.75)));
    this.#intervalMs = intervalMs;
    this.#lastReachedAt = now;
  }

  /** @param at epoch milliseconds */
  take(host: string, result: Pick<ProbeResult, 'reached'>, at: number): void {
    if (result.reached) {
      this.#silent.clear();
      this.#lastReachedAt = at;
      this.#everReached = true;
    } else this.#silent.add(host);
  }

  isBlind(now: number): boolean {
    return (
      this.#silent.size >= this.#needed &&
      now - this.#lastReachedAt >= silentIntervals * this.#intervalMs
    );
  }

  /** Whether anybody has answered yet. */
  get everReached(): boolean {
    return this.#everReached;
  }

  /** Epoch milliseconds of the last answer from anywhere; of the start before the first. */
  get lastReachedAt(): number {
    return this.#lastReachedAt;
  }
}
