import path from 'node:path';
import type { EventLog } from '@outcry/event-log';
import { createLogger, openIndex, openLog, readSettings } from '@outcry/runtime';
import type { SearchIndex } from '@outcry/search-index';
import { standaloneSettings } from '@outcry/standalone';
import type { ServiceProcess } from './processes.ts';
import { startProcess } from './processes.ts';

/** Which processes make up Outcry, and the environment that they share. */
export interface Deployment {
  /** Each name stands for one process. */
  services: readonly string[];
  /** The process that holds a stage. */
  holderOf(stage: 'classifier' | 'detector' | 'notifier' | 'ingest-social'): string;
  env: Record<string, string>;
}

/** One process, one SQLite file. */
export function embedded(dataDir: string): Deployment {
  return {
    services: ['standalone'],
    holderOf: () => 'standalone',
    env: { OUTCRY_DATA_DIR: dataDir, OUTCRY_PARTITIONS: '3' },
  };
}

/** A process for each stage, on Kafka and Elasticsearch; names of its own in both. */
export function distributed(
  dataDir: string,
  servers: { kafkaBrokers: string[]; elasticsearchUrl: string },
): Deployment {
  const name = path
    .basename(dataDir)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
  return {
    services: ['indexer', 'notifier', 'detector', 'classifier', 'api', 'ingest-social'],
    holderOf: (stage) => stage,
    env: {
      OUTCRY_DATA_DIR: dataDir,
      OUTCRY_PARTITIONS: '3',
      KAFKA_BROKERS: servers.kafkaBrokers.join(','),
      KAFKA_TOPIC_PREFIX: `${name}.`,
      ELASTICSEARCH_URL: servers.elasticsearchUrl,
      ELASTICSEARCH_PREFIX: name,
    },
  };
}

/** The running processes of a deployment. */
export class Fleet {
  readonly #deployment: Deployment;
  readonly #env: Record<string, string>;
  readonly #running = new Map<string, ServiceProcess>();

  constructor(deployment: Deployment, env: Record<string, string>) {
    this.#deployment = deployment;
    this.#env = { ...deployment.env, ...env };
  }

  async start(): Promise<void> {
    for (const service of this.#deployment.services)
      this.#running.set(service, startProcess(service, this.#env));
    await Promise.all([...this.#running.values()].map(({ address }) => address));
  }

  get(service: string): ServiceProcess {
    const process = this.#running.get(service);
    if (process === undefined) throw new Error(`${service} does not run`);
    return process;
  }

  /** Kills the process that holds a stage, in the middle of whatever it does, and starts it anew. */
  async killAndRestart(stage: Parameters<Deployment['holderOf']>[0]): Promise<void> {
    const holder = this.#deployment.holderOf(stage);
    await this.get(holder).kill9();
    const again = startProcess(holder, this.#env);
    this.#running.set(holder, again);
    await again.address;
  }

  /** Stops everything in order; resolves with the exit codes by service. */
  async stop(): Promise<Record<string, number | null>> {
    const entries = [...this.#running].map(
      async ([name, process]) => [name, await process.stop()] as const,
    );
    this.#running.clear();
    return Object.fromEntries(await Promise.all(entries));
  }

  logs(): string {
    return [...this.#running.values()]
      .map((process) => `== ${process.name}\n${process.log()}`)
      .join('\n');
  }
}

/** The log and the index of a deployment, opened by the test itself beside the processes. */
export async function openStores(
  deployment: Deployment,
): Promise<{ log: EventLog; index: SearchIndex }> {
  const config = readSettings(standaloneSettings, deployment.env);
  const logger = createLogger({ service: 'test', level: 'error', format: 'json' });
  return { log: await openLog(config, 'test', logger), index: await openIndex(config, logger) };
}
