import { encode } from '@outcry/contracts';
import type { NewRecord } from '@outcry/event-log';

/** A value as a record of a topic, partitioned by its key. */
export function keyed(topic: string, key: string, value: unknown): NewRecord {
  return { topic, key, value: encode(value) };
}

/** A value for one partition of a topic, whatever its key. */
export function addressed(
  topic: string,
  partition: number,
  key: string,
  value: unknown,
): NewRecord {
  return { topic, key, value: encode(value), partition };
}

/** The same value for every partition of a topic: heartbeats and deletions concern all of them. */
export function broadcast(
  topic: string,
  partitions: number,
  key: string,
  value: unknown,
): NewRecord[] {
  const bytes = encode(value);
  return Array.from({ length: partitions }, (_, partition) => ({
    topic,
    key,
    value: bytes,
    partition,
  }));
}
