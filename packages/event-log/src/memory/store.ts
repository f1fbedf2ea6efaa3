import { setImmediate as turn } from 'node:timers/promises';
import type {
  ChangeListener,
  Claim,
  GroupView,
  LocalStore,
  PartitionRef,
  PlacedRecord,
  StoreCommit,
} from '../local/store.ts';
import { refKey } from '../local/store.ts';
import type { LogRecord } from '../port.ts';
import { EventLogError } from '../port.ts';
import type { StoredTopic } from '../topics.ts';
import { unknownTopic } from '../topics.ts';
import { MemoryPartition } from './partition.ts';

/** Keeps everything in this process, for tests and for runs that need not be remembered. */
export class MemoryStore implements LocalStore {
  readonly #now: () => number;
  readonly #topics = new Map<string, StoredTopic>();
  readonly #partitions = new Map<string, MemoryPartition>();
  readonly #positions = new Map<string, number>();
  readonly #members = new Map<string, Map<string, readonly string[]>>();
  readonly #claims = new Map<string, Claim>();
  readonly #listeners = new Set<ChangeListener>();
  #epoch = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  createTopics(topics: readonly StoredTopic[]): void {
    for (const topic of topics) {
      if (this.#topics.has(topic.name)) continue;
      this.#topics.set(topic.name, topic);
      for (let partition = 0; partition < topic.partitions; partition++) {
        const log = new MemoryPartition(topic, partition);
        this.#partitions.set(refKey(topic.name, partition), log);
      }
    }
  }

  topic(name: string): StoredTopic | undefined {
    return this.#topics.get(name);
  }

  async append(records: readonly PlacedRecord[]): Promise<void> {
    this.#write(records);
    await turn();
  }

  async commit({ claim, position, records }: StoreCommit): Promise<void> {
    const held = this.#claims.get(claimKey(claim.group, claim));
    if (held?.member !== claim.member || held.epoch !== claim.epoch) {
      throw new EventLogError(
        'fenced',
        `${refKey(claim.topic, claim.partition)} went to another member.`,
        {
          retriable: false,
        },
      );
    }
    this.#positions.set(claimKey(claim.group, claim), position);
    this.#write(records);
    // A turn of the event loop, as durable stores take it: a busy consumer starves nobody.
    await turn();
  }

  fetch(ref: PartitionRef, from: number, maxRecords: number, maxBytes: number): LogRecord[] {
    return this.#partition(ref).fetch(from, maxRecords, maxBytes);
  }

  extent(ref: PartitionRef): { begin: number; end: number } {
    return this.#partition(ref).extent();
  }

  offsetAt(ref: PartitionRef, timestamp: number): number {
    return this.#partition(ref).offsetAt(timestamp);
  }

  state(ref: PartitionRef): Map<string, Uint8Array> {
    return this.#partition(ref).state();
  }

  positions(group: string, topic: string): Map<number, number> {
    const found = new Map<number, number>();
    for (let partition = 0; partition < (this.#topics.get(topic)?.partitions ?? 0); partition++) {
      const position = this.#positions.get(claimKey(group, { topic, partition }));
      if (position !== undefined) found.set(partition, position);
    }
    return found;
  }

  join(group: string, member: string, topics: readonly string[]): void {
    const members = this.#members.get(group) ?? new Map<string, readonly string[]>();
    this.#members.set(group, members.set(member, topics));
  }

  async leave(group: string, member: string): Promise<void> {
    this.#members.get(group)?.delete(member);
    for (const [key, claim] of this.#claims) {
      if (claim.group === group && claim.member === member) this.#claims.delete(key);
    }
  }

  view(group: string): GroupView {
    return {
      members: [...(this.#members.get(group) ?? [])].map(([id, topics]) => ({ id, topics })),
      claims: [...this.#claims.values()].filter((claim) => claim.group === group),
    };
  }

  claim(group: string, member: string, ref: PartitionRef, initial: number): Claim | undefined {
    const key = claimKey(group, ref);
    if (this.#claims.has(key)) return undefined;
    this.#epoch += 1;
    const { topic, partition } = ref;
    const claim = { group, member, topic, partition, epoch: this.#epoch };
    this.#claims.set(key, claim);
    if (!this.#positions.has(key)) this.#positions.set(key, initial);
    return claim;
  }

  async release(claim: Claim): Promise<void> {
    const key = claimKey(claim.group, claim);
    if (this.#claims.get(key)?.epoch === claim.epoch) this.#claims.delete(key);
  }

  keepAlive(): void {
    // All members are in this process: they live as long as it does.
  }

  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async sweep(): Promise<boolean> {
    const now = this.#now();
    for (const partition of this.#partitions.values()) partition.sweep(now);
    return false;
  }

  ping(): void {
    // Memory is always there.
  }

  async close(): Promise<void> {
    // Other handles may go on with it.
  }

  #partition({ topic, partition }: PartitionRef): MemoryPartition {
    const log = this.#partitions.get(refKey(topic, partition));
    if (log === undefined) throw unknownTopic(topic);
    return log;
  }

  #write(records: readonly PlacedRecord[]): void {
    const now = this.#now();
    const changed = new Set<string>();
    for (const record of records) {
      this.#partition(record).append(record, now);
      changed.add(refKey(record.topic, record.partition));
    }
    if (changed.size > 0) for (const listener of this.#listeners) listener(changed);
  }
}

function claimKey(group: string, { topic, partition }: PartitionRef): string {
  return `${group}\n${topic}\n${partition}`;
}
