import type { DeadLetter, Deletion, Heartbeat, Post, Report, Topic } from '@outcry/contracts';
import { deadLetter, decode, postsRecord, reportsRecord, topics } from '@outcry/contracts';
import type { EventLog } from '@outcry/event-log';
import { createMemoryLog } from '@outcry/event-log/memory';
import type { Ingest } from './ingest.ts';
import { createIngest } from './ingest.ts';
import type { Source, SourceLog } from './source.ts';

/** A log that keeps its lines, so that a test can look for what must not be in them. */
export interface KeptLog extends SourceLog {
  readonly lines: readonly string[];
}

export function keepLog(): KeptLog {
  const lines: string[] = [];
  const keep = (level: string) => (details: object, message: string) => {
    lines.push(`${level} ${message} ${JSON.stringify(details)}`);
  };
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}

export interface Rig {
  readonly log: EventLog;
  readonly ingest: Ingest;
  readonly logger: KeptLog;
  readonly counts: Map<string, number>;
  posts(): Promise<Post[]>;
  postIds(): Promise<Set<string>>;
  reports(): Promise<Report[]>;
  deletions(): Promise<Deletion[]>;
  deadLetters(): Promise<DeadLetter[]>;
  /** Heartbeats of one partition of `posts.v1`, in order. */
  heartbeats(partition?: number): Promise<Heartbeat[]>;
}

/** A voice that a test can predict. */
export const plainVoice = (source: string, authorId: string) => `voice(${source}/${authorId})`;

/** Runs sources through the real ingest into a real log in memory, or one that a test wraps. */
export async function rig(
  sources: readonly Source[],
  options: { log?: EventLog; now?: () => number; partitions?: number } = {},
): Promise<Rig> {
  const log = options.log ?? createMemoryLog({ partitions: options.partitions ?? 3 });
  await log.prepare();
  const logger = keepLog();
  const counts = new Map<string, number>();
  const ingest = await createIngest({
    log,
    sources,
    voice: plainVoice,
    logger,
    ...(options.now === undefined ? {} : { now: options.now }),
    count: (source, event, amount) => {
      const key = `${source}/${event}`;
      counts.set(key, (counts.get(key) ?? 0) + amount);
    },
  });
  const posts = async () => (await readPosts(log)).filter((record) => record.kind === 'post');
  return {
    log,
    ingest,
    logger,
    counts,
    posts,
    postIds: async () => new Set((await posts()).map((record) => record.id)),
    deletions: async () =>
      unique((await readPosts(log)).filter((record) => record.kind === 'deletion')),
    reports: async () =>
      (await readTopic(log, topics.reports, reportsRecord)).filter(
        (record) => record.kind === 'report',
      ),
    deadLetters: () => readTopic(log, topics.deadLetters, deadLetter),
    heartbeats: async (partition = 0) =>
      (await readTopic(log, topics.posts, postsRecord, partition)).filter(
        (record) => record.kind === 'heartbeat',
      ),
  };
}

function readPosts(log: EventLog) {
  return readTopic(log, topics.posts, postsRecord);
}

/** All records of a topic, or of one partition; each must satisfy its contract. */
export async function readTopic<T>(
  log: EventLog,
  topic: Topic,
  schema: Parameters<typeof decode<T>>[0],
  partition?: number,
): Promise<T[]> {
  const found: T[] = [];
  const count = await log.partitions(topic);
  for (let index = 0; index < count; index += 1) {
    if (partition !== undefined && partition !== index) continue;
    for await (const record of log.read({ topic, partition: index })) {
      const decoded = decode(schema, record.value);
      if (!decoded.ok) throw new Error(`${topic}/${index}: ${decoded.detail}`);
      found.push(decoded.value);
    }
  }
  return found;
}

/** Ids of the posts or reports in a log's topic. */
export async function idsIn(
  log: EventLog,
  topic: typeof topics.posts | typeof topics.reports,
): Promise<Set<string>> {
  const schema = topic === topics.posts ? postsRecord : reportsRecord;
  const ids = new Set<string>();
  for (const record of await readTopic<Post | Report | Heartbeat | Deletion>(log, topic, schema))
    if ('id' in record) ids.add(record.id);
  return ids;
}

/** Deletions stand in every partition. */
function unique(records: Deletion[]): Deletion[] {
  return [...new Map(records.map((record) => [JSON.stringify(record), record])).values()];
}
