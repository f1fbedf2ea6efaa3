const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits before the second, third, … attempt, as Standard Webhooks 1.0.0 recommends them. */
export const retryDelaysMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** What the answer to an attempt means. */
export type Verdict =
  | { kind: 'delivered' }
  /** Try again; `notBeforeMs` is how long the receiver itself asked to be left alone. */
  | { kind: 'retry'; reason: string; notBeforeMs?: number }
  /** The receiver says that it is gone for good (410): nothing more is sent there. */
  | { kind: 'gone' };

/**
 * Reads the status of an answer. A redirect counts as a failure: following it would hand a signed
 * message to an address that nobody configured.
 *
 * @param retryAfter the header as it came: seconds, or a date
 * @param now epoch milliseconds, for a date
 */
export function judge(status: number, retryAfter: string | undefined, now: number): Verdict {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone' };
  const asked = parseRetryAfter(retryAfter, now);
  const reason = `status ${status}`;
  return asked === undefined
    ? { kind: 'retry', reason }
    : { kind: 'retry', reason, notBeforeMs: asked };
}

/**
 * How long to wait before the next attempt, or undefined when it was the last.
 *
 * @param attempts attempts made so far, at least 1
 * @param random 0 to 1: spreads the waits by up to a fifth, so that receivers that failed together
 *   are not all tried again together
 */
export function nextDelayMs(
  attempts: number,
  random: number,
  notBeforeMs = 0,
  delays: readonly number[] = retryDelaysMs,
): number | undefined {
  const base = delays[attempts - 1];
  return base === undefined
    ? undefined
    : Math.max(Math.round(base * (1 + 0.2 * random)), notBeforeMs);
}

/** RFC 9110, section 10.2.3. At most a day, so that a mistake there does not silence us for ever. */
function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * second : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), 24 * hour);
}
