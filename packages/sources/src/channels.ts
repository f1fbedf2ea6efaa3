import { allowedLatenessMs } from '@outcry/contracts';
import type { Beat, BlindReason } from './source.ts';
import { toInstant } from './times.ts';

interface Channel {
  /** Null while it works. */
  down: BlindReason | null;
  /** Epoch milliseconds of the last proof that it works. */
  aliveAt: number;
  /** When the oldest records that are not durable were received; null when all are. */
  pendingSince: number | null;
}

/**
 * The sight of a source that consists of several streams or polls. It sees when all of them work;
 * with one down it is blind, because what it does not hear may be the outage.
 */
export class Channels {
  readonly #channels = new Map<string, Channel>();
  #through: number;

  /** @param names of all channels; each is down until it first works */
  constructor(names: Iterable<string>, startedAt: number) {
    this.#through = startedAt;
    for (const name of names)
      this.#channels.set(name, { down: 'unreachable', aliveAt: startedAt, pendingSince: null });
  }

  up(name: string, now: number): void {
    const channel = this.#of(name);
    channel.down = null;
    channel.aliveAt = now;
  }

  alive(name: string, now: number): void {
    this.#of(name).aliveAt = now;
  }

  down(name: string, reason: BlindReason): void {
    this.#of(name).down = reason;
  }

  isUp(name: string): boolean {
    return this.#of(name).down === null;
  }

  /** Holds back what may be claimed until what was received at `now` is durable. */
  async during(name: string, now: number, work: () => Promise<void>): Promise<void> {
    const channel = this.#of(name);
    channel.pendingSince ??= now;
    await work();
    channel.pendingSince = null;
  }

  /** How long a channel has not proven that it works, in milliseconds. */
  silence(name: string, now: number): number {
    return now - this.#of(name).aliveAt;
  }

  beat(now: number): Beat {
    const channels = [...this.#channels.values()];
    const pending = Math.min(...channels.map((channel) => channel.pendingSince ?? now));
    const down = channels.filter((channel) => channel.down !== null);
    const reason = down[0]?.down ?? (now - pending > allowedLatenessMs ? 'lagging' : null);
    if (reason !== null) {
      // What was claimed before holds: blindness begins no earlier than that.
      const since = toInstant(this.#through);
      return { state: 'blind', through: since, since, reason };
    }
    this.#through = Math.max(this.#through, pending - 1);
    return { state: 'seeing', through: toInstant(this.#through) };
  }

  /** The last word: nothing more comes. */
  stopped(): Beat {
    const since = toInstant(this.#through);
    return { state: 'blind', through: since, since, reason: 'stopped' };
  }

  #of(name: string): Channel {
    const channel = this.#channels.get(name);
    if (channel === undefined) throw new Error(`no such channel: ${name}`);
    return channel;
  }
}
