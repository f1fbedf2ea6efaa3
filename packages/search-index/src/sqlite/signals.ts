import type { SQLInputValue } from 'node:sqlite';
import type { Signal } from '@outcry/contracts';
import { isSignalStance } from '@outcry/contracts';
import type { HistogramBucket, HistogramQuery, Page, SignalQuery } from '../port.ts';
import { encodeCursor, readHistogram, readWindow } from '../query.ts';
import { indexWords, queryWords } from '../words.ts';
import type { Database } from './database.ts';

const insert = `
  INSERT INTO search_signals
    (id, record_id, voice, target, at, trouble, stance, types, countries, record)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;
const insertWords = 'INSERT INTO search_signal_words (rowid, words) VALUES (?, ?)';
const deleteOfRecord = 'DELETE FROM search_signals WHERE record_id = ? RETURNING row';
const deleteOfVoice = 'DELETE FROM search_signals WHERE voice = ? RETURNING row';
const deleteWords = 'DELETE FROM search_signal_words WHERE rowid = ?';

/** Adds a signal that is not there yet. Inside a transaction. */
export function createSignal(database: Database, signal: Signal): void {
  const { changes, lastInsertRowid } = database
    .statement(insert)
    .run(
      signal.id,
      signal.recordId,
      signal.voice,
      signal.target,
      Date.parse(signal.occurredAt),
      isSignalStance(signal.stance) ? 1 : 0,
      signal.stance,
      spaced(signal.type === null ? signal.types : [signal.type, ...signal.types]),
      spaced(signal.places.map((place) => place.country)),
      JSON.stringify(signal),
    );
  if (changes === 0) return;
  database.statement(insertWords).run(lastInsertRowid, indexWords(signal.text).join(' '));
}

/** Removes everything of a post or of a voice. Inside a transaction. */
export function deleteSignals(
  database: Database,
  by: { postId: string } | { voice: string },
): void {
  const rows =
    'postId' in by
      ? database.statement(deleteOfRecord).all(by.postId)
      : database.statement(deleteOfVoice).all(by.voice);
  for (const row of rows) database.statement(deleteWords).run(row.row as number);
}

/** The signals that a question asks for, newest first. */
export function findSignals(database: Database, query: SignalQuery): Page<Signal> {
  const { from, to, limit, after } = readWindow(query);
  const filter = new Filter();
  if (query.target !== undefined) filter.add('target = ?', query.target);
  if (query.recordId !== undefined) filter.add('record_id = ?', query.recordId);
  if (query.stance !== undefined) filter.add('stance = ?', query.stance);
  if (query.signalsOnly === true) filter.add('trouble = 1');
  if (query.type !== undefined) filter.add('instr(types, ?) > 0', ` ${query.type} `);
  if (query.country !== undefined) filter.add('instr(countries, ?) > 0', ` ${query.country} `);
  if (from !== undefined) filter.add('at >= ?', from);
  if (to !== undefined) filter.add('at < ?', to);
  if (query.text !== undefined && query.text.trim() !== '') {
    const words = queryWords(query.text);
    if (words.length === 0) return { total: 0, items: [] };
    // Words hold letters, digits and marks only, so within quotes nothing can be taken for syntax.
    filter.add(
      'row IN (SELECT rowid FROM search_signal_words WHERE search_signal_words MATCH ?)',
      words.map((word) => `"${word}"`).join(' AND '),
    );
  }
  const total = countRows(database, 'search_signals', filter);
  if (after !== undefined) filter.add('(at, id) < (?, ?)', after.at, after.id);
  const rows = database.all<{ at: number; id: string; record: string }>(
    `SELECT at, id, record FROM search_signals ${filter.where} ORDER BY at DESC, id DESC LIMIT ?`,
    ...filter.values,
    limit + 1,
  );
  return toPage(total, rows, limit);
}

/** Distinct voices in trouble per target and interval, by target, then time. */
export function signalHistogram(database: Database, query: HistogramQuery): HistogramBucket[] {
  const { from, to, intervalMs } = readHistogram(query);
  // Without a target, the list of targets comes from jumps along the index, not from reading it all.
  const targets =
    query.target === undefined
      ? `WITH RECURSIVE targets (target) AS (
           SELECT min(target) FROM search_signals WHERE target IS NOT NULL
           UNION ALL
           SELECT (SELECT min(target) FROM search_signals WHERE target > targets.target)
           FROM targets WHERE targets.target IS NOT NULL)`
      : 'WITH targets (target) AS (SELECT ?)';
  const rows = database.all<{ target: string; start: number; voices: number }>(
    `${targets}
     SELECT s.target AS target, s.at - ((s.at % ?) + ?) % ? AS start, count(DISTINCT voice) AS voices
     FROM targets CROSS JOIN search_signals AS s ON s.target = targets.target
     WHERE s.target IS NOT NULL AND s.at >= ? AND s.at < ? AND s.trouble = 1
     GROUP BY 1, 2 ORDER BY 1, 2`,
    ...(query.target === undefined ? [] : [query.target]),
    intervalMs,
    intervalMs,
    intervalMs,
    from,
    to,
  );
  return rows.map((row) => ({
    target: row.target,
    at: new Date(row.start).toISOString(),
    voices: row.voices,
  }));
}

/** Conditions and their values, in the same order. */
export class Filter {
  readonly values: SQLInputValue[] = [];
  #conditions: string[] = [];

  add(condition: string, ...values: SQLInputValue[]): void {
    this.#conditions.push(condition);
    this.values.push(...values);
  }

  get where(): string {
    return this.#conditions.length === 0 ? '' : `WHERE ${this.#conditions.join(' AND ')}`;
  }
}

export function countRows(database: Database, table: string, filter: Filter): number {
  const sql = `SELECT count(*) AS total FROM ${table} ${filter.where}`;
  return database.one<{ total: number }>(sql, ...filter.values)?.total ?? 0;
}

/** A page of the records in `rows`, of which the caller asked for one more than fits. */
export function toPage<T>(
  total: number,
  rows: readonly { at: number; id: string; record: string }[],
  limit: number,
): Page<T> {
  const shown = rows.slice(0, limit);
  const items = shown.map((row) => JSON.parse(row.record) as T);
  const last = shown.at(-1);
  if (rows.length <= limit || last === undefined) return { total, items };
  return { total, items, next: encodeCursor({ at: last.at, id: last.id }) };
}

/** A list as text in which each entry stands between spaces. */
function spaced(entries: readonly string[]): string {
  return entries.length === 0 ? '' : ` ${[...new Set(entries)].join(' ')} `;
}
