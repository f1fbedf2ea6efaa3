import { isDone, refusal, refused } from '../check.ts';
import type { Collection, Generation, Operation, Outcome, SearchIndex } from '../port.ts';
import { SearchIndexError } from '../port.ts';
import { checkGenerationName } from '../query.ts';
import type { Database } from './database.ts';
import { openDatabase } from './database.ts';
import {
  beginGeneration,
  createOutageEvent,
  dropGeneration,
  findOutages,
  generationExists,
  generationInUse,
  outageHistory,
  promoteGeneration,
  upsertOutage,
} from './outages.ts';
import { countRows, Filter } from './select.ts';
import { createSignal, deleteSignals, findSignals, signalHistogram } from './signals.ts';

export interface SqliteIndexOptions {
  /** A file, which may hold the event log too, or `:memory:`. */
  path: string;
  /** How long a write waits for another writer of the file, milliseconds. Default 10 s. */
  busyTimeoutMs?: number;
}

const defaultBusyTimeoutMs = 10_000;

/**
 * The index in a SQLite file. Opens it at the first use. A bulk is one transaction, on the disk when
 * it resolves; several processes may use the file at once.
 */
export function createSqliteIndex(options: SqliteIndexOptions): SearchIndex {
  let opened: Database | undefined;
  let closed = false;

  const database = (): Database => {
    if (closed)
      throw new SearchIndexError('closed', 'the search index is closed', { retriable: false });
    opened ??= openDatabase(options.path, options.busyTimeoutMs ?? defaultBusyTimeoutMs);
    return opened;
  };

  return {
    async prepare() {
      database();
    },
    async bulk(operations) {
      const db = database();
      if (operations.length === 0) return [];
      return db.transaction(() => {
        const generation = generationInUse(db);
        return operations.map((operation) => carryOut(db, generation, operation));
      });
    },
    signals: async (query) => findSignals(database(), query),
    outages: async (query) => findOutages(database(), generationInUse(database()), query),
    history: async (outageId) => outageHistory(database(), generationInUse(database()), outageId),
    histogram: async (query) => signalHistogram(database(), query),
    async count(collection) {
      const filter = new Filter();
      if (collection !== 'signals') filter.add('generation = ?', generationInUse(database()));
      return countRows(database(), tables[collection], filter);
    },
    async refresh() {
      database();
    },
    async generation(name) {
      checkGenerationName(name);
      beginGeneration(database(), name);
      return openGeneration(database, name);
    },
    async ping() {
      database().one('SELECT 1 AS alive');
    },
    async close() {
      closed = true;
      opened?.close();
      opened = undefined;
    },
  };
}

const tables: Readonly<Record<Collection, string>> = {
  signals: 'search_signals',
  outages: 'search_outages',
  'outage-events': 'search_outage_events',
};

function openGeneration(database: () => Database, name: string): Generation {
  return {
    name,
    async bulk(operations) {
      const db = database();
      return db.transaction(() => {
        if (!generationExists(db, name))
          throw new SearchIndexError('bad-query', `generation ${name} was dropped`, {
            retriable: false,
          });
        return operations.map((operation) =>
          operation.collection === 'signals'
            ? refused('not-in-generation', 'a generation holds outages and outage events only')
            : carryOut(db, name, operation),
        );
      });
    },
    outages: async (query) => findOutages(database(), name, query),
    history: async (outageId) => outageHistory(database(), name, outageId),
    async refresh() {
      database();
    },
    promote: async () => promoteGeneration(database(), name),
    drop: async () => dropGeneration(database(), name),
  };
}

function carryOut(database: Database, generation: string, operation: Operation): Outcome {
  const problem = refusal(operation);
  if (problem !== undefined) return problem;
  if (operation.op === 'delete') deleteSignals(database, operation);
  else if (operation.collection === 'signals') createSignal(database, operation.document);
  else if (operation.collection === 'outages')
    upsertOutage(database, generation, operation.document);
  else createOutageEvent(database, generation, operation.document);
  return isDone();
}
