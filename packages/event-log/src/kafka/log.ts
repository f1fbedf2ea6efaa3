import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { checkConsumeOptions, recordsOf } from '../consume-options.ts';
import type { PartitionRef, PlacedRecord } from '../local/store.ts';
import { checkPartition, Placement } from '../placement.ts';
import type {
  Commit,
  ConsumeOptions,
  Consumer,
  EventLog,
  LogRecord,
  NewRecord,
  ReadOptions,
} from '../port.ts';
import { EventLogError } from '../port.ts';
import { topicsToPrepare } from '../topics.ts';
import { Appender } from './appender.ts';
import { createClient } from './client.ts';
import { KafkaConsumer } from './consumer.ts';
import { guarded, patiently } from './errors.ts';
import type { KafkaLogOptions } from './options.ts';
import { CommittedReader } from './reader.ts';
import { TopicDirectory } from './topic-directory.ts';

const pingMs = 5000;

/** The event log on Apache Kafka. Connects when it is first used. */
export class KafkaLog implements EventLog {
  readonly #options: KafkaLogOptions;
  readonly #client: Kafka;
  readonly #admin: Admin;
  readonly #topics: TopicDirectory;
  readonly #placement: Placement;
  readonly #appender: Appender;
  readonly #reader: CommittedReader;
  readonly #consumers = new Set<KafkaConsumer>();
  #closing: Promise<void> | undefined;

  constructor(options: KafkaLogOptions) {
    this.#options = options;
    this.#client = createClient(options);
    this.#admin = this.#client.admin();
    this.#topics = new TopicDirectory(
      () => this.#connectedAdmin(),
      topicsToPrepare(options),
      options.topicPrefix ?? '',
    );
    this.#placement = new Placement((name) => this.#topics.get(name));
    this.#appender = new Appender(options, this.#topics);
    this.#reader = new CommittedReader(options, this.#topics);
  }

  async prepare(): Promise<void> {
    this.#check();
    await this.#topics.prepare(this.#options.replication);
  }

  async append(records: readonly NewRecord[]): Promise<void> {
    this.#check();
    if (records.length === 0) return;
    await this.#appender.append(await this.#place(records));
  }

  async consume(options: ConsumeOptions): Promise<Consumer> {
    this.#check();
    const { topics, stateTopic } = options;
    await this.#topics.load(stateTopic === undefined ? topics : [...topics, stateTopic]);
    checkConsumeOptions(options, (topic) => this.#topics.get(topic).partitions);
    const consumer: KafkaConsumer = await KafkaConsumer.start({
      logOptions: this.#options,
      options,
      context: {
        group: this.#group(options.group),
        client: this.#client,
        topics: this.#topics,
        reader: this.#reader,
        place: (commit, ref) => this.#placeCommit(options, commit, ref),
        committed: async (topic, partition) =>
          (await this.positions(options.group, topic)).get(partition),
      },
      lag: (seen) => this.#lag(options, seen),
      onEnd: () => this.#consumers.delete(consumer),
    });
    this.#consumers.add(consumer);
    // Closed while it joined.
    if (this.#closing !== undefined) await consumer.stop();
    return consumer;
  }

  async *read(options: ReadOptions): AsyncGenerator<LogRecord, void, undefined> {
    this.#check();
    const { topic, partition } = options;
    await this.#topics.load([topic]);
    checkPartition(this.#topics.get(topic), partition);
    const { begin, stable } = (await this.#reader.bounds(topic))[partition]!;
    const from = Math.max(begin, await this.#resolve(options, options.from, begin, stable));
    const to = Math.min(stable, await this.#resolve(options, options.to, stable, stable));
    yield* this.#reader.range(topic, partition, from, to);
  }

  async partitions(topic: string): Promise<number> {
    this.#check();
    await this.#topics.load([topic]);
    return this.#topics.get(topic).partitions;
  }

  async extents(topic: string): Promise<{ partition: number; begin: number; end: number }[]> {
    this.#check();
    await this.#topics.load([topic]);
    return await Promise.all(
      (await this.#reader.bounds(topic)).map(async ({ partition, begin, stable }) => ({
        partition,
        begin,
        end: await this.#reader.end(topic, partition, begin, stable),
      })),
    );
  }

  async positions(group: string, topic: string): Promise<Map<number, number>> {
    this.#check();
    await this.#topics.load([topic]);
    const admin = await this.#connectedAdmin();
    const answers = await patiently(() =>
      admin.fetchOffsets({ groupId: this.#group(group), topics: [this.#topics.external(topic)] }),
    );
    const positions = new Map<number, number>();
    for (const { partition, offset } of answers[0]?.partitions ?? []) {
      if (Number(offset) >= 0) positions.set(partition, Number(offset));
    }
    return positions;
  }

  async ping(): Promise<void> {
    this.#check();
    const late = sleep(pingMs, undefined, { ref: false }).then(() => {
      throw new EventLogError('unreachable', `Kafka did not answer within ${pingMs} ms.`, {
        retriable: true,
      });
    });
    await Promise.race([
      late,
      guarded(async () => (await this.#connectedAdmin()).describeCluster()),
    ]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    await this.#appender.close();
    await Promise.all([
      this.#reader.disconnect().catch(() => undefined),
      this.#admin.disconnect().catch(() => undefined),
    ]);
  }

  #check(): void {
    if (this.#closing === undefined) return;
    throw new EventLogError('closed', 'The log is closed.', { retriable: false });
  }

  async #connectedAdmin(): Promise<Admin> {
    await guarded(() => this.#admin.connect());
    return this.#admin;
  }

  #group(group: string): string {
    return (this.#options.topicPrefix ?? '') + group;
  }

  async #place(records: readonly NewRecord[]): Promise<PlacedRecord[]> {
    await this.#topics.load(records.map(({ topic }) => topic));
    return records.map((record) => ({
      topic: record.topic,
      partition: this.#placement.place(record),
      key: record.key,
      value: record.value,
    }));
  }

  async #placeCommit(
    options: ConsumeOptions,
    commit: Commit,
    ref: PartitionRef,
  ): Promise<PlacedRecord[]> {
    return await this.#place(recordsOf(options, commit, ref.partition));
  }

  async #resolve(
    { topic, partition }: ReadOptions,
    point: ReadOptions['from'],
    absent: number,
    stable: number,
  ): Promise<number> {
    if (point === undefined) return absent;
    if ('offset' in point) return point.offset;
    return (await this.#reader.offsetAt(topic, partition, point.timestamp)) ?? stable;
  }

  async #lag(
    { group, topics, from }: ConsumeOptions,
    seen: (topic: string, partition: number) => number | undefined,
  ): Promise<number> {
    let lag = 0;
    for (const topic of topics) {
      const [bounds, positions] = await Promise.all([
        this.#reader.bounds(topic),
        this.positions(group, topic),
      ]);
      for (const { partition, begin, stable } of bounds) {
        const position = positions.get(partition);
        if ((position ?? -1) >= stable) continue;
        const end = await this.#reader.end(topic, partition, begin, stable);
        const start = position ?? (from === 'latest' ? (seen(topic, partition) ?? end) : begin);
        lag += Math.max(0, end - Math.max(begin, start));
      }
    }
    return lag;
  }
}
