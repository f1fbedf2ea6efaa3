import { expect, it } from 'vitest';
import { MemoryPartition } from './partition.ts';

const place = { topic: 't', partition: 0 };

it('removes what is older than the topic keeps and never gives an offset twice', () => {
  const topic = { name: 't', partitions: 1, cleanup: 'delete', retentionMs: 100 } as const;
  const log = new MemoryPartition(topic, 0);
  for (let i = 0; i < 10; i++) log.append({ ...place, key: 'k', value: null }, 1000 + i * 50);
  log.sweep(1400);
  expect(log.extent()).toEqual({ begin: 6, end: 10 });
  log.sweep(9999);
  expect(log.extent()).toEqual({ begin: 10, end: 10 });
  log.append({ ...place, key: 'k', value: null }, 10_000);
  expect(log.fetch(0, 10, 1000)).toMatchObject([{ offset: 10 }]);
});

it('holds few dead records of a compacted topic, however often a key changes', () => {
  const log = new MemoryPartition({ name: 't', partitions: 1, cleanup: 'compact' }, 0);
  for (let i = 0; i < 20_000; i++) {
    log.append({ ...place, key: `k${i % 3}`, value: new Uint8Array([i % 256]) }, i);
  }
  expect(log.fetch(0, 100_000, 1_000_000).map(({ offset }) => offset)).toEqual([
    19_997, 19_998, 19_999,
  ]);
  expect(log.offsetAt(0)).toBeGreaterThan(10_000);
  expect(log.state().size).toBe(3);
});
