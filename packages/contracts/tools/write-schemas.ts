#!/usr/bin/env node
// Writes the JSON Schema of every public topic into schemas/, for people who consume the topics with
// other tools. Run it after a change of the records; a test says when it was forgotten.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { topicJsonSchemas } from '../src/index.ts';

export const schemasFolder = path.join(import.meta.dirname, '..', 'schemas');

/** File name and text of each topic's schema. */
export function schemaFiles(): [string, string][] {
  return Object.entries(topicJsonSchemas()).map(([topic, schema]) => [
    `${topic}.schema.json`,
    `${JSON.stringify(schema, null, 2)}\n`,
  ]);
}

if (import.meta.main) {
  for (const [name, text] of schemaFiles()) writeFileSync(path.join(schemasFolder, name), text);
}
