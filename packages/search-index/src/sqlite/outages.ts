import type { OutageEvent } from '@outcry/contracts';
import type { OutageQuery, Page } from '../port.ts';
import { badQuery, readWindow } from '../query.ts';
import { indexWords, queryWords } from '../words.ts';
import type { Database } from './database.ts';
import { countRows, Filter, toPage } from './select.ts';

const upsert = `
  INSERT INTO search_outages
    (generation, outage_id, sequence, target, state, started_at, ended_at, words, record)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (generation, outage_id) DO UPDATE SET
    sequence = excluded.sequence, target = excluded.target, state = excluded.state,
    started_at = excluded.started_at, ended_at = excluded.ended_at, words = excluded.words,
    record = excluded.record
  WHERE excluded.sequence > search_outages.sequence`;
const insertEvent = `
  INSERT INTO search_outage_events (generation, outage_id, sequence, record)
  VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`;

/** Puts an outage's newest state in place, unless what is there is as new. Inside a transaction. */
export function upsertOutage(database: Database, generation: string, event: OutageEvent): void {
  database
    .statement(upsert)
    .run(
      generation,
      event.outageId,
      event.sequence,
      event.target,
      event.state,
      Date.parse(event.startedAt),
      event.endedAt === null ? null : Date.parse(event.endedAt),
      ` ${indexWords(`${event.target} ${event.reason}`).join(' ')} `,
      JSON.stringify(event),
    );
}

/** Adds an event that is not there yet. Inside a transaction. */
export function createOutageEvent(
  database: Database,
  generation: string,
  event: OutageEvent,
): void {
  database
    .statement(insertEvent)
    .run(generation, event.outageId, event.sequence, JSON.stringify(event));
}

/** The outages that a question asks for, the latest onset first. */
export function findOutages(
  database: Database,
  generation: string,
  query: OutageQuery,
): Page<OutageEvent> {
  const { from, to, limit, after } = readWindow(query);
  const filter = new Filter();
  filter.add('generation = ?', generation);
  if (query.target !== undefined) filter.add('target = ?', query.target);
  if (query.states !== undefined)
    filter.add('state IN (SELECT value FROM json_each(?))', JSON.stringify(query.states));
  if (to !== undefined) filter.add('started_at < ?', to);
  if (from !== undefined) filter.add('(ended_at IS NULL OR ended_at > ?)', from);
  if (query.text !== undefined && query.text.trim() !== '') {
    const words = queryWords(query.text);
    if (words.length === 0) return { total: 0, items: [] };
    // Outages are few, so reading their words beats an index of them.
    for (const word of words) filter.add('instr(words, ?) > 0', ` ${word} `);
  }
  const total = countRows(database, 'search_outages', filter);
  if (after !== undefined) filter.add('(started_at, outage_id) < (?, ?)', after.at, after.id);
  const rows = database.all<{ at: number; id: string; record: string }>(
    `SELECT started_at AS at, outage_id AS id, record FROM search_outages ${filter.where}
     ORDER BY started_at DESC, outage_id DESC LIMIT ?`,
    ...filter.values,
    limit + 1,
  );
  return toPage(total, rows, limit);
}

/** Every event of an outage in sequence. */
export function outageHistory(
  database: Database,
  generation: string,
  outageId: string,
): OutageEvent[] {
  return database
    .all<{ record: string }>(
      `SELECT record FROM search_outage_events WHERE generation = ? AND outage_id = ?
       ORDER BY sequence`,
      generation,
      outageId,
    )
    .map((row) => JSON.parse(row.record) as OutageEvent);
}

/** The generation in use. Read anew each time: another process may have promoted one. */
export function generationInUse(database: Database): string {
  const row = database.one<{ name: string }>(
    'SELECT name FROM search_generations WHERE in_use = 1',
  );
  return row!.name;
}

/** Makes a generation, empty even where a job that died left one of its name. */
export function beginGeneration(database: Database, name: string): void {
  database.transaction(() => {
    if (generationInUse(database) === name)
      throw badQuery(`generation ${name} is in use: choose another name`);
    forget(database, name);
    database.statement('INSERT INTO search_generations (name, in_use) VALUES (?, 0)').run(name);
  });
}

/** Puts a generation in use and removes the one that was, in one step. */
export function promoteGeneration(database: Database, name: string): void {
  database.transaction(() => {
    const before = generationInUse(database);
    if (before === name) return;
    const { changes } = database
      .statement('UPDATE search_generations SET in_use = 1 WHERE name = ?')
      .run(name);
    if (changes === 0)
      throw badQuery(`generation ${name} is no more: it was dropped or superseded`);
    forget(database, before);
  });
}

/** Removes a generation that is not in use. */
export function dropGeneration(database: Database, name: string): void {
  database.transaction(() => {
    if (generationInUse(database) === name)
      throw badQuery(`generation ${name} is in use and cannot be dropped`);
    forget(database, name);
  });
}

/** Whether it was begun and neither dropped nor superseded since. */
export function generationExists(database: Database, name: string): boolean {
  return (
    database.one('SELECT 1 AS found FROM search_generations WHERE name = ?', name) !== undefined
  );
}

function forget(database: Database, name: string): void {
  for (const table of ['search_outages', 'search_outage_events'])
    database.statement(`DELETE FROM ${table} WHERE generation = ?`).run(name);
  database.statement('DELETE FROM search_generations WHERE name = ?').run(name);
}
