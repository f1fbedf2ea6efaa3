import type { Instant } from '@outcry/contracts';
import { clampOccurredAt } from '@outcry/contracts';

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
