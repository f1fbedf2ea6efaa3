import { allowedLatenessMs } from '@outcry/contracts';
import type { Beat, BlindReason } from '../source.ts';
import { toInstant } from '../times.ts';
import type { PendingQueue } from './queue.ts';

/** How long a fresh connection may be silent before a pong alone proves that nothing comes. */
const settleMs = 3_000;

/**
 * What the source may claim to have seen. It turns the events of the connection into heartbeats:
 * `seeing` only as far as frames prove it and the log holds it, `blind` with its reason otherwise.
 */
export class Sight {
  readonly #queue: PendingQueue;
  #through: number;
  #openedAt: number | null = null;
  #eventOnConnection = false;
  #newestMs = 0;
  #aliveAt = 0;
  #eventAt = 0;
  #pausedAt: number | null = null;
  /** How far the newest event was behind when it came. */
  #behindAtReceipt = 0;
  #blind: BlindReason = 'unreachable';

  constructor(queue: PendingQueue, startedAt: number) {
    this.#queue = queue;
    this.#through = startedAt;
  }

  opened(now: number): void {
    this.#openedAt = now;
    this.#aliveAt = now;
    this.#eventAt = now;
    this.#eventOnConnection = false;
    this.#pausedAt = null;
  }

  alive(now: number): void {
    this.#aliveAt = now;
  }

  /** An event came, with the server's time in epoch µs. */
  event(now: number, timeUs: number): void {
    // Server time goes back and forth by seconds: the newest on this connection tells how far it is.
    const ms = Math.min(timeUs / 1000, now);
    this.#newestMs = this.#eventOnConnection ? Math.max(this.#newestMs, ms) : ms;
    this.#eventOnConnection = true;
    this.#eventAt = now;
    this.#behindAtReceipt = now - this.#newestMs;
  }

  paused(now: number): void {
    this.#pausedAt ??= now;
  }

  /** Reading goes on; the silence of the pause was ours. */
  resumed(now: number): void {
    this.#pausedAt = null;
    this.#aliveAt = now;
    this.#eventAt = now;
  }

  closed(reason: BlindReason): void {
    this.#openedAt = null;
    this.#pausedAt = null;
    this.#blind = reason;
  }

  /** Milliseconds without any frame, and without an event; 0 while the pause is ours. */
  silence(now: number): { frames: number; events: number } {
    if (this.#openedAt === null || this.#pausedAt !== null) return { frames: 0, events: 0 };
    return { frames: now - this.#aliveAt, events: now - this.#eventAt };
  }

  beat(now: number): Beat {
    const reason = this.#blindness(now);
    if (reason !== null) {
      const since = toInstant(this.#through);
      return { state: 'blind', through: since, since, reason };
    }
    const pending = this.#queue.oldestPending();
    // What comes yet in this millisecond stands behind this heartbeat.
    const proven = Math.min(this.#aliveAt, now - 1, pending === null ? now : pending - 1);
    this.#through = Math.max(this.#through, proven);
    return { state: 'seeing', through: toInstant(this.#through) };
  }

  #blindness(now: number): BlindReason | null {
    if (this.#openedAt === null) return this.#blind;
    const settled = this.#eventOnConnection || this.#aliveAt - this.#openedAt > settleMs;
    if (!settled) return this.#blind;
    // What comes later than this is late by the rule of the buckets, so it is no sight any more.
    return this.#behind(now) > allowedLatenessMs ? 'lagging' : null;
  }

  #behind(now: number): number {
    const pending = this.#queue.oldestPending();
    return Math.max(
      this.#eventOnConnection ? this.#behindAtReceipt : 0,
      pending === null ? 0 : now - pending,
      this.#pausedAt === null ? 0 : now - this.#pausedAt,
    );
  }
}
