import type { Delivery, Receiver, Verdict } from '@outcry/delivery';
import { messageOf, nextDelayMs } from '@outcry/delivery';
import type { Logger } from '@outcry/runtime';
import PQueue from 'p-queue';

export interface DispatcherOptions {
  receivers(): readonly Receiver[];
  /** Makes one attempt. */
  post(receiver: Receiver, message: ReturnType<typeof messageOf>): Promise<Verdict>;
  /** Writes down how a delivery stands; resolves when it is durable. */
  record: {
    /** Delivered, or nobody is left to deliver it to. */
    settled(delivery: Delivery): Promise<void>;
    postponed(delivery: Delivery): Promise<void>;
    gaveUp(delivery: Delivery, reason: string): Promise<void>;
    gone(receiver: Receiver): Promise<void>;
  };
  logger: Logger;
  now?(): number;
  random?(): number;
  delaysMs?: readonly number[];
  /** Attempts under way at once to one receiver. */
  concurrency: number;
}

/**
 * Sends the deliveries of one partition. Events of one outage go to a receiver strictly in their
 * order: a later one waits until the one before it is settled. Different outages and different
 * receivers do not wait for each other.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  /** By receiver and outage: what is owed, in sequence. The first one is being worked on. */
  readonly #lines = new Map<string, Delivery[]>();
  readonly #queues = new Map<string, PQueue>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #gone = new Set<string>();
  #closed = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Deliveries that are not settled yet. */
  get pending(): number {
    return [...this.#lines.values()].reduce((sum, line) => sum + line.length, 0);
  }

  /** A receiver that said it is gone (410), at the address it had then. */
  markGone(receiver: string, url: string): void {
    this.#gone.add(`${receiver} ${url}`);
  }

  /** Takes over a delivery. One that is already here is not taken twice. */
  add(delivery: Delivery): void {
    const key = lineOf(delivery);
    const line = this.#lines.get(key) ?? [];
    if (line.some((other) => other.id === delivery.id)) return;
    line.push(delivery);
    line.sort((a, b) => a.event.sequence - b.event.sequence);
    this.#lines.set(key, line);
    if (line[0] === delivery) this.#schedule(key);
  }

  /** Ends at once: attempts under way are not waited for; what is unsettled stays in the log. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const queue of this.#queues.values()) queue.clear();
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  #schedule(key: string): void {
    const first = this.#lines.get(key)?.[0];
    if (first === undefined || this.#closed) return;
    // A timer holds 32 bits of milliseconds at most; the longest wait of the schedule fits.
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        void this.#queueOf(first.receiver).add(() => this.#work(key, first));
      },
      Math.max(0, Date.parse(first.nextAt) - this.#now()),
    );
    this.#timers.add(timer);
  }

  #queueOf(receiver: string): PQueue {
    let queue = this.#queues.get(receiver);
    if (queue === undefined) {
      queue = new PQueue({ concurrency: this.#options.concurrency });
      this.#queues.set(receiver, queue);
    }
    return queue;
  }

  async #work(key: string, delivery: Delivery): Promise<void> {
    // A delivery with a lower sequence may have come while this one waited for its turn.
    if (this.#closed || this.#lines.get(key)?.[0] !== delivery) return;
    const { logger } = this.#options;
    try {
      const settled = await this.#attempt(delivery);
      if (this.#closed) return;
      if (settled) this.#remove(key, delivery);
    } catch (error) {
      // The log did not take the outcome: the same message is sent again, which receivers can tell by its id.
      logger.warn(
        { err: error, delivery: delivery.id },
        'the outcome of a delivery could not be recorded',
      );
      delivery.nextAt = new Date(this.#now() + 1_000).toISOString();
    }
    this.#schedule(key);
  }

  /** Whether nothing is left to do for it. */
  async #attempt(delivery: Delivery): Promise<boolean> {
    const { record, logger, post } = this.#options;
    const receiver = this.#options.receivers().find(({ id }) => id === delivery.receiver);
    if (receiver === undefined || this.#gone.has(`${receiver.id} ${receiver.url}`)) {
      await record.settled(delivery);
      return true;
    }
    const verdict = await post(receiver, messageOf(delivery.event));
    if (this.#closed) return false;
    delivery.attempts += 1;
    const about = { receiver: receiver.id, event: delivery.event.id, attempts: delivery.attempts };
    if (verdict.kind === 'delivered') {
      await record.settled(delivery);
      logger.info(about, 'delivered');
      return true;
    }
    if (verdict.kind === 'gone') {
      await record.gone(receiver);
      this.markGone(receiver.id, receiver.url);
      await record.gaveUp(delivery, 'receiver-gone');
      logger.error(about, 'the receiver answered 410: nothing more is sent to this address');
      return true;
    }
    const delay = nextDelayMs(
      delivery.attempts,
      this.#options.random?.() ?? Math.random(),
      verdict.notBeforeMs,
      this.#options.delaysMs,
    );
    if (delay === undefined) {
      await record.gaveUp(delivery, verdict.reason);
      logger.error(
        { ...about, reason: verdict.reason },
        'gave a delivery up after its last attempt',
      );
      return true;
    }
    delivery.lastFailure = verdict.reason;
    delivery.nextAt = new Date(this.#now() + delay).toISOString();
    await record.postponed(delivery);
    logger.warn(
      { ...about, reason: verdict.reason, nextAt: delivery.nextAt },
      'a delivery failed and is tried again',
    );
    return false;
  }

  #remove(key: string, delivery: Delivery): void {
    const line = this.#lines.get(key)?.filter((other) => other !== delivery) ?? [];
    if (line.length === 0) this.#lines.delete(key);
    else this.#lines.set(key, line);
  }
}

function lineOf(delivery: Delivery): string {
  return `${delivery.receiver} ${delivery.event.outageId}`;
}
