import type { HistogramQuery, OutageQuery, SignalQuery } from './port.ts';
import { SearchIndexError } from './port.ts';

const defaultLimit = 20;
const maxLimit = 1_000;
const minIntervalSeconds = 10;
/** More intervals than a page can draw, and as many as an index should count in one question. */
const maxIntervals = 20_000;

/** Where a page ended: the sort values of its last item. */
export interface Cursor {
  /** Epoch milliseconds. */
  at: number;
  id: string;
}

/** What both kinds of list question share, read and checked. */
export interface ListWindow {
  /** Epoch milliseconds. */
  from: number | undefined;
  to: number | undefined;
  limit: number;
  after: Cursor | undefined;
}

/**
 * Checks a list question. More than 1000 items are asked in vain: the page is cut to 1000 and has
 * `next`.
 *
 * @throws SearchIndexError `bad-query`
 */
export function readWindow(query: SignalQuery | OutageQuery): ListWindow {
  const limit = query.limit ?? defaultLimit;
  if (!Number.isInteger(limit) || limit < 1) throw badQuery(`limit ${limit}: wants a whole number`);
  return {
    from: query.from === undefined ? undefined : readInstant('from', query.from),
    to: query.to === undefined ? undefined : readInstant('to', query.to),
    limit: Math.min(limit, maxLimit),
    after: query.after === undefined ? undefined : decodeCursor(query.after),
  };
}

/**
 * Checks a histogram question; times in epoch milliseconds.
 *
 * @throws SearchIndexError `bad-query`
 */
export function readHistogram(query: HistogramQuery): {
  from: number;
  to: number;
  intervalMs: number;
} {
  const from = readInstant('from', query.from);
  const to = readInstant('to', query.to);
  const seconds = query.intervalSeconds;
  if (!Number.isInteger(seconds) || seconds < minIntervalSeconds)
    throw badQuery(`intervalSeconds ${seconds}: wants whole seconds, at least 10`);
  const intervals = (to - from) / (seconds * 1_000);
  if (intervals > maxIntervals)
    throw badQuery(`${Math.ceil(intervals)} intervals: at most ${maxIntervals}`);
  return { from, to, intervalMs: seconds * 1_000 };
}

/** An opaque text for `next`. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.at, cursor.id])).toString('base64url');
}

function decodeCursor(text: string): Cursor {
  try {
    const [at, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (Number.isSafeInteger(at) && typeof id === 'string') return { at: at as number, id };
  } catch {
    // Falls through: whatever is wrong with it, it is not one of ours.
  }
  throw badQuery('after: is not the `next` of a page');
}

function readInstant(name: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw badQuery(`${name} ${JSON.stringify(text)}: is no time`);
  return time;
}

/** Refuses names that could not be part of an index name. */
export function checkGenerationName(name: string): void {
  if (!/^[a-z0-9-]{1,64}$/.test(name))
    throw badQuery(`generation ${JSON.stringify(name)}: wants a-z, 0-9 and hyphens`);
}

export function badQuery(message: string): SearchIndexError {
  return new SearchIndexError('bad-query', message, { retriable: false });
}
