import { setTimeout as wait } from 'node:timers/promises';
import type { EventLog } from '@outcry/event-log';
import { createKafkaLog } from '@outcry/event-log/kafka';
import type { RunningStack } from '@outcry/stack';
import { StackUnavailable, startStack } from '@outcry/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/processes.ts';

const topics = {
  input: { partitions: 'many', cleanup: 'delete' },
  output: { partitions: 'many', cleanup: 'delete' },
} as const;

/** Three brokers of our own, because somebody else's are not ours to kill. */
async function threeBrokers(): Promise<RunningStack | string> {
  try {
    return await startStack({ kafka: true, brokers: 3, onProgress: () => {} });
  } catch (error) {
    if (error instanceof StackUnavailable && !process.env.CI) return error.message;
    throw error;
  }
}

describe('three Kafka brokers of which one after the other is killed', () => {
  let stack: RunningStack | string;
  let logs: EventLog[] = [];

  beforeAll(async () => {
    stack = await threeBrokers();
  }, 180_000);

  afterAll(async () => {
    await Promise.all(logs.map((log) => log.close()));
    if (typeof stack !== 'string') await stack?.stop();
  });

  it('lose nothing that was acknowledged, and double nothing', async (context) => {
    if (typeof stack === 'string') return context.skip(stack);
    const kafka = stack.kafka!;
    const open = () =>
      createKafkaLog({
        brokers: kafka.brokers,
        clientId: 'failover',
        partitions: 3,
        replication: 3,
        topics,
        sessionTimeoutMs: 6_000,
      });
    const [writer, copier] = [open(), open()];
    logs = [writer, copier];
    await writer.prepare();
    const consumer = await copier.consume({
      group: 'copy',
      topics: ['input'],
      maxBatch: 100,
      open: () => ({
        process: async ({ records }) => ({
          outputs: records.map(({ key, value }) => ({ topic: 'output', key, value })),
        }),
      }),
    });

    const acknowledged: string[] = [];
    let writing = true;
    const flow = (async () => {
      for (let next = 0; writing; next += 100) {
        const values = Array.from({ length: 100 }, (_, n) => String(next + n));
        const records = values.map((value) => ({
          topic: 'input',
          key: value,
          value: Buffer.from(value),
        }));
        // What is refused is not acknowledged, and may be there all the same.
        await writer.append(records).then(
          () => acknowledged.push(...values),
          () => wait(200),
        );
        await wait(20);
      }
    })();
    for (const broker of [0, 1]) {
      await until('writes to be acknowledged', () =>
        acknowledged.length > (broker + 1) * 2_000 ? true : undefined,
      );
      const before = acknowledged.length;
      await kafka.killBroker(broker);
      await until(
        'writes to go on with two brokers',
        () => (acknowledged.length > before + 1_000 ? true : undefined),
        { timeoutMs: 90_000 },
      );
      await kafka.startBroker(broker);
    }
    writing = false;
    await flow;
    await until(
      'everything to be copied',
      async () => ((await consumer.lag()) === 0 ? true : undefined),
      { timeoutMs: 120_000 },
    );
    await consumer.stop();

    const input = await values(writer, 'input');
    const held = new Set(input);
    expect(acknowledged.filter((value) => !held.has(value))).toEqual([]);
    expect((await values(writer, 'output')).toSorted()).toEqual(input.toSorted());
    expect(held.size).toBe(input.length);
  }, 400_000);
});

async function values(log: EventLog, topic: string): Promise<string[]> {
  const found: string[] = [];
  for (const { partition } of await log.extents(topic)) {
    for await (const { value } of log.read({ topic, partition }))
      found.push(Buffer.from(value ?? []).toString());
  }
  return found;
}
