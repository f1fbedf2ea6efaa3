import type { Post } from '@outcry/contracts';
import { encode } from '@outcry/contracts';
import type { EventLog, NewRecord } from '@outcry/event-log';
import type { DemoRecord } from '@outcry/testkit';
import { demoDay } from '@outcry/testkit';

const from = Date.UTC(2025, 3, 16, 7);
const to = Date.UTC(2025, 3, 16, 13);
/** The moment that the tests look back to: Spotify has been failing for twenty minutes. */
export const moment = '2025-04-16T12:40:00.000Z';

/** A complaint with everything in it that a page must not take for its own. */
export const hostile: Post = {
  kind: 'post',
  id: 'simulation:bluesky:hostile',
  source: 'simulation:bluesky',
  text: `Spotify is not working, songs will not play <script>window.harmed = true</script><img src="x" onerror="window.harmed = true"> <b>anyone else?</b> {{7*7}}`,
  occurredAt: '2025-04-16T12:39:59.900Z',
  observedAt: '2025-04-16T12:39:59.990Z',
  voice: 'simulated-hostile',
  lang: 'en',
};

/** Appends the simulated morning with the outage in it, thinned out, and the hostile post. */
export async function appendMorning(log: EventLog): Promise<void> {
  const day = demoDay({ scale: 0.3 }).records.filter(({ at }) => at >= from && at < to);
  const at = Date.parse(hostile.observedAt);
  const post: DemoRecord = { topic: 'posts.v1', key: hostile.id, at, record: hostile };
  const records = [...day, post].toSorted((a, b) => a.at - b.at);
  const partitions = new Map<string, number>();
  for (const { topic } of records)
    if (!partitions.has(topic)) partitions.set(topic, await log.partitions(topic));
  for (let start = 0; start < records.length; start += 1_000) {
    const batch = records.slice(start, start + 1_000);
    await log.append(batch.flatMap((record) => toLog(record, partitions.get(record.topic) ?? 1)));
  }
}

/** A record without a key is a heartbeat: it goes to every partition. */
function toLog({ topic, key, record }: DemoRecord, partitions: number): NewRecord[] {
  const value = encode(record);
  if (key !== null) return [{ topic, key, value }];
  return Array.from({ length: partitions }, (_, partition) => ({ topic, key, value, partition }));
}
