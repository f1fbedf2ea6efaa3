import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka, Producer, Transaction } from 'kafkajs';
import type { PartitionRef, PlacedRecord } from '../local/store.ts';
import { asNamed } from './client.ts';
import { guarded, protocolType } from './errors.ts';
import { toLanes } from './outgoing.ts';
import type { CommittedReader } from './reader.ts';
import type { TopicDirectory } from './topic-directory.ts';

export interface CommitterOptions extends PartitionRef {
  client: Kafka;
  topics: TopicDirectory;
  reader: CommittedReader;
  /** As the cluster names it. */
  group: string;
}

/**
 * Commits the batches of one input partition, each as one transaction. Its transactional id belongs
 * to the group and the partition: whoever opens it next shuts out its earlier holder.
 */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #producer: Producer;

  private constructor(options: CommitterOptions, producer: Producer) {
    this.#options = options;
    this.#producer = producer;
  }

  /**
   * Resolves when the earlier holder is shut out and its open transaction has ended, so that the
   * committed position and state are now final until this one commits.
   */
  static async open(options: CommitterOptions): Promise<Committer> {
    const { client, topics, group, topic, partition } = options;
    const producer = client.producer({
      transactionalId: `${group}/${topics.external(topic)}/${partition}`,
      transactionTimeout: 60_000,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: asNamed,
      // A send that fails fails the transaction: what it wrote is aborted, whatever that was. The
      // driver would not let an idempotent producer do so; in transactions every one of them is.
      idempotent: false,
      retry: { retries: 0 },
    });
    try {
      await guarded(async () => {
        await producer.connect();
        // The driver takes the transactional id at the first transaction; an empty one costs nothing.
        const empty = await producer.transaction();
        await empty.abort();
      });
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
    return new Committer(options, producer);
  }

  /** All or nothing. After a rejection it is unknown which: open a new one to find out. */
  async commit(records: readonly PlacedRecord[], position: number): Promise<void> {
    const { topics, reader, group, topic, partition } = this.#options;
    const leader = await reader.leaders(records.map((record) => record.topic));
    const lanes = toLanes(records, (name) => topics.external(name), leader);
    try {
      await guarded(async () => {
        const transaction = await this.#producer.transaction();
        // First what may be repeated at will, until the broker has completed the last transaction.
        await sendOffsets(transaction, {
          consumerGroupId: group,
          topics: [
            {
              topic: topics.external(topic),
              partitions: [{ partition, offset: String(position) }],
            },
          ],
        });
        // One after the other: the broker adds partitions to a transaction only in single file.
        for (const topicMessages of lanes.flat()) {
          await transaction.sendBatch({ topicMessages, acks: -1 });
        }
        await transaction.commit();
      });
    } catch (error) {
      // Perhaps a leader has moved.
      await reader.refresh().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#producer.disconnect().catch(() => undefined);
  }
}

/** The broker completes a transaction after it has acknowledged it; until then it refuses the next. */
async function sendOffsets(
  transaction: Transaction,
  offsets: Parameters<Transaction['sendOffsets']>[0],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await transaction.sendOffsets(offsets);
      return;
    } catch (error) {
      if (protocolType(error) !== 'CONCURRENT_TRANSACTIONS' || attempt === 100) throw error;
      await sleep(Math.min(2 * attempt, 100));
    }
  }
}
