import type { ErrorType, OutageEvent, OutageState, Signal, Stance } from '@outcry/contracts';

/**
 * What is indexed. `signals`: one document per signal. `outages`: one per outage, its newest state.
 * `outage-events`: one per event, the whole history.
 */
export const collections = ['signals', 'outages', 'outage-events'] as const;
export type Collection = (typeof collections)[number];

/** One thing to do to the index. Ids are deterministic, so doing it twice is harmless. */
export type Operation =
  /** An existing document counts as done. */
  | { op: 'create'; collection: 'signals'; document: Signal }
  | { op: 'create'; collection: 'outage-events'; document: OutageEvent }
  /** Overwrites only what has a lower sequence; an equal or newer one in place counts as done. */
  | { op: 'upsert'; collection: 'outages'; document: OutageEvent }
  /** Everything of a post, or of a voice. */
  | { op: 'delete'; collection: 'signals'; postId: string }
  | { op: 'delete'; collection: 'signals'; voice: string };

/** Outcome of one operation, in the order of the operations. */
export type Outcome =
  | { status: 'done' }
  /** The index will never take it (mapping, too large): it belongs in the dead letters. */
  | { status: 'refused'; reason: string; detail: string };

export interface SignalQuery {
  /** Words to find in the text, all of them; absent = any text. */
  text?: string;
  target?: string;
  recordId?: string;
  stance?: Stance;
  type?: ErrorType;
  country?: string;
  /** Only signs of trouble (affected, asking). */
  signalsOnly?: boolean;
  /** Event time, inclusive, ISO instants. */
  from?: string;
  /** Exclusive. */
  to?: string;
  /** At most 1000; default 20. Newest first. */
  limit?: number;
  /** `next` of the page before. */
  after?: string;
}

export interface OutageQuery {
  target?: string;
  states?: readonly OutageState[];
  /** Outages that began before `to` and had not ended by `from`. */
  from?: string;
  to?: string;
  /** Words in the reason or the target. */
  text?: string;
  limit?: number;
  after?: string;
}

export interface Page<T> {
  total: number;
  items: T[];
  /** Absent on the last page. */
  next?: string;
}

/** Signals of trouble per interval: what the page draws. */
export interface HistogramQuery {
  target?: string;
  from: string;
  to: string;
  /** Whole seconds, at least 10. */
  intervalSeconds: number;
}

export interface HistogramBucket {
  target: string;
  /** Start of the interval, ISO instant. */
  at: string;
  /** Distinct voices with a stance of trouble. */
  voices: number;
}

/**
 * The index that people search. The indexer writes it in bulk; api and dashboard read it; reprocess
 * builds a new generation beside the one in use and swaps it in.
 *
 * Failures: methods reject with a `SearchIndexError` that says whether a retry may help. `bulk`
 * retries by itself what the server refuses for lack of room (429, 5xx), with growing waits, and
 * rejects only when it gave up; what can never be taken comes back as `refused`.
 */
export interface SearchIndex {
  /** Makes templates, indices and aliases that are missing. Safe to call from every process. */
  prepare(): Promise<void>;
  bulk(operations: readonly Operation[]): Promise<Outcome[]>;
  signals(query: SignalQuery): Promise<Page<Signal>>;
  outages(query: OutageQuery): Promise<Page<OutageEvent>>;
  /** Every event of an outage in sequence. */
  history(outageId: string): Promise<OutageEvent[]>;
  histogram(query: HistogramQuery): Promise<HistogramBucket[]>;
  count(collection: Collection): Promise<number>;
  /** Makes written documents visible to search now (tests, ends of jobs). */
  refresh(): Promise<void>;
  /** A new, empty generation of outages and outage-events, not yet in use. Names are `[a-z0-9-]+`. */
  generation(name: string): Promise<Generation>;
  /** Rejects when the index cannot be reached; for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A generation under construction: written and read apart, then put in use in one step. */
export interface Generation {
  readonly name: string;
  bulk(operations: readonly Operation[]): Promise<Outcome[]>;
  outages(query: OutageQuery): Promise<Page<OutageEvent>>;
  history(outageId: string): Promise<OutageEvent[]>;
  refresh(): Promise<void>;
  /** Atomically makes searches read this generation instead of the one in use. */
  promote(): Promise<void>;
  /** Removes it; refused once promoted. */
  drop(): Promise<void>;
}

export class SearchIndexError extends Error {
  readonly code: 'unreachable' | 'overloaded' | 'bad-query' | 'closed' | 'internal';
  /** Whether the same call may succeed later. */
  readonly retriable: boolean;

  constructor(
    code: SearchIndexError['code'],
    message: string,
    options: { cause?: unknown; retriable: boolean },
  ) {
    super(message, { cause: options.cause });
    this.name = 'SearchIndexError';
    this.code = code;
    this.retriable = options.retriable;
  }
}
