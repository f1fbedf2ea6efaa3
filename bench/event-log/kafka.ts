import { randomUUID } from 'node:crypto';
import type { EventLog, NewRecord } from '@outcry/event-log';
import { createKafkaLog } from '@outcry/event-log/kafka';
import type { Producer } from 'kafkajs';
import { Kafka, logLevel } from 'kafkajs';
import type { Figure } from './figures.ts';
import { perSecond, print, sampleValue } from './figures.ts';

const total = 60_000;
const batch = 1000;
const partitions = 4;
const input = 'posts.v1';
const output = 'signals.v1';
const value = sampleValue();

const records = (topic: string, first: number, count: number): NewRecord[] =>
  Array.from({ length: count }, (_, i) => ({ topic, key: `key-${(first + i) % 500}`, value }));

/** Counts records up to the whole number. */
function counter() {
  let count = 0;
  const all = Promise.withResolvers<void>();
  return {
    all: all.promise,
    add: (more: number) => {
      count += more;
      if (count === total) all.resolve();
    },
  };
}

async function logCopy(log: EventLog, group: string): Promise<number> {
  const counted = counter();
  const first = Promise.withResolvers<void>();
  const consumer = await log.consume({
    group,
    topics: [input],
    maxBatch: batch,
    open: () => ({
      process: async ({ records: taken }) => {
        first.resolve();
        counted.add(taken.length);
        return {
          outputs: taken.map(({ key, value: bytes }) => ({ topic: output, key, value: bytes })),
        };
      },
    }),
  });
  await first.promise;
  const rate = await perSecond(total, async () => {
    await counted.all;
    // The last commits are part of the work.
    while ((await consumer.lag()) > 0);
  });
  await consumer.stop();
  return rate;
}

/** The driver alone: the same batches, transactions and ids, and nothing around them. */
async function bareCopy(brokers: string[], prefix: string, concurrency: number): Promise<number> {
  const client = new Kafka({ brokers, clientId: 'bare', logLevel: logLevel.NOTHING });
  const groupId = `${prefix}bare-${concurrency}-${randomUUID()}`;
  const consumer = client.consumer({ groupId, maxWaitTimeInMs: 500 });
  const producers: Producer[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const producer = client.producer({
      transactionalId: `${groupId}-${partition}`,
      idempotent: true,
      maxInFlightRequests: 1,
      retry: { initialRetryTime: 10, retries: 20 },
    });
    await producer.connect();
    const empty = await producer.transaction();
    await empty.abort();
    producers.push(producer);
  }
  const counted = counter();
  const first = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topics: [prefix + input], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: concurrency,
    eachBatch: async ({ batch: fetched, resolveOffset, heartbeat }) => {
      first.resolve();
      for (let i = 0; i < fetched.messages.length; i += batch) {
        const piece = fetched.messages.slice(i, i + batch);
        const last = piece.at(-1)!.offset;
        const transaction = await producers[fetched.partition]!.transaction();
        await transaction.send({
          topic: prefix + output,
          messages: piece.map(({ key, value: bytes }) => ({ key, value: bytes })),
        });
        await transaction.sendOffsets({
          consumerGroupId: groupId,
          topics: [
            {
              topic: prefix + input,
              partitions: [{ partition: fetched.partition, offset: String(Number(last) + 1) }],
            },
          ],
        });
        await transaction.commit();
        resolveOffset(last);
        counted.add(piece.length);
        await heartbeat();
      }
    },
  });
  await first.promise;
  const rate = await perSecond(total, () => counted.all);
  await consumer.disconnect();
  for (const producer of producers) await producer.disconnect();
  return rate;
}

/** The Kafka log against a bare loop of its driver, on running brokers. */
export async function benchKafkaLog(brokers: string[], runs = 3): Promise<Figure[]> {
  const topicPrefix = `bench-${randomUUID()}.`;
  const replication = Math.min(3, brokers.length);
  const log = createKafkaLog({ brokers, clientId: 'bench', partitions, replication, topicPrefix });
  await log.prepare();
  const append = await perSecond(total, async () => {
    for (let i = 0; i < total; i += batch) await log.append(records(input, i, batch));
  });
  let [ours, one, all] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    one = Math.max(one, await bareCopy(brokers, topicPrefix, 1));
    all = Math.max(all, await bareCopy(brokers, topicPrefix, partitions));
    ours = Math.max(ours, await logCopy(log, `copy-${run}`));
  }
  const reads = await perSecond(total, async () => {
    for (let partition = 0; partition < partitions; partition++) {
      for await (const _ of log.read({ topic: input, partition }));
    }
  });
  const smalls = 5000;
  const small = await perSecond(smalls, async () => {
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        for (let i = 0; i < smalls / 100; i++) await log.append(records('checks.v1', i, 1));
      }),
    );
  });
  await log.close();
  const what = `consume, write on, commit; ${batch} a batch`;
  return [
    { what, log: ours, bare: all, against: 'bare kafkajs, partitions at the same time' },
    { what, log: ours, bare: one, against: 'bare kafkajs, one partition at a time (its default)' },
    { what: `append, ${batch} records a call`, log: append },
    { what: 'append, 1 record a call, 100 callers', log: small },
    { what: 'read a range', log: reads },
  ];
}

if (import.meta.main) {
  const brokers = (process.env.KAFKA_BROKERS ?? '').split(',').filter(Boolean);
  if (brokers.length === 0) throw new Error('Name running brokers in KAFKA_BROKERS.');
  print('Kafka log, values of 300 bytes, one transaction per batch', await benchKafkaLog(brokers));
}
