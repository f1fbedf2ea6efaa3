import type { TopicMessages } from 'kafkajs';
import type { PlacedRecord } from '../local/store.ts';

/** The driver sends what goes to one partition as one batch, which the topic limits in size. */
const batchBytes = 4 * 1024 * 1024;

/** Puts records into sends in their order, so that no batch of a partition becomes too large. */
export function toSends(
  records: readonly PlacedRecord[],
  external: (topic: string) => string,
): TopicMessages[][] {
  const sends: TopicMessages[][] = [];
  let byTopic = new Map<string, TopicMessages>();
  let sizes = new Map<string, number>();
  const flush = () => {
    if (byTopic.size > 0) sends.push([...byTopic.values()]);
    byTopic = new Map();
    sizes = new Map();
  };
  for (const { topic, partition, key, value } of records) {
    const place = `${partition}/${topic}`;
    const bytes = (value?.byteLength ?? 0) + (key?.length ?? 0) + 32;
    if ((sizes.get(place) ?? 0) + bytes > batchBytes && sizes.has(place)) flush();
    sizes.set(place, (sizes.get(place) ?? 0) + bytes);
    let messages = byTopic.get(topic);
    if (messages === undefined) {
      messages = { topic: external(topic), messages: [] };
      byTopic.set(topic, messages);
    }
    messages.messages.push({ partition, key, value: asBuffer(value) });
  }
  flush();
  return sends;
}

function asBuffer(value: Uint8Array | null): Buffer | null {
  return value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
