import { randomUUID } from 'node:crypto';
import type { EventLog } from '@outcry/event-log';
import { eventLogContract } from '@outcry/event-log/contract-suite';
import { createKafkaLog } from '@outcry/event-log/kafka';
import { describeWithKafka } from './require.ts';

describeWithKafka('the Kafka log', (brokers) => {
  eventLogContract(
    'kafka',
    async (options) => {
      const topicPrefix = `${randomUUID()}.`;
      const logs: EventLog[] = [];
      return {
        open: async () => {
          const log = createKafkaLog({
            ...options,
            brokers,
            clientId: 'contract',
            replication: 1,
            topicPrefix,
          });
          logs.push(log);
          return log;
        },
        dispose: async () => {
          await Promise.all(logs.map((log) => log.close()));
        },
      };
    },
    180_000,
  );
});
