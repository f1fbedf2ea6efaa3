import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventLog, NewRecord } from '@outcry/event-log';
import { createSqliteLog } from '@outcry/event-log/sqlite';
import type { Figure } from './figures.ts';
import { perSecond, print, sampleValue } from './figures.ts';

const total = 100_000;
const batch = 1000;
const small = 20_000;
const callers = 100;
const value = sampleValue();

const records = (topic: string, first: number, count: number): NewRecord[] =>
  Array.from({ length: count }, (_, i) => ({ topic, key: `key-${(first + i) % 500}`, value }));

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'outcry-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function openBare(folder: string): DatabaseSync {
  const db = new DatabaseSync(path.join(folder, 'bare.sqlite'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  for (const table of ['input', 'output']) {
    db.exec(
      `CREATE TABLE ${table} (offset INTEGER PRIMARY KEY, timestamp INTEGER, key TEXT, value BLOB) STRICT`,
    );
  }
  db.exec('CREATE TABLE positions (name TEXT PRIMARY KEY, position INTEGER) STRICT');
  return db;
}

function bareInserts(db: DatabaseSync, count: number, perCommit: number): void {
  const insert = db.prepare('INSERT INTO input VALUES (?, ?, ?, ?)');
  for (let i = 0; i < count; i += perCommit) {
    db.exec('BEGIN IMMEDIATE');
    for (let j = i; j < i + perCommit; j++) insert.run(j, 1, `key-${j % 500}`, value);
    db.exec('COMMIT');
  }
}

function bareCopy(db: DatabaseSync): void {
  const select = db.prepare('SELECT * FROM input WHERE offset >= ? ORDER BY offset LIMIT ?');
  const insert = db.prepare('INSERT INTO output VALUES (?, ?, ?, ?)');
  const position = db.prepare("INSERT OR REPLACE INTO positions VALUES ('copy', ?)");
  for (let i = 0; i < total; i += batch) {
    const rows = select.all(i, batch);
    db.exec('BEGIN IMMEDIATE');
    for (const row of rows) insert.run(row.offset!, row.timestamp!, row.key!, row.value!);
    position.run(i + batch);
    db.exec('COMMIT');
  }
}

async function logCopy(log: EventLog): Promise<void> {
  let copied = 0;
  const all = Promise.withResolvers<void>();
  const consumer = await log.consume({
    group: 'copy',
    topics: ['posts.v1'],
    maxBatch: batch,
    open: () => ({
      process: async ({ records: taken }) => {
        copied += taken.length;
        if (copied === total) all.resolve();
        return {
          outputs: taken.map(({ key, value: bytes }) => ({
            topic: 'signals.v1',
            key,
            value: bytes,
          })),
        };
      },
    }),
  });
  await all.promise;
  await consumer.stop();
}

/** The SQLite log against bare statements of the same driver, every commit synced to the disk. */
export async function benchSqliteLog(runs = 3): Promise<Figure[]> {
  const bare = { inserts: 0, commits: 0, copies: 0 };
  const log = { appends: 0, small: 0, copies: 0, reads: 0 };
  for (let run = 0; run < runs; run++) {
    await inFolder(async (folder) => {
      const db = openBare(folder);
      const keep = async (name: keyof typeof bare, count: number, work: () => void) => {
        bare[name] = Math.max(bare[name], await perSecond(count, work));
      };
      await keep('inserts', total, () => bareInserts(db, total, batch));
      await keep('copies', total, () => bareCopy(db));
      db.exec('DELETE FROM input');
      await keep('commits', small, () => bareInserts(db, small, 1));
      db.close();
    });
    await inFolder(async (folder) => {
      const opened = createSqliteLog({ path: path.join(folder, 'log.sqlite'), partitions: 4 });
      await opened.prepare();
      const keep = async (name: keyof typeof log, count: number, work: () => Promise<void>) => {
        log[name] = Math.max(log[name], await perSecond(count, work));
      };
      await keep('appends', total, async () => {
        for (let i = 0; i < total; i += batch) await opened.append(records('posts.v1', i, batch));
      });
      await keep('copies', total, () => logCopy(opened));
      await keep('reads', total, async () => {
        for (let partition = 0; partition < 4; partition++) {
          for await (const _ of opened.read({ topic: 'posts.v1', partition }));
        }
      });
      await keep('small', small, async () => {
        await Promise.all(
          Array.from({ length: callers }, async () => {
            for (let i = 0; i < small / callers; i++)
              await opened.append(records('checks.v1', i, 1));
          }),
        );
      });
      await opened.close();
    });
  }
  return [
    {
      what: `append, ${batch} records a call`,
      log: log.appends,
      bare: bare.inserts,
      against: 'bare inserts, same commits',
    },
    {
      what: `append, 1 record a call, ${callers} callers`,
      log: log.small,
      bare: bare.commits,
      against: 'bare inserts, one commit each',
    },
    {
      what: `consume, write on, commit; ${batch} a batch`,
      log: log.copies,
      bare: bare.copies,
      against: 'bare select, insert, commit',
    },
    { what: 'read a range', log: log.reads },
  ];
}

if (import.meta.main) {
  print('SQLite log, values of 300 bytes, every commit synced', await benchSqliteLog());
}
