import { LocalLog } from '../local/log.ts';
import type { EventLog } from '../port.ts';
import type { TopicOptions } from '../topics.ts';
import { topicsToPrepare } from '../topics.ts';
import { SqliteStore } from './store.ts';

export interface SqliteLogOptions extends TopicOptions {
  /** The file; made when it is missing. Its folder must exist. */
  path: string;
  /**
   * `full` (default) syncs the disk at every commit. `normal` survives a killed process, but a
   * power cut may take the newest commits.
   */
  durability?: 'full' | 'normal';
  /** The clock that stamps the records, epoch milliseconds. Default `Date.now`. */
  now?: () => number;
}

/**
 * A log in one SQLite file, which several processes may have open at once. Throws an
 * `EventLogError` when the file cannot be opened.
 */
export function createSqliteLog(options: SqliteLogOptions): EventLog {
  const topics = topicsToPrepare(options);
  const store = new SqliteStore(
    options.path,
    options.durability ?? 'full',
    options.now ?? Date.now,
  );
  return new LocalLog(store, topics);
}
