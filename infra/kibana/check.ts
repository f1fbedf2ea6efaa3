import type { Checks, Json } from './check-fields.ts';
import { checkQuery, expectType, parse, unknownKeys } from './check-fields.ts';
import { checkLens } from './check-lens.ts';
import type { FieldTypes } from './fields.ts';
import type { Reference, SavedObject } from './saved-object.ts';
import { coreVersion, typeVersions } from './saved-object.ts';

const dashboardKeys = new Set([
  'title',
  'description',
  'panelsJSON',
  'optionsJSON',
  'kibanaSavedObjectMeta',
  'timeRestore',
  'timeFrom',
  'timeTo',
  'refreshInterval',
  'controlGroupInput',
  'version',
  'hits',
]);
const searchKeys = new Set([
  'title',
  'description',
  'columns',
  'sort',
  'grid',
  'hideChart',
  'isTextBasedQuery',
  'kibanaSavedObjectMeta',
]);
const viewKeys = new Set([
  'title',
  'name',
  'timeFieldName',
  'allowNoIndex',
  'fieldAttrs',
  'fieldFormatMap',
  'runtimeFieldMap',
  'sourceFilters',
]);
const tagKeys = new Set(['name', 'description', 'color']);
const attributeKeys = {
  dashboard: dashboardKeys,
  search: searchKeys,
  'index-pattern': viewKeys,
  tag: tagKeys,
} as const satisfies Record<SavedObject['type'], Set<string>>;
const objectKeys = new Set([
  'type',
  'id',
  'attributes',
  'references',
  'coreMigrationVersion',
  'typeMigrationVersion',
]);
const panelKeys = new Set(['type', 'panelIndex', 'gridData', 'embeddableConfig', 'panelRefName']);
const pageWidth = 48;
/** Of a licence that users need not have, or of servers that a machine offline does not reach. */
const forbidden =
  /lnsChoropleth|EMS_TMS|EMS_FILE|URL_DRILLDOWN|"savedObjectId"|"\.webhook"|\.slack/;

/**
 * Checks a file for import: what Kibana would not forgive, or would forgive by quietly leaving
 * something out. There is no offline checker of Kibana's own, so these are the rules that its import
 * and its loaders follow.
 *
 * @param fieldsOf the fields of the indices behind a data view's title
 * @returns one line for each problem; empty when Kibana will show all of it
 */
export function checkSavedObjects(
  ndjson: string,
  fieldsOf: (title: string) => FieldTypes | undefined,
): string[] {
  const problems: string[] = [];
  const problem = (where: string, what: string) => problems.push(`${where}: ${what}`);
  const objects = parseLines(ndjson, problem);
  const byId = new Map(objects.map((object) => [`${object.type}/${object.id}`, object]));
  if (byId.size < objects.length) problem('file', 'two objects have the same type and id');
  const checks: Checks = {
    problem,
    fieldsOf: (id) => {
      const view = byId.get(`index-pattern/${id}`);
      const fields = view === undefined ? undefined : fieldsOf(String(view.attributes.title));
      return fields === undefined ? undefined : withRuntimeFields(fields, view!);
    },
    hasTime: (id) => byId.get(`index-pattern/${id}`)?.attributes.timeFieldName !== undefined,
  };
  for (const object of objects) {
    const where = `${object.type} ${object.id}`;
    checkFrame(checks, where, object, byId);
    const used = checkAttributes(checks, where, object);
    checkReferences(checks, where, object, used);
  }
  return problems;
}

function parseLines(ndjson: string, problem: Checks['problem']): SavedObject[] {
  if (!ndjson.endsWith('\n')) problem('file', 'does not end with a line break');
  return ndjson
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line, at) => {
      try {
        return [JSON.parse(line) as SavedObject];
      } catch (error) {
        problem(`line ${at + 1}`, `is not JSON: ${error}`);
        return [];
      }
    });
}

function checkFrame(
  { problem }: Checks,
  where: string,
  object: SavedObject,
  byId: ReadonlyMap<string, SavedObject>,
): void {
  if (!(object.type in typeVersions)) {
    problem(where, 'unknown type');
    return;
  }
  if (!/^[a-z0-9-]+$/.test(object.id)) problem(where, 'the id is no slug');
  unknownKeys(problem, where, object, objectKeys);
  unknownKeys(problem, `${where} attributes`, object.attributes, attributeKeys[object.type]);
  if (object.coreMigrationVersion !== coreVersion) problem(where, 'coreMigrationVersion');
  if (object.typeMigrationVersion !== typeVersions[object.type])
    problem(where, 'typeMigrationVersion');
  const names = object.references.map((reference) => reference.name);
  if (new Set(names).size < names.length) problem(where, 'two references have one name');
  for (const { type, id, name } of object.references)
    if (!byId.has(`${type}/${id}`)) problem(where, `reference ${name} to missing ${type} ${id}`);
  const match = JSON.stringify(object).replaceAll('\\', '').match(forbidden);
  if (match !== null) problem(where, `uses ${match[0]}`);
}

/** Checks what is inside, and answers the names of the references that it uses. */
function checkAttributes(checks: Checks, where: string, object: SavedObject): Set<string> {
  const used = new Set<string>();
  if (object.type === 'index-pattern') checkDataView(checks, where, object);
  if (object.type === 'search') checkSearch(checks, where, object, used);
  if (object.type === 'dashboard') checkDashboard(checks, where, object, used);
  return used;
}

function checkReferences(
  { problem }: Checks,
  where: string,
  object: SavedObject,
  used: ReadonlySet<string>,
): void {
  const names = new Set(object.references.map((reference) => reference.name));
  for (const name of used) if (!names.has(name)) problem(where, `no reference named ${name}`);
  for (const { type, name } of object.references)
    if (type !== 'tag' && !used.has(name)) problem(where, `reference ${name} is not used`);
}

function checkDataView(checks: Checks, where: string, object: SavedObject): void {
  const { attributes } = object;
  const fields = checks.fieldsOf(object.id);
  if (fields === undefined) {
    checks.problem(where, `no template makes an index named ${attributes.title}`);
    return;
  }
  if (attributes.timeFieldName !== undefined)
    expectType(checks, where, fields, String(attributes.timeFieldName), ['date']);
  for (const key of ['fieldAttrs', 'fieldFormatMap'])
    for (const field of Object.keys(parse(checks, `${where} ${key}`, attributes[key])))
      if (!fields.has(field)) checks.problem(`${where} ${key}`, `no field ${field}`);
}

function checkSearch(checks: Checks, where: string, object: SavedObject, used: Set<string>): void {
  const { attributes } = object;
  const source = searchSourceOf(checks, where, attributes);
  const indexRefName = String(source.indexRefName);
  used.add(indexRefName);
  const view = referenceNamed(object, indexRefName);
  const fields = checks.fieldsOf(view?.id ?? '');
  if (fields === undefined) return;
  for (const column of attributes.columns as string[])
    if (!fields.has(column)) checks.problem(where, `column of unknown field ${column}`);
  for (const [field] of attributes.sort as [string][])
    expectType(checks, where, fields, field, ['date', 'keyword', 'long', 'float']);
  checkQuery(checks, where, fields, source.query as Json);
}

function checkDashboard(
  checks: Checks,
  where: string,
  object: SavedObject,
  used: Set<string>,
): void {
  const { attributes } = object;
  parse(checks, `${where} optionsJSON`, attributes.optionsJSON);
  searchSourceOf(checks, where, attributes);
  const panels = parse(checks, `${where} panelsJSON`, attributes.panelsJSON) as unknown as Json[];
  if (!Array.isArray(panels)) return;
  checkLayout(checks, where, panels);
  for (const panel of panels) {
    const id = String(panel.panelIndex);
    const config = panel.embeddableConfig as Json;
    const at = `${where} panel ${id}`;
    unknownKeys(checks.problem, at, panel, panelKeys);
    if (panel.type === 'lens') {
      if (config.attributes === undefined) checks.problem(at, 'is not by value');
      else for (const name of checkLens(checks, at, config.attributes as Json)) use(id, name);
    } else if (panel.panelRefName !== undefined) {
      if (panel.panelRefName !== `panel_${id}`) checks.problem(at, 'panelRefName');
      use(id, String(panel.panelRefName));
    } else if (panel.type !== 'visualization' || config.savedVis === undefined) {
      checks.problem(at, 'shows nothing');
    }
  }
  checkControls(checks, where, object, used);
  checkSameView(checks, where, object, panels);

  function use(panelId: string, name: string): void {
    used.add(`${panelId}:${name}`);
  }
}

/** A Lens panel's reference and the dashboard's for it must lead to one data view. */
function checkSameView(checks: Checks, where: string, object: SavedObject, panels: Json[]): void {
  for (const panel of panels) {
    const lens = (panel.embeddableConfig as Json).attributes as { references: Reference[] };
    for (const { name, id } of lens?.references ?? []) {
      const outer = referenceNamed(object, `${panel.panelIndex}:${name}`);
      if (outer !== undefined && outer.id !== id)
        checks.problem(`${where} panel ${panel.panelIndex}`, 'references disagree');
    }
  }
}

function checkLayout({ problem }: Checks, where: string, panels: Json[]): void {
  const taken = new Map<string, string>();
  const ids = panels.map((panel) => panel.panelIndex);
  if (new Set(ids).size < ids.length) problem(where, 'two panels have one panelIndex');
  for (const { panelIndex, gridData } of panels) {
    const { x, y, w, h, i } = gridData as Record<string, number>;
    const at = `${where} panel ${panelIndex}`;
    if ((i as unknown) !== panelIndex) problem(at, 'gridData.i is not panelIndex');
    if (x! + w! > pageWidth) problem(at, 'is wider than the page');
    for (let column = x!; column < x! + w!; column++)
      for (let row = y!; row < y! + h!; row++) {
        const there = taken.get(`${column}/${row}`);
        if (there !== undefined && there !== panelIndex) problem(at, `overlaps ${there}`);
        taken.set(`${column}/${row}`, String(panelIndex));
      }
  }
}

function checkControls(
  checks: Checks,
  where: string,
  object: SavedObject,
  used: Set<string>,
): void {
  const group = object.attributes.controlGroupInput as Json | undefined;
  if (group === undefined) return;
  parse(checks, `${where} controls`, group.ignoreParentSettingsJSON);
  const controls = parse(checks, `${where} controls`, group.panelsJSON);
  for (const [id, control] of Object.entries(controls)) {
    const at = `${where} control ${id}`;
    const input = (control as Json).explicitInput as Record<string, string>;
    const name = `controlGroup_${id}:optionsListDataView`;
    used.add(name);
    if (input.id !== id) checks.problem(at, 'explicitInput.id');
    if (referenceNamed(object, name)?.id !== input.dataViewId)
      checks.problem(at, 'the reference names another data view');
    const fields = checks.fieldsOf(input.dataViewId!);
    if (fields !== undefined) expectType(checks, at, fields, input.fieldName!, ['keyword']);
  }
}

function searchSourceOf(checks: Checks, where: string, attributes: Json): Json {
  const meta = attributes.kibanaSavedObjectMeta as Json | undefined;
  const source = parse(checks, `${where} searchSourceJSON`, meta?.searchSourceJSON);
  if (!Array.isArray(source.filter)) checks.problem(where, 'searchSourceJSON has no filter');
  return source;
}

function referenceNamed(object: SavedObject, name: string): Reference | undefined {
  return object.references.find((reference) => reference.name === name);
}

function withRuntimeFields(fields: FieldTypes, view: SavedObject): FieldTypes {
  const runtime = JSON.parse(String(view.attributes.runtimeFieldMap ?? '{}')) as Record<
    string,
    { type: string }
  >;
  return new Map([
    ...fields,
    ...Object.entries(runtime).map(([name, { type }]): [string, string] => [name, type]),
  ]);
}
