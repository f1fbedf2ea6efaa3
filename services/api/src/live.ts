import type { OutageEvent, SourceStatus } from '@outcry/contracts';
import { decode, outageEvent, sourceStatus, topics } from '@outcry/contracts';
import type { EventLog } from '@outcry/event-log';
import type { Logger } from '@outcry/runtime';
import { explainError } from '@outcry/runtime';
import { follow } from './follow.ts';

export type LiveMessage =
  | { event: 'outage'; id: string; data: OutageEvent }
  | { event: 'source'; id: string; data: SourceStatus };

export interface Live {
  /**
   * The newest word of every source, or the last that it had said by a moment (epoch milliseconds), as
   * far as the log still holds it; older words are gone.
   */
  sources(at?: number): SourceStatus[];
  /** Calls back for each message from now on; the returned function ends it. */
  subscribe(listener: (message: LiveMessage) => void): () => void;
  /** The messages after the one with this id, as far as they are still held. */
  since(id: string): LiveMessage[];
  stop(): Promise<void>;
}

/** How many messages are held for those who lost their connection. */
const heldMessages = 1_000;
/** How many changes are held of each source, for those who look back. */
const heldWords = 1_000;

/** Follows outages and source changes in the log for everyone who is connected to this process. */
export function startLive(log: EventLog, logger: Logger, everyMs = 1_000): Live {
  const controller = new AbortController();
  const said = new Map<string, SourceStatus[]>();
  const listeners = new Set<(message: LiveMessage) => void>();
  const held: LiveMessage[] = [];
  let told = false;

  const shared = {
    log,
    everyMs,
    signal: controller.signal,
    onError(error: unknown) {
      if (!told) logger.warn(`the live view waits for the log: ${explainError(error)}`);
      told = true;
    },
  };
  const done = Promise.all([
    follow({
      ...shared,
      topic: topics.sources,
      from: 'beginning',
      onRecord(record) {
        const decoded = decode(sourceStatus, record.value);
        if (!decoded.ok) return;
        remember(decoded.value);
        publish({ event: 'source', id: `s${record.offset}`, data: decoded.value });
      },
    }),
    follow({
      ...shared,
      topic: topics.outages,
      from: 'end',
      onRecord(record) {
        const decoded = decode(outageEvent, record.value);
        if (decoded.ok)
          publish({
            event: 'outage',
            id: `o${record.partition}-${record.offset}`,
            data: decoded.value,
          });
      },
    }),
  ]);

  return {
    sources(at = Number.POSITIVE_INFINITY) {
      return [...said.values()]
        .map((words) => words.findLast(({ since }) => Date.parse(since) <= at))
        .filter((word) => word !== undefined)
        .toSorted((a, b) => a.source.localeCompare(b.source));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    since(id) {
      const index = held.findIndex((message) => message.id === id);
      return index === -1 ? [] : held.slice(index + 1);
    },
    async stop() {
      controller.abort();
      await done;
    },
  };

  function remember(word: SourceStatus): void {
    const words = said.get(word.source) ?? [];
    words.push(word);
    if (words.length > heldWords) words.shift();
    said.set(word.source, words);
  }

  function publish(message: LiveMessage): void {
    told = false;
    held.push(message);
    if (held.length > heldMessages) held.shift();
    for (const listener of listeners) listener(message);
  }
}
