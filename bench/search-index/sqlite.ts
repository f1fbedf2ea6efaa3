// Signals per second into the SQLite index, against bare FTS5 inserts of the same texts into a file
// with the same durability, and the time that the questions of the product take afterwards.
//
//   node bench/search-index/sqlite.ts [signals, default 200000] [per bulk, default 1000]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import type { Operation } from '@outcry/search-index';
import { createSqliteIndex } from '@outcry/search-index/sqlite';
import { figure, makeSignals, parts } from './signals.ts';

const count = Number(process.argv[2] ?? 200_000);
const perBulk = Number(process.argv[3] ?? 1_000);
const directory = mkdtempSync(path.join(tmpdir(), 'outcry-bench-search-'));
try {
  const signals = [...makeSignals(count)];
  const bulks = parts(
    signals.map((document): Operation => ({ op: 'create', collection: 'signals', document })),
    perBulk,
  );
  console.log(`${count} signals in bulks of ${perBulk}`);

  const bare = bareInserts(
    parts(
      signals.map((signal) => signal.text),
      perBulk,
    ),
  );
  figure('bare FTS5 inserts (text only, unicode61)', bare);

  const file = path.join(directory, 'index.sqlite');
  const index = createSqliteIndex({ path: file });
  await index.prepare();
  const start = performance.now();
  const cpu = process.cpuUsage();
  const seconds: number[] = [];
  for (const bulk of bulks) {
    const began = performance.now();
    await index.bulk(bulk);
    seconds.push(performance.now() - began);
  }
  const used = process.cpuUsage(cpu);
  figure('SQLite index, bulk', (count / (performance.now() - start)) * 1_000, {
    of: 'bare',
    to: bare,
  });
  const slowest = seconds.toSorted((a, b) => a - b);
  console.log(
    `  ${((used.user + used.system) / count).toFixed(1)} µs of processor per signal; ` +
      `a bulk: median ${slowest[slowest.length >> 1]!.toFixed(1)} ms, slowest ${slowest.at(-1)!.toFixed(1)} ms; ` +
      `${Math.round(statSync(file).size / count)} bytes per signal`,
  );

  const range = { from: '2025-04-16T00:00:00.000Z', to: '2025-04-16T06:00:00.000Z' };
  await timed('newest 20', () => index.signals({}));
  await timed('newest 20 of a target', () =>
    index.signals({ target: 'spotify', signalsOnly: true }),
  );
  await timed('newest 20 in a country and type', () =>
    index.signals({ country: 'SE', type: 'login' }),
  );
  await timed('rare word', () => index.signals({ text: '4321' }));
  await timed('common words', () => index.signals({ text: 'anyone problems' }));
  await timed('signals of a post', () =>
    index.signals({ recordId: signals[count >> 1]!.recordId }),
  );
  await timed('histogram, six hours by minute, one target', () =>
    index.histogram({ ...range, target: 'spotify', intervalSeconds: 60 }),
  );
  await timed('histogram, six hours by minute, all targets', () =>
    index.histogram({ ...range, intervalSeconds: 60 }),
  );
  await timed('delete of a post', () =>
    index.bulk([{ op: 'delete', collection: 'signals', postId: signals[count >> 1]!.recordId }]),
  );
  await index.close();
} finally {
  rmSync(directory, { recursive: true });
}

/** Texts per second into nothing but an FTS5 table. */
function bareInserts(bulks: string[][]): number {
  const database = new DatabaseSync(path.join(directory, 'bare.sqlite'));
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE VIRTUAL TABLE words USING fts5 (text)',
  );
  const insert = database.prepare('INSERT INTO words (text) VALUES (?)');
  const start = performance.now();
  for (const bulk of bulks) {
    database.exec('BEGIN IMMEDIATE');
    for (const text of bulk) insert.run(text);
    database.exec('COMMIT');
  }
  const perSecond = (count / (performance.now() - start)) * 1_000;
  database.close();
  return perSecond;
}

async function timed(name: string, run: () => Promise<unknown>): Promise<void> {
  await run();
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  const median = times.toSorted((a, b) => a - b)[2]!;
  console.log(`  ${name.padEnd(44)} ${median.toFixed(2).padStart(9)} ms`);
}
