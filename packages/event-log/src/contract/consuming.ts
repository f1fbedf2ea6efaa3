import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { LogRecord } from '../port.ts';
import type { Behaviours } from './behaviours.ts';
import {
  bytes,
  copying,
  drained,
  input,
  numbered,
  output,
  readAll,
  second,
  single,
  text,
  until,
} from './world.ts';

class Passing extends Error {
  readonly retriable = true;
}

const sorted = (records: readonly LogRecord[]) =>
  records.map(({ value }) => Number(text(value))).sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

/** What a log promises to one consumer. */
export function consumingBehaviours({ behaviour }: Behaviours): void {
  behaviour('delivers each record once, in order, in batches of one partition', async ({ log }) => {
    await log.append(numbered(input, 0, 3000));
    const seen = new Map<number, number[]>();
    let largest = 0;
    const consumer = await log.consume({
      group: 'g',
      topics: [input],
      maxBatch: 100,
      open: ({ partition, partitions }) => {
        expect(partitions).toBe(4);
        return {
          process: async (batch) => {
            largest = Math.max(largest, batch.records.length);
            for (const record of batch.records) {
              expect(record).toMatchObject({ topic: batch.topic, partition: batch.partition });
              const own = seen.get(partition) ?? [];
              own.push(Number(text(record.value)));
              seen.set(partition, own);
            }
            return { outputs: [] };
          },
        };
      },
    });
    await drained(consumer);
    await log.append(numbered(input, 3000, 500));
    await drained(consumer);
    await consumer.stop();
    await consumer.done;
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThanOrEqual(100);
    expect([...seen.values()].flat().sort((a, b) => a - b)).toEqual(upTo(3500));
    for (const own of seen.values()) expect(own).toEqual([...own].sort((a, b) => a - b));
  });

  behaviour('goes on where the group stopped', async ({ log, world }) => {
    await log.append(numbered(input, 0, 200));
    const first = await log.consume({ group: 'g', topics: [input], open: copying() });
    await drained(first);
    await first.stop();
    await log.append(numbered(input, 200, 100));
    const positions = await log.positions('g', input);
    const begun: number[] = [];
    const other = await world.open();
    const next = await other.consume({
      group: 'g',
      topics: [input],
      open: (assignment) => {
        begun.push(assignment.position - positions.get(assignment.partition)!);
        return { process: async ({ records }) => copyOf(records) };
      },
    });
    await drained(next);
    await next.stop();
    // A log may have markers of its own between the records; they are no records left behind.
    expect(begun).toEqual([0, 0, 0, 0]);
    expect(sorted(await readAll(log, output))).toEqual(upTo(300));
  });

  behaviour('shows nothing of a batch that failed, and delivers it again', async ({ log }) => {
    await log.append(numbered(input, 0, 100));
    const failing = await log.consume({
      group: 'g',
      topics: [input],
      open: copying(() => {
        throw new Error('this processor is broken');
      }),
    });
    await expect(failing.done).rejects.toThrow('this processor is broken');
    await failing.stop();
    expect(await readAll(log, output)).toEqual([]);
    expect([...(await log.positions('g', input)).values()].every((p) => p === 0)).toBe(true);
    const working = await log.consume({ group: 'g', topics: [input], open: copying() });
    await drained(working);
    await working.stop();
    expect(sorted(await readAll(log, output))).toEqual(upTo(100));
  });

  behaviour('shows nothing of a commit that it cannot take', async ({ log }) => {
    await log.append(numbered(single, 0, 10));
    const consumer = await log.consume({
      group: 'g',
      topics: [single],
      open: () => ({
        process: async () => ({
          outputs: [
            { topic: output, key: 'k', value: bytes('1') },
            { topic: 'nobody-made-this.v1', key: 'k', value: bytes('2') },
          ],
        }),
      }),
    });
    await expect(consumer.done).rejects.toMatchObject({ code: 'unknown-topic' });
    expect(await readAll(log, output)).toEqual([]);
  });

  behaviour('waits and opens the partition anew after an error that passes', async ({ log }) => {
    await log.append(numbered(single, 0, 50));
    let opened = 0;
    let closed = 0;
    let failures = 0;
    const consumer = await log.consume({
      group: 'g',
      topics: [single],
      maxBatch: 10,
      open: () => {
        opened += 1;
        if (opened === 2) throw new Passing('cannot be opened now');
        return {
          process: async (batch) => {
            if (failures < 2 && text(batch.records[0]!.value) === '20') {
              failures += 1;
              throw new Passing('the index is away');
            }
            return copyOf(batch.records);
          },
          close: () => {
            closed += 1;
          },
        };
      },
    });
    await drained(consumer);
    await consumer.stop();
    await consumer.done;
    expect(failures).toBe(2);
    expect(opened).toBe(4);
    expect(closed).toBe(3);
    expect(sorted(await readAll(log, output))).toEqual(upTo(50));
  });

  behaviour('waits longer and longer, however much comes in meanwhile', async ({ log }) => {
    let attempts = 0;
    const consumer = await log.consume({
      group: 'g',
      topics: [single],
      open: () => ({
        process: async () => {
          attempts += 1;
          throw new Passing('the index is away');
        },
      }),
    });
    const end = Date.now() + 2500;
    for (let i = 0; Date.now() < end; i++) {
      await log.append(numbered(single, i, 1));
      await sleep(5);
    }
    expect(attempts).toBeGreaterThanOrEqual(2);
    expect(attempts).toBeLessThanOrEqual(7);
    const stopping = Date.now();
    await consumer.stop();
    expect(Date.now() - stopping).toBeLessThan(5000);
    expect((await log.positions('g', single)).get(0) ?? 0).toBe(0);
  });

  behaviour('ends when a partition cannot be opened for good', async ({ log }) => {
    const consumer = await log.consume({
      group: 'g',
      topics: [single],
      open: () => {
        throw new Error('the committed state is corrupt');
      },
    });
    await expect(consumer.done).rejects.toThrow('the committed state is corrupt');
  });

  behaviour('starts at the end when told to, and remembers that place', async ({ log }) => {
    await log.append(numbered(single, 0, 20));
    const open = copying();
    const first = await log.consume({ group: 'g', topics: [single], from: 'latest', open });
    await until(
      'the group has a position',
      async () => (await log.positions('g', single)).size === 1,
    );
    expect(await first.lag()).toBe(0);
    await first.stop();
    await log.append(numbered(single, 20, 5));
    const next = await log.consume({ group: 'g', topics: [single], from: 'latest', open });
    await drained(next);
    await next.stop();
    expect(sorted(await readAll(log, output))).toEqual([20, 21, 22, 23, 24]);
  });

  behaviour('fetches nothing while paused and keeps its membership', async ({ log }) => {
    const seen: number[] = [];
    const consumer = await log.consume({
      group: 'g',
      topics: [input],
      open: copying(({ records }) => {
        seen.push(...records.map(({ value }) => Number(text(value))));
      }),
    });
    await log.append(numbered(input, 0, 100));
    await drained(consumer);
    const resume = consumer.pause();
    const resumeAlso = consumer.pause();
    // A fetch that was on its way may still bring what was there before; nothing was.
    await sleep(300);
    await log.append(numbered(input, 100, 100));
    await sleep(1500);
    expect(seen).toHaveLength(100);
    expect(await consumer.lag()).toBe(100);
    resume();
    resume();
    await sleep(300);
    expect(seen).toHaveLength(100);
    resumeAlso();
    await drained(consumer);
    await consumer.stop();
    expect(seen.sort((a, b) => a - b)).toEqual(upTo(200));
    expect(sorted(await readAll(log, output))).toEqual(upTo(200));
  });

  behaviour('completes the batch in hand when paused inside it', async ({ log }) => {
    await log.append(numbered(single, 0, 100));
    const resumes: (() => void)[] = [];
    let batches = 0;
    const consumer = await log.consume({
      group: 'g',
      topics: [single],
      maxBatch: 10,
      open: copying(() => {
        batches += 1;
        if (batches === 3) resumes.push(consumer.pause());
      }),
    });
    await until('three batches were committed', async () => (await consumer.lag()) === 70);
    await sleep(500);
    expect(batches).toBe(3);
    resumes[0]!();
    await drained(consumer);
    await consumer.stop();
    expect(sorted(await readAll(log, output))).toEqual(upTo(100));
  });

  behaviour('tells how far a group is behind', async ({ log }) => {
    await log.append(numbered(input, 0, 120));
    const gate = Promise.withResolvers<void>();
    const open = copying(() => gate.promise);
    const consumer = await log.consume({ group: 'g', topics: [input], open });
    expect(await consumer.lag()).toBe(120);
    gate.resolve();
    await drained(consumer);
    await consumer.stop();
    const ends = await log.extents(input);
    const positions = await log.positions('g', input);
    for (const { partition, end } of ends) expect(positions.get(partition)).toBe(end);
    expect(await log.positions('strangers', input)).toEqual(new Map());
  });

  behaviour('gives every group all records', async ({ log }) => {
    await log.append(numbered(input, 0, 100));
    const seen: number[][] = [[], []];
    const consumers = await Promise.all(
      seen.map((own, i) =>
        log.consume({
          group: `g${i}`,
          topics: [input],
          open: () => ({
            process: async ({ records }) => {
              own.push(...records.map(({ value }) => Number(text(value))));
              return { outputs: [] };
            },
          }),
        }),
      ),
    );
    await Promise.all(consumers.map(drained));
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    for (const own of seen) expect(own.sort((a, b) => a - b)).toEqual(upTo(100));
  });

  behaviour('consumes several topics in one group', async ({ log }) => {
    const consumer = await log.consume({
      group: 'g',
      topics: [input, second, single],
      open: copying(),
    });
    await log.append([
      ...numbered(input, 0, 50),
      ...numbered(second, 50, 50),
      ...numbered(single, 100, 50),
    ]);
    await drained(consumer);
    await consumer.stop();
    expect(sorted(await readAll(log, output))).toEqual(upTo(150));
  });

  behaviour('reads its own outputs as the input of the next stage', async ({ log }) => {
    const first = await log.consume({ group: 'one', topics: [input], open: copying() });
    const next = await log.consume({
      group: 'two',
      topics: [output],
      open: () => ({
        process: async ({ records }) => ({
          outputs: records.map(({ key, value }) => ({ topic: second, key, value })),
        }),
      }),
    });
    for (let i = 0; i < 20; i++) await log.append(numbered(input, i * 20, 20));
    await drained(first);
    await drained(next);
    await Promise.all([first.stop(), next.stop()]);
    expect(sorted(await readAll(log, second))).toEqual(upTo(400));
  });

  behaviour('lets the running batch commit when stopped', async ({ log }) => {
    await log.append(numbered(single, 0, 10));
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let closed = 0;
    const consumer = await log.consume({
      group: 'g',
      topics: [single],
      open: () => ({
        process: async (batch) => {
          begun.resolve();
          await gate.promise;
          await batch.heartbeat();
          expect(batch.isStale()).toBe(false);
          return copyOf(batch.records);
        },
        close: () => {
          closed += 1;
        },
      }),
    });
    await begun.promise;
    const stopped = consumer.stop();
    gate.resolve();
    await Promise.all([stopped, consumer.stop()]);
    await consumer.done;
    expect(closed).toBe(1);
    expect(sorted(await readAll(log, output))).toEqual(upTo(10));
    expect((await log.positions('g', single)).get(0)).toBe(10);
  });

  behaviour('closes in the middle of work without losing or doubling', async ({ log, world }) => {
    const reader = await world.open();
    await log.append(numbered(input, 0, 2000));
    const worker = await world.open();
    let batches = 0;
    const consumer = await worker.consume({
      group: 'g',
      topics: [input],
      maxBatch: 20,
      open: copying(() => {
        batches += 1;
      }),
    });
    await until('work has begun', () => batches > 3);
    await worker.close();
    await consumer.done;
    const again = await reader.consume({ group: 'g', topics: [input], open: copying() });
    await drained(again);
    await again.stop();
    expect(sorted(await readAll(reader, output))).toEqual(upTo(2000));
  });
}

function copyOf(records: readonly LogRecord[]) {
  return { outputs: records.map(({ key, value }) => ({ topic: output, key, value })) };
}
