import { setTimeout as sleep } from 'node:timers/promises';
import type { EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { Backoff, isRetriable } from '../backoff.ts';
import { Signal } from '../local/signal.ts';
import type { PartitionRef, PlacedRecord } from '../local/store.ts';
import type { Batch, Commit, ConsumeOptions, LogRecord, PartitionProcessor } from '../port.ts';
import { EventLogError } from '../port.ts';
import { Committer } from './committer.ts';
import { isRebalancing } from './errors.ts';
import type { CommittedReader } from './reader.ts';
import { toLogRecord } from './reader.ts';
import type { TopicDirectory } from './topic-directory.ts';

export interface SessionContext {
  options: ConsumeOptions;
  /** The group as the cluster names it. */
  group: string;
  client: Kafka;
  topics: TopicDirectory;
  reader: CommittedReader;
  place(commit: Commit, ref: PartitionRef): Promise<PlacedRecord[]>;
  committed(topic: string, partition: number): Promise<number | undefined>;
  isPaused(): boolean;
  /** Lets the driver fetch this partition, from an offset on; or stops it. */
  seek(ref: PartitionRef, offset: number): void;
  fetching(ref: PartitionRef, wanted: boolean): void;
  /** Tells an operator why the partition waits. */
  notice(error: unknown, ref: PartitionRef, text: string): void;
  /** Ends the consumer with this error. */
  fail(error: unknown): void;
}

/** What exists while the partition is open. */
interface Open {
  committer: Committer;
  processor: PartitionProcessor;
  /** Next offset to be processed, and committed as far as before it. */
  position: number;
  /** All before it was seen, markers included. A fetch from beyond it would leave a gap. */
  seen: number;
}

const heartbeatMs = 1000;
const openingMs = 3000;
const fencedMs = 2 * heartbeatMs;

/** One assigned partition: from the assignment until it is revoked or the consumer stops. */
export class PartitionSession {
  readonly ref: PartitionRef;
  readonly #context: SessionContext;
  readonly #backoff = new Backoff();
  readonly #changed = new Signal();
  #open: Open | undefined;
  #opening: Promise<void>;
  #waiting = false;
  #ended = false;

  constructor(ref: PartitionRef, context: SessionContext) {
    this.ref = ref;
    this.#context = context;
    this.#opening = this.#openUntilDone();
  }

  /** Whether fetching makes sense now. */
  get wantsFetches(): boolean {
    return !this.#waiting && !this.#context.isPaused();
  }

  /** The offset up to which everything was seen; undefined while not open. */
  get seen(): number | undefined {
    return this.#open?.seen;
  }

  /** The next offset to be processed; undefined while not open. */
  get position(): number | undefined {
    return this.#open?.position;
  }

  /** The driver passed markers and aborted records, of which it tells no batch. */
  passed(first: number, last: number): void {
    const open = this.#open;
    if (open !== undefined && first <= open.seen) open.seen = Math.max(open.seen, last + 1);
  }

  /** Takes what the driver fetched, in pieces. Rejects only when the group is divided anew. */
  async take(payload: EachBatchPayload): Promise<void> {
    const { batch, isRunning, isStale, resolveOffset } = payload;
    if (!(await this.#ready(payload)) || isStale()) return;
    const open = this.#open!;
    // A fetch of before the last seek, or after an assignment in between: fetch again.
    if (Number((batch as { fetchedOffset?: unknown }).fetchedOffset ?? 0) > open.seen) {
      this.#context.seek(this.ref, open.position);
      return;
    }
    const messages = batch.messages;
    const maxBatch = this.#context.options.maxBatch ?? 1000;
    let next = messages.findIndex(({ offset }) => Number(offset) >= open.position);
    if (next < 0) next = messages.length;
    while (next < messages.length) {
      if (!isRunning() || this.#ended || !this.wantsFetches) return;
      const piece = messages.slice(next, next + maxBatch);
      if (!(await this.#process(open, piece, payload))) return;
      resolveOffset(piece.at(-1)!.offset);
      next += piece.length;
      await payload.heartbeat();
    }
    resolveOffset(messages.at(-1)!.offset);
    open.seen = Math.max(open.seen, Number(batch.lastOffset()) + 1);
  }

  /** Gives the partition up. The running batch, if any, is stale from now on. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#changed.fire();
    // While brokers are away opening takes long; it then sees by itself that it is too late.
    await Promise.race([this.#opening, sleep(openingMs, undefined, { ref: false })]);
    await this.#drop();
  }

  /** True when the partition is open; waits a little for it, and keeps the membership meanwhile. */
  async #ready({ heartbeat, isRunning }: EachBatchPayload): Promise<boolean> {
    for (let i = 0; i < 5 && this.#open === undefined && !this.#waiting; i++) {
      await Promise.race([this.#opening, sleep(heartbeatMs)]);
      await heartbeat();
      if (this.#ended || !isRunning()) return false;
    }
    if (this.#open === undefined) this.#wait(true);
    return this.#open !== undefined && !this.#ended;
  }

  /** One batch: processed and committed, or dropped and opened anew. */
  async #process(
    open: Open,
    messages: KafkaMessage[],
    payload: EachBatchPayload,
  ): Promise<boolean> {
    const { topic, partition } = this.ref;
    const position = Number(messages.at(-1)!.offset) + 1;
    let lost = false;
    const heartbeat = async () => {
      try {
        await payload.heartbeat();
      } catch (error) {
        // The group waits for us for a while: this batch is completed before we join it again.
        if (!isRebalancing(error)) lost = true;
      }
    };
    const timer = setInterval(() => void heartbeat(), heartbeatMs);
    try {
      const batch: Batch = {
        topic,
        partition,
        records: messages.map((message) => toLogRecord(topic, partition, message)),
        heartbeat,
        isStale: () => lost || this.#ended || this.#open !== open,
      };
      const commit = await open.processor.process(batch);
      const records = await this.#context.place(commit, this.ref);
      if (this.#ended || this.#open !== open) return false;
      await open.committer.commit(records, position);
      open.position = position;
      open.seen = Math.max(open.seen, position);
      this.#backoff.reset();
      return true;
    } catch (error) {
      await this.#failed(error);
      return false;
    } finally {
      clearInterval(timer);
    }
  }

  async #failed(error: unknown): Promise<void> {
    await this.#drop();
    if (this.#ended) return;
    if (!isRetriable(error)) {
      this.#context.fail(error);
      return;
    }
    this.#context.notice(error, this.ref, 'A batch failed: its partition is opened anew');
    this.#wait(true);
    // Shut out: another member may have the partition. By the end of this wait the driver knows.
    const least = error instanceof EventLogError && error.code === 'fenced' ? fencedMs : 0;
    this.#opening = this.#openUntilDone(Math.max(least, this.#backoff.next()));
  }

  async #openUntilDone(delay = 0): Promise<void> {
    if (delay > 0) await this.#changed.waitFor(delay);
    while (!this.#ended) {
      try {
        const open = await this.#openOnce();
        this.#open = open;
        if (this.#ended) {
          await this.#drop();
          return;
        }
        this.#context.seek(this.ref, open.position);
        this.#wait(false);
        return;
      } catch (error) {
        if (this.#ended) return;
        if (!isRetriable(error)) {
          this.#context.fail(error);
          return;
        }
        this.#context.notice(error, this.ref, 'A partition cannot be opened now');
        this.#wait(true);
        await this.#changed.waitFor(this.#backoff.next());
      }
    }
  }

  async #openOnce(): Promise<Open> {
    const { client, topics, reader, group, options } = this.#context;
    const { topic, partition } = this.ref;
    const committer = await Committer.open({ ...this.ref, client, topics, reader, group });
    try {
      // Only now: what an earlier holder had begun is committed or aborted for good.
      const position = await this.#startPosition(committer);
      const processor = await options.open({
        topic,
        partition,
        partitions: topics.get(topic).partitions,
        position,
        state: await this.#state(),
      });
      return { committer, processor, position, seen: position };
    } catch (error) {
      await committer.close();
      throw error;
    }
  }

  async #startPosition(committer: Committer): Promise<number> {
    const { reader, options } = this.#context;
    const { topic, partition } = this.ref;
    const committed = await this.#context.committed(topic, partition);
    const bounds = (await reader.bounds(topic))[partition]!;
    if (committed !== undefined) return Math.max(committed, bounds.begin);
    if (options.from !== 'latest') return bounds.begin;
    // Committed at once: a restart before the first batch must not skip what came meanwhile.
    const position = await reader.end(topic, partition, bounds.begin, bounds.stable);
    await committer.commit([], position);
    return position;
  }

  async #state(): Promise<Map<string, Uint8Array>> {
    const { reader, options } = this.#context;
    const state = new Map<string, Uint8Array>();
    if (options.stateTopic === undefined) return state;
    const { partition } = this.ref;
    const { begin, stable } = (await reader.bounds(options.stateTopic))[partition]!;
    for await (const record of reader.range(options.stateTopic, partition, begin, stable)) {
      const { key, value }: LogRecord = record;
      if (key === null) continue;
      if (value === null) state.delete(key);
      // A copy: the value is a view of the whole page that was fetched.
      else state.set(key, Uint8Array.from(value));
    }
    return state;
  }

  async #drop(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    try {
      await open.processor.close?.();
    } catch {
      // It is dropped either way; what counts was committed before.
    }
    await open.committer.close();
  }

  #wait(waiting: boolean): void {
    this.#waiting = waiting;
    if (!this.#ended) this.#context.fetching(this.ref, this.wantsFetches);
  }
}
