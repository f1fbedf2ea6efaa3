// A consumer in a process of its own, for tests that kill it: node crash-child.ts '{"kind":…}'
import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaLogOptions } from '../kafka/index.ts';
import type { EventLog } from '../port.ts';
import type { SqliteLogOptions } from '../sqlite/index.ts';
import { counting, input, state } from './world.ts';

export type ChildLog =
  | ({ kind: 'sqlite' } & SqliteLogOptions)
  | ({ kind: 'kafka' } & KafkaLogOptions);

async function open(options: ChildLog): Promise<EventLog> {
  if (options.kind === 'sqlite') {
    const { createSqliteLog } = await import('../sqlite/index.ts');
    return createSqliteLog(options);
  }
  const { createKafkaLog } = await import('../kafka/index.ts');
  return createKafkaLog(options);
}

const log = await open(JSON.parse(process.argv[2]!) as ChildLog);
let batches = 0;
const consumer = await log.consume({
  group: 'crash',
  topics: [input],
  stateTopic: state,
  maxBatch: 40,
  open: counting(async () => {
    batches += 1;
    // Told at every batch, so that the test knows it kills a process that works.
    process.stdout.write(`${batches}\n`);
    await sleep(Math.random() * 6);
  }),
});
await consumer.done;
