import { topics } from '@outcry/contracts';
import type { EventLog, NewRecord } from '@outcry/event-log';
import { EventLogError } from '@outcry/event-log';
import { createMemoryLog } from '@outcry/event-log/memory';
import { buildCheck, buildPost, buildReport } from '@outcry/testkit';
import { describe, expect, test, vi } from 'vitest';
import { createAppender } from './appender.ts';
import { createIngest } from './ingest.ts';
import type { Source, SourceContext } from './source.ts';
import { keepLog, plainVoice, rig } from './testing.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

function source(name: string, run: (context: SourceContext) => Promise<void>): Source {
  return { name, brings: 'posts', alsoBrings: ['reports', 'checks'], run };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

/** A log in memory that notes each append, and may refuse some. */
async function watchedLog(refuse: () => Error | null = () => null) {
  const log = createMemoryLog({ partitions: 2 });
  await log.prepare();
  const appends: NewRecord[][] = [];
  const append = log.append.bind(log);
  log.append = async (records) => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    const error = refuse();
    if (error !== null) throw error;
    appends.push([...records]);
    await append(records);
  };
  return { log: log as EventLog, appends };
}

describe('the appender', () => {
  test('what comes while one append is on its way goes together into the next, in order', async () => {
    const { log, appends } = await watchedLog();
    const appender = createAppender(log);
    const record = (key: string) => ({ topic: topics.posts, key, value: Buffer.from('{}') });
    const calls = Array.from({ length: 100 }, async (_, index) => {
      await Promise.resolve();
      await appender.append([record(`k${index}`)]);
    });
    await Promise.all(calls);
    await appender.append([record('last')]);
    expect(appends.length).toBeLessThan(5);
    expect(appends.flat().map(({ key }) => key)).toEqual([
      ...Array.from({ length: 100 }, (_, index) => `k${index}`),
      'last',
    ]);
    expect(appender.pending).toBe(0);
  });

  test('a log that refuses for now is tried again, in order, until it takes it', async () => {
    let refusals = 3;
    const { log, appends } = await watchedLog(() =>
      refusals-- > 0 ? new EventLogError('unreachable', 'no', { retriable: true }) : null,
    );
    const retries: number[] = [];
    const appender = createAppender(log, {
      backOffMs: { first: 1, most: 4 },
      onRetry: (_, waitMs) => retries.push(waitMs),
    });
    const both = ['a', 'b'].map((key) =>
      appender.append([{ topic: topics.posts, key, value: Buffer.from('{}') }]),
    );
    await Promise.all(both);
    expect(retries).toHaveLength(3);
    expect(appends.flat().map(({ key }) => key)).toEqual(['a', 'b']);
  });

  test('what no retry can help is told to those who asked, and the next goes on', async () => {
    let first = true;
    const { log } = await watchedLog(() => {
      if (!first) return null;
      first = false;
      return new EventLogError('too-large', 'no', { retriable: false });
    });
    const appender = createAppender(log);
    const record = { topic: topics.posts, key: 'k', value: Buffer.from('{}') };
    await expect(appender.append([record])).rejects.toMatchObject({ code: 'too-large' });
    await appender.append([record]);
    await appender.close();
    await expect(appender.append([record])).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('the ingest', () => {
  test('records find their topics, keyed so that what belongs together stays together', async () => {
    const [post, report, check] = [buildPost(), buildReport(), buildCheck()];
    const { log, appends } = await watchedLog();
    const one = await rig([source('s', ({ sink }) => sink.put([post, report, check]))], { log });
    await one.ingest.exhausted;
    await one.ingest.stop();
    expect(appends.flat().map(({ topic, key }) => [topic, key])).toEqual([
      [topics.posts, post.id],
      [topics.reports, report.voice],
      [topics.checks, check.target],
    ]);
  });

  test('a deletion of a post stands behind it, that of an author in every partition', async () => {
    const post = buildPost();
    const observedAt = post.observedAt;
    const one = await rig([
      source('s', async ({ sink }) => {
        await sink.put([post]);
        await sink.put([
          { kind: 'deletion', source: 's', postId: post.id, observedAt },
          { kind: 'deletion', source: 's', voice: post.voice, observedAt },
        ]);
      }),
    ]);
    await one.ingest.exhausted;
    const found = await one.log.extents(topics.posts);
    expect(found.map(({ begin, end }) => end - begin).toSorted()).toEqual([1, 1, 3]);
    const holder = found.find(({ begin, end }) => end - begin === 3)!;
    const kinds: string[] = [];
    for await (const { value } of one.log.read({
      topic: topics.posts,
      partition: holder.partition,
    }))
      kinds.push(JSON.parse(Buffer.from(value!).toString()).kind);
    expect(kinds).toEqual(['post', 'deletion', 'deletion']);
    await one.ingest.stop();
  });

  test('what is deleted and was never held is not written down, over restarts too', async () => {
    const { log } = await watchedLog();
    const posts = Array.from({ length: 500 }, () => buildPost());
    const { observedAt } = posts[0]!;
    const first = await rig([source('s', ({ sink }) => sink.put(posts))], { log });
    await first.ingest.exhausted;
    await first.ingest.stop();
    const ids = [...posts.map(({ id }) => id), ...posts.map(({ id }) => `stranger ${id}`)];
    const second = await rig(
      [
        source('s', async ({ sink }) => {
          // What the log holds is read meanwhile.
          await new Promise((resolve) => setTimeout(resolve, 200));
          const fresh = buildPost();
          const all = [...ids, fresh.id].map(
            (postId) => ({ kind: 'deletion', source: 's', postId, observedAt }) as const,
          );
          await sink.put([fresh, ...all]);
        }),
      ],
      { log },
    );
    await second.ingest.exhausted;
    await second.ingest.stop();
    const deleted = (await second.deletions()).map(({ postId }) => postId);
    expect(deleted).toHaveLength(501);
    expect(deleted.some((id) => id?.startsWith('stranger'))).toBe(false);
  });

  test('what a connector makes against the contract is a dead letter, and harms no other', async () => {
    const good = buildPost();
    const bad = { ...buildPost(), voice: '', text: 'x'.repeat(30_000) };
    const one = await rig([source('s', ({ sink }) => sink.put([bad, good]))]);
    await one.ingest.exhausted;
    await one.ingest.stop();
    expect(await one.postIds()).toEqual(new Set([good.id]));
    const [letter] = await one.deadLetters();
    expect(letter).toMatchObject({ stage: 's', reason: 'schema' });
    expect(letter?.detail).toContain('text');
    expect(letter?.detail).toContain('voice');
  });

  test('a cursor is durable behind the records before it, and is read again', async () => {
    const { log, appends } = await watchedLog();
    const post = buildPost();
    const first = await rig(
      [
        source('s', async ({ sink, saveCursor, loadCursor }) => {
          expect(await loadCursor()).toBeNull();
          const durable = sink.put([post]);
          await saveCursor('17');
          await durable;
        }),
      ],
      { log },
    );
    await first.ingest.exhausted;
    await first.ingest.stop();
    const order = appends.flat().map(({ topic }) => topic);
    expect(order).toEqual([topics.posts, topics.sourceState]);
    let loaded: string | null = null;
    const second = await rig(
      [
        source('s', async ({ loadCursor }) => {
          loaded = await loadCursor();
        }),
        source('other', async ({ loadCursor }) => expect(await loadCursor()).toBeNull()),
      ],
      { log },
    );
    await second.ingest.exhausted;
    await second.ingest.stop();
    expect(loaded).toBe('17');
  });

  test('a fault of ours in one source ends all of them, and is thrown', async () => {
    let otherEnded = false;
    const one = await rig([
      source('broken', () => Promise.reject(new Error('a bug'))),
      source('other', async ({ signal }) => {
        await untilAborted(signal);
        otherEnded = true;
      }),
    ]);
    await expect(one.ingest.done).rejects.toThrow('a bug');
    expect(otherEnded).toBe(true);
    await one.ingest.stop();
  });

  test('a source that ended of itself does not end the stage', async () => {
    const one = await rig([source('s', () => Promise.resolve())]);
    await one.ingest.exhausted;
    const done = vi.fn();
    void one.ingest.done.then(done);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).not.toHaveBeenCalled();
    await one.ingest.stop();
    expect(done).toHaveBeenCalledOnce();
  });

  test('blindness is logged when it begins and when it ends, not at every beat', async () => {
    const at = '2025-04-16T12:00:00.000Z';
    const blind = { state: 'blind', through: at, since: at, reason: 'rate-limited' } as const;
    const one = await rig([
      source('s', async ({ sink }) => {
        for (let index = 0; index < 5; index += 1) await sink.heartbeat(blind);
        for (let index = 0; index < 5; index += 1)
          await sink.heartbeat({ state: 'seeing', through: at });
      }),
    ]);
    await one.ingest.exhausted;
    await one.ingest.stop();
    expect(one.logger.lines.map((line) => line.split(' {')[0])).toEqual([
      'warn s is blind: rate-limited',
      'info s sees',
    ]);
  });

  test('two sources of one name are refused', async () => {
    const log = createMemoryLog({ partitions: 1 });
    await log.prepare();
    const twice = [source('s', async () => {}), source('s', async () => {})];
    await expect(
      createIngest({ log, sources: twice, voice: plainVoice, logger: keepLog() }),
    ).rejects.toThrow('two sources share a name');
  });
});
