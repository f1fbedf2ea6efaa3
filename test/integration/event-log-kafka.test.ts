import { randomUUID } from 'node:crypto';
import type { EventLog } from '@outcry/event-log';
import type { CrashWorld, LogWorldOptions } from '@outcry/event-log/contract-suite';
import { eventLogContract, eventLogCrashContract } from '@outcry/event-log/contract-suite';
import { createKafkaLog } from '@outcry/event-log/kafka';
import { describeWithKafka } from './require.ts';

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
});
