import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LogRecord } from '../port.ts';
import type { StoredTopic } from '../topics.ts';

type Row = [offset: number, timestamp: number, key: string | null, value: Uint8Array | null];

/** Makes the table of one partition. The integer key keeps appends at the end of the tree. */
export function createPartition(db: DatabaseSync, topic: StoredTopic, partition: number): void {
  const { lastInsertRowid: id } = db
    .prepare('INSERT INTO log_partitions (topic, partition) VALUES (?, ?)')
    .run(topic.name, partition);
  // A compacted partition holds one record per key: a new one replaces the old one at once.
  const key = topic.cleanup === 'compact' ? 'TEXT NOT NULL UNIQUE' : 'TEXT';
  db.exec(`CREATE TABLE log_records_${id} (
    offset INTEGER PRIMARY KEY, timestamp INTEGER NOT NULL, key ${key}, value BLOB
  ) STRICT`);
}

/** The statements of one partition, prepared once. */
export class SqlitePartition {
  readonly topic: StoredTopic;
  readonly partition: number;
  readonly #id: number;
  readonly #insert: StatementSync;
  readonly #fetch: StatementSync;
  readonly #seek: StatementSync;
  readonly #removeBefore: StatementSync;
  readonly #removeTombstones: StatementSync;
  readonly #head: StatementSync;
  readonly #setHead: StatementSync;

  constructor(db: DatabaseSync, topic: StoredTopic, partition: number, id: number) {
    const table = `log_records_${id}`;
    this.topic = topic;
    this.partition = partition;
    this.#id = id;
    this.#insert = db.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?)`);
    this.#fetch = db.prepare(
      `SELECT offset, timestamp, key, value FROM ${table} WHERE offset >= ? ORDER BY offset LIMIT ?`,
    );
    this.#fetch.setReturnArrays(true);
    this.#seek = db.prepare(
      `SELECT offset, timestamp FROM ${table} WHERE offset >= ? ORDER BY offset LIMIT 1`,
    );
    this.#removeBefore = db.prepare(`DELETE FROM ${table} WHERE offset < ?`);
    this.#removeTombstones = db.prepare(
      `DELETE FROM ${table} WHERE value IS NULL AND timestamp < ?`,
    );
    this.#head = db.prepare('SELECT next_offset, last_timestamp FROM log_partitions WHERE id = ?');
    this.#setHead = db.prepare(
      'UPDATE log_partitions SET next_offset = ?, last_timestamp = ? WHERE id = ?',
    );
  }

  /** Where the next record goes. Only valid inside the transaction that appends it. */
  head(): { offset: number; timestamp: number } {
    const row = this.#head.get(this.#id)!;
    return { offset: Number(row.next_offset), timestamp: Number(row.last_timestamp) };
  }

  setHead(head: { offset: number; timestamp: number }): void {
    this.#setHead.run(head.offset, head.timestamp, this.#id);
  }

  insert(offset: number, timestamp: number, key: string | null, value: Uint8Array | null): void {
    this.#insert.run(offset, timestamp, key, value);
  }

  fetch(from: number, maxRecords: number, maxBytes: number): LogRecord[] {
    const records: LogRecord[] = [];
    let bytes = 0;
    for (const row of this.#fetch.iterate(from, maxRecords)) {
      const [offset, timestamp, key, value] = row as unknown as Row;
      bytes += value?.byteLength ?? 0;
      if (bytes > maxBytes && records.length > 0) break;
      records.push({
        topic: this.topic.name,
        partition: this.partition,
        offset,
        key,
        value,
        timestamp,
      });
    }
    return records;
  }

  extent(): { begin: number; end: number } {
    const end = this.head().offset;
    return { begin: this.#at(0)?.offset ?? end, end };
  }

  /** By bisection: times never go back within a partition, and an index would slow every append. */
  offsetAt(timestamp: number): number {
    let { begin: low, end: high } = this.extent();
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = this.#at(middle);
      if (row === undefined || row.offset >= high || row.timestamp >= timestamp) high = middle;
      else low = row.offset + 1;
    }
    return low;
  }

  /** Removes at most so many of the oldest records before an offset. True when more are left. */
  removeBefore(offset: number, most: number): boolean {
    const { begin } = this.extent();
    const until = Math.min(offset, begin + most);
    if (until > begin) this.#removeBefore.run(until);
    return until < offset;
  }

  removeTombstonesBefore(timestamp: number): void {
    this.#removeTombstones.run(timestamp);
  }

  #at(offset: number): { offset: number; timestamp: number } | undefined {
    const row = this.#seek.get(offset);
    return row && { offset: Number(row.offset), timestamp: Number(row.timestamp) };
  }
}
