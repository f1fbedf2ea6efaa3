import type { Instant } from '@outcry/contracts';
import { allowedLatenessMs, clampOccurredAt } from '@outcry/contracts';

/** Epoch milliseconds as an instant; a time that no calendar holds becomes the nearest that it does. */
export function toInstant(ms: number): Instant {
  return new Date(Math.min(Math.max(ms, 0), 253_402_300_799_999)).toISOString();
}

export interface Times {
  occurredAt: Instant;
  observedAt: Instant;
}

/**
 * The two times of a record: when its author says it was written, believed only near `handedOver`,
 * and when we took it.
 *
 * @param claimed the author's text, or undefined when there is none
 * @param handedOver epoch milliseconds at which the source says it had the record
 * @param observed epoch milliseconds at which we took it; `handedOver` is never believed past it
 */
export function timesOf(claimed: string | undefined, handedOver: number, observed: number): Times {
  const reference = Number.isNaN(handedOver) ? observed : Math.min(handedOver, observed);
  const claimedMs = claimed === undefined ? Number.NaN : Date.parse(claimed);
  return {
    occurredAt: toInstant(clampOccurredAt(claimedMs, reference)),
    observedAt: toInstant(observed),
  };
}

/**
 * The times of a record that a poll found, stated by a server and not by an author's device. One
 * that appeared since the previous poll could not have come sooner; it is placed no earlier than
 * what still counts at its finding, or a poller's posts would all be late. What is older, as after
 * a time of blindness, stays where it was, so that catching up makes no rise of today.
 *
 * @param claimed when the server says that it appeared
 * @param previousPoll epoch milliseconds at which the previous successful poll began; null when
 *   there was none
 */
export function timesOfPoll(
  claimed: string | undefined,
  previousPoll: number | null,
  observed: number,
): Times {
  const claimedMs = claimed === undefined ? Number.NaN : Date.parse(claimed);
  const appeared = Number.isNaN(claimedMs) ? observed : Math.min(claimedMs, observed);
  const fresh = previousPoll !== null && appeared >= previousPoll;
  const occurred = fresh ? Math.max(appeared, observed - allowedLatenessMs) : appeared;
  return { occurredAt: toInstant(occurred), observedAt: toInstant(observed) };
}

/** The primary subtag of a language tag (`pt-BR` → `pt`), or undefined when it is none. */
export function primaryLanguage(tag: unknown): string | undefined {
  if (typeof tag !== 'string') return undefined;
  const primary = tag.toLowerCase().split(/[-_]/)[0];
  return primary !== undefined && /^[a-z]{2,3}$/.test(primary) ? primary : undefined;
}

/** Hashtags as the contract takes them: no number sign, no repeats, at most 64 of 256 characters. */
export function cleanTags(tags: Iterable<unknown>): string[] {
  const clean = new Set<string>();
  for (const tag of tags) {
    if (typeof tag !== 'string') continue;
    const text = tag.replace(/^#/, '').trim();
    if (text.length > 0 && text.length <= 256) clean.add(text);
    if (clean.size === 64) break;
  }
  return [...clean];
}
