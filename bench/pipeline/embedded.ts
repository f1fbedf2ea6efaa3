import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { createMatcher, loadCatalog } from '@outcry/catalog';
import { createClassifier, loadModel } from '@outcry/classification';
import type { Post } from '@outcry/contracts';
import { encode, topics } from '@outcry/contracts';
import { createLogger, createMetrics, openIndex, openLog, readSettings } from '@outcry/runtime';
import { backlog, standaloneSettings, startFlow } from '@outcry/standalone';
import type { Figure } from '../event-log/figures.ts';
import { perSecond } from '../event-log/figures.ts';
import { makePosts } from './posts.ts';

const batchSize = 1_000;

/** The embedded way, post → signal → index → outage with every commit durable, beside bare floors. */
export async function benchEmbedded(count: number): Promise<Figure[]> {
  const posts = makePosts(count);
  const lines = posts.map((post) => JSON.stringify(post));
  const parse = await perSecond(count, () => {
    for (const line of lines) JSON.parse(line);
  });
  const append = await inFolder((folder) => bareAppends(path.join(folder, 'bare.sqlite'), lines));
  const whole = await inFolder((folder) => endToEnd(folder, posts));
  const what = 'post → signal → index → outage, every commit durable';
  return [
    { what, log: whole, bare: append, against: 'bare SQLite appends, transactions of 1,000' },
    { what, log: whole, bare: parse, against: 'bare JSON.parse of the posts' },
  ];
}

async function inFolder(work: (folder: string) => Promise<number>): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'outcry-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bareAppends(file: string, lines: readonly string[]): Promise<number> {
  const db = new DatabaseSync(file);
  db.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE log (id INTEGER PRIMARY KEY, value TEXT)',
  );
  const insert = db.prepare('INSERT INTO log (value) VALUES (?)');
  const rate = await perSecond(lines.length, () => {
    for (let start = 0; start < lines.length; start += batchSize) {
      db.exec('BEGIN');
      for (const line of lines.slice(start, start + batchSize)) insert.run(line);
      db.exec('COMMIT');
    }
  });
  db.close();
  return rate;
}

async function endToEnd(dataDir: string, posts: readonly Post[]): Promise<number> {
  const config = readSettings(standaloneSettings, { OUTCRY_DATA_DIR: dataDir });
  const logger = createLogger({ service: 'bench', level: 'error', format: 'json' });
  const log = await openLog(config, 'bench', logger);
  const index = await openIndex(config, logger);
  const catalog = loadCatalog();
  const classifier = createClassifier({ matcher: createMatcher(catalog), model: loadModel() });
  const stages = await startFlow({
    log,
    index,
    catalog,
    classifier: () => classifier,
    logger,
    metrics: createMetrics(logger),
    silenceMs: 3_600_000,
  });
  const partitions = await log.partitions(topics.posts);

  const rate = await perSecond(posts.length, async () => {
    for (let start = 0; start < posts.length; start += batchSize) {
      const batch = posts.slice(start, start + batchSize);
      const beat = encode({
        kind: 'heartbeat',
        source: 'bench',
        state: 'seeing',
        through: batch.at(-1)!.observedAt,
      });
      await log.append([
        ...batch.map((post) => ({ topic: topics.posts, key: post.id, value: encode(post) })),
        ...Array.from({ length: partitions }, (_, partition) => ({
          topic: topics.posts,
          key: null,
          value: beat,
          partition,
        })),
      ]);
    }
    while (Object.values(await backlog(log)).some((left) => left > 0)) await wait(5);
  });
  const found = await index.count('signals');
  if (found < posts.length)
    throw new Error(`${posts.length} posts went in and ${found} signals came out`);
  for (const stage of stages.toReversed()) await stage.stop();
  await index.close();
  await log.close();
  return rate;
}
