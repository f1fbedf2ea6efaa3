import type { Check, Deletion, Heartbeat, Post, Report } from '@outcry/contracts';

export type SourceRecord = Post | Report | Check | Deletion;

/** What a source says of its own sight; the ingest adds the source's name. */
export type Beat = Omit<Heartbeat, 'kind' | 'source' | 'input'>;
export type BlindReason = NonNullable<Heartbeat['reason']>;

/**
 * Where a source puts what it finds. `put` resolves when the records are durable in the log; a
 * source that awaits it thereby feels back-pressure. `heartbeat` reaches every partition of the
 * source's topic, behind the records put before it.
 */
export interface Sink {
  put(records: readonly SourceRecord[]): Promise<void>;
  heartbeat(beat: Beat): Promise<void>;
}

/** Something that was meant for us and cannot be understood. */
export interface Rejected {
  /** Short and countable, such as `not-json`. */
  reason: string;
  detail: string;
  payload: Uint8Array;
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
  /** Resolves when the cursor is durable, behind all records put before. */
  saveCursor(cursor: string): Promise<void>;
  /** Keeps a broken record as a dead letter; resolves when it is durable. */
  reject(rejected: Rejected): Promise<void>;
  /** Counts what happens, such as `malformed` or `reconnected`, for the metrics. */
  count(event: string, amount?: number): void;
  log: SourceLog;
  /** Aborted when the source must end. */
  signal: AbortSignal;
}

export interface SourceLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export type Brings = 'posts' | 'reports' | 'checks';

/**
 * A connector. `run` connects, brings records until `context.signal` aborts, and reconnects by
 * itself with growing waits; it resolves when it ended. It rejects only for a fault of ours: what
 * the other side does wrong is told by a `blind` heartbeat.
 */
export interface Source {
  /** Such as `bluesky`. */
  readonly name: string;
  /** The topic that its heartbeats reach. */
  readonly brings: Brings;
  /** Further topics that it may write to and whose partitions its heartbeats must reach as well. */
  readonly alsoBrings?: readonly Brings[];
  run(context: SourceContext): Promise<void>;
}
