import type { Admin, ITopicConfig } from 'kafkajs';
import { maxValueBytes } from '../placement.ts';
import type { StoredTopic } from '../topics.ts';
import { unknownTopic } from '../topics.ts';
import { guarded, protocolType } from './errors.ts';

/** Makes topics with their settings, and knows how many partitions those of the cluster have. */
export class TopicDirectory {
  readonly #admin: () => Promise<Admin>;
  readonly #configured: readonly StoredTopic[];
  readonly #prefix: string;
  readonly #known = new Map<string, StoredTopic>();

  constructor(admin: () => Promise<Admin>, configured: readonly StoredTopic[], prefix: string) {
    this.#admin = admin;
    this.#configured = configured;
    this.#prefix = prefix;
  }

  /** The name of a topic in the cluster. */
  external(topic: string): string {
    return this.#prefix + topic;
  }

  /** The name of a topic of the cluster in the log. */
  internal(name: string): string {
    return name.slice(this.#prefix.length);
  }

  /** Makes the configured topics that are missing. Another process may do the same. */
  async prepare(replication: number): Promise<void> {
    const admin = await this.#admin();
    await guarded(async () => {
      const existing = new Set(await admin.listTopics());
      const missing = this.#configured.filter(({ name }) => !existing.has(this.external(name)));
      if (missing.length === 0) return;
      const topics = missing.map((topic) => this.#config(topic, replication));
      try {
        await admin.createTopics({ topics, waitForLeaders: true, timeout: 30_000 });
      } catch (error) {
        if (protocolType(error) !== 'TOPIC_ALREADY_EXISTS') throw error;
      }
    });
    await this.load(this.#configured.map(({ name }) => name));
  }

  /** Sees to it that `get` knows these topics. Rejects with `unknown-topic`. */
  async load(names: readonly string[]): Promise<void> {
    const missing = [...new Set(names)].filter((name) => !this.#known.has(name));
    if (missing.length === 0) return;
    const admin = await this.#admin();
    // By the list first: asking for a topic that does not exist is retried for long.
    const existing = new Set(await guarded(() => admin.listTopics()));
    for (const name of missing) if (!existing.has(this.external(name))) throw unknownTopic(name);
    const { topics } = await guarded(() =>
      admin.fetchTopicMetadata({ topics: missing.map((name) => this.external(name)) }),
    );
    for (const { name: external, partitions } of topics) {
      const name = this.internal(external);
      const configured = this.#configured.find((topic) => topic.name === name);
      this.#known.set(name, {
        name,
        partitions: partitions.length,
        cleanup: configured?.cleanup ?? 'delete',
      });
    }
  }

  /** A loaded topic. Throws `unknown-topic` for others. */
  get(name: string): StoredTopic {
    const topic = this.#known.get(name);
    if (topic === undefined) throw unknownTopic(name);
    return topic;
  }

  #config(topic: StoredTopic, replication: number): ITopicConfig {
    const settings: Record<string, string> = {
      'cleanup.policy': topic.cleanup,
      // The broker stamps the records, so that times grow along a partition.
      'message.timestamp.type': 'LogAppendTime',
      'max.message.bytes': String(maxValueBytes + 1024 * 1024),
      'min.insync.replicas': replication >= 3 ? '2' : '1',
      ...(topic.cleanup === 'compact'
        ? // Small segments, rolled often: only closed ones are compacted, and all is read at a start.
          {
            'segment.ms': '600000',
            'segment.bytes': String(32 * 1024 * 1024),
            'min.cleanable.dirty.ratio': '0.2',
          }
        : { 'retention.ms': String(topic.retentionMs ?? -1) }),
    };
    return {
      topic: this.external(topic.name),
      numPartitions: topic.partitions,
      replicationFactor: replication,
      configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
    };
  }
}
