import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EventLog } from '@outcry/event-log';
import type { CrashWorld, LogWorldOptions } from '@outcry/event-log/contract-suite';
import { eventLogContract, eventLogCrashContract } from '@outcry/event-log/contract-suite';
import { createKafkaLog } from '@outcry/event-log/kafka';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { expect, it } from 'vitest';
import { describeWithKafka } from './require.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function texts(log: EventLog, topic: string): Promise<string[]> {
  const found: string[] = [];
  for (let partition = 0; partition < (await log.partitions(topic)); partition++) {
    for await (const { value } of log.read({ topic, partition })) {
      found.push(new TextDecoder().decode(value!));
    }
  }
  return found.sort();
}

async function drained(consumer: Consumer): Promise<void> {
  while ((await consumer.lag()) > 0) await sleep(20);
}

describeWithKafka('the Kafka log', (brokers) => {
  async function kafkaWorld(options: LogWorldOptions): Promise<CrashWorld> {
    const all = {
      ...options,
      brokers,
      clientId: 'contract',
      replication: Math.min(3, brokers.length),
      // Each test has topics, groups and transactions of its own.
      topicPrefix: `${randomUUID()}.`,
      // The least that brokers allow, so that a killed member is given up soon.
      sessionTimeoutMs: 6000,
    };
    const logs: EventLog[] = [];
    return {
      child: { kind: 'kafka', ...all },
      open: async () => {
        const log = createKafkaLog(all);
        logs.push(log);
        return log;
      },
      dispose: async () => {
        await Promise.all(logs.map((log) => log.close()));
      },
    };
  }

  eventLogContract('kafka', kafkaWorld, 180_000);

  eventLogCrashContract('kafka', kafkaWorld, {
    rounds: Number(process.env.OUTCRY_CRASH_ROUNDS ?? 5),
    givenUpAfterMs: 9000,
    timeoutMs: 600_000,
  });

  /** A log with two topics, and the driver beside it, for what only a stranger can do. */
  async function withStranger(
    check: (given: { log: EventLog; stranger: Kafka; prefix: string }) => Promise<void>,
  ): Promise<void> {
    const prefix = `${randomUUID()}.`;
    const log = createKafkaLog({
      brokers,
      clientId: 'stranger-test',
      partitions: 1,
      replication: Math.min(3, brokers.length),
      topicPrefix: prefix,
      topics: {
        in: { partitions: 'one', cleanup: 'delete', retentionMs: 3_600_000 },
        out: { partitions: 'one', cleanup: 'delete' },
        state: { partitions: 'one', cleanup: 'compact' },
      },
    });
    try {
      await log.prepare();
      await check({ log, stranger: new Kafka({ brokers, logLevel: logLevel.NOTHING }), prefix });
    } finally {
      await log.close();
    }
  }

  it('shows nothing of a transaction before it is committed, and nothing of an aborted one', () =>
    withStranger(async ({ log, stranger, prefix }) => {
      const producer = stranger.producer({
        transactionalId: `${prefix}stranger`,
        idempotent: true,
        maxInFlightRequests: 1,
      });
      await producer.connect();
      const seen: string[] = [];
      const consumer = await log.consume({
        group: 'g',
        topics: ['in'],
        open: () => ({
          process: async ({ records }) => {
            seen.push(...records.map(({ value }) => new TextDecoder().decode(value!)));
            return { outputs: [] };
          },
        }),
      });
      const send = async (value: string) => {
        const transaction = await producer.transaction();
        await transaction.send({ topic: `${prefix}in`, messages: [{ key: 'k', value }] });
        return transaction;
      };
      const aborted = await send('aborted');
      await sleep(500);
      expect(await texts(log, 'in')).toEqual([]);
      expect(await log.extents('in')).toEqual([{ partition: 0, begin: 0, end: 0 }]);
      await aborted.abort();
      expect(await texts(log, 'in')).toEqual([]);
      expect(await log.extents('in')).toEqual([{ partition: 0, begin: 0, end: 0 }]);
      const committed = await send('committed');
      expect(await texts(log, 'in')).toEqual([]);
      await committed.commit();
      await log.append([{ topic: 'in', key: 'k', value: bytes('after') }]);
      while (seen.length < 2) await sleep(20);
      expect(seen).toEqual(['committed', 'after']);
      expect(await texts(log, 'in')).toEqual(['after', 'committed']);
      await drained(consumer);
      await consumer.stop();
      await producer.disconnect();
    }));

  it('drops a batch when another holder has taken its transactional id, and does it again', () =>
    withStranger(async ({ log, stranger, prefix }) => {
      const gate = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const opened: string[] = [];
      let closed = 0;
      const consumer = await log.consume({
        group: 'g',
        topics: ['in'],
        stateTopic: 'state',
        open: ({ position, state }) => {
          opened.push(`${position}:${state.size}`);
          return {
            process: async ({ records }) => {
              begun.resolve();
              await gate.promise;
              return {
                outputs: records.map(({ key, value }) => ({ topic: 'out', key, value })),
                state: [{ key: 'last', value: records.at(-1)!.value }],
              };
            },
            close: () => {
              closed += 1;
            },
          };
        },
      });
      await log.append([{ topic: 'in', key: 'k', value: bytes('one') }]);
      await begun.promise;
      const thief = stranger.producer({
        transactionalId: `${prefix}g/${prefix}in/0`,
        idempotent: true,
        maxInFlightRequests: 1,
      });
      await thief.connect();
      await (await thief.transaction()).abort();
      gate.resolve();
      await drained(consumer);
      await consumer.stop();
      await thief.disconnect();
      expect(opened).toEqual(['0:0', '0:0']);
      expect(closed).toBe(2);
      expect(await texts(log, 'out')).toEqual(['one']);
      expect(await texts(log, 'state')).toEqual(['one']);
    }));

  it('makes topics whose records the broker stamps and whose state is compacted', () =>
    withStranger(async ({ stranger, prefix }) => {
      const admin = stranger.admin();
      await admin.connect();
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: ['in', 'state'].map((name) => ({
          type: ConfigResourceTypes.TOPIC,
          name: prefix + name,
        })),
      });
      await admin.disconnect();
      const settings = resources.map(({ configEntries }) =>
        Object.fromEntries(
          configEntries.map(({ configName, configValue }) => [configName, configValue]),
        ),
      );
      expect(settings[0]).toMatchObject({
        'cleanup.policy': 'delete',
        'retention.ms': '3600000',
        'message.timestamp.type': 'LogAppendTime',
      });
      expect(settings[1]).toMatchObject({ 'cleanup.policy': 'compact' });
    }));
});
