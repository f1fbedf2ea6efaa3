import { setTimeout as sleep } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import type { PlacedRecord } from '../local/store.ts';
import { asNamed, createClient, retry } from './client.ts';
import { toEventLogError } from './errors.ts';
import type { KafkaLogOptions } from './options.ts';
import { toLanes } from './outgoing.ts';
import type { TopicDirectory } from './topic-directory.ts';

interface Append {
  records: readonly PlacedRecord[];
  resolve(): void;
  reject(error: unknown): void;
}

const maxGroup = 5000;
const closeMs = 5000;

/** Appends outside transactions. What comes while a send is on its way goes together in the next. */
export class Appender {
  readonly #options: KafkaLogOptions;
  readonly #topics: TopicDirectory;
  #producer: Promise<Producer> | undefined;
  #waiting: Append[] = [];
  #sending: Promise<void> | undefined;

  constructor(options: KafkaLogOptions, topics: TopicDirectory) {
    this.#options = options;
    this.#topics = topics;
  }

  append(records: readonly PlacedRecord[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject });
      this.#sending ??= this.#sendAll();
    });
  }

  /** Sends what waits and disconnects. */
  async close(): Promise<void> {
    // While no broker answers, what was not acknowledged is given up.
    await Promise.race([this.#sending, sleep(closeMs, undefined, { ref: false })]);
    await this.#drop();
  }

  async #sendAll(): Promise<void> {
    // What is appended in this turn of the event loop goes into the first send.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const group = this.#take();
      try {
        await this.#send(group.flatMap(({ records }) => records));
        for (const { resolve } of group) resolve();
      } catch (error) {
        // Sequence numbers may be in doubt: the next send begins with a producer of its own.
        await this.#drop();
        for (const { reject } of group) reject(toEventLogError(error));
      }
    }
    this.#sending = undefined;
  }

  #take(): Append[] {
    let records = 0;
    let count = 0;
    while (count < this.#waiting.length && (count === 0 || records < maxGroup)) {
      records += this.#waiting[count]!.records.length;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #send(records: readonly PlacedRecord[]): Promise<void> {
    this.#producer ??= this.#connect();
    const producer = await this.#producer;
    // A lane for each partition: wherever its leader moves, a send goes to one broker, and what
    // the driver repeats has the number that it had before.
    const lanes = toLanes(
      records,
      (topic) => this.#topics.external(topic),
      (topic, partition) => `${partition}/${topic}`,
    );
    const outcomes = await Promise.allSettled(
      lanes.map(async (sends) => {
        for (const topicMessages of sends) await producer.sendBatch({ topicMessages, acks: -1 });
      }),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #connect(): Promise<Producer> {
    const producer = createClient(this.#options).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: asNamed,
      retry,
    });
    await producer.connect();
    return producer;
  }

  async #drop(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.then((each) => each.disconnect()).catch(() => undefined);
  }
}
