import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { partitionOf } from '../partitioner.ts';
import { EventLogError } from '../port.ts';
import type { Behaviours } from './behaviours.ts';
import { bytes, collect, input, numbered, output, readAll, single, state, text } from './world.ts';

/** What a log promises about the records it takes and gives back. */
export function recordBehaviours({ behaviour }: Behaviours): void {
  behaviour('keeps the order within a partition', async ({ log }) => {
    for (let i = 0; i < 10; i++) await log.append(numbered(input, i * 100, 100));
    const all = await readAll(log, input);
    expect(all).toHaveLength(1000);
    for (let partition = 0; partition < 4; partition++) {
      const own = all.filter((record) => record.partition === partition);
      const numbers = own.map(({ value }) => Number(text(value)));
      const offsets = own.map(({ offset }) => offset);
      expect(own.length).toBeGreaterThan(0);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(new Set(offsets).size).toBe(offsets.length);
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    }
  });

  behaviour('puts equal keys into the partition that their hash names', async ({ log }) => {
    const keys = ['', 'a', 'spotify', 'schön', '日本語', '🎧', 'x'.repeat(5000)];
    await log.append(keys.map((key) => ({ topic: input, key, value: bytes(key) })));
    const all = await readAll(log, input);
    expect(all.map(({ key }) => key).sort()).toEqual([...keys].sort());
    for (const { key, partition } of all) expect(partition).toBe(partitionOf(key!, 4));
  });

  behaviour('obeys a partition that the record names', async ({ log }) => {
    await log.append(
      [0, 1, 2, 3].map((partition) => ({ topic: input, key: 'k', value: null, partition })),
    );
    expect((await readAll(log, input)).map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
  });

  behaviour('spreads records without a key', async ({ log }) => {
    await log.append(
      Array.from({ length: 40 }, () => ({ topic: input, key: null, value: bytes('x') })),
    );
    const all = await readAll(log, input);
    expect(all.every(({ key }) => key === null)).toBe(true);
    expect(new Set(all.map(({ partition }) => partition)).size).toBe(4);
  });

  behaviour('keeps every byte of a value', async ({ log }) => {
    const large = new Uint8Array(3_000_000).map((_, i) => (i * 31) % 251);
    const values = [
      new Uint8Array([0xff, 0xfe, 0x00, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
      new Uint8Array(0),
      null,
      Uint8Array.from({ length: 256 }, (_, i) => i),
      large,
    ];
    await log.append(values.map((value) => ({ topic: single, key: 'k', value })));
    const all = await readAll(log, single);
    expect(all).toHaveLength(values.length);
    for (const [i, { value }] of all.entries()) {
      if (values[i] === null) expect(value).toBeNull();
      else {
        expect(Buffer.isBuffer(value)).toBe(false);
        expect(Buffer.compare(value!, values[i]!)).toBe(0);
      }
    }
  });

  behaviour('takes many records in one call, in their order', async ({ log }) => {
    await log.append(numbered(single, 0, 12_345));
    const numbers = (await readAll(log, single)).map(({ value }) => Number(text(value)));
    expect(numbers).toEqual(Array.from({ length: 12_345 }, (_, i) => i));
  });

  behaviour('is not changed by a caller that uses its buffer again', async ({ log }) => {
    const value = bytes('before');
    const appended = log.append([{ topic: single, key: 'k', value }]);
    await appended;
    value.fill(0x21);
    expect(text((await readAll(log, single))[0]!.value)).toBe('before');
  });

  behaviour('stamps records with the time it took them, never going back', async ({ log }) => {
    const before = Date.now();
    for (let i = 0; i < 20; i++) await log.append(numbered(single, i, 5));
    const after = Date.now();
    const times = (await readAll(log, single)).map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(before - 2);
    expect(times.at(-1)).toBeLessThanOrEqual(after + 2);
  });

  behaviour('reads a range of offsets', async ({ log }) => {
    await log.append(numbered(single, 0, 100));
    const all = await readAll(log, single);
    const from = { offset: all[20]!.offset };
    const to = { offset: all[60]!.offset };
    const numbers = async (range: object) =>
      (await collect(log.read({ topic: single, partition: 0, ...range }))).map(({ value }) =>
        Number(text(value)),
      );
    expect(await numbers({ from, to })).toEqual(Array.from({ length: 40 }, (_, i) => i + 20));
    expect(await numbers({ from })).toHaveLength(80);
    expect(await numbers({ to })).toHaveLength(60);
    expect(await numbers({ from: to, to: from })).toEqual([]);
    expect(await numbers({ from: { offset: 1_000_000 } })).toEqual([]);
    expect(await numbers({ to: { offset: 1_000_000 } })).toHaveLength(100);
  });

  behaviour('reads a range of time', async ({ log }) => {
    const marks: number[] = [];
    for (let i = 0; i < 3; i++) {
      await log.append(numbered(single, i * 10, 10));
      await sleep(60);
      marks.push(Date.now());
      await sleep(60);
    }
    const numbers = async (range: object) =>
      (await collect(log.read({ topic: single, partition: 0, ...range }))).map(({ value }) =>
        Number(text(value)),
      );
    const [first, next, last] = marks.map((timestamp) => ({ timestamp }));
    const count = (from: number, n: number) => Array.from({ length: n }, (_, i) => from + i);
    expect(await numbers({ from: first, to: next })).toEqual(count(10, 10));
    expect(await numbers({ from: first })).toEqual(count(10, 20));
    expect(await numbers({ to: first })).toEqual(count(0, 10));
    expect(await numbers({ from: last })).toEqual([]);
    expect(await numbers({ to: { timestamp: Date.now() + 100_000 } })).toEqual(count(0, 30));
    expect(await numbers({ from: { timestamp: 0 } })).toEqual(count(0, 30));
  });

  behaviour('ends a range where the partition ended when reading began', async ({ log }) => {
    await log.append(numbered(single, 0, 10));
    const seen: number[] = [];
    for await (const record of log.read({ topic: single, partition: 0 })) {
      seen.push(Number(text(record.value)));
      if (seen.length === 1) await log.append(numbered(single, 10, 10));
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  behaviour('reads more than fits one page, and lets a reader stop early', async ({ log }) => {
    const pages = 5500;
    await log.append(numbered(single, 0, pages));
    expect(await readAll(log, single)).toHaveLength(pages);
    for await (const record of log.read({ topic: single, partition: 0 })) {
      if (text(record.value) === '7') break;
    }
    await log.append(numbered(single, pages, 1));
    expect(await readAll(log, single)).toHaveLength(pages + 1);
  });

  behaviour('tells the extents of every partition', async ({ log }) => {
    expect(await log.extents(input)).toEqual(
      [0, 1, 2, 3].map((partition) => ({ partition, begin: 0, end: 0 })),
    );
    await log.append(
      Array.from({ length: 7 }, () => ({ topic: input, key: 'k', value: null, partition: 2 })),
    );
    expect(await log.extents(input)).toEqual(
      [0, 1, 2, 3].map((partition) => ({ partition, begin: 0, end: partition === 2 ? 7 : 0 })),
    );
    expect(await log.partitions(input)).toBe(4);
    expect(await log.partitions(single)).toBe(1);
  });

  behaviour('keeps the newest record of a key in a compacted topic', async ({ log }) => {
    for (let i = 0; i < 5; i++) {
      await log.append([
        { topic: state, key: 'a', value: bytes(`a${i}`), partition: 1 },
        { topic: state, key: 'b', value: i === 4 ? null : bytes(`b${i}`), partition: 1 },
      ]);
    }
    const newest = new Map((await readAll(log, state)).map(({ key, value }) => [key, text(value)]));
    expect(newest.get('a')).toBe('a4');
    expect(newest.get('b') ?? '(null)').toBe('(null)');
    await expect(
      log.append([{ topic: state, key: null, value: bytes('x') }]),
    ).rejects.toMatchObject({ name: 'EventLogError', retriable: false });
  });

  behaviour('refuses a topic or partition that it does not have', async ({ log }) => {
    const refusal = { name: 'EventLogError', code: 'unknown-topic', retriable: false };
    const topic = 'nobody-made-this.v1';
    await expect(log.append([{ topic, key: 'k', value: null }])).rejects.toMatchObject(refusal);
    await expect(
      log.append([{ topic: input, key: 'k', value: null, partition: 4 }]),
    ).rejects.toMatchObject(refusal);
    await expect(collect(log.read({ topic, partition: 0 }))).rejects.toMatchObject(refusal);
    await expect(collect(log.read({ topic: input, partition: 9 }))).rejects.toMatchObject(refusal);
    await expect(log.partitions(topic)).rejects.toMatchObject(refusal);
    await expect(log.extents(topic)).rejects.toMatchObject(refusal);
    await expect(log.positions('g', topic)).rejects.toMatchObject(refusal);
    const consumed = log.consume({
      group: 'g',
      topics: [topic],
      open: () => ({ process: async () => ({ outputs: [] }) }),
    });
    await expect(consumed).rejects.toMatchObject(refusal);
  });

  behaviour('refuses a value that is too large and takes the next', async ({ log }) => {
    const value = new Uint8Array(9 * 1024 * 1024);
    await expect(log.append([{ topic: single, key: 'k', value }])).rejects.toMatchObject({
      name: 'EventLogError',
      code: 'too-large',
      retriable: false,
    });
    await log.append(numbered(single, 0, 1));
    expect(await readAll(log, single)).toHaveLength(1);
  });

  behaviour('takes small appends from many callers at once', async ({ log, world }) => {
    const other = await world.open();
    const all = Array.from({ length: 600 }, (_, i) =>
      (i % 2 === 0 ? log : other).append(numbered(output, i, 1)),
    );
    await Promise.all(all);
    const numbers = (await readAll(log, output)).map(({ value }) => Number(text(value)));
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 600 }, (_, i) => i));
  });

  behaviour('makes missing topics once, whoever prepares', async ({ log, world }) => {
    await log.append(numbered(single, 0, 3));
    const others = await Promise.all([world.open(), world.open()]);
    await Promise.all([log, ...others].map((each) => each.prepare()));
    expect(await readAll(others[0]!, single)).toHaveLength(3);
    await log.append([]);
    await log.ping();
  });

  behaviour('answers nothing after it was closed', async ({ log }) => {
    await log.append(numbered(single, 0, 1));
    await log.close();
    await log.close();
    const refusal = { name: 'EventLogError', code: 'closed', retriable: false };
    await expect(log.append(numbered(single, 1, 1))).rejects.toMatchObject(refusal);
    await expect(log.ping()).rejects.toMatchObject(refusal);
    await expect(log.extents(single)).rejects.toBeInstanceOf(EventLogError);
  });
}
