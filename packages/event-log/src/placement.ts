import { partitionOf } from './partitioner.ts';
import type { NewRecord } from './port.ts';
import { EventLogError } from './port.ts';
import type { StoredTopic } from './topics.ts';

/** Largest value that every adapter takes. Kafka's `max.message.bytes` leaves room for the frame. */
export const maxValueBytes = 8 * 1024 * 1024;

/** Chooses partitions and refuses what no adapter may take, before anything is written. */
export class Placement {
  readonly #topic: (name: string) => StoredTopic;
  /** Where the next keyless record of a topic goes: round robin. */
  readonly #turns = new Map<string, number>();

  /** `topic` finds the settings of a topic and throws `unknown-topic` for others. */
  constructor(topic: (name: string) => StoredTopic) {
    this.#topic = topic;
  }

  /** The partition of a record. Throws an `EventLogError` for a record that cannot be taken. */
  place(record: NewRecord): number {
    const topic = this.#topic(record.topic);
    if (record.value !== null && record.value.byteLength > maxValueBytes) {
      throw new EventLogError(
        'too-large',
        `A value of ${record.value.byteLength} bytes for ${record.topic}; at most ${maxValueBytes} are taken.`,
        { retriable: false },
      );
    }
    if (topic.cleanup === 'compact' && record.key === null) {
      throw new EventLogError(
        'internal',
        `A record of ${record.topic}, which keeps one record per key, needs a key.`,
        {
          retriable: false,
        },
      );
    }
    if (record.partition !== undefined) {
      checkPartition(topic, record.partition);
      return record.partition;
    }
    if (record.key !== null) return partitionOf(record.key, topic.partitions);
    const turn = this.#turns.get(record.topic) ?? 0;
    this.#turns.set(record.topic, turn + 1);
    return turn % topic.partitions;
  }
}

/** Throws `unknown-topic` when the topic has no such partition. */
export function checkPartition(topic: StoredTopic, partition: number): void {
  if (Number.isInteger(partition) && partition >= 0 && partition < topic.partitions) return;
  throw new EventLogError(
    'unknown-topic',
    `${topic.name} has partitions 0 to ${topic.partitions - 1}, not ${partition}.`,
    { retriable: false },
  );
}
