import { topics } from '@outcry/contracts';
import type { EventLog } from '@outcry/event-log';
import type { Appender } from './appender.ts';

/** What sources remember across restarts, kept in a compacted topic of the log. */
export interface SourceState {
  /** Null when nothing is kept under the key. */
  load(key: string): Promise<string | null>;
  /** Everything kept under keys that begin so. */
  loadAll(prefix: string): Promise<Map<string, string>>;
  /** Resolves when it is durable, behind everything that was appended before. */
  save(key: string, value: string): Promise<void>;
  forget(key: string): Promise<void>;
}

export function createSourceState(log: EventLog, appender: Appender): SourceState {
  const topic = topics.sourceState;

  async function loadAll(prefix: string): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for await (const { key, value } of log.read({ topic, partition: 0 })) {
      if (key === null || !key.startsWith(prefix)) continue;
      if (value === null) found.delete(key);
      else found.set(key, Buffer.from(value).toString('utf8'));
    }
    return found;
  }

  return {
    loadAll,
    async load(key) {
      return (await loadAll(key)).get(key) ?? null;
    },
    save: (key, value) => appender.append([{ topic, key, value: Buffer.from(value) }]),
    forget: (key) => appender.append([{ topic, key, value: null }]),
  };
}
