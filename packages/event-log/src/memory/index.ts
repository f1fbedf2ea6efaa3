import { LocalLog } from '../local/log.ts';
import type { EventLog } from '../port.ts';
import type { TopicOptions } from '../topics.ts';
import { topicsToPrepare } from '../topics.ts';
import { MemoryStore } from './store.ts';

export interface MemoryLogOptions extends TopicOptions {
  /** The clock that stamps the records, epoch milliseconds. Default `Date.now`. */
  now?: () => number;
}

/** A log that lives and ends with this process: for tests, and for runs nobody needs to remember. */
export function createMemoryLog(options: MemoryLogOptions): EventLog {
  return new LocalLog(new MemoryStore(options.now ?? Date.now), topicsToPrepare(options));
}
