import { readFileSync } from 'node:fs';
import type { Collection } from '../port.ts';

/** Version of the mappings. A change that old documents cannot follow makes a new one. */
const version = 'v1';

/** The names of everything that one prefix has on a server. */
export interface Names {
  prefix: string;
  /** What is read and written: an alias of one index. */
  alias(collection: Collection): string;
  /** The index of a generation. */
  index(collection: Collection, generation: string): string;
  /** An alias by which a generation is written and read before it is in use, and ever after. */
  buildAlias(collection: Collection, generation: string): string;
}

export const firstGeneration = '000001';

export function namesOf(prefix: string): Names {
  return {
    prefix,
    alias: (collection) => `${prefix}-${collection}`,
    index: (collection, generation) => `${prefix}-${collection}-${version}-${generation}`,
    buildAlias: (collection, generation) => `${prefix}-${collection}-build-${generation}`,
  };
}

/** The body of a template request. */
export interface Template {
  name: string;
  body: Record<string, unknown>;
}

/**
 * The templates of infra/elasticsearch, with the prefix in place of `outcry` in the names. First the
 * component, which the others are composed of.
 */
export function readTemplates(prefix: string): { component: Template; indices: Template[] } {
  const read = (name: string): Template => {
    const file = new URL(`../../../../infra/elasticsearch/outcry-${name}.json`, import.meta.url);
    const body = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    for (const key of ['index_patterns', 'composed_of']) {
      const names = body[key] as string[] | undefined;
      if (names !== undefined)
        body[key] = names.map((text) => text.replace(/^outcry-/, `${prefix}-`));
    }
    return { name: `${prefix}-${name}`, body };
  };
  return { component: read('text'), indices: [read('signals'), read('outages')] };
}
