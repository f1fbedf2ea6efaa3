import { createHash } from 'node:crypto';
import type { Deletion, Heartbeat, Topic } from '@outcry/contracts';
import {
  checksRecord,
  describeIssues,
  encode,
  postsRecord,
  reportsRecord,
  topics,
} from '@outcry/contracts';
import type { EventLog, NewRecord } from '@outcry/event-log';
import type { StageObserver } from '@outcry/pipeline';
import { broadcast, deadLetterAtDoor, keyed } from '@outcry/pipeline';
import type { Appender } from './appender.ts';
import type { HeldIds } from './held.ts';
import type { Beat, Brings, Rejected, Sink, Source, SourceRecord } from './source.ts';

export const topicOf = {
  posts: topics.posts,
  reports: topics.reports,
  checks: topics.checks,
} as const satisfies Record<Brings, Topic>;

const schemaOf = {
  [topics.posts]: postsRecord,
  [topics.reports]: reportsRecord,
  [topics.checks]: checksRecord,
} as const;

export interface LogSink extends Sink {
  reject(rejected: Rejected): Promise<void>;
}

export interface LogSinkOptions {
  source: Pick<Source, 'name' | 'brings' | 'alsoBrings'>;
  log: EventLog;
  appender: Appender;
  observer: StageObserver;
  now(): number;
  /** Which posts the log may hold; deletions of others are nobody's business. */
  held?: HeldIds;
}

/**
 * The last door before the log. Each record is checked against the contract once more, because what
 * a connector makes of a stranger's words must never stop the readers behind; what fails becomes a
 * dead letter.
 */
export async function createLogSink(options: LogSinkOptions): Promise<LogSink> {
  const { source, appender, observer } = options;
  const home = [source.brings, ...(source.alsoBrings ?? [])].map((brings) => topicOf[brings]);
  const partitions = new Map<Topic, number>();
  for (const topic of home) partitions.set(topic, await options.log.partitions(topic));

  function recordsFor(record: SourceRecord): NewRecord[] {
    const topic = topicFor(record, home[0]!);
    observer.received(topic, 1);
    const checked = schemaOf[topic].safeParse(record);
    if (!checked.success) {
      const payload = encode(record);
      return [letter({ reason: 'schema', detail: describeIssues(checked.error), payload })];
    }
    if (record.kind === 'deletion' && isStrangers(record)) {
      observer.dropped(topic, 'not-held');
      return [];
    }
    observer.done(topic, 1);
    if (record.kind === 'post') options.held?.add(record.id);
    // Of one author there may be something in every partition; of one post only in its own.
    if (record.kind === 'deletion' && record.postId === undefined)
      return broadcast(topic, partitions.get(topic)!, keyOf(record), record);
    return [keyed(topic, keyOf(record), record)];
  }

  function isStrangers({ postId }: Deletion): boolean {
    return postId !== undefined && options.held !== undefined && !options.held.mayHold(postId);
  }

  function letter({ reason, detail, payload }: Rejected): NewRecord {
    observer.deadLettered(home[0]!, reason, detail);
    return deadLetterAtDoor({
      door: source.name,
      id: createHash('sha256').update(payload).digest('hex').slice(0, 32),
      reason,
      detail,
      payload,
      at: options.now(),
    });
  }

  return {
    put(records) {
      return appender.append(records.flatMap(recordsFor));
    },
    heartbeat(beat) {
      return appender.append(heartbeats(beat));
    },
    reject(rejected) {
      observer.received(home[0]!, 1);
      return appender.append([letter(rejected)]);
    },
  };

  function heartbeats(beat: Beat): NewRecord[] {
    const value: Heartbeat = { kind: 'heartbeat', source: source.name, ...beat };
    return [...partitions].flatMap(([topic, count]) =>
      broadcast(topic, count, `heartbeat/${source.name}`, value),
    );
  }
}

type HomeTopic = (typeof topicOf)[Brings];

function topicFor(record: SourceRecord, home: HomeTopic): HomeTopic {
  switch (record.kind) {
    case 'post':
      return topics.posts;
    case 'report':
      return topics.reports;
    case 'check':
      return topics.checks;
    case 'deletion':
      return home;
  }
}

function keyOf(record: SourceRecord): string {
  switch (record.kind) {
    case 'post':
      return record.id;
    case 'report':
      return record.voice;
    case 'check':
      return record.target;
    case 'deletion':
      return record.postId ?? record.voice ?? record.source;
  }
}
