/**
 * Saved objects as Kibana exports them: one JSON object a line, of which some fields are JSON in
 * strings again, and every object that one speaks of is also in its `references`.
 */
export interface SavedObject {
  type: 'index-pattern' | 'search' | 'dashboard' | 'tag';
  /** A slug: the same in every installation, so that an import overwrites and links keep. */
  id: string;
  attributes: Record<string, unknown>;
  references: Reference[];
  coreMigrationVersion: string;
  typeMigrationVersion: string;
}

export interface Reference {
  type: string;
  id: string;
  name: string;
}

/**
 * The version of the shape of each type. Kibana carries an older one to its own by itself and
 * refuses a newer one, so these are the oldest that know all the fields used here.
 */
export const typeVersions = {
  'index-pattern': '8.0.0',
  search: '10.5.0',
  dashboard: '10.2.0',
  tag: '8.0.0',
} as const satisfies Record<SavedObject['type'], string>;

export const coreVersion = '8.8.0';

export function savedObject(
  type: SavedObject['type'],
  id: string,
  attributes: Record<string, unknown>,
  references: Reference[] = [],
): SavedObject {
  return {
    type,
    id,
    attributes,
    references,
    coreMigrationVersion: coreVersion,
    typeMigrationVersion: typeVersions[type],
  };
}

/** The tag that all our objects wear, and how an object says so. */
export const tag = savedObject('tag', 'outcry-tag', {
  name: 'Outcry',
  description: 'Social-signal outage analytics',
  color: '#D36086',
});
export const tagReference: Reference = { type: 'tag', id: tag.id, name: `tag-ref-${tag.id}` };

/** What Discover and the dashboard search by. */
export function searchSource(query: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({ query: { query, language: 'kuery' }, filter: [], ...more });
}

/** One object a line. */
export function toNdjson(objects: readonly SavedObject[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}
