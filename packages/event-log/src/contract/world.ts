import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicSettings } from '@outcry/contracts';
import type {
  Batch,
  ConsumeOptions,
  Consumer,
  EventLog,
  LogRecord,
  NewRecord,
  PartitionProcessor,
} from '../port.ts';

/** One log as a test has it. */
export interface LogWorld {
  /** A handle on it, as another process would have. The world closes it in the end. */
  open(): Promise<EventLog>;
  dispose(): Promise<void>;
}

export interface LogWorldOptions {
  partitions: number;
  topics: Readonly<Record<string, TopicSettings>>;
}

export type MakeLog = (options: LogWorldOptions) => Promise<LogWorld>;

export const input = 'in.v1';
export const second = 'second.v1';
export const single = 'single.v1';
export const output = 'out.v1';
export const state = 'state.v1';

export const contractTopics: Readonly<Record<string, TopicSettings>> = {
  [input]: { partitions: 'many', cleanup: 'delete', retentionMs: 86_400_000 },
  [second]: { partitions: 'many', cleanup: 'delete', retentionMs: 86_400_000 },
  [single]: { partitions: 'one', cleanup: 'delete', retentionMs: 86_400_000 },
  [output]: { partitions: 'many', cleanup: 'delete', retentionMs: 86_400_000 },
  [state]: { partitions: 'many', cleanup: 'compact' },
};

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (value: Uint8Array | null): string =>
  value === null ? '(null)' : new TextDecoder().decode(value);

/** Records with the numbers from `first` on, spread over some keys. */
export function numbered(topic: string, first: number, count: number, keys = 16): NewRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    topic,
    key: `key-${(first + i) % keys}`,
    value: bytes(String(first + i)),
  }));
}

export async function readAll(log: EventLog, topic: string): Promise<LogRecord[]> {
  const all: LogRecord[] = [];
  const partitions = await log.partitions(topic);
  for (let partition = 0; partition < partitions; partition++) {
    for await (const record of log.read({ topic, partition })) all.push(record);
  }
  return all;
}

export async function collect(records: AsyncIterable<LogRecord>): Promise<LogRecord[]> {
  const all: LogRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}

/** Waits until a condition holds; throws with its name when it does not within the time. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  milliseconds = 60_000,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${milliseconds} ms in vain: ${what}`);
    await sleep(15);
  }
}

/** Waits until a group has read everything; an error of the consumer comes out at once. */
export async function drained(consumer: Consumer): Promise<void> {
  let failure: { error: unknown } | undefined;
  consumer.done.catch((error: unknown) => {
    failure = { error };
  });
  await until('the group has read everything', async () => {
    if (failure !== undefined) throw failure.error;
    return (await consumer.lag()) === 0;
  });
}

/** Writes every record on, as it is, to the output topic. */
export function copying(before?: (batch: Batch) => Promise<void> | void): ConsumeOptions['open'] {
  return () => ({
    process: async (batch) => {
      await before?.(batch);
      return {
        outputs: batch.records.map(({ key, value }) => ({ topic: output, key, value })),
      };
    },
  });
}

/**
 * Counts the records of its partition in the state and writes `partition:count:value` on. Any
 * record lost, doubled or counted from an old state shows in the outputs.
 */
export function counting(
  delay: () => Promise<void> = async () => undefined,
): ConsumeOptions['open'] {
  return ({ partition, state: committed }): PartitionProcessor => {
    let count = Number(text(committed.get('count') ?? bytes('0')));
    return {
      process: async (batch) => {
        const outputs: NewRecord[] = [];
        for (const record of batch.records) {
          count += 1;
          outputs.push({
            topic: output,
            partition,
            key: record.key,
            value: bytes(`${partition}:${count}:${text(record.value)}`),
          });
        }
        await delay();
        return { outputs, state: [{ key: 'count', value: bytes(String(count)) }] };
      },
    };
  };
}

/** What one undisturbed run of `counting` over the inputs would have written, by partition. */
export async function expectedCounts(log: EventLog): Promise<string[]> {
  const counts = new Map<number, number>();
  return (await readAll(log, input)).map(({ partition, value }) => {
    const count = (counts.get(partition) ?? 0) + 1;
    counts.set(partition, count);
    return `${partition}:${count}:${text(value)}`;
  });
}
