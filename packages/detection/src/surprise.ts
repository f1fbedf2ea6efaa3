/**
 * Surprise of a series of numbers of which nothing is known but that they come in steps: no voices,
 * no Poisson noise, often heavy tails. Used where a count of voices is not to be had, and to compare
 * the idea with published detectors; the outages of the product are decided by the scan (`series.ts`).
 *
 * Each value is smoothed over several windows and set against levels of several memories, on a
 * logarithmic scale. How surprising an excess is, its own history tells: of the excesses above the
 * level that is passed about once a day, the mean excess gives an exponential tail (peaks over a
 * threshold; Pickands 1975, Siffer et al. 2017). The scores of all windows and memories are averaged,
 * so that none has to be chosen (Shin, Ramdas & Rinaldo 2022 on averaging e-detectors).
 */
export interface SurpriseScorer {
  /**
   * Takes the next value, not negative.
   * @returns nats of surprise, 0 for what is usual; within a day only what surprises more than
   *   before is told again
   */
  next(value: number): number;
}

/** Windows in steps, each about twice the last. */
const windows = [1, 2, 3, 6, 12] as const;
/** A tail wants this many excesses, and a history of this many values before it may speak. */
const leastExcesses = 10;
const leastHistory = 60;

/** @param stepsPerDay how many values a day brings; it sets memories of a day and a week */
export function createSurpriseScorer(stepsPerDay: number): SurpriseScorer {
  const members = windows.flatMap((window) =>
    [stepsPerDay, 7 * stepsPerDay].map((memory) => ({
      window,
      memory,
      level: 0,
      tail: new Tail(),
    })),
  );
  const recent: number[] = [];
  let seen = 0;
  let peak = 0;
  let quiet = 0;
  return {
    next(value) {
      seen += 1;
      recent.push(value);
      if (recent.length > windows.at(-1)!) recent.shift();
      const now = Math.log(1 + value);
      let total = 0;
      for (const member of members) {
        const part = recent.slice(-member.window);
        const mean = part.reduce((sum, one) => sum + one, 0) / part.length;
        if (seen === 1) member.level = now;
        total += member.tail.add(Math.log(1 + mean) - member.level, 1 / stepsPerDay);
        // A plain mean at first, then one that forgets.
        member.level += Math.max(1 / seen, 1 / member.memory) * (now - member.level);
      }
      const surprise = total / members.length;
      if (surprise > peak) {
        peak = surprise;
        quiet = 0;
        return surprise;
      }
      quiet += 1;
      if (quiet >= stepsPerDay) peak = 0;
      return 0;
    },
  };
}

/** The upper tail of what was seen. */
class Tail {
  readonly #sorted: number[] = [];

  /** @returns `-ln` of the probability of so much, judged by what came before */
  add(value: number, rate: number): number {
    const sorted = this.#sorted;
    const n = sorted.length;
    let surprise = 0;
    if (n > leastHistory) {
      const count = Math.max(leastExcesses, Math.floor(n * rate));
      const bar = sorted[n - count]!;
      if (value > bar) {
        let excess = 0;
        for (let i = n - count; i < n; i += 1) excess += sorted[i]! - bar;
        surprise = Math.log(n / count) + (value - bar) / Math.max(excess / count, 1e-9);
      }
    }
    let low = 0;
    let high = n;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    sorted.splice(low, 0, value);
    return surprise;
  }
}
