import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { Signal } from '@outcry/contracts';
import { buildSignal } from '@outcry/testkit';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { searchIndexContract } from '../contract-suite.ts';
import type { Operation, SearchIndex } from '../port.ts';
import { createSqliteIndex } from './index.ts';
import { keyOf } from './keys.ts';

searchIndexContract('SQLite', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'outcry-search-'));
  return {
    open: () => createSqliteIndex({ path: path.join(directory, 'search.sqlite') }),
    dispose: async () => rmSync(directory, { recursive: true }),
  };
});

describe('a SQLite index', () => {
  const cleanUps: (() => void | Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  const newFile = (): string => {
    const directory = mkdtempSync(path.join(tmpdir(), 'outcry-search-'));
    cleanUps.push(() => rmSync(directory, { recursive: true }));
    return path.join(directory, 'data.sqlite');
  };
  const open = (file: string): SearchIndex => {
    const index = createSqliteIndex({ path: file });
    cleanUps.push(() => index.close());
    return index;
  };
  const create = (document: Signal): Operation => ({
    op: 'create',
    collection: 'signals',
    document,
  });

  it('finds by words exactly what is there, after any creations and deletions', async () => {
    const post = fc.constantFrom('x:1', 'x:2', 'x:3', 'x:4');
    const word = fc.constantFrom('alpha', 'beta', 'gamma');
    const operation = fc.oneof(
      fc.tuple(post, word).map(([recordId, text]) => create(buildSignal({ recordId, text }))),
      post.map((postId): Operation => ({ op: 'delete', collection: 'signals', postId })),
    );
    const bulks = fc.array(fc.array(operation, { maxLength: 8 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(bulks, async (lists) => {
        const index = createSqliteIndex({ path: ':memory:' });
        const expected = new Map<string, string>();
        for (const operations of lists) {
          await index.bulk(operations);
          for (const done of operations) {
            if (done.op === 'delete' && 'postId' in done) expected.delete(done.postId);
            if (done.op !== 'create' || done.collection !== 'signals') continue;
            const { recordId, text } = done.document;
            if (!expected.has(recordId)) expected.set(recordId, text);
          }
        }
        for (const text of ['alpha', 'beta', 'gamma']) {
          const page = await index.signals({ text });
          const posts = [...expected].filter(([, held]) => held === text).map(([id]) => id);
          expect(page.items.map((signal) => signal.recordId).sort()).toEqual(posts.sort());
          expect(page.total).toBe(posts.length);
        }
        await index.close();
      }),
      { numRuns: 60 },
    );
  });

  it('lists the newest of thousands that match, page by page', async () => {
    const index = open(newFile());
    const at = (n: number) => new Date(Date.UTC(2025, 3, 16) + n * 1_000).toISOString();
    const signals = Array.from({ length: 5_000 }, (_, n) =>
      buildSignal({ text: n % 2 === 0 ? 'login fails' : 'login works', occurredAt: at(n) }),
    );
    await index.bulk(signals.map(create));
    const first = await index.signals({ text: 'fails', limit: 2 });
    expect(first.total).toBe(2_500);
    expect(first.items.map((signal) => signal.occurredAt)).toEqual([at(4_998), at(4_996)]);
    const second = await index.signals({ text: 'fails', limit: 2, after: first.next! });
    expect(second.items.map((signal) => signal.occurredAt)).toEqual([at(4_994), at(4_992)]);
  });

  it('tells ids apart whose keys are the same', async () => {
    const file = newFile();
    const index = open(file);
    await index.bulk([create(buildSignal({ recordId: 'x:1', voice: 'v1' }))]);
    const raw = new DatabaseSync(file);
    raw
      .prepare('UPDATE search_signals SET record_key = ?, voice_key = ?')
      .run(keyOf('x:2'), keyOf('v2'));
    raw.close();
    await index.bulk([
      { op: 'delete', collection: 'signals', postId: 'x:2' },
      { op: 'delete', collection: 'signals', voice: 'v2' },
      create(buildSignal({ recordId: 'x:2', voice: 'v2' })),
    ]);
    expect(await index.count('signals')).toBe(2);
    expect((await index.signals({ recordId: 'x:2' })).total).toBe(1);
  });

  it('shares a file with other tables and other writers', async () => {
    const file = newFile();
    const other = new DatabaseSync(file);
    cleanUps.push(() => other.close());
    other.exec('PRAGMA journal_mode = WAL; CREATE TABLE log_records (value BLOB)');
    const [one, two] = [open(file), open(file)];
    await Promise.all([one.prepare(), two.prepare()]);
    other.exec("INSERT INTO log_records VALUES ('kept')");
    await one.bulk([create(buildSignal())]);
    await two.bulk([create(buildSignal())]);
    expect(await one.count('signals')).toBe(2);
    expect(other.prepare('SELECT count(*) AS n FROM log_records').get()).toEqual({ n: 1 });
  });

  it('keeps what it took when the process ends without closing it', async () => {
    const file = newFile();
    const index = open(file);
    const signal = buildSignal();
    await index.bulk([create(signal)]);
    expect((await open(file).signals({})).items).toEqual([signal]);
  });

  it('holds every bulk that was taken, and none by half, when the process is killed', async () => {
    const file = newFile();
    const script = fileURLToPath(new URL('./write-forever.fixture.ts', import.meta.url));
    const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let taken = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      taken = Number(line);
      if (taken === 5) child.kill('SIGKILL');
    }
    const index = open(file);
    const count = await index.count('signals');
    expect(taken).toBeGreaterThanOrEqual(5);
    expect(count).toBeGreaterThanOrEqual(taken * 100);
    expect(count % 100).toBe(0);
    expect((await index.signals({ text: 'written before the end' })).total).toBe(count);
  });

  it('answers questions by an index, never by reading all signals', async () => {
    const file = newFile();
    const index = open(file);
    const asked: string[] = [];
    const prepare = DatabaseSync.prototype.prepare;
    DatabaseSync.prototype.prepare = function (sql) {
      asked.push(sql);
      return prepare.call(this, sql);
    };
    cleanUps.push(() => {
      DatabaseSync.prototype.prepare = prepare;
    });
    const range = { from: '2025-04-16T00:00:00.000Z', to: '2025-04-17T00:00:00.000Z' };
    await index.signals({});
    await index.signals({ target: 'spotify', signalsOnly: true, country: 'SE', type: 'login' });
    await index.signals({ recordId: 'x:1', text: 'login' });
    await index.signals({ stance: 'asking', ...range });
    await index.histogram({ ...range, intervalSeconds: 60 });
    await index.histogram({ ...range, target: 'spotify', intervalSeconds: 60 });
    await index.outages({ states: ['confirmed'], ...range });
    await index.history('o1');
    await index.bulk([
      create(buildSignal()),
      { op: 'delete', collection: 'signals', postId: 'x:1' },
      { op: 'delete', collection: 'signals', voice: 'v1' },
    ]);
    DatabaseSync.prototype.prepare = prepare;
    const database = new DatabaseSync(file);
    cleanUps.push(() => database.close());
    const questions = asked.filter((sql) => /^\s*(SELECT|WITH|DELETE)/.test(sql));
    expect(questions.length).toBeGreaterThan(15);
    for (const sql of questions) {
      const places = (sql.match(/\?/g) ?? []).map(() => null);
      const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...places);
      for (const { detail } of steps) {
        // A table of ours is scanned only along an index.
        if (/^SCAN (search_|s\b)/.test(String(detail)))
          expect(`${sql}: ${detail}`).toMatch(
            /USING (COVERING )?INDEX|VIRTUAL TABLE|search_generations/,
          );
      }
    }
  });

  it('refuses a file of another version rather than guess', async () => {
    const file = newFile();
    await open(file).prepare();
    const raw = new DatabaseSync(file);
    raw.exec("UPDATE search_meta SET value = 99 WHERE key = 'schema'");
    raw.close();
    await expect(open(file).prepare()).rejects.toMatchObject({
      code: 'internal',
      retriable: false,
      message: expect.stringContaining('99'),
    });
  });

  it('says unreachable when the file cannot be opened', async () => {
    const index = open(path.join(newFile(), 'no', 'such', 'folder.sqlite'));
    await expect(index.ping()).rejects.toMatchObject({ code: 'unreachable', retriable: true });
  });

  it('says overloaded, and that a retry may help, when another writer holds the file', async () => {
    const file = newFile();
    const index = createSqliteIndex({ path: file, busyTimeoutMs: 20 });
    cleanUps.push(() => index.close());
    await index.prepare();
    const other = new DatabaseSync(file);
    cleanUps.push(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    const bulk = () => index.bulk([create(buildSignal())]);
    await expect(bulk()).rejects.toMatchObject({ code: 'overloaded', retriable: true });
    other.exec('ROLLBACK');
    expect(await bulk()).toEqual([{ status: 'done' }]);
  });
});
