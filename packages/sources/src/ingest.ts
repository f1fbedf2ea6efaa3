import { topics } from '@outcry/contracts';
import type { EventLog } from '@outcry/event-log';
import type { StageObserver } from '@outcry/pipeline';
import { silentObserver } from '@outcry/pipeline';
import type { AppenderOptions } from './appender.ts';
import { createAppender } from './appender.ts';
import { createHeldIds } from './held.ts';
import { createLogSink, topicOf } from './log-sink.ts';
import type { Beat, Source, SourceContext, SourceLog } from './source.ts';
import type { SourceState } from './source-state.ts';
import { createSourceState } from './source-state.ts';

export interface IngestOptions {
  log: EventLog;
  sources: readonly Source[];
  /** Keyed hash of an author; every process that ingests uses the same key. */
  voice(source: string, authorId: string): string;
  logger: SourceLog;
  /** Name of the stage. Default `ingest`. */
  name?: string;
  /** Epoch milliseconds. Default the clock. */
  now?: () => number;
  observer?: StageObserver;
  /** Counts what happens inside a source, for the metrics. */
  count?: (source: string, event: string, amount: number) => void;
  appender?: AppenderOptions;
}

/** What a source last said of its sight. */
export interface SourceStatus extends Beat {
  source: string;
}

export interface Ingest {
  readonly name: string;
  /** Settles when the ingest ended: resolves after `stop`, rejects on a fault of ours. */
  readonly done: Promise<void>;
  /** Settles when every source ended, be it of itself as a file does. */
  readonly exhausted: Promise<void>;
  /** Newest heartbeat of each source; sources that have not spoken yet are absent. */
  status(): SourceStatus[];
  /** Records that are not durable yet. */
  pending(): number;
  /** Ends the sources, brings home what they hold, and resolves. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Runs sources into the log until `stop`. One source's troubles never stop another: what the world
 * does wrong is told by heartbeats, and only a fault of ours ends the whole.
 */
export async function createIngest(options: IngestOptions): Promise<Ingest> {
  const { log, logger } = options;
  const names = options.sources.map((source) => source.name);
  if (new Set(names).size !== names.length)
    throw new TypeError(`two sources share a name: ${names.join(', ')}`);
  const now = options.now ?? Date.now;
  const observer = options.observer ?? silentObserver;
  const stopping = new AbortController();
  const latest = new Map<string, SourceStatus>();
  const appender = createAppender(log, {
    onRetry: (error, waitMs) =>
      logger.warn(
        { code: error.code, waitMs: Math.round(waitMs) },
        'the log refuses, trying again',
      ),
    ...options.appender,
  });
  const state = createSourceState(log, appender);
  const held = options.sources.some((source) => source.brings === 'posts')
    ? createHeldIds(log, topics.posts, stopping.signal)
    : undefined;
  held?.known.catch((err: unknown) =>
    logger.warn({ err }, 'what the log holds is not known: every deletion is passed on'),
  );
  const sinks = await Promise.all(
    options.sources.map((source) =>
      createLogSink({ source, log, appender, observer, now, ...(held && { held }) }),
    ),
  );

  const runs = options.sources.map(async (source, index) => {
    const sink = sinks[index]!;
    try {
      await source.run(contextOf(source, sink));
    } catch (error) {
      logger.error({ source: source.name, err: error }, 'the source failed');
      stopping.abort();
      throw error;
    }
  });
  const exhausted = allSettled(runs);
  const done = exhausted.then(() => aborted(stopping.signal)).finally(() => appender.close());
  // Whoever starts the stage looks at these later; until then a failure is not unhandled.
  exhausted.catch(() => {});
  done.catch(() => {});

  function contextOf(source: Source, sink: Awaited<ReturnType<typeof createLogSink>>) {
    return {
      sink: {
        put: sink.put,
        heartbeat(beat) {
          note(source.name, beat);
          return sink.heartbeat(beat);
        },
      },
      now,
      voice: options.voice,
      ...cursorOf(state, source.name),
      reject: sink.reject,
      count: (event, amount = 1) => count(source, event, amount),
      log: logger,
      signal: stopping.signal,
    } satisfies SourceContext;
  }

  function count(source: Source, event: string, amount: number): void {
    options.count?.(source.name, event, amount);
    if (event !== 'malformed' || amount === 0) return;
    // What is not understood at the door is seen in the stage's own numbers.
    const topic = topicOf[source.brings];
    observer.received(topic, amount);
    for (let index = 0; index < amount; index += 1) observer.dropped(topic, 'malformed');
  }

  /** Tells once when a source goes blind and once when it sees again. */
  function note(source: string, beat: Beat): void {
    const before = latest.get(source);
    latest.set(source, { source, ...beat });
    if (before?.state === beat.state && before.reason === beat.reason) return;
    const { state: sight, reason, since } = beat;
    if (sight === 'seeing') logger.info({ source }, `${source} sees`);
    else if (reason === 'stopped') logger.info({ source }, `${source} stopped`);
    else logger.warn({ source, reason, since }, `${source} is blind: ${reason}`);
  }

  return {
    name: options.name ?? 'ingest',
    done,
    exhausted,
    status: () => [...latest.values()],
    pending: () => appender.pending,
    async stop() {
      stopping.abort();
      await done.catch(() => {});
    },
  };
}

function cursorOf(
  state: SourceState,
  source: string,
): Pick<SourceContext, 'loadCursor' | 'saveCursor'> {
  const key = `${source}/cursor`;
  return { loadCursor: () => state.load(key), saveCursor: (cursor) => state.save(key, cursor) };
}

/** Waits for all, then throws the first failure. */
async function allSettled(runs: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(runs);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
