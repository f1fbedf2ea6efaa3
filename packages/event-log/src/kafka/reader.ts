import type { Cluster, Consumer, KafkaMessage } from 'kafkajs';
import { PartitionAssigners } from 'kafkajs';
import type { LogRecord } from '../port.ts';
import { createClient } from './client.ts';
import { patiently } from './errors.ts';
import type { KafkaLogOptions } from './options.ts';
import type { TopicDirectory } from './topic-directory.ts';

/** What the driver decodes of a fetched record, beyond its public type. */
type RawMessage = KafkaMessage & {
  isControlRecord: boolean;
  batchContext: { producerId: string; inTransaction: boolean };
};

interface RawPartition {
  partition: number;
  abortedTransactions: { producerId: string; firstOffset: string }[] | null;
  messages: RawMessage[];
}

interface Page {
  records: LogRecord[];
  /** The offset after all that was looked at, markers and aborted records included. */
  next: number;
}

const pageBytes = 4 * 1024 * 1024;
const mostPageBytes = 64 * 1024 * 1024;
const readCommitted = 1;

/**
 * Reads committed records of given partitions, outside any group. The driver only consumes in
 * groups, whose joining takes seconds on a busy cluster; but it hands its connections to the
 * assigner of a consumer, and a consumer that connects and never runs joins nothing.
 */
export class CommittedReader {
  readonly #topics: TopicDirectory;
  readonly #connection: Consumer;
  /** Ends of partitions without markers, by the stable end that they were found for. */
  readonly #ends = new Map<string, { stable: number; end: number }>();
  #cluster: Cluster | undefined;
  /** Settles when the request before is done. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: KafkaLogOptions, topics: TopicDirectory) {
    this.#topics = topics;
    this.#connection = createClient(options).consumer({
      groupId: 'never-joined',
      allowAutoTopicCreation: false,
      partitionAssigners: [
        (config) => {
          this.#cluster = config.cluster;
          return PartitionAssigners.roundRobin(config);
        },
      ],
    });
  }

  async disconnect(): Promise<void> {
    await this.#connection.disconnect();
  }

  /** Tells which broker leads a partition of these topics, as far as is known here. */
  async leaders(topics: readonly string[]): Promise<(topic: string, partition: number) => string> {
    const leaders = new Map<string, string>();
    for (const topic of new Set(topics)) {
      const cluster = await patiently(() => this.#connected(topic));
      for (const { partitionId, leader } of cluster.findTopicPartitionMetadata(
        this.#topics.external(topic),
      )) {
        leaders.set(`${topic}/${partitionId}`, String(leader));
      }
    }
    return (topic, partition) => leaders.get(`${topic}/${partition}`) ?? '';
  }

  /** Looks again at where the leaders are. */
  async refresh(): Promise<void> {
    await this.#cluster?.refreshMetadata();
  }

  /** The first offset held and the one after the last transaction that ended, by partition. */
  async bounds(topic: string): Promise<{ partition: number; begin: number; stable: number }[]> {
    const partitions = Array.from({ length: this.#topics.get(topic).partitions }, (_, i) => i);
    const [begins, ends] = await Promise.all([
      this.#offsets(topic, partitions, { fromBeginning: true }),
      this.#offsets(topic, partitions, { fromBeginning: false }),
    ]);
    return partitions.map((partition) => ({
      partition,
      begin: begins.get(partition)!,
      stable: ends.get(partition)!,
    }));
  }

  /** The first committed offset taken at or after a time; undefined when there is none. */
  async offsetAt(topic: string, partition: number, timestamp: number): Promise<number | undefined> {
    const found = await this.#offsets(topic, [partition], { fromTimestamp: Math.ceil(timestamp) });
    const offset = found.get(partition)!;
    return offset < 0 ? undefined : offset;
  }

  /** The offset after the last committed record before the stable end. */
  async end(topic: string, partition: number, begin: number, stable: number): Promise<number> {
    const key = `${topic}/${partition}`;
    const known = this.#ends.get(key);
    if (known?.stable === stable) return known.end;
    let end = begin;
    // What ends a transaction takes an offset too. Look back in growing steps for a record.
    for (let step = 2; end === begin && stable > begin; step *= 8) {
      const from = Math.max(begin, stable - step);
      for await (const record of this.range(topic, partition, from, stable))
        end = record.offset + 1;
      if (from === begin) break;
    }
    this.#ends.set(key, { stable, end });
    return end;
  }

  /** Committed records with offsets in [from, to), where `to` is not beyond the stable end. */
  async *range(
    topic: string,
    partition: number,
    from: number,
    to: number,
  ): AsyncGenerator<LogRecord, void, undefined> {
    let position = from;
    let bytes = pageBytes;
    while (position < to) {
      const page = await this.#page(topic, partition, position, bytes);
      if (page.next <= position) {
        // Nothing fits this size, or compaction left nothing there at all.
        if (bytes >= mostPageBytes) return;
        bytes *= 4;
        continue;
      }
      bytes = pageBytes;
      for (const record of page.records) {
        if (record.offset >= to) return;
        yield record;
      }
      position = page.next;
    }
  }

  async #page(topic: string, partition: number, offset: number, maxBytes: number): Promise<Page> {
    const raw = await this.#ask(topic, async (cluster) => {
      const leaders = cluster.findLeaderForPartitions(this.#topics.external(topic), [partition]);
      const [nodeId] = Object.keys(leaders);
      if (nodeId === undefined) throw new Error(`${topic}/${partition} has no leader now`);
      try {
        const broker = await cluster.findBroker({ nodeId });
        const answer = await broker.fetch({
          isolationLevel: readCommitted,
          maxWaitTime: 100,
          minBytes: 1,
          maxBytes,
          topics: [
            {
              topic: this.#topics.external(topic),
              partitions: [{ partition, fetchOffset: String(offset), maxBytes }],
            },
          ],
        });
        return answer.responses[0].partitions[0] as RawPartition;
      } catch (error) {
        // The leader may have moved; the next call looks at fresh metadata.
        await cluster.refreshMetadata();
        throw error;
      }
    });
    const last = raw.messages.at(-1);
    return {
      records: committed(raw)
        .map((message) => toLogRecord(topic, partition, message))
        .filter((record) => record.offset >= offset),
      next: last === undefined ? offset : Number(last.offset) + 1,
    };
  }

  async #offsets(
    topic: string,
    partitions: number[],
    at: { fromBeginning: boolean } | { fromTimestamp: number },
  ): Promise<Map<number, number>> {
    return await this.#ask(topic, async (cluster) => {
      const answers = await cluster.fetchTopicsOffset([
        {
          topic: this.#topics.external(topic),
          partitions: partitions.map((partition) => ({ partition })),
          ...at,
        },
      ]);
      const found = answers[0]?.partitions ?? [];
      return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
    });
  }

  /**
   * One request at a time. The driver opens a connection for each of two requests that come before
   * there is one, keeps the later one, and never closes the other, which keeps the process alive.
   */
  #ask<T>(topic: string, request: (cluster: Cluster) => Promise<T>): Promise<T> {
    return patiently(() => {
      const turn = this.#turn.then(async () => request(await this.#connected(topic)));
      this.#turn = turn.catch(() => undefined);
      return turn;
    });
  }

  async #connected(topic: string): Promise<Cluster> {
    await this.#connection.connect();
    const cluster = this.#cluster!;
    await cluster.addTargetTopic(this.#topics.external(topic));
    await cluster.refreshMetadataIfNecessary();
    return cluster;
  }
}

export function toLogRecord(topic: string, partition: number, message: KafkaMessage): LogRecord {
  return {
    topic,
    partition,
    offset: Number(message.offset),
    key: message.key === null ? null : message.key.toString('utf8'),
    value: plain(message.value),
    timestamp: Number(message.timestamp),
  };
}

/** A plain view of the same bytes, as the other adapters give it: a Buffer behaves differently. */
function plain(value: Buffer | null): Uint8Array | null {
  return value && new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** Leaves out the markers and what aborted transactions wrote. */
function committed({ messages, abortedTransactions }: RawPartition): RawMessage[] {
  const coming = [...(abortedTransactions ?? [])].sort(
    (a, b) => Number(a.firstOffset) - Number(b.firstOffset),
  );
  const aborting = new Set<string>();
  return messages.filter((message) => {
    while (coming[0] !== undefined && Number(message.offset) >= Number(coming[0].firstOffset)) {
      aborting.add(coming.shift()!.producerId);
    }
    const { producerId, inTransaction } = message.batchContext;
    if (message.isControlRecord) {
      // A marker ends the transaction that is open for this producer, whichever way.
      aborting.delete(producerId);
      return false;
    }
    return !(inTransaction && aborting.has(producerId));
  });
}
