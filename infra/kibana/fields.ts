import { readdirSync, readFileSync } from 'node:fs';

/** Field name → Elasticsearch type, sub-fields included. */
export type FieldTypes = ReadonlyMap<string, string>;

interface Mapping {
  type?: string;
  enabled?: boolean;
  properties?: Record<string, Mapping>;
  fields?: Record<string, Mapping>;
}

const templateFolder = new URL('../elasticsearch/', import.meta.url);

/**
 * The fields of the index behind an alias, by the index templates of infra/elasticsearch. Undefined
 * when no template is for it.
 */
export function templateFields(alias: string): FieldTypes | undefined {
  for (const name of readdirSync(templateFolder)) {
    if (!name.endsWith('.json')) continue;
    const body = JSON.parse(readFileSync(new URL(name, templateFolder), 'utf8')) as {
      index_patterns?: string[];
      template: { mappings?: Mapping };
    };
    if (body.index_patterns?.some((pattern) => new RegExp(`^${alias}-v\\d+-\\*$`).test(pattern)))
      return new Map(fieldsOf(body.template.mappings?.properties ?? {}, ''));
  }
  return undefined;
}

function fieldsOf(properties: Record<string, Mapping>, prefix: string): [string, string][] {
  return Object.entries(properties).flatMap(([name, mapping]): [string, string][] => {
    const path = `${prefix}${name}`;
    if (mapping.properties !== undefined) return fieldsOf(mapping.properties, `${path}.`);
    // What is kept but not indexed cannot be asked for.
    if (mapping.type === undefined || mapping.enabled === false) return [];
    return [[path, mapping.type], ...fieldsOf(mapping.fields ?? {}, `${path}.`)];
  });
}
