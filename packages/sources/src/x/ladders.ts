import type { BlindReason } from '../source.ts';

/** How long to wait before the next connection, by what went wrong; see the API's own advice. */
export interface Ladders {
  network(): number;
  http(): number;
  /** @param resetMs epoch milliseconds at which the limit is lifted, where the answer tells */
  limited(now: number, resetMs: number | undefined): number;
  after(reason: BlindReason, status: number | null, now: number, headers: Headers): number;
  reset(): void;
}

/** @param unit 1 for the documented milliseconds; tests climb faster */
export function createLadders(unit = 1): Ladders {
  let networkTries = 0;
  let httpTries = 0;
  let limitedTries = 0;
  const ladders: Ladders = {
    // A connection that breaks is usually back at once: a quarter of a second more each time.
    network: () => unit * Math.min(16_000, 250 * ++networkTries),
    http: () => unit * Math.min(320_000, 5_000 * 2 ** httpTries++),
    limited(now, resetMs) {
      const climbed = unit * Math.min(900_000, 60_000 * 2 ** limitedTries++);
      return resetMs === undefined ? climbed : Math.max(climbed, Math.min(resetMs - now, 900_000));
    },
    after(reason, status, now, headers) {
      if (reason === 'rate-limited') {
        const reset = Number(headers.get('x-rate-limit-reset') ?? Number.NaN) * 1000;
        return ladders.limited(now, Number.isNaN(reset) ? undefined : reset);
      }
      return status === null ? ladders.network() : ladders.http();
    },
    reset() {
      networkTries = 0;
      httpTries = 0;
      limitedTries = 0;
    },
  };
  return ladders;
}
