/** Resolves after `ms`, or at once when the signal aborts; never rejects. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    function end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
  });
}

export interface BackOff {
  /** Milliseconds to wait before the next try; grows with each call. */
  next(): number;
  /** Back to the first wait, after something worked. */
  reset(): void;
}

/**
 * Doubling waits from `firstMs` to `mostMs`. Jitter takes up to half away, so that many clients of
 * one server that restarted do not come back in one moment.
 */
export function createBackOff(
  firstMs: number,
  mostMs: number,
  random: () => number = Math.random,
): BackOff {
  let attempt = 0;
  return {
    next() {
      const full = Math.min(mostMs, firstMs * 2 ** attempt);
      attempt += 1;
      return full / 2 + (full / 2) * random();
    },
    reset() {
      attempt = 0;
    },
  };
}

/** `work`, at `everyMs` intervals and never twice at once, until the signal aborts. */
export async function every(
  everyMs: number,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await work();
    await wait(everyMs, signal);
  }
}

/**
 * Runs tasks side by side until all have ended. The first that rejects aborts the signal that the
 * others were given; its error is thrown once everybody is home.
 */
export async function together(
  signal: AbortSignal,
  tasks: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const failure = new AbortController();
  const both = AbortSignal.any([signal, failure.signal]);
  const results = await Promise.allSettled(
    tasks.map((task) =>
      task(both).catch((error: unknown) => {
        failure.abort();
        throw error;
      }),
    ),
  );
  const rejected = results.find((result) => result.status === 'rejected');
  if (rejected !== undefined) throw rejected.reason;
}

export interface Bell {
  /** Wakes whoever waits. */
  ring(): void;
  /** Resolves at the next ring, or when the signal aborts. */
  heard(signal?: AbortSignal): Promise<void>;
}

/** Lets one task sleep until another has something for it. */
export function createBell(): Bell {
  let next = Promise.withResolvers<void>();
  return {
    ring() {
      next.resolve();
      next = Promise.withResolvers<void>();
    },
    heard(signal) {
      const { promise } = next;
      if (signal === undefined) return promise;
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const end = () => {
          signal.removeEventListener('abort', end);
          resolve();
        };
        signal.addEventListener('abort', end, { once: true });
        void promise.then(end);
      });
    },
  };
}
