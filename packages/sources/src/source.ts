import type { Check, Deletion, Heartbeat, Post, Report } from '@outcry/contracts';

export type SourceRecord = Post | Report | Check | Deletion;

/**
 * Where a source puts what it finds. `put` resolves when the records are durable in the log; a
 * source that awaits it thereby feels back-pressure. `heartbeat` reaches every partition of the
 * source's topic, behind the records put before it.
 */
export interface Sink {
  put(records: readonly SourceRecord[]): Promise<void>;
  heartbeat(beat: Omit<Heartbeat, 'kind' | 'source' | 'input'>): Promise<void>;
}

/** What a source may use of the world; all of it can be replaced in a test. */
export interface SourceContext {
  sink: Sink;
  /** Epoch milliseconds. */
  now(): number;
  /** Keyed hash of an author's or reporter's native id. */
  voice(source: string, authorId: string): string;
  /** The source's durable cursor, as it was last saved; null at first. */
  loadCursor(): Promise<string | null>;
  saveCursor(cursor: string): Promise<void>;
  log: SourceLog;
  /** Aborted when the source must end. */
  signal: AbortSignal;
}

export interface SourceLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/**
 * A connector. `run` connects, brings records until `context.signal` aborts, and reconnects by
 * itself with growing waits; it resolves when it ended. It rejects only for a fault of ours: what
 * the other side does wrong is told by a `blind` heartbeat.
 */
export interface Source {
  /** Such as `bluesky`. */
  readonly name: string;
  readonly brings: 'posts' | 'reports' | 'checks';
  run(context: SourceContext): Promise<void>;
}
