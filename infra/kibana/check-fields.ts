import type { FieldTypes } from './fields.ts';

/** What every check needs. */
export interface Checks {
  /** Says what is wrong, and where. */
  problem(where: string, what: string): void;
  /** The fields of a data view by its id; undefined when there is no such view. */
  fieldsOf(dataViewId: string): FieldTypes | undefined;
  /** Whether a data view has a time, by which a panel can be drawn or cut. */
  hasTime(dataViewId: string): boolean;
}

export type Json = Record<string, unknown>;

/** That a field exists and has a type that suits. */
export function expectType(
  { problem }: Checks,
  where: string,
  fields: FieldTypes,
  field: string,
  types: readonly string[],
): void {
  const type = fields.get(field);
  if (type === undefined) problem(where, `no field ${field}`);
  else if (!types.includes(type)) problem(where, `${field} is ${type}, not ${types.join(' or ')}`);
}

/** That a question in the Kibana query language speaks of fields that exist. */
export function checkQuery(
  { problem }: Checks,
  where: string,
  fields: FieldTypes,
  query: Json,
): void {
  if (query.language !== 'kuery') problem(where, 'the query is not in the Kibana query language');
  for (const field of fieldsOfQuery(String(query.query)))
    if (!fields.has(field)) problem(where, `the query asks for unknown field ${field}`);
}

/** The fields that a question names: words before a colon or a comparison, outside quotes. */
export function fieldsOfQuery(query: string): string[] {
  const unquoted = query.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return [...unquoted.matchAll(/([\w@.*-]+)\s*(?::|[<>]=?)/g)].map((match) => match[1]!);
}

/** JSON inside a string. */
export function parse({ problem }: Checks, where: string, text: unknown): Json {
  try {
    return JSON.parse(String(text)) as Json;
  } catch {
    problem(where, 'is not JSON in a string');
    return {};
  }
}

/** That an object has no key that Kibana would refuse. */
export function unknownKeys(
  problem: Checks['problem'],
  where: string,
  value: object,
  known: ReadonlySet<string>,
): void {
  for (const key of Object.keys(value)) if (!known.has(key)) problem(where, `unknown key ${key}`);
}
