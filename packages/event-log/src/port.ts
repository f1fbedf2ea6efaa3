/** A record to append. Without `partition`, the key's hash chooses it (murmur2, as Kafka does). */
export interface NewRecord {
  topic: string;
  key: string | null;
  /** Null is a tombstone: in a compacted topic it removes the key. */
  value: Uint8Array | null;
  partition?: number;
}

export interface LogRecord {
  topic: string;
  partition: number;
  /** Grows within a partition, not necessarily by one. */
  offset: number;
  key: string | null;
  value: Uint8Array | null;
  /** When the log took it, epoch milliseconds. */
  timestamp: number;
}

export interface Batch {
  topic: string;
  partition: number;
  /** In offset order, at least one. */
  records: readonly LogRecord[];
  /** Call inside long work: it keeps the membership of the group alive. */
  heartbeat(): Promise<void>;
  /** True once the partition was taken away: stop, what you return is not committed. */
  isStale(): boolean;
}

/** What a batch leads to. All of it is committed together with the position, or nothing is. */
export interface Commit {
  outputs: readonly NewRecord[];
  /** Changes of the state of this input partition; a null value removes the key. */
  state?: readonly { key: string; value: Uint8Array | null }[];
}

/**
 * Takes the batches of one partition, one after the other; those of other partitions may be in work
 * at the same time. Made when the partition is assigned,
 * from the committed state; dropped when it is revoked or a commit fails, so whatever it holds in
 * memory is rebuilt from what was committed.
 */
export interface PartitionProcessor {
  /**
   * Throwing means that nothing is committed. An error with `retriable: true` makes the consumer
   * wait and open the partition anew; any other error ends the consumer (see `Consumer.done`).
   */
  process(batch: Batch): Promise<Commit>;
  close?(): Promise<void> | void;
}

export interface Assignment {
  topic: string;
  partition: number;
  /** Partitions of the topic in all. */
  partitions: number;
  /** The next offset to be read. */
  position: number;
  /** The committed state of this partition, by key. Empty without a state topic. */
  state: ReadonlyMap<string, Uint8Array>;
}

export interface ConsumeOptions {
  group: string;
  topics: readonly string[];
  /** Compacted topic with as many partitions as the input, for `Commit.state`. One input topic only. */
  stateTopic?: string;
  /** Where a group without a position starts. Default `earliest`. */
  from?: 'earliest' | 'latest';
  /** Most records in one batch. Default 1000. */
  maxBatch?: number;
  /** Makes the processor of one partition. */
  open(assignment: Assignment): Promise<PartitionProcessor> | PartitionProcessor;
}

export interface Consumer {
  /** Settles when the consumer ended: resolves after `stop`, rejects on an error it cannot retry. */
  readonly done: Promise<void>;
  /** Lets the running batch commit, gives the partitions back and resolves. May be called twice. */
  stop(): Promise<void>;
  /**
   * Stops fetching until the returned function is called, for back-pressure. The batch in hand
   * still completes; membership of the group is kept.
   */
  pause(): () => void;
  /** Records between the group's positions and the ends of its partitions, all topics. */
  lag(): Promise<number>;
}

export interface ReadOptions {
  topic: string;
  partition: number;
  /** First offset, or the first record taken at or after a time (epoch ms). Default: the beginning. */
  from?: { offset: number } | { timestamp: number };
  /** Stops before this offset or time. Default: the end of the partition when reading began. */
  to?: { offset: number } | { timestamp: number };
}

/**
 * The log. Every stage talks to the next through it and knows nothing else of the others. Sources
 * append to it many times a second; each stage consumes from it; reprocessing reads ranges of it.
 *
 * Failures: methods reject with an `EventLogError` that says whether a retry may help.
 */
export interface EventLog {
  /** Makes the topics that are missing, with their settings. Safe to call from every process. */
  prepare(): Promise<void>;
  /** Resolves when the records are durable. All of one call or, on an error, possibly some. */
  append(records: readonly NewRecord[]): Promise<void>;
  consume(options: ConsumeOptions): Promise<Consumer>;
  /** Committed records of a range of one partition, in offset order, then ends. */
  read(options: ReadOptions): AsyncIterable<LogRecord>;
  partitions(topic: string): Promise<number>;
  /** Per partition, the first offset still held and the one after the last committed record. */
  extents(topic: string): Promise<{ partition: number; begin: number; end: number }[]>;
  /** Committed position of a group, by partition; absent partitions have none. */
  positions(group: string, topic: string): Promise<Map<number, number>>;
  /** Rejects when the log cannot be reached; for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export class EventLogError extends Error {
  readonly code: 'unreachable' | 'unknown-topic' | 'fenced' | 'too-large' | 'closed' | 'internal';
  /** Whether the same call may succeed later. */
  readonly retriable: boolean;

  constructor(
    code: EventLogError['code'],
    message: string,
    options: { cause?: unknown; retriable: boolean },
  ) {
    super(message, { cause: options.cause });
    this.name = 'EventLogError';
    this.code = code;
    this.retriable = options.retriable;
  }
}
