import { setTimeout as wait } from 'node:timers/promises';
import type { EventLog, LogRecord } from '@outcry/event-log';

export interface FollowOptions {
  log: EventLog;
  topic: string;
  /** `beginning`: all that is held; `end`: only what comes. */
  from: 'beginning' | 'end';
  everyMs: number;
  signal: AbortSignal;
  onRecord(record: LogRecord): void;
  /** The log did not answer; it is asked again after the usual wait. */
  onError(error: unknown): void;
}

/**
 * Reads a quiet topic as it grows, without a group: every reader sees everything and nothing is kept
 * of it. It asks for the ends of the partitions and reads only what is new. Resolves when aborted.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { log, topic, everyMs, signal, onRecord, onError } = options;
  const next = new Map<number, number>();
  let first = true;
  while (!signal.aborted) {
    try {
      for (const { partition, begin, end } of await log.extents(topic)) {
        const from = next.get(partition) ?? (first && options.from === 'end' ? end : begin);
        if (from < end) {
          const range = { topic, partition, from: { offset: from }, to: { offset: end } };
          for await (const record of log.read(range)) onRecord(record);
        }
        next.set(partition, Math.max(from, end));
      }
      first = false;
    } catch (error) {
      onError(error);
    }
    await wait(everyMs, undefined, { signal }).catch(() => {});
  }
}
