import { setImmediate as turn } from 'node:timers/promises';
import { Backoff, isRetriable } from '../backoff.ts';
import { recordsOf } from '../consume-options.ts';
import type { Batch, Commit, ConsumeOptions, PartitionProcessor } from '../port.ts';
import { EventLogError } from '../port.ts';
import { Signal } from './signal.ts';
import type { Claim, LocalStore, PlacedRecord } from './store.ts';

/** Most bytes of values that one batch holds, so that a slow consumer does not hold much. */
const maxBatchBytes = 4 * 1024 * 1024;

export interface WorkerContext {
  store: LocalStore;
  options: ConsumeOptions;
  place(record: Commit['outputs'][number]): number;
  isPaused(): boolean;
}

/** Takes one claimed partition through its processor until it is stopped, lost or broken. */
export class PartitionWorker {
  readonly claim: Claim;
  readonly #context: WorkerContext;
  readonly #signal = new Signal();
  #stopping = false;
  #lost = false;

  constructor(claim: Claim, context: WorkerContext) {
    this.claim = claim;
    this.#context = context;
  }

  get ending(): boolean {
    return this.#stopping || this.#lost;
  }

  /** There may be something to do. */
  wake(): void {
    this.#signal.fire();
  }

  /** Lets the running batch commit and then ends. */
  stop(): void {
    this.#stopping = true;
    this.#signal.fire();
  }

  /** Somebody else has the partition: what is being done is not committed. */
  lose(): void {
    this.#lost = true;
    this.#signal.fire();
  }

  /** Resolves when stopped or lost; rejects with an error that is not retriable. */
  async run(): Promise<void> {
    const backoff = new Backoff();
    while (!this.ending) {
      let processor: PartitionProcessor | undefined;
      try {
        processor = await this.#open();
        await this.#work(processor, backoff);
      } catch (error) {
        if (error instanceof EventLogError && error.code === 'fenced') this.#lost = true;
        if (this.#lost) break;
        if (!isRetriable(error)) throw error;
        await this.#close(processor);
        processor = undefined;
        await this.#rest(backoff.next());
      } finally {
        await this.#close(processor);
      }
    }
  }

  /** Waits so long, whatever is appended meanwhile, unless stopped or lost. */
  async #rest(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    for (let left = milliseconds; left > 0 && !this.ending; left = end - performance.now()) {
      await this.#signal.waitFor(left);
    }
  }

  async #open(): Promise<PartitionProcessor> {
    const { store, options } = this.#context;
    const { group, topic, partition } = this.claim;
    return await options.open({
      topic,
      partition,
      partitions: store.topic(topic)!.partitions,
      position: store.positions(group, topic).get(partition) ?? 0,
      state:
        options.stateTopic === undefined
          ? new Map()
          : store.state({ topic: options.stateTopic, partition }),
    });
  }

  async #work(processor: PartitionProcessor, backoff: Backoff): Promise<void> {
    const { store, options } = this.#context;
    const { group, topic, partition } = this.claim;
    const maxBatch = options.maxBatch ?? 1000;
    let position = store.positions(group, topic).get(partition) ?? 0;
    while (!this.ending) {
      const records = this.#context.isPaused()
        ? []
        : store.fetch(this.claim, position, maxBatch, maxBatchBytes);
      const last = records.at(-1);
      if (last === undefined) {
        await this.#signal.wait();
        continue;
      }
      const batch: Batch = {
        topic,
        partition,
        records,
        heartbeat: async () => {
          store.keepAlive();
          await turn();
        },
        isStale: () => this.#lost,
      };
      const commit = await processor.process(batch);
      if (this.#lost) return;
      await store.commit({
        claim: this.claim,
        position: last.offset + 1,
        records: this.#place(commit),
      });
      position = last.offset + 1;
      backoff.reset();
    }
  }

  #place(commit: Commit): PlacedRecord[] {
    return recordsOf(this.#context.options, commit, this.claim.partition).map((record) => ({
      topic: record.topic,
      partition: this.#context.place(record),
      key: record.key,
      value: record.value,
    }));
  }

  async #close(processor: PartitionProcessor | undefined): Promise<void> {
    try {
      await processor?.close?.();
    } catch {
      // It is dropped either way; what counts was committed before.
    }
  }
}
