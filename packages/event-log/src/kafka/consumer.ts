import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumerGroupJoinEvent, Consumer as Driver } from 'kafkajs';
import type { PartitionRef } from '../local/store.ts';
import { refKey } from '../local/store.ts';
import type { ConsumeOptions, Consumer } from '../port.ts';
import { createClient } from './client.ts';
import { isRebalancing, toEventLogError } from './errors.ts';
import type { KafkaLogOptions } from './options.ts';
import type { SessionContext } from './session.ts';
import { PartitionSession } from './session.ts';

const fetchWaitMs = 500;
const leaveMs = 5000;
/** Partitions worked on at the same time. */
const concurrency = 16;

export interface KafkaConsumerParts {
  logOptions: KafkaLogOptions;
  options: ConsumeOptions;
  context: Pick<SessionContext, 'group' | 'client' | 'topics' | 'reader' | 'place' | 'committed'>;
  lag(seen: (topic: string, partition: number) => number | undefined): Promise<number>;
  onEnd(): void;
}

/** One member of a group. The driver divides the partitions and fetches; each has its session. */
export class KafkaConsumer implements Consumer {
  readonly done: Promise<void>;
  readonly #parts: KafkaConsumerParts;
  readonly #driver: Driver;
  readonly #context: SessionContext;
  readonly #sessions = new Map<string, PartitionSession>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #settle: { resolve(): void; reject(error: unknown): void };
  #pauses = 0;
  #inHand = 0;
  #ending = false;

  private constructor(parts: KafkaConsumerParts) {
    this.#parts = parts;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.#settle = { resolve, reject };
    // Whoever looks at `done` hears of an error; a process does not die of one that nobody reads.
    promise.catch(() => undefined);
    const { logOptions, options, context } = parts;
    this.#driver = createClient(logOptions).consumer({
      groupId: context.group,
      allowAutoTopicCreation: false,
      sessionTimeout: logOptions.sessionTimeoutMs ?? 10_000,
      rebalanceTimeout: logOptions.rebalanceTimeoutMs ?? 60_000,
      heartbeatInterval: 1000,
      maxWaitTimeInMs: fetchWaitMs,
      // What is fetched and not yet processed stays below this, however slow the stage is.
      maxBytesPerPartition: 1024 * 1024,
      maxBytes: 8 * 1024 * 1024,
      retry: {
        initialRetryTime: 50,
        maxRetryTime: 5000,
        retries: 8,
        restartOnFailure: async () => !this.#ending,
      },
    });
    this.#context = {
      ...context,
      options,
      isPaused: () => this.#pauses > 0,
      seek: (ref, offset) => this.#seek(ref, offset),
      fetching: (ref, wanted) => this.#fetching(ref, wanted),
      notice: (error, ref, text) => logOptions.log?.warn({ err: error, ...ref }, text),
      fail: (error) => void this.#end({ error }),
    };
  }

  /** Resolves when the member has joined its group. */
  static async start(parts: KafkaConsumerParts): Promise<KafkaConsumer> {
    const consumer = new KafkaConsumer(parts);
    try {
      await consumer.#run();
    } catch (error) {
      await consumer.#driver.disconnect().catch(() => undefined);
      throw toEventLogError(error);
    }
    return consumer;
  }

  async stop(): Promise<void> {
    await this.#end(undefined);
  }

  pause(): () => void {
    this.#pauses += 1;
    let paused = true;
    this.#applyPauses();
    return () => {
      if (!paused) return;
      paused = false;
      this.#pauses -= 1;
      this.#applyPauses();
    };
  }

  async lag(): Promise<number> {
    return await this.#parts.lag(
      (topic, partition) => this.#sessions.get(refKey(topic, partition))?.seen,
    );
  }

  async #run(): Promise<void> {
    const driver = this.#driver;
    const { topics } = this.#context;
    await driver.connect();
    await driver.subscribe({
      topics: this.#parts.options.topics.map((topic) => topics.external(topic)),
      // Only where the driver must choose for itself; every session seeks its own place.
      fromBeginning: true,
    });
    driver.on(driver.events.GROUP_JOIN, (event) => this.#assigned(event));
    driver.on(driver.events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize > 0) return;
      const key = refKey(topics.internal(payload.topic), payload.partition);
      this.#sessions.get(key)?.passed(Number(payload.firstOffset), Number(payload.lastOffset));
    });
    driver.on(driver.events.CRASH, ({ payload }) => {
      if (!payload.restart) void this.#end({ error: toEventLogError(payload.error) });
    });
    await driver.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: concurrency,
      eachBatch: async (payload) => {
        const topic = topics.internal(payload.batch.topic);
        const session = this.#sessions.get(refKey(topic, payload.batch.partition));
        this.#inHand += 1;
        try {
          await session?.take(payload);
        } catch (error) {
          if (isRebalancing(error)) throw error;
          // Nothing was resolved, so the driver fetches it again.
          this.#parts.logOptions.log?.warn({ err: error }, 'A fetched batch was given back');
        } finally {
          this.#inHand -= 1;
        }
      },
    });
  }

  /** Keeps the sessions of partitions that stay, ends those that go, begins those that come. */
  #assigned({ payload }: ConsumerGroupJoinEvent): void {
    if (this.#ending) {
      // It was joining while we stopped: out again, or partitions would lie idle with us.
      setImmediate(() => void this.#driver.disconnect().catch(() => undefined));
      return;
    }
    const assigned = new Map<string, PartitionRef>();
    for (const [external, partitions] of Object.entries(payload.memberAssignment)) {
      const topic = this.#context.topics.internal(external);
      for (const partition of partitions)
        assigned.set(refKey(topic, partition), { topic, partition });
    }
    for (const [key, session] of this.#sessions) {
      if (assigned.has(key)) continue;
      this.#sessions.delete(key);
      const leaving = session.end().finally(() => this.#leaving.delete(leaving));
      this.#leaving.add(leaving);
    }
    for (const [key, ref] of assigned) {
      const kept = this.#sessions.get(key);
      if (kept === undefined) this.#sessions.set(key, new PartitionSession(ref, this.#context));
      else if (kept.position !== undefined) this.#seek(ref, kept.position);
    }
    this.#applyPauses();
  }

  #applyPauses(): void {
    for (const session of this.#sessions.values())
      this.#fetching(session.ref, session.wantsFetches);
  }

  #fetching({ topic, partition }: PartitionRef, wanted: boolean): void {
    const place = { topic: this.#context.topics.external(topic), partitions: [partition] };
    this.#driving(() => (wanted ? this.#driver.resume([place]) : this.#driver.pause([place])));
  }

  #seek({ topic, partition }: PartitionRef, offset: number): void {
    this.#driving(() =>
      this.#driver.seek({
        topic: this.#context.topics.external(topic),
        partition,
        offset: String(offset),
      }),
    );
  }

  /** The driver refuses orders while it restarts or stops; it then begins anew with a join. */
  #driving(order: () => void): void {
    if (this.#ending) return;
    try {
      order();
    } catch (error) {
      this.#parts.logOptions.log?.debug({ err: error }, 'The consumer is not running now');
    }
  }

  async #end(failure: { error: unknown } | undefined): Promise<void> {
    if (!this.#ending) {
      this.#ending = true;
      void this.#finish(failure);
    }
    await this.done.catch(() => undefined);
  }

  /** Waits for the running batches and leaves the group; not for ever when no broker answers. */
  async #leave(): Promise<void> {
    const left = this.#driver.stop().then(() => true);
    for (let idle = 0; idle < leaveMs; ) {
      if (await Promise.race([left, sleep(500, false)])) return;
      idle = this.#inHand > 0 ? 0 : idle + 500;
    }
    this.#parts.logOptions.log?.warn({}, 'No broker took the leave: the group gives us up later');
  }

  async #finish(failure: { error: unknown } | undefined): Promise<void> {
    try {
      await this.#leave();
      await Promise.all([...this.#sessions.values()].map((session) => session.end()));
      await Promise.all(this.#leaving);
      await Promise.race([this.#driver.disconnect(), sleep(leaveMs, undefined, { ref: false })]);
    } catch (error) {
      this.#parts.logOptions.log?.warn({ err: error }, 'The consumer could not leave in order');
    }
    this.#parts.onEnd();
    if (failure === undefined) this.#settle.resolve();
    else this.#settle.reject(failure.error);
  }
}
