import type { EventLog, NewRecord } from '@outcry/event-log';
import { EventLogError } from '@outcry/event-log';
import { createBackOff, wait } from './wait.ts';

export interface Appender {
  /**
   * Resolves when the records are durable. Records reach each partition in the order of the calls.
   * Rejects only when the log says that no retry can help, or after `close`.
   */
  append(records: readonly NewRecord[]): Promise<void>;
  /** Records that are not durable yet. */
  readonly pending: number;
  /** Brings home what is pending, then refuses more. */
  close(): Promise<void>;
}

export interface AppenderOptions {
  /** Records in one append at most, unless a single call brings more. Default 2,000. */
  batchLimit?: number;
  /** First and longest wait when the log cannot be reached. Default 100 ms and 5 s. */
  backOffMs?: { first: number; most: number };
  /** Told each time an append must be tried again. */
  onRetry?: (error: EventLogError, waitMs: number) => void;
}

interface Waiting {
  records: readonly NewRecord[];
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Group commit: what comes while one append is on its way goes together into the next. One append
 * at a time keeps the order, so a heartbeat is always behind the records that were put before it.
 */
export function createAppender(log: EventLog, options: AppenderOptions = {}): Appender {
  const batchLimit = options.batchLimit ?? 2_000;
  const backOff = createBackOff(options.backOffMs?.first ?? 100, options.backOffMs?.most ?? 5_000);
  const closing = new AbortController();
  let waiting: Waiting[] = [];
  let pending = 0;
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = nextGroup();
      const records = group.flatMap((one) => one.records);
      try {
        await appendUntilDurable(records);
        for (const one of group) one.resolve();
      } catch (error) {
        for (const one of group) one.reject(error);
      } finally {
        pending -= records.length;
      }
    }
    running = null;
  }

  function nextGroup(): Waiting[] {
    let size = 0;
    let count = 0;
    for (const one of waiting) {
      if (count > 0 && size + one.records.length > batchLimit) break;
      size += one.records.length;
      count += 1;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  }

  async function appendUntilDurable(records: readonly NewRecord[]): Promise<void> {
    for (;;) {
      try {
        await log.append(records);
        backOff.reset();
        return;
      } catch (error) {
        const retriable = error instanceof EventLogError && error.retriable;
        if (!retriable || closing.signal.aborted) throw error;
        const waitMs = backOff.next();
        options.onRetry?.(error, waitMs);
        await wait(waitMs, closing.signal);
      }
    }
  }

  return {
    append(records) {
      if (closing.signal.aborted)
        return Promise.reject(
          new EventLogError('closed', 'the appender is closed', { retriable: false }),
        );
      if (records.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiting.push({ records, resolve, reject });
        pending += records.length;
        // The first call of a turn lets the others of that turn join it.
        running ??= Promise.resolve().then(run);
      });
    },
    get pending() {
      return pending;
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
