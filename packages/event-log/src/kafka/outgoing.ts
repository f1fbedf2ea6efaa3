import type { TopicMessages } from 'kafkajs';
import type { PlacedRecord } from '../local/store.ts';

/** The driver sends what goes to one partition as one batch, which the topic limits in size. */
const batchBytes = 4 * 1024 * 1024;

/** One call of the driver. */
export type Send = TopicMessages[];

/**
 * Puts records into sends, in their order. The sends of one lane go out one after the other, and
 * none of them holds too large a batch for a partition.
 *
 * What shares a send must go to one broker. When the driver sends to several brokers at once and
 * one refuses, it begins again while the others are still on their way, and numbers the repeated
 * records as new ones: records are doubled, and then others are taken for repetitions and lost.
 */
export function toLanes(
  records: readonly PlacedRecord[],
  external: (topic: string) => string,
  lane: (topic: string, partition: number) => string,
): Send[][] {
  const lanes = new Map<string, Lane>();
  for (const record of records) {
    const name = lane(record.topic, record.partition);
    let found = lanes.get(name);
    if (found === undefined) {
      found = new Lane(external);
      lanes.set(name, found);
    }
    found.add(record);
  }
  return [...lanes.values()].map(({ sends }) => sends);
}

class Lane {
  readonly sends: Send[] = [];
  readonly #external: (topic: string) => string;
  #byTopic = new Map<string, TopicMessages>();
  #sizes = new Map<string, number>();

  constructor(external: (topic: string) => string) {
    this.#external = external;
  }

  add({ topic, partition, key, value }: PlacedRecord): void {
    const place = `${partition}/${topic}`;
    const bytes = (value?.byteLength ?? 0) + (key?.length ?? 0) + 32;
    const size = this.#sizes.get(place) ?? 0;
    if (this.sends.length === 0 || (size > 0 && size + bytes > batchBytes)) this.#begin();
    this.#sizes.set(place, (this.#sizes.get(place) ?? 0) + bytes);
    let messages = this.#byTopic.get(topic);
    if (messages === undefined) {
      messages = { topic: this.#external(topic), messages: [] };
      this.#byTopic.set(topic, messages);
      this.sends.at(-1)!.push(messages);
    }
    messages.messages.push({ partition, key, value: asBuffer(value) });
  }

  #begin(): void {
    this.sends.push([]);
    this.#byTopic = new Map();
    this.#sizes = new Map();
  }
}

function asBuffer(value: Uint8Array | null): Buffer | null {
  return value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
