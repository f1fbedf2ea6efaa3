import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunningStack, StackOptions } from '@outcry/stack';
import { StackUnavailable, startStack } from '@outcry/stack';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { TestContext } from 'vitest';
import { afterEach, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../infra/stack/src/main.ts', import.meta.url));
const TOPIC = 'numbers';

describe('the servers without Docker', () => {
  let stack: RunningStack | undefined;
  afterEach(() => stack?.stop());

  /** Skips, with the reason, where this machine cannot have them; in CI that is a failure. */
  async function start(context: TestContext, options: StackOptions): Promise<RunningStack> {
    try {
      stack = await startStack(options);
      return stack;
    } catch (error) {
      if (error instanceof StackUnavailable && !process.env.CI) context.skip(error.message);
      throw error;
    }
  }

  it('lose nothing when one of three brokers is killed, and take it back', async (context) => {
    const { kafka, dataDir } = await start(context, { kafka: true, brokers: 3 });
    if (kafka === undefined) throw new Error('no Kafka');
    // Until a killed broker's session has run out, nine seconds, its partitions have no leader.
    const retry = { retries: 40, maxRetryTime: 1_000 };
    const client = new Kafka({ brokers: kafka.brokers, retry, logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic: TOPIC, numPartitions: 3, replicationFactor: 3 }],
    });

    const producer = client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    let sent = 0;
    // One partition per send: in a send to several, the driver forgets those whose leader moves,
    // during a retry, to a broker that has answered for its own already (tulios/kafkajs 1303).
    const send = async (batches: number) => {
      for (let i = 0; i < batches; i += 1) {
        const partition = i % 3;
        const messages = Array.from({ length: 50 }, () => ({ partition, value: String(sent++) }));
        await producer.send({ topic: TOPIC, acks: -1, messages });
      }
    };
    await send(20);
    const sending = send(60);
    await kafka.killBroker(0);
    await sending;
    await kafka.startBroker(0);
    // The second kill must find the first broker caught up, or two of three copies are missing.
    await expect.poll(() => inSync(client), { timeout: 60_000, interval: 500 }).toBe(3);
    const sendingAgain = send(60);
    await kafka.killBroker(1);
    await sendingAgain;

    const values = await readAll(client, sent);
    expect(values.length).toBe(sent);
    expect(new Set(values).size).toBe(sent);
    await Promise.all([producer.disconnect(), admin.disconnect()]);
    await stack?.stop();
    expect(processesOf(dataDir)).toEqual([]);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('tell when a server ends by itself', async (context) => {
    const { died, dataDir } = await start(context, { kafka: true });
    const broker = processesOf(dataDir).find((text) => text.includes('kafka.Kafka'));
    process.kill(Number(broker?.split(' ')[0]), 'SIGKILL');
    expect(await died).toBe('Kafka broker 1 ended (SIGKILL)');
  });

  it('leave nothing behind after kill -9 of the command', async (context) => {
    await start(context, { kafka: true });
    await stack?.stop();
    const child = spawn(process.execPath, [main, '--kafka', '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { dataDir, kafkaBrokers } = JSON.parse(line);
    expect(kafkaBrokers).toHaveLength(1);
    expect(processesOf(dataDir).length).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await expect.poll(() => processesOf(dataDir), { timeout: 20_000 }).toEqual([]);
    await expect.poll(() => existsSync(dataDir), { timeout: 20_000 }).toBe(false);
  });
});

/** The least number of copies in sync over the topic's partitions. */
async function inSync(client: Kafka): Promise<number> {
  const admin = client.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [TOPIC] });
  await admin.disconnect();
  return Math.min(...topics.flatMap((topic) => topic.partitions.map((part) => part.isr.length)));
}

async function readAll(client: Kafka, count: number): Promise<string[]> {
  const values: string[] = [];
  const consumer = client.consumer({ groupId: 'reader' });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      values.push(String(message.value));
    },
  });
  await expect.poll(() => values.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(count);
  await consumer.disconnect();
  return values;
}

/** `PID COMMAND LINE` of the servers whose command names the folder (the guard is none of them). */
function processesOf(folder: string): string[] {
  if (!existsSync('/proc/self/cmdline')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`;
      } catch {
        return '';
      }
    })
    .filter((text) => text.includes(folder));
}
