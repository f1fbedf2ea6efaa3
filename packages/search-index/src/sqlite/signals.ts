import type { ErrorType, Signal } from '@outcry/contracts';
import { errorTypes, isSignalStance } from '@outcry/contracts';
import type { HistogramBucket, HistogramQuery, Page, SignalQuery } from '../port.ts';
import { readHistogram, readWindow } from '../query.ts';
import { indexWords, queryWords } from '../words.ts';
import type { Database } from './database.ts';
import { keyOf } from './keys.ts';
import { countRows, Filter, toPage } from './select.ts';

// Looking before inserting, in two statements: one statement that does both would make SQLite keep a
// savepoint for each signal, at which FTS5 writes out what it gathers.
const findSignal = 'SELECT 1 FROM search_signals WHERE record_key = ? AND id = ?';
const insertSignal = `
  INSERT INTO search_signals
    (record_key, voice_key, id, target, at, trouble, stance, types, countries, record)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const insertWords = 'INSERT INTO search_signal_words (rowid, words) VALUES (?, ?)';
const deleteOfRecord = `
  DELETE FROM search_signals WHERE record_key = ? AND record ->> '$.recordId' = ? RETURNING row`;
const deleteOfVoice = `
  DELETE FROM search_signals WHERE voice_key = ? AND record ->> '$.voice' = ? RETURNING row`;
const findWords = 'SELECT rowid FROM search_signal_words WHERE search_signal_words MATCH ?';
const countWords =
  'SELECT count(*) AS total FROM search_signal_words WHERE search_signal_words MATCH ?';
const deleteWords = 'DELETE FROM search_signal_words WHERE rowid = ?';

/** From here on, walking through the signals by time beats fetching every match. */
const manyMatches = 2_000;

/** Adds a signal that is not there yet. Inside a transaction. */
export function createSignal(database: Database, signal: Signal): void {
  const recordKey = keyOf(signal.recordId);
  if (database.statement(findSignal).get(recordKey, signal.id) !== undefined) return;
  const { lastInsertRowid } = database
    .statement(insertSignal)
    .run(
      recordKey,
      keyOf(signal.voice),
      signal.id,
      signal.target,
      Date.parse(signal.occurredAt),
      isSignalStance(signal.stance) ? 1 : 0,
      signal.stance,
      typeBits(signal.type === null ? signal.types : [signal.type, ...signal.types]),
      spaced(signal.places.map((place) => place.country)),
      JSON.stringify(signal),
    );
  database.statement(insertWords).run(lastInsertRowid, indexWords(signal.text).join(' '));
}

/** Removes everything of a post or of a voice. Inside a transaction. */
export function deleteSignals(
  database: Database,
  by: { postId: string } | { voice: string },
): void {
  const rows =
    'postId' in by
      ? database.statement(deleteOfRecord).all(keyOf(by.postId), by.postId)
      : database.statement(deleteOfVoice).all(keyOf(by.voice), by.voice);
  for (const row of rows) database.statement(deleteWords).run(row.row as number);
}

/** The signals that a question asks for, newest first. */
export function findSignals(database: Database, query: SignalQuery): Page<Signal> {
  const { from, to, limit, after } = readWindow(query);
  const filter = new Filter();
  if (query.target !== undefined) filter.add('target = ?', query.target);
  if (query.recordId !== undefined)
    filter.add(
      "record_key = ? AND record ->> '$.recordId' = ?",
      keyOf(query.recordId),
      query.recordId,
    );
  if (query.stance !== undefined) filter.add('stance = ?', query.stance);
  if (query.signalsOnly === true) filter.add('trouble = 1');
  if (query.type !== undefined) filter.add('types & ? != 0', typeBits([query.type]));
  if (query.country !== undefined) filter.add('instr(countries, ?) > 0', ` ${query.country} `);
  if (from !== undefined) filter.add('at >= ?', from);
  if (to !== undefined) filter.add('at < ?', to);
  let total: number | undefined;
  let match: string | undefined;
  if (query.text !== undefined && query.text.trim() !== '') {
    const words = queryWords(query.text);
    if (words.length === 0) return { total: 0, items: [] };
    // Words hold letters, digits and marks only, so within quotes nothing can be taken for syntax.
    match = words.map((word) => `"${word}"`).join(' AND ');
    // Where words are all that is asked, counting them needs no look at the signals.
    if (filter.isEmpty) total = database.one<{ total: number }>(countWords, match)?.total;
  }
  const withWords = (row: string): Filter =>
    match === undefined ? filter : filter.with(`${row} IN (${findWords})`, match);
  total ??= countRows(database, 'search_signals', withWords('row'));
  // Few matches are fetched and sorted; of many, the newest are met soon on the way back in time.
  // The plus sign keeps SQLite from fetching them one by one.
  const listed = withWords(total > manyMatches ? '+row' : 'row');
  if (after !== undefined) listed.add('(at, id) < (?, ?)', after.at, after.id);
  const rows = database.all<{ at: number; id: string; record: string }>(
    `SELECT at, id, record FROM search_signals ${listed.where} ORDER BY at DESC, id DESC LIMIT ?`,
    ...listed.values,
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
     SELECT s.target AS target, s.at - ((s.at % ?) + ?) % ? AS start, count(DISTINCT voice_key) AS voices
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

/** A set of error types as bits, in the order of the vocabulary. */
function typeBits(types: readonly ErrorType[]): number {
  return types.reduce((bits, type) => bits | (1 << errorTypes.indexOf(type)), 0);
}

/** A list as text in which each entry stands between spaces. */
function spaced(entries: readonly string[]): string {
  return entries.length === 0 ? '' : ` ${[...new Set(entries)].join(' ')} `;
}
