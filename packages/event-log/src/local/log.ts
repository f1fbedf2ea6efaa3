import { setImmediate as turn } from 'node:timers/promises';
import { checkConsumeOptions } from '../consume-options.ts';
import { checkPartition, Placement } from '../placement.ts';
import type {
  ConsumeOptions,
  Consumer,
  EventLog,
  LogRecord,
  NewRecord,
  ReadOptions,
} from '../port.ts';
import { EventLogError } from '../port.ts';
import type { StoredTopic } from '../topics.ts';
import { unknownTopic } from '../topics.ts';
import { LocalConsumer } from './consumer.ts';
import type { LocalStore } from './store.ts';

/** How often members look at their group. A change in the own process is seen at once. */
const tickMs = 500;
const sweepMs = 60_000;
const pageRecords = 1000;
const pageBytes = 4 * 1024 * 1024;

/** The event log over a store without a server: memory or a file. */
export class LocalLog implements EventLog {
  readonly #store: LocalStore;
  readonly #topics: readonly StoredTopic[];
  readonly #placement: Placement;
  readonly #consumers = new Set<LocalConsumer>();
  readonly #nudged = new Set<string>();
  readonly #unsubscribe: () => void;
  readonly #sweeper: NodeJS.Timeout;
  #ticker: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(store: LocalStore, topics: readonly StoredTopic[]) {
    this.#store = store;
    this.#topics = topics;
    this.#placement = new Placement((name) => this.#topic(name));
    this.#unsubscribe = store.onChange((changed) => {
      for (const consumer of this.#consumers) consumer.wake(changed);
    });
    this.#sweeper = setInterval(() => void this.#sweep(), sweepMs);
    this.#sweeper.unref();
  }

  async prepare(): Promise<void> {
    this.#check();
    this.#store.createTopics(this.#topics);
  }

  async append(records: readonly NewRecord[]): Promise<void> {
    this.#check();
    if (records.length === 0) return;
    await this.#store.append(
      records.map((record) => ({
        topic: record.topic,
        partition: this.#placement.place(record),
        key: record.key,
        value: record.value,
      })),
    );
  }

  async consume(options: ConsumeOptions): Promise<Consumer> {
    this.#check();
    this.#checkOptions(options);
    const consumer: LocalConsumer = new LocalConsumer(
      this.#store,
      options,
      (record) => this.#placement.place(record),
      {
        onMembership: () => this.#nudge(options.group),
        onEnd: () => {
          this.#consumers.delete(consumer);
          if (this.#consumers.size > 0) return;
          clearInterval(this.#ticker);
          this.#ticker = undefined;
        },
      },
    );
    this.#consumers.add(consumer);
    this.#ticker ??= setInterval(() => {
      this.#keepAlive();
      for (const each of this.#consumers) each.tick();
    }, tickMs);
    return consumer;
  }

  async *read(options: ReadOptions): AsyncGenerator<LogRecord, void, undefined> {
    this.#check();
    checkPartition(this.#topic(options.topic), options.partition);
    const { begin, end } = this.#store.extent(options);
    let position = Math.max(begin, this.#resolve(options, options.from) ?? begin);
    const stop = Math.min(end, this.#resolve(options, options.to) ?? end);
    while (position < stop) {
      this.#check();
      // One page at a time: nothing stays open between the pages, however slow the reader is.
      const page = this.#store.fetch(options, position, pageRecords, pageBytes);
      const last = page.at(-1);
      if (last === undefined) return;
      for (const record of page) {
        if (record.offset >= stop) return;
        yield record;
      }
      position = last.offset + 1;
      await turn();
    }
  }

  async partitions(topic: string): Promise<number> {
    this.#check();
    return this.#topic(topic).partitions;
  }

  async extents(topic: string): Promise<{ partition: number; begin: number; end: number }[]> {
    this.#check();
    const { partitions } = this.#topic(topic);
    return Array.from({ length: partitions }, (_, partition) => ({
      partition,
      ...this.#store.extent({ topic, partition }),
    }));
  }

  async positions(group: string, topic: string): Promise<Map<number, number>> {
    this.#check();
    this.#topic(topic);
    return this.#store.positions(group, topic);
  }

  async ping(): Promise<void> {
    this.#check();
    this.#store.ping();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    clearInterval(this.#ticker);
    this.#unsubscribe();
    await this.#store.close();
  }

  #check(): void {
    if (this.#closing === undefined) return;
    throw new EventLogError('closed', 'The log is closed.', { retriable: false });
  }

  #topic(name: string): StoredTopic {
    const topic = this.#store.topic(name);
    if (topic === undefined) throw unknownTopic(name);
    return topic;
  }

  #checkOptions(options: ConsumeOptions): void {
    for (const topic of options.topics) this.#topic(topic);
    checkConsumeOptions(options, (topic) => this.#topic(topic).partitions);
  }

  #resolve(ref: ReadOptions, point: ReadOptions['from']): number | undefined {
    if (point === undefined) return undefined;
    return 'offset' in point ? point.offset : this.#store.offsetAt(ref, point.timestamp);
  }

  /** Lets every member of a group look again, once, after the present turn. */
  #nudge(group: string): void {
    if (this.#nudged.has(group)) return;
    this.#nudged.add(group);
    setImmediate(() => {
      this.#nudged.delete(group);
      for (const consumer of this.#consumers) if (consumer.group === group) consumer.tick();
    });
  }

  #keepAlive(): void {
    try {
      this.#store.keepAlive();
    } catch {
      // The file is busy: the next tick comes long before the lease ends.
    }
  }

  async #sweep(): Promise<void> {
    try {
      while (this.#closing === undefined && (await this.#store.sweep())) await turn();
    } catch {
      // Nothing is urgent about what has expired: the next sweep tries again.
    }
  }
}
