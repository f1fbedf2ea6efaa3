import type { DatabaseSync, StatementSync } from 'node:sqlite';
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
import type { Durability } from './database.ts';
import { openDatabase, patiently, transaction } from './database.ts';
import { toEventLogError } from './errors.ts';
import { Members } from './members.ts';
import { createPartition, SqlitePartition } from './partition.ts';
import { WriteQueue } from './write-queue.ts';

/** How often the file is asked whether another process wrote: two microseconds of work each time. */
const pollMs = 50;
const sweepRecords = 2000;
const appendPiece = 5000;
/** How long a tombstone stays for readers that follow a compacted topic. */
const tombstoneMs = 24 * 60 * 60 * 1000;

/** Keeps everything in one SQLite file that several processes may have open. */
export class SqliteStore implements LocalStore {
  readonly #db: DatabaseSync;
  readonly #now: () => number;
  readonly #queue: WriteQueue;
  readonly #members: Members;
  readonly #topics = new Map<string, StoredTopic>();
  readonly #partitions = new Map<string, SqlitePartition>();
  readonly #listeners = new Set<ChangeListener>();
  readonly #poll: NodeJS.Timeout;
  readonly #dataVersion: StatementSync;
  readonly #setPosition: StatementSync;
  readonly #positions: StatementSync;
  readonly #changed = new Set<string>();
  #seenVersion: unknown;

  constructor(path: string, durability: Durability, now: () => number) {
    this.#db = opened(path, durability);
    this.#now = now;
    this.#queue = new WriteQueue(this.#db, () => this.#notify());
    this.#members = new Members(this.#db, durability);
    this.#dataVersion = this.#db.prepare('PRAGMA data_version');
    this.#setPosition = this.#db.prepare(
      'INSERT OR REPLACE INTO log_positions VALUES (?, ?, ?, ?)',
    );
    this.#positions = this.#db.prepare(
      'SELECT partition, position FROM log_positions WHERE consumer_group = ? AND topic = ?',
    );
    this.#poll = setInterval(() => this.#lookForOthers(), pollMs);
    this.#poll.unref();
  }

  createTopics(topics: readonly StoredTopic[]): void {
    const missing = topics.filter(({ name }) => this.topic(name) === undefined);
    if (missing.length === 0) return;
    const create = () => {
      // Another process may have made some of them meanwhile.
      const insert = this.#db.prepare('INSERT OR IGNORE INTO log_topics VALUES (?, ?, ?, ?)');
      for (const topic of missing) {
        const { name, partitions, cleanup, retentionMs } = topic;
        if (insert.run(name, partitions, cleanup, retentionMs ?? null).changes === 0) continue;
        for (let partition = 0; partition < partitions; partition++) {
          createPartition(this.#db, topic, partition);
        }
      }
    };
    this.#guard(() => patiently(() => transaction(this.#db, create)));
  }

  topic(name: string): StoredTopic | undefined {
    return this.#topics.get(name) ?? this.#guard(() => this.#loadTopic(name));
  }

  async append(records: readonly PlacedRecord[]): Promise<void> {
    // In pieces, so that a large append does not hold up everything else in the process.
    const writes: Promise<void>[] = [];
    for (let i = 0; i < records.length; i += appendPiece) {
      const piece = records.slice(i, i + appendPiece);
      writes.push(this.#queue.write(piece.length, () => this.#write(piece)));
    }
    await Promise.all(writes);
  }

  commit({ claim, position, records }: StoreCommit): Promise<void> {
    let fenced = false;
    const written = this.#queue.write(records.length + 1, () => {
      // Nothing is written for a lost claim, so the other writes of the transaction stay good.
      fenced = !this.#members.holds(claim);
      if (fenced) return;
      this.#setPosition.run(claim.group, claim.topic, claim.partition, position);
      this.#write(records);
    });
    return written.then(() => {
      if (!fenced) return;
      throw new EventLogError(
        'fenced',
        `${refKey(claim.topic, claim.partition)} went to another member of ${claim.group}.`,
        { retriable: false },
      );
    });
  }

  fetch(ref: PartitionRef, from: number, maxRecords: number, maxBytes: number): LogRecord[] {
    return this.#guard(() => this.#partition(ref).fetch(from, maxRecords, maxBytes));
  }

  extent(ref: PartitionRef): { begin: number; end: number } {
    return this.#guard(() => this.#partition(ref).extent());
  }

  offsetAt(ref: PartitionRef, timestamp: number): number {
    return this.#guard(() => this.#partition(ref).offsetAt(timestamp));
  }

  state(ref: PartitionRef): Map<string, Uint8Array> {
    const state = new Map<string, Uint8Array>();
    const all = Number.MAX_SAFE_INTEGER;
    for (const { key, value } of this.fetch(ref, 0, all, all)) {
      if (key !== null && value !== null) state.set(key, value);
    }
    return state;
  }

  positions(group: string, topic: string): Map<number, number> {
    const rows = this.#guard(() => this.#positions.all(group, topic));
    return new Map(rows.map((row) => [Number(row.partition), Number(row.position)]));
  }

  join(group: string, member: string, topics: readonly string[]): void {
    this.#guard(() => this.#members.join(group, member, topics));
  }

  leave(_group: string, member: string): Promise<void> {
    return this.#queue.write(1, () => this.#members.leave(member));
  }

  view(group: string): GroupView {
    return this.#guard(() => this.#members.view(group));
  }

  claim(group: string, member: string, ref: PartitionRef, initial: number): Claim | undefined {
    return this.#guard(() => this.#members.claim(group, member, ref, initial));
  }

  release(claim: Claim): Promise<void> {
    return this.#queue.write(1, () => this.#members.release(claim));
  }

  keepAlive(): void {
    this.#guard(() => this.#members.keepAlive());
  }

  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async sweep(): Promise<boolean> {
    let more = false;
    for (const row of this.#db.prepare('SELECT topic, partition FROM log_partitions').all()) {
      const ref = { topic: String(row.topic), partition: Number(row.partition) };
      const log = this.#partition(ref);
      if (log.topic.cleanup === 'compact') {
        await this.#queue.write(1, () => log.removeTombstonesBefore(this.#now() - tombstoneMs));
      } else if (log.topic.retentionMs !== undefined) {
        const cutoff = log.offsetAt(this.#now() - log.topic.retentionMs);
        if (log.extent().begin >= cutoff) continue;
        await this.#queue.write(sweepRecords, () => {
          more = log.removeBefore(cutoff, sweepRecords) || more;
        });
      }
    }
    return more;
  }

  ping(): void {
    this.#guard(() => this.#db.prepare('SELECT count(*) FROM log_topics').get());
  }

  async close(): Promise<void> {
    clearInterval(this.#poll);
    await this.#queue.drain();
    this.#listeners.clear();
    this.#db.close();
  }

  #loadTopic(name: string): StoredTopic | undefined {
    const row = this.#db.prepare('SELECT * FROM log_topics WHERE name = ?').get(name);
    if (row === undefined) return undefined;
    const topic: StoredTopic = {
      name,
      partitions: Number(row.partitions),
      cleanup: row.cleanup === 'compact' ? 'compact' : 'delete',
      ...(row.retention_ms === null ? {} : { retentionMs: Number(row.retention_ms) }),
    };
    this.#topics.set(name, topic);
    return topic;
  }

  #partition({ topic: name, partition }: PartitionRef): SqlitePartition {
    const key = refKey(name, partition);
    const known = this.#partitions.get(key);
    if (known !== undefined) return known;
    const topic = this.topic(name);
    const row = this.#db
      .prepare('SELECT id FROM log_partitions WHERE topic = ? AND partition = ?')
      .get(name, partition);
    if (topic === undefined || row === undefined) throw unknownTopic(name);
    const log = new SqlitePartition(this.#db, topic, partition, Number(row.id));
    this.#partitions.set(key, log);
    return log;
  }

  /** Inside a transaction: gives the records their offsets and times and inserts them. */
  #write(records: readonly PlacedRecord[]): void {
    const now = this.#now();
    const heads = new Map<SqlitePartition, { offset: number; timestamp: number }>();
    for (const record of records) {
      const log = this.#partition(record);
      let head = heads.get(log);
      if (head === undefined) {
        head = log.head();
        head.timestamp = Math.max(head.timestamp, now);
        heads.set(log, head);
      }
      log.insert(head.offset, head.timestamp, record.key, record.value);
      head.offset += 1;
    }
    for (const [log, head] of heads) {
      log.setHead(head);
      this.#changed.add(refKey(log.topic.name, log.partition));
    }
  }

  #notify(): void {
    const changed = new Set(this.#changed);
    this.#changed.clear();
    if (changed.size > 0) for (const listener of this.#listeners) listener(changed);
  }

  /** The version moves only when another connection has committed. */
  #lookForOthers(): void {
    if (this.#members.joined === 0) return;
    const version = this.#dataVersion.get()?.data_version;
    if (version === this.#seenVersion) return;
    this.#seenVersion = version;
    for (const listener of this.#listeners) listener(undefined);
  }

  #guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw toEventLogError(error);
    }
  }
}

function opened(path: string, durability: Durability): DatabaseSync {
  try {
    return openDatabase(path, durability);
  } catch (error) {
    throw toEventLogError(error);
  }
}
