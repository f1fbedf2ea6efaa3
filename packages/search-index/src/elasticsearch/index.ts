import { Client } from '@elastic/elasticsearch';
import type { Collection, Generation, SearchIndex } from '../port.ts';
import { collections, SearchIndexError } from '../port.ts';
import { checkGenerationName } from '../query.ts';
import type { BulkDeps, BulkLog } from './bulk.ts';
import { carryOut } from './bulk.ts';
import { toSearchIndexError } from './errors.ts';
import {
  beginGeneration,
  dropGeneration,
  generationCollections,
  prepareIndices,
  promoteGeneration,
} from './indices.ts';
import type { Names } from './names.ts';
import { namesOf } from './names.ts';
import type { RetrySettings } from './retry.ts';
import { defaultRetry } from './retry.ts';
import { findOutages, findSignals, outageHistory, signalHistogram } from './search.ts';

export interface ElasticsearchIndexOptions {
  /** Such as http://127.0.0.1:9200. */
  node: string;
  auth?: { apiKey: string } | { username: string; password: string };
  /** Put before every name, so that several can share a server. Default `outcry`. */
  prefix?: string;
  log?: BulkLog;
  /** For bulks only: a question is asked by somebody who would rather know now. */
  retry?: Partial<RetrySettings>;
}

const requestTimeoutMs = 60_000;

/** The index on an Elasticsearch server. Connects at the first use. */
export function createElasticsearchIndex(options: ElasticsearchIndexOptions): SearchIndex {
  const client = new Client({
    node: options.node,
    ...(options.auth === undefined ? {} : { auth: options.auth }),
    // The driver repeats at once and without waiting; what is worth repeating we repeat ourselves.
    maxRetries: 0,
    requestTimeout: requestTimeoutMs,
  });
  const closing = new AbortController();
  const names = namesOf(options.prefix ?? 'outcry');
  const bulkDeps: BulkDeps = {
    client,
    retry: { ...defaultRetry, ...options.retry },
    log: options.log,
    closing: closing.signal,
    random: Math.random,
  };
  const attempt = attempts(closing.signal);

  return {
    prepare: () => attempt('preparing', () => prepareIndices(client, names)),
    bulk: (operations) => attempt('writing', () => carryOut(bulkDeps, operations, names.alias)),
    signals: (query) =>
      attempt('searching', () => findSignals(client, names.alias('signals'), query)),
    outages: (query) =>
      attempt('searching', () => findOutages(client, names.alias('outages'), query)),
    history: (outageId) =>
      attempt('searching', () => outageHistory(client, names.alias('outage-events'), outageId)),
    histogram: (query) =>
      attempt('searching', () => signalHistogram(client, names.alias('signals'), query)),
    count: (collection) =>
      attempt('counting', async () => {
        const { count } = await client.count({ index: names.alias(collection) });
        return count;
      }),
    refresh: () =>
      attempt('refreshing', async () => {
        await client.indices.refresh({ index: collections.map(names.alias) });
      }),
    generation: (name) =>
      attempt('beginning a generation', async () => {
        checkGenerationName(name);
        await beginGeneration(client, names, name);
        return openGeneration(bulkDeps, names, name, attempt);
      }),
    ping: () =>
      attempt('pinging', async () => {
        await client.info();
      }),
    async close() {
      closing.abort();
      await client.close();
    },
  };
}

type Attempt = <T>(doing: string, run: () => Promise<T>) => Promise<T>;

/** Runs a request of an index that is not closed, with failures in the words of the port. */
function attempts(closing: AbortSignal): Attempt {
  const closed = () =>
    new SearchIndexError('closed', 'the search index is closed', { retriable: false });
  return async (doing, run) => {
    if (closing.aborted) throw closed();
    try {
      return await run();
    } catch (error) {
      if (closing.aborted) throw closed();
      throw toSearchIndexError(error, doing);
    }
  };
}

function openGeneration(
  bulkDeps: BulkDeps,
  names: Names,
  name: string,
  attempt: Attempt,
): Generation {
  const { client } = bulkDeps;
  const alias = (collection: Collection) => names.buildAlias(collection, name);
  const takes = (collection: Collection) =>
    collection === 'signals' ? undefined : alias(collection);
  return {
    name,
    bulk: (operations) =>
      attempt('writing a generation', async () => {
        try {
          return await carryOut(bulkDeps, operations, takes);
        } catch (error) {
          if (await client.indices.existsAlias({ name: alias('outages') })) throw error;
          throw new SearchIndexError('bad-query', `generation ${name} was dropped`, {
            cause: error,
            retriable: false,
          });
        }
      }),
    outages: (query) =>
      attempt('searching a generation', () => findOutages(client, alias('outages'), query)),
    history: (outageId) =>
      attempt('searching a generation', () =>
        outageHistory(client, alias('outage-events'), outageId),
      ),
    refresh: () =>
      attempt('refreshing a generation', async () => {
        await client.indices.refresh({ index: generationCollections.map(alias) });
      }),
    promote: () => attempt('promoting a generation', () => promoteGeneration(client, names, name)),
    drop: () => attempt('dropping a generation', () => dropGeneration(client, names, name)),
  };
}
