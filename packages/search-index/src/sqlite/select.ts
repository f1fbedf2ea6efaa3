import type { SQLInputValue } from 'node:sqlite';
import type { Page } from '../port.ts';
import { encodeCursor } from '../query.ts';
import type { Database } from './database.ts';

/** Conditions and their values, in the same order. */
export class Filter {
  readonly values: SQLInputValue[] = [];
  #conditions: string[] = [];

  add(condition: string, ...values: SQLInputValue[]): void {
    this.#conditions.push(condition);
    this.values.push(...values);
  }

  /** This filter with one more condition, itself unchanged. */
  with(condition: string, ...values: SQLInputValue[]): Filter {
    const copy = new Filter();
    copy.#conditions = [...this.#conditions];
    copy.values.push(...this.values);
    copy.add(condition, ...values);
    return copy;
  }

  get isEmpty(): boolean {
    return this.#conditions.length === 0;
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
