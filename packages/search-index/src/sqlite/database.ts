import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';
import { SearchIndexError } from '../port.ts';
import { firstGeneration, schema, schemaVersion } from './schema.ts';

const cacheKiB = 32 * 1024;
/** Pages in the write-ahead log before they move to the file. A bulk touches over a thousand, many of
 * them again in the next one, so waiting a while saves writing them twice. */
const checkpointPages = 4_000;
/** Questions are put together from a few parts, so their number is small; this is the bound. */
const maxCachedStatements = 256;

export interface Database {
  /** A prepared statement, made once per text. */
  statement(sql: string): StatementSync;
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  one<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  /** Runs `work` as one transaction that may write: all of it or nothing. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens the file, makes what is missing in it, and hands out statements.
 *
 * @throws SearchIndexError `unreachable` when the file cannot be opened, `internal` when another
 *   version made its tables
 */
export function openDatabase(path: string, busyTimeoutMs: number): Database {
  const statements = new Map<string, StatementSync>();
  const database = attempt(() => open(path, busyTimeoutMs), 'unreachable');

  const statement = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = database.prepare(sql);
    if (statements.size >= maxCachedStatements) statements.clear();
    statements.set(sql, made);
    return made;
  };

  return {
    statement,
    all: <Row>(sql: string, ...values: SQLInputValue[]) =>
      attempt(() => statement(sql).all(...values) as Row[]),
    one: <Row>(sql: string, ...values: SQLInputValue[]) =>
      attempt(() => statement(sql).get(...values) as Row | undefined),
    transaction: (work) => attempt(() => inTransaction(database, work)),
    close: () => database.close(),
  };
}

function open(path: string, busyTimeoutMs: number): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    // A commit is on the disk when it returns: the log's position may be committed right after it.
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -${cacheKiB}; PRAGMA wal_autocheckpoint = ${checkpointPages}`,
    );
    inTransaction(database, () => {
      database.exec(schema);
      database
        .prepare("INSERT OR IGNORE INTO search_meta (key, value) VALUES ('schema', ?)")
        .run(schemaVersion);
      database
        .prepare(
          `INSERT INTO search_generations (name, in_use)
           SELECT ?, 1 WHERE NOT EXISTS (SELECT 1 FROM search_generations WHERE in_use = 1)`,
        )
        .run(firstGeneration);
    });
    const made = database.prepare("SELECT value FROM search_meta WHERE key = 'schema'").get();
    if (made?.value !== schemaVersion)
      throw new SearchIndexError(
        'internal',
        `${path} holds a search index of version ${made?.value}, this is version ${schemaVersion}: reprocess into a new file`,
        { retriable: false },
      );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors (disk full); a second time would fail.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const busy = 5;
const locked = 6;

function attempt<T>(work: () => T, code: 'internal' | 'unreachable' = 'internal'): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SearchIndexError) throw error;
    const result = (error as { errcode?: number }).errcode ?? 0;
    const message = error instanceof Error ? error.message : String(error);
    // The low byte is the primary code; the rest says more of the same.
    if ([busy, locked].includes(result & 0xff))
      throw new SearchIndexError('overloaded', `the search database is busy: ${message}`, {
        cause: error,
        retriable: true,
      });
    throw new SearchIndexError(code, `the search database: ${message}`, {
      cause: error,
      retriable: code === 'unreachable',
    });
  }
}
