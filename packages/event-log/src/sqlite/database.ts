import { DatabaseSync } from 'node:sqlite';
import { EventLogError } from '../port.ts';
import { isBusy } from './errors.ts';

export type Durability = 'full' | 'normal';

/** How long a statement may stop this process for another one's write. Longer waits are not blocking. */
const busyTimeoutMs = 100;
const layout = 1;

/** Opens the file, makes it when it is missing, and sees to the tables that every log has. */
export function openDatabase(path: string, durability: Durability): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    // Processes that start together contend for the first switch to WAL and for the tables.
    patiently(() => db.exec('PRAGMA journal_mode = WAL'));
    setDurability(db, durability);
    db.exec('PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 2000');
    patiently(() => transaction(db, () => db.exec(tables)));
    checkLayout(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** `full` syncs every commit to the disk; `normal` survives a killed process but not a power cut. */
export function setDurability(db: DatabaseSync, durability: Durability): void {
  db.exec(durability === 'full' ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL');
}

/** One write transaction. Rolled back when the body throws. */
export function transaction<T>(db: DatabaseSync, body: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = body();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // Some errors, such as a full disk, have rolled back by themselves.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Tries again while another process writes, for a few seconds. Only where a process starts: it blocks. */
export function patiently(action: () => void): void {
  for (let attempt = 1; ; attempt++) {
    try {
      action();
      return;
    } catch (error) {
      if (!isBusy(error) || attempt === 100) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20 + Math.random() * 30);
    }
  }
}

function checkLayout(db: DatabaseSync): void {
  const row = db.prepare('SELECT layout FROM log_layout').get();
  if (row?.layout === layout) return;
  throw new EventLogError(
    'internal',
    `The log file has layout ${String(row?.layout)}; this version reads layout ${layout}.`,
    { retriable: false },
  );
}

const tables = `
CREATE TABLE IF NOT EXISTS log_layout (
  one INTEGER PRIMARY KEY CHECK (one = 1), layout INTEGER NOT NULL
) STRICT;
INSERT OR IGNORE INTO log_layout VALUES (1, ${layout});
CREATE TABLE IF NOT EXISTS log_topics (
  name TEXT PRIMARY KEY, partitions INTEGER NOT NULL, cleanup TEXT NOT NULL, retention_ms INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS log_partitions (
  id INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL,
  next_offset INTEGER NOT NULL DEFAULT 0, last_timestamp INTEGER NOT NULL DEFAULT 0,
  UNIQUE (topic, partition)
) STRICT;
CREATE TABLE IF NOT EXISTS log_positions (
  consumer_group TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,
  position INTEGER NOT NULL, PRIMARY KEY (consumer_group, topic, partition)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log_members (
  id TEXT PRIMARY KEY, consumer_group TEXT NOT NULL, topics TEXT NOT NULL,
  instance TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log_claims (
  consumer_group TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,
  member TEXT, epoch INTEGER NOT NULL, PRIMARY KEY (consumer_group, topic, partition)
) STRICT, WITHOUT ROWID;
`;
