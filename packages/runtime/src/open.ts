import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { EventLog } from '@outcry/event-log';
import type { SearchIndex } from '@outcry/search-index';
import type { indexSettings, logSettings } from './common-settings.ts';
import type { Logger } from './logger.ts';
import type { Values } from './settings.ts';

/**
 * Opens the event log that the settings name and makes what topics are missing. The adapters are
 * loaded when chosen, so an embedded process never loads the Kafka client.
 */
export async function openLog(
  config: Values<typeof logSettings>,
  name: string,
  log: Logger,
): Promise<EventLog> {
  const eventLog = await chooseLog(config, name, log);
  await eventLog.prepare();
  return eventLog;
}

async function chooseLog(
  config: Values<typeof logSettings>,
  name: string,
  log: Logger,
): Promise<EventLog> {
  const partitions = config.OUTCRY_PARTITIONS;
  if (config.KAFKA_BROKERS.length > 0) {
    const { createKafkaLog } = await import('@outcry/event-log/kafka');
    return createKafkaLog({
      brokers: [...config.KAFKA_BROKERS],
      clientId: `outcry-${name}`,
      topicPrefix: config.KAFKA_TOPIC_PREFIX,
      partitions,
      replication: config.KAFKA_REPLICATION,
      log,
    });
  }
  const { createSqliteLog } = await import('@outcry/event-log/sqlite');
  return createSqliteLog({ path: databasePath(config.OUTCRY_DATA_DIR), partitions });
}

/** Opens the search index that the settings name and makes what indices are missing. */
export async function openIndex(
  config: Values<typeof indexSettings> & { readonly OUTCRY_DATA_DIR: string },
  log: Logger,
): Promise<SearchIndex> {
  const index = await chooseIndex(config, log);
  await index.prepare();
  return index;
}

async function chooseIndex(
  config: Values<typeof indexSettings> & { readonly OUTCRY_DATA_DIR: string },
  log: Logger,
): Promise<SearchIndex> {
  if (config.ELASTICSEARCH_URL !== undefined) {
    const { createElasticsearchIndex } = await import('@outcry/search-index/elasticsearch');
    return createElasticsearchIndex({
      node: config.ELASTICSEARCH_URL,
      prefix: config.ELASTICSEARCH_PREFIX,
      ...(config.ELASTICSEARCH_API_KEY === undefined
        ? {}
        : { auth: { apiKey: config.ELASTICSEARCH_API_KEY } }),
      log,
    });
  }
  const { createSqliteIndex } = await import('@outcry/search-index/sqlite');
  return createSqliteIndex({ path: databasePath(config.OUTCRY_DATA_DIR) });
}

/** Log and index share one file, so that embedded Outcry is one thing to back up. */
function databasePath(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  return path.join(dataDir, 'outcry.sqlite');
}
