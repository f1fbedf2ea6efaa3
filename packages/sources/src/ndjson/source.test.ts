import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { allowedLatenessMs, bucketMs, postsRecord, topics } from '@outcry/contracts';
import { createMemoryLog } from '@outcry/event-log/memory';
import { buildPost, buildReport } from '@outcry/testkit';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Rig } from '../testing.ts';
import { readTopic, rig } from '../testing.ts';
import { readLines } from './lines.ts';
import type { BadLine, NdjsonOptions } from './source.ts';
import { createNdjsonSource } from './source.ts';

vi.setConfig({ testTimeout: 30_000 });

async function ingest(
  input: string | Uint8Array | readonly unknown[],
  options: Partial<NdjsonOptions> = {},
): Promise<Rig> {
  const text =
    typeof input === 'string' || input instanceof Uint8Array
      ? input
      : input.map((value) => `${JSON.stringify(value)}\n`).join('');
  const one = await rig([createNdjsonSource({ input: Readable.from([text]), ...options })]);
  await one.ingest.exhausted;
  await one.ingest.stop();
  return one;
}

describe('lines', () => {
  test('text alone makes a post, and the same input again makes the same ids', async () => {
    const lines = [{ text: 'spotify is down' }, { text: 'spotify is down' }];
    const first = await (await ingest(lines)).posts();
    const second = await (await ingest(lines)).posts();
    expect(new Set(first.map((post) => post.id)).size).toBe(2);
    expect(new Set(first.map((post) => post.id))).toEqual(new Set(second.map((post) => post.id)));
    expect(first[0]).toMatchObject({ source: 'file', text: 'spotify is down' });
  });

  test('an author becomes a voice, and equal authors one voice', async () => {
    const one = await ingest([
      { id: 1, text: 'a', author: 'ann' },
      { id: 2, text: 'b', author: 'ann' },
    ]);
    expect((await one.posts()).map((post) => post.voice)).toEqual([
      'voice(file/ann)',
      'voice(file/ann)',
    ]);
    expect(JSON.stringify(await one.posts())).not.toContain('"ann"');
  });

  test('a history keeps its times', async () => {
    const at = '2025-04-16T12:20:05.000Z';
    const [post] = await (
      await ingest([{ text: 'x', occurredAt: '2025-04-16T12:20:05Z' }])
    ).posts();
    expect(post).toMatchObject({ occurredAt: at, observedAt: at });
  });

  test('news is taken now, and an old claim is not believed', async () => {
    const before = new Date().toISOString();
    const one = await ingest([{ text: 'x', occurredAt: '2025-04-16T12:20:05Z' }], {
      times: 'observed',
    });
    const [post] = await one.posts();
    expect(post!.observedAt >= before).toBe(true);
    expect(post!.occurredAt).toBe(post!.observedAt);
  });

  test('records of the contracts pass as they are, reports into their own topic', async () => {
    const post = buildPost();
    const report = buildReport({ country: 'SE' });
    const one = await ingest([post, report]);
    expect(await one.posts()).toEqual([post]);
    expect(await one.reports()).toEqual([report]);
  });

  test('a report may be as short as its target', async () => {
    const one = await ingest([{ kind: 'report', target: 'spotify', country: 'se' }]);
    expect(await one.reports()).toMatchObject([
      { target: 'spotify', type: 'general', country: 'SE' },
    ]);
  });

  test('each broken line is told and becomes a dead letter with its bytes, the others go on', async () => {
    const told: BadLine[] = [];
    const bytes = Buffer.concat([
      Buffer.from('{"text":"one"}\r\n{"text":\n\n'),
      Buffer.from([0x7b, 0xff, 0x7d, 0x0a]),
      Buffer.from('{"text":7}\n[]\n'),
      Buffer.from(`${JSON.stringify({ text: 'y'.repeat(3_000) })}\n`),
      Buffer.from('{"text":"two"}'),
    ]);
    const one = await ingest(bytes, { mostLineBytes: 2_000, onBadLine: (bad) => told.push(bad) });
    expect((await one.posts()).map((post) => post.text).toSorted()).toEqual(['one', 'two']);
    expect(told.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'not-json'],
      [4, 'not-utf8'],
      [5, 'schema'],
      [6, 'schema'],
      [7, 'too-long'],
    ]);
    const letters = await one.deadLetters();
    expect(letters.map((letter) => letter.reason)).toEqual(told.map(({ reason }) => reason));
    expect(Buffer.from(letters[0]!.payload, 'base64').toString()).toBe('{"text":');
  });

  test('a file that cannot be read is blind, not silent', async () => {
    const one = await rig([createNdjsonSource({ input: '/nowhere/posts.ndjson' })]);
    await one.ingest.exhausted;
    expect((await one.heartbeats()).map((beat) => beat.reason)).toEqual(['unreachable', 'stopped']);
    await one.ingest.stop();
  });

  test('a file is read by its path', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'outcry-')), 'posts.ndjson');
    writeFileSync(file, '{"text":"from a file"}\n');
    const one = await rig([createNdjsonSource({ input: file })]);
    await one.ingest.exhausted;
    expect((await one.posts()).map((post) => post.text)).toEqual(['from a file']);
    await one.ingest.stop();
  });
});

describe('heartbeats', () => {
  test('the end says that all was seen, past the last bucket, then that nothing more comes', async () => {
    const last = Date.parse('2025-04-16T12:30:00Z');
    const one = await ingest([
      { text: 'a', occurredAt: '2025-04-16T12:20:00Z' },
      { text: 'b', occurredAt: last },
    ]);
    for (const partition of [0, 1, 2]) {
      const beats = await one.heartbeats(partition);
      expect(beats.at(-2)).toMatchObject({
        state: 'seeing',
        through: new Date(last + bucketMs + allowedLatenessMs).toISOString(),
      });
      expect(beats.at(-1)).toMatchObject({ state: 'blind', reason: 'stopped' });
    }
  });

  test('on the way, none claims sight of what comes later within the allowed disorder', async () => {
    const begin = Date.parse('2025-04-16T12:00:00Z');
    const lines = Array.from({ length: 2_000 }, (_, index) => ({
      text: `spotify ${index}`,
      occurredAt: begin + index * 1_000 - ((index * 7_919) % 9_000),
    }));
    const one = await ingest(lines, { batchLimit: 50 });
    for (const partition of [0, 1, 2]) {
      let seen = '';
      let beats = 0;
      for (const record of await readTopic(one.log, topics.posts, postsRecord, partition)) {
        if (record.kind === 'heartbeat') {
          beats += 1;
          seen = record.through;
        } else if (record.kind === 'post') expect(record.observedAt > seen).toBe(true);
      }
      expect(beats).toBeGreaterThan(20);
    }
  });

  test('a file with heartbeats of its own is moved by those alone', async () => {
    const through = '2025-04-16T13:00:00.000Z';
    const one = await ingest([
      { text: 'a', occurredAt: '2025-04-16T12:20:00Z' },
      { kind: 'heartbeat', through },
    ]);
    expect((await one.heartbeats()).map(({ state, through: at }) => [state, at])).toEqual([
      ['seeing', through],
      ['blind', through],
    ]);
  });
});

describe('an input that goes on', () => {
  test('a line waits for no other, and silence is told as sight', async () => {
    const input = new PassThrough();
    const one = await rig([createNdjsonSource({ input, times: 'observed' })]);
    input.write('{"text":"one"}\n');
    await vi.waitFor(async () => expect(await one.posts()).toHaveLength(1), { timeout: 10_000 });
    const before = one.ingest.status()[0]?.through ?? '';
    await vi.waitFor(() => expect(one.ingest.status()[0]!.through > before).toBe(true), {
      timeout: 10_000,
    });
    expect(one.ingest.status()[0]?.state).toBe('seeing');
    await one.ingest.stop();
  });

  test('a stop does not wait for an input that says nothing, and keeps what it said', async () => {
    const input = new PassThrough();
    const one = await rig([createNdjsonSource({ input })]);
    input.write('{"text":"one","occurredAt":"2025-04-16T12:20:00Z"}\n{"text":"half of a l');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await one.ingest.stop();
    expect((await one.posts()).map(({ text }) => text)).toContain('one');
    expect((await one.heartbeats()).at(-1)).toMatchObject({ reason: 'stopped' });
  });

  test('an input that breaks is blindness, a log that refuses for good is a fault of ours', async () => {
    const broken = new PassThrough();
    const one = await rig([createNdjsonSource({ input: broken })]);
    broken.write('{"text":"one"}\n');
    setTimeout(() => broken.destroy(new Error('the disk is gone')), 20);
    await one.ingest.exhausted;
    expect(one.logger.lines.join('\n')).toContain('the disk is gone');
    expect((await one.heartbeats()).map(({ reason }) => reason)).toContain('unreachable');
    await one.ingest.stop();
    const log = createMemoryLog({ partitions: 1 });
    log.append = () => Promise.reject(new Error('out of order'));
    const other = await rig([createNdjsonSource({ input: Readable.from(['{"text":"x"}\n']) })], {
      log,
    });
    await expect(other.ingest.exhausted).rejects.toThrow('out of order');
  });
});

test('lines come out the same however the bytes are cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'binary', maxLength: 20 })),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (texts, sizes) => {
        const lines = texts.map((text) => text.replaceAll(/[\n\r]/g, ''));
        const bytes = Buffer.from(lines.join('\n'));
        const chunks: Buffer[] = [];
        for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length]!;
          chunks.push(bytes.subarray(start, start + size));
          start += size;
        }
        const found: string[] = [];
        for await (const line of readLines(Readable.from(chunks), 1_000))
          found.push(line.bytes.toString());
        expect(found).toEqual(
          lines.map((line) => Buffer.from(line).toString()).filter((line) => line !== ''),
        );
      },
    ),
    { numRuns: 60 },
  );
});
