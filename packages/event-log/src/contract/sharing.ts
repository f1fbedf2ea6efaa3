import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Consumer, EventLog } from '../port.ts';
import type { Behaviours } from './behaviours.ts';
import {
  copying,
  counting,
  drained,
  expectedCounts,
  input,
  numbered,
  output,
  readAll,
  state,
  text,
  until,
} from './world.ts';

/** What a log promises to several consumers of one group. */
export function sharingBehaviours({ behaviour }: Behaviours): void {
  behaviour('shares the partitions among the consumers of a group', async ({ log, world }) => {
    const logs = [await world.open(), await world.open()];
    const owned = logs.map(() => new Set<number>());
    const consumers = await Promise.all(
      logs.map((each, i) =>
        each.consume({
          group: 'g',
          topics: [input],
          open: ({ partition }) => {
            owned[i]!.add(partition);
            return {
              process: async ({ records }) => ({
                outputs: records.map(({ key, value }) => ({ topic: output, key, value })),
              }),
              close: () => {
                owned[i]!.delete(partition);
              },
            };
          },
        }),
      ),
    );
    await until('each has two', () => owned.every(({ size }) => size === 2));
    expect([...owned[0]!, ...owned[1]!].sort()).toEqual([0, 1, 2, 3]);
    await log.append(numbered(input, 0, 400));
    await drained(consumers[0]!);
    await consumers[0]!.stop();
    await until('the other has all', () => owned[1]!.size === 4);
    expect(owned[0]!.size).toBe(0);
    await log.append(numbered(input, 400, 400));
    await drained(consumers[1]!);
    await consumers[1]!.stop();
    expect(await readAll(log, output)).toHaveLength(800);
  });

  behaviour(
    'leaves a consumer idle when there are more than partitions',
    async ({ log, world }) => {
      const logs = await Promise.all(Array.from({ length: 6 }, () => world.open()));
      const consumers = await Promise.all(
        logs.map((each) => each.consume({ group: 'g', topics: [input], open: copying() })),
      );
      await log.append(numbered(input, 0, 300));
      await drained(consumers[0]!);
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      expect(await readAll(log, output)).toHaveLength(300);
    },
  );

  behaviour('moves a partition together with its state', async ({ log, world }) => {
    const consume = (each: EventLog) =>
      each.consume({
        group: 'g',
        topics: [input],
        stateTopic: state,
        maxBatch: 20,
        open: counting(),
      });
    const first = await consume(await world.open());
    await log.append(numbered(input, 0, 300));
    await drained(first);
    const next = await consume(await world.open());
    await log.append(numbered(input, 300, 300));
    await drained(next);
    await first.stop();
    await log.append(numbered(input, 600, 300));
    await drained(next);
    await next.stop();
    const written = (await readAll(log, output)).map(({ value }) => text(value));
    expect(written).toEqual(await expectedCounts(log));
  });

  behaviour('loses and doubles nothing while consumers come and go', async ({ log, world }) => {
    const total = 20_000;
    const running: Consumer[] = [];
    const open = counting(() => sleep(Math.random() * 8));
    const add = async () => {
      const each = await world.open();
      running.push(
        await each.consume({ group: 'g', topics: [input], stateTopic: state, maxBatch: 60, open }),
      );
    };
    await add();
    const flow = (async () => {
      for (let i = 0; i < total; i += 200) {
        await log.append(numbered(input, i, 200, 64));
        await sleep(10);
      }
    })();
    const membership = (async () => {
      for (let round = 0; round < 5; round++) {
        await add();
        await sleep(250);
        if (round % 2 === 0) await add();
        await sleep(250);
        await running.splice(Math.floor(Math.random() * running.length), 1)[0]!.stop();
      }
    })();
    await Promise.all([flow, membership]);
    await drained(running[0]!);
    await Promise.all(running.map((consumer) => consumer.stop()));
    await Promise.all(running.map(({ done }) => done));
    const written = (await readAll(log, output)).map(({ value }) => text(value));
    expect(written).toHaveLength(total);
    expect(written).toEqual(await expectedCounts(log));
  });
}
