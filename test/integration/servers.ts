// The real Kafka and Elasticsearch of the integration tests: endpoints from the environment, else
// containers where a Docker engine answers, else the servers of infra/stack, else a visible skip.
import { StackUnavailable, startStack } from '@outcry/stack';
import type { TestProject } from 'vitest/node';
import { dockerAnswers, startElasticsearchContainer, startKafkaContainer } from './containers.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    kafkaBrokers: string[] | null;
    elasticsearchUrl: string | null;
    /** Why a server is missing; empty when none is. */
    serversReason: string;
  }
}

type Servers = {
  kafkaBrokers: string[] | null;
  elasticsearchUrl: string | null;
  reason: string;
  stop(): Promise<void>;
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await findServers(say);
  project.provide('kafkaBrokers', servers.kafkaBrokers);
  project.provide('elasticsearchUrl', servers.elasticsearchUrl);
  project.provide('serversReason', servers.reason);
  if (servers.reason !== '') {
    if (process.env.CI || process.env.OUTCRY_REQUIRE_SERVERS) {
      await servers.stop();
      throw new Error(`the integration tests need real servers: ${servers.reason}`);
    }
    say(`SKIPPING what needs a missing server: ${servers.reason}`);
  }
  return () => servers.stop();
}

async function findServers(onProgress: (line: string) => void): Promise<Servers> {
  const given = fromEnvironment();
  const missing = { kafka: given.kafka === null, elasticsearch: given.elasticsearch === null };
  const found = { kafkaBrokers: given.kafka, elasticsearchUrl: given.elasticsearch };
  if (!missing.kafka && !missing.elasticsearch) {
    return { ...found, reason: '', stop: async () => undefined };
  }
  try {
    const started = (await dockerAnswers())
      ? await startContainers(missing, onProgress)
      : await startLocally(missing, onProgress);
    return {
      kafkaBrokers: found.kafkaBrokers ?? started.kafkaBrokers,
      elasticsearchUrl: found.elasticsearchUrl ?? started.elasticsearchUrl,
      reason: '',
      stop: started.stop,
    };
  } catch (error) {
    // Only what this machine lacks is a reason to skip; a server that fails to start is a failure.
    if (!(error instanceof StackUnavailable)) throw error;
    return { ...found, reason: error.message, stop: async () => undefined };
  }
}

function fromEnvironment() {
  const brokers = process.env.KAFKA_BROKERS?.split(',').map((broker) => broker.trim());
  return {
    kafka: brokers?.some((broker) => broker !== '') ? brokers.filter(Boolean) : null,
    elasticsearch: process.env.ELASTICSEARCH_URL || null,
  };
}

type Missing = { kafka: boolean; elasticsearch: boolean };

async function startContainers(missing: Missing, onProgress: (line: string) => void) {
  onProgress('Starting containers …');
  const started = await Promise.allSettled([
    missing.kafka ? startKafkaContainer() : null,
    missing.elasticsearch ? startElasticsearchContainer() : null,
  ]);
  const [kafka, elasticsearch] = started;
  const stop = async () => {
    for (const outcome of started) if (outcome.status === 'fulfilled') await outcome.value?.stop();
  };
  if (kafka.status === 'rejected' || elasticsearch.status === 'rejected') {
    await stop();
    throw started.find((outcome) => outcome.status === 'rejected')?.reason;
  }
  return {
    kafkaBrokers: kafka.value?.brokers ?? null,
    elasticsearchUrl: elasticsearch.value?.url ?? null,
    stop,
  };
}

async function startLocally(missing: Missing, onProgress: (line: string) => void) {
  const stack = await startStack({ ...missing, onProgress });
  return {
    kafkaBrokers: stack.kafka?.brokers ?? null,
    elasticsearchUrl: stack.elasticsearch?.url ?? null,
    stop: () => stack.stop(),
  };
}

function say(line: string): void {
  console.error(`servers: ${line}`);
}
