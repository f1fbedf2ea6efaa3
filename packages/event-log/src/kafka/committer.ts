import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka, Producer, Transaction } from 'kafkajs';
import type { PartitionRef, PlacedRecord } from '../local/store.ts';
import { asNamed, retry } from './client.ts';
import { guarded, protocolType } from './errors.ts';
import { toSends } from './outgoing.ts';
import type { TopicDirectory } from './topic-directory.ts';

export interface CommitterOptions extends PartitionRef {
  client: Kafka;
  topics: TopicDirectory;
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
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: asNamed,
      retry,
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
    const { topics, group, topic, partition } = this.#options;
    await guarded(async () => {
      const transaction = await this.#producer.transaction();
      for (const topicMessages of toSends(records, (name) => topics.external(name))) {
        await transaction.sendBatch({ topicMessages, acks: -1 });
      }
      await sendOffsets(transaction, {
        consumerGroupId: group,
        topics: [
          {
            topic: topics.external(topic),
            partitions: [{ partition, offset: String(position) }],
          },
        ],
      });
      await transaction.commit();
    });
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
      await sleep(Math.min(5 * attempt, 200));
    }
  }
}
