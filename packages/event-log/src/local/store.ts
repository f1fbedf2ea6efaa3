import type { LogRecord } from '../port.ts';
import type { StoredTopic } from '../topics.ts';

/** A record whose partition is chosen. */
export interface PlacedRecord {
  topic: string;
  partition: number;
  key: string | null;
  value: Uint8Array | null;
}

export interface PartitionRef {
  topic: string;
  partition: number;
}

/** The right of one member to consume one partition. The epoch grows with every new holder. */
export interface Claim extends PartitionRef {
  group: string;
  member: string;
  epoch: number;
}

/** What a batch leads to, committed as one. */
export interface StoreCommit {
  claim: Claim;
  position: number;
  /** Outputs, and the changes of the state as records of the state topic. */
  records: readonly PlacedRecord[];
}

/** Who consumes in a group now. Members whose process is gone are left out, and so are their claims. */
export interface GroupView {
  members: readonly { id: string; topics: readonly string[] }[];
  claims: readonly Claim[];
}

/** Names the partitions that got records; undefined means any may have. */
export type ChangeListener = (changed: ReadonlySet<string> | undefined) => void;

/**
 * What a log without a server keeps, in memory or in a file. `LocalLog` and its consumers do the
 * rest. Reads answer at once; writes resolve when they are durable.
 */
export interface LocalStore {
  createTopics(topics: readonly StoredTopic[]): void;
  topic(name: string): StoredTopic | undefined;

  append(records: readonly PlacedRecord[]): Promise<void>;
  /** Rejects with `fenced` when the claim is no longer held; then nothing is written. */
  commit(commit: StoreCommit): Promise<void>;

  /** Records from an offset on, at most so many and so many bytes (but at least one). */
  fetch(ref: PartitionRef, from: number, maxRecords: number, maxBytes: number): LogRecord[];
  extent(ref: PartitionRef): { begin: number; end: number };
  /** The first offset taken at or after a time; the end when there is none. */
  offsetAt(ref: PartitionRef, timestamp: number): number;
  /** The newest value of each key of a compacted partition. */
  state(ref: PartitionRef): Map<string, Uint8Array>;
  positions(group: string, topic: string): Map<number, number>;

  join(group: string, member: string, topics: readonly string[]): void;
  leave(group: string, member: string): Promise<void>;
  view(group: string): GroupView;
  /** Undefined when somebody else holds the partition. Sets the position if there is none yet. */
  claim(group: string, member: string, ref: PartitionRef, initial: number): Claim | undefined;
  release(claim: Claim): Promise<void>;
  /** Tells other processes that the members of this one live. Called often; writes when due. */
  keepAlive(): void;

  onChange(listener: ChangeListener): () => void;
  /** Removes what is beyond its retention, a bounded amount per call. True when more is left. */
  sweep(): Promise<boolean>;
  ping(): void;
  close(): Promise<void>;
}

export function refKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
