import { expect } from 'vitest';
import type { Commit, LogRecord } from '../port.ts';
import type { Behaviours } from './behaviours.ts';
import {
  bytes,
  counting,
  drained,
  expectedCounts,
  input,
  numbered,
  output,
  readAll,
  state,
  text,
} from './world.ts';

/** What a log promises about the state of a partition. */
export function stateBehaviours({ behaviour }: Behaviours): void {
  behaviour(
    'opens a partition with the state that was committed with its position',
    async ({ log, world }) => {
      for (let run = 0; run < 3; run++) {
        const own = await world.open();
        await log.append(numbered(input, run * 200, 200));
        const consumer = await own.consume({
          group: 'g',
          topics: [input],
          stateTopic: state,
          maxBatch: 30,
          open: counting(),
        });
        await drained(consumer);
        await consumer.stop();
      }
      const written = (await readAll(log, output)).map(({ value }) => text(value));
      expect(written).toEqual(await expectedCounts(log));
      expect(written).toHaveLength(600);
    },
  );

  behaviour('removes a key from the state by a null value', async ({ log }) => {
    const changes: NonNullable<Commit['state']>[] = [
      [
        { key: 'stays', value: bytes('1') },
        { key: 'goes', value: bytes('1') },
        { key: 'empty', value: new Uint8Array(0) },
      ],
      [
        { key: 'goes', value: null },
        { key: 'returns', value: null },
      ],
      [{ key: 'returns', value: bytes('3') }],
    ];
    const opened: ReadonlyMap<string, Uint8Array>[] = [];
    for (const change of [...changes, []]) {
      await log.append([{ topic: input, key: 'k', value: bytes('x'), partition: 3 }]);
      const consumer = await log.consume({
        group: 'g',
        topics: [input],
        stateTopic: state,
        open: (assignment) => {
          if (assignment.partition === 3) opened.push(assignment.state);
          else expect(assignment.state.size).toBe(0);
          return { process: async () => ({ outputs: [], state: change }) };
        },
      });
      await drained(consumer);
      await consumer.stop();
    }
    const shown = opened.map((each) =>
      [...each].map(([key, value]) => `${key}=${text(value)}`).sort(),
    );
    expect(shown).toEqual([
      [],
      ['empty=', 'goes=1', 'stays=1'],
      ['empty=', 'stays=1'],
      ['empty=', 'returns=3', 'stays=1'],
    ]);
  });

  behaviour('drops what a failed batch held in memory', async ({ log }) => {
    await log.append(numbered(input, 0, 200));
    let failures = 0;
    const open = counting();
    const consumer = await log.consume({
      group: 'g',
      topics: [input],
      stateTopic: state,
      maxBatch: 10,
      open: async (assignment) => {
        const inner = await open(assignment);
        return {
          process: async (batch) => {
            const commit = await inner.process(batch);
            if (failures < 6 && Number(text(batch.records[0]!.value)) % 3 === 0) {
              failures += 1;
              throw Object.assign(new Error('passes'), { retriable: true });
            }
            return commit;
          },
        };
      },
    });
    await drained(consumer);
    await consumer.stop();
    expect(failures).toBe(6);
    const written = (await readAll(log, output)).map(({ value }) => text(value));
    expect(written).toEqual(await expectedCounts(log));
  });

  behaviour('keeps a state of many keys through many changes', async ({ log }) => {
    const expected = new Map<string, string>();
    const seen: LogRecord[] = [];
    for (let round = 0; round < 3; round++) {
      await log.append(
        Array.from({ length: 300 }, (_, i) => ({
          topic: input,
          key: `target-${(i * 7 + round) % 113}`,
          value: bytes(`${round}.${i}`),
          partition: 0,
        })),
      );
      const consumer = await log.consume({
        group: 'g',
        topics: [input],
        stateTopic: state,
        maxBatch: 25,
        open: ({ partition, state: committed }) => {
          if (partition === 0) {
            const found = new Map([...committed].map(([key, value]) => [key, text(value)]));
            expect(found).toEqual(expected);
          }
          return {
            process: async (batch) => {
              seen.push(...batch.records);
              return {
                outputs: [],
                state: batch.records.map(({ key, value }) => ({
                  key: key!,
                  value: text(value).endsWith('5') ? null : value,
                })),
              };
            },
          };
        },
      });
      await drained(consumer);
      await consumer.stop();
      await consumer.done;
      for (const { key, value } of seen.splice(0)) {
        if (text(value).endsWith('5')) expected.delete(key!);
        else expected.set(key!, text(value));
      }
    }
    expect(expected.size).toBeGreaterThan(50);
  });

  behaviour('refuses a state that cannot be kept', async ({ log }) => {
    const open = counting();
    const refusal = { name: 'EventLogError', retriable: false };
    await expect(
      log.consume({ group: 'g', topics: [input, output], stateTopic: state, open }),
    ).rejects.toMatchObject(refusal);
    await expect(
      log.consume({ group: 'g', topics: ['single.v1'], stateTopic: state, open }),
    ).rejects.toMatchObject(refusal);
    await log.append(numbered(input, 0, 1));
    const nowhere = await log.consume({ group: 'g', topics: [input], open });
    await expect(nowhere.done).rejects.toMatchObject(refusal);
    expect(await readAll(log, output)).toEqual([]);
  });
}
