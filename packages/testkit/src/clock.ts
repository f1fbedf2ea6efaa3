/** A clock that moves only when told to, with the timers that wait on it. */
export interface FakeClock {
  /** Epoch milliseconds. */
  now(): number;
  /** The same as the contracts write it. */
  instant(): string;
  /** Moves on by `ms` and runs what falls due on the way, in order of time. */
  advance(ms: number): Promise<void>;
  /** Resolves once the clock has moved on by `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** How many sleepers wait. */
  readonly waiting: number;
}

/** @param start where the clock stands, ISO 8601 or epoch milliseconds */
export function fakeClock(start: string | number = '2025-04-16T12:00:00.000Z'): FakeClock {
  let now = typeof start === 'number' ? start : Date.parse(start);
  if (Number.isNaN(now)) throw new RangeError(`no time: ${start}`);
  let sleepers: { due: number; wake: () => void }[] = [];

  return {
    now: () => now,
    instant: () => new Date(now).toISOString(),
    get waiting() {
      return sleepers.length;
    },
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        sleepers.sort((a, b) => a.due - b.due);
        const next = sleepers[0];
        if (next === undefined || next.due > until) break;
        sleepers.shift();
        now = Math.max(now, next.due);
        next.wake();
        // What the woken one starts runs before the clock moves on.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      now = until;
    },
    sleep(ms, signal) {
      return new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { due: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener(
          'abort',
          () => {
            sleepers = sleepers.filter((other) => other !== sleeper);
            reject(signal.reason);
          },
          { once: true },
        );
      });
    },
  };
}
