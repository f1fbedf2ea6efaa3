import type { Checks, Json } from './check-fields.ts';
import { checkQuery, expectType, unknownKeys } from './check-fields.ts';
import type { FieldTypes } from './fields.ts';
import type { Column } from './lens.ts';
import type { Reference } from './saved-object.ts';

interface LensState {
  visualization: Json;
  query: Json;
  filters: unknown[];
  datasourceStates: {
    formBased: {
      layers: Record<string, { columnOrder: string[]; columns: Record<string, Column> }>;
    };
  };
  internalReferences: unknown[];
  adHocDataViews: object;
}

const attributeKeys = new Set(['title', 'type', 'visualizationType', 'references', 'state']);
const visualizationTypes = new Set(['lnsXY', 'lnsMetric', 'lnsDatatable', 'lnsPie', 'lnsHeatmap']);
const referencePrefix = 'indexpattern-datasource-layer-';
/** What kind of field an operation can work on. */
const fitting: Readonly<Record<Column['operationType'], readonly string[]>> = {
  count: [],
  unique_count: ['keyword'],
  date_histogram: ['date'],
  terms: ['keyword', 'boolean'],
};

/**
 * Checks a Lens panel that is given by value.
 *
 * @returns the names of the references that its layers use
 */
export function checkLens(checks: Checks, where: string, attributes: Json): string[] {
  const { problem } = checks;
  unknownKeys(problem, where, attributes, attributeKeys);
  if (attributes.type !== 'lens') problem(where, 'type is not lens');
  if (!visualizationTypes.has(String(attributes.visualizationType)))
    problem(where, `visualization ${attributes.visualizationType}`);
  const state = attributes.state as LensState;
  const references = attributes.references as Reference[];
  const layers = state.datasourceStates.formBased.layers;
  if (Object.keys(state.adHocDataViews).length > 0) problem(where, 'has a data view of its own');
  if (!Array.isArray(state.filters)) problem(where, 'has no filters');

  const shown = layersOf(state.visualization);
  const layerIds = Object.keys(layers);
  if (
    !same(
      shown.map((layer) => String(layer.layerId)),
      layerIds,
    )
  )
    problem(where, 'visualization and data source have different layers');
  const names = layerIds.map((id) => `${referencePrefix}${id}`);
  if (
    !same(
      references.map((reference) => reference.name),
      names,
    )
  )
    problem(where, 'references and layers differ');

  for (const [id, layer] of Object.entries(layers)) {
    const view = references.find(({ name }) => name === `${referencePrefix}${id}`);
    const fields = checks.fieldsOf(view?.id ?? '');
    if (fields === undefined) {
      problem(where, `layer ${id} has no data view`);
      continue;
    }
    checkQuery(checks, where, fields, state.query);
    checkColumns(checks, `${where} layer ${id}`, layer, fields);
    const needsTime = Object.values(layer.columns).some(
      (column) =>
        column.operationType === 'date_histogram' || column.reducedTimeRange !== undefined,
    );
    if (needsTime && !checks.hasTime(view!.id))
      problem(where, `layer ${id} wants a time, which its data view has not`);
  }
  for (const layer of shown)
    checkAccessors(checks, where, layer, layers[String(layer.layerId)]?.columns ?? {});
  return names;
}

function checkColumns(
  checks: Checks,
  where: string,
  layer: { columnOrder: string[]; columns: Record<string, Column> },
  fields: FieldTypes,
): void {
  const { columnOrder, columns } = layer;
  if (!same(columnOrder, Object.keys(columns)))
    checks.problem(where, 'columnOrder is not the columns');
  const grouping = columnOrder.map((id) => columns[id]?.isBucketed === true);
  if (grouping.lastIndexOf(true) > grouping.indexOf(false) && grouping.includes(false))
    checks.problem(where, 'a group stands after a number');
  for (const [id, column] of Object.entries(columns)) {
    const at = `${where} column ${id}`;
    const types = fitting[column.operationType];
    if (types === undefined) checks.problem(at, `operation ${column.operationType}`);
    else if (types.length > 0) expectType(checks, at, fields, column.sourceField, types);
    else if (column.sourceField !== '___records___') checks.problem(at, 'counts no records');
    if (column.isBucketed !== ['terms', 'date_histogram'].includes(column.operationType))
      checks.problem(at, 'isBucketed');
    if (column.filter !== undefined) checkQuery(checks, at, fields, { ...column.filter });
    const orderBy = column.params.orderBy as { type: string; columnId?: string } | undefined;
    if (column.operationType === 'terms' && orderBy === undefined) checks.problem(at, 'no orderBy');
    if (orderBy?.type === 'column' && columns[orderBy.columnId ?? ''] === undefined)
      checks.problem(at, `is ordered by missing column ${orderBy.columnId}`);
  }
}

/** Whatever a visualization points at must be a column, and must be pointed at. */
function checkAccessors(
  { problem }: Checks,
  where: string,
  layer: Json,
  columns: Record<string, Column>,
): void {
  const pointed = [
    ...['xAccessor', 'yAccessor', 'valueAccessor', 'splitAccessor', 'metricAccessor'].map(
      (key) => layer[key],
    ),
    layer.breakdownByAccessor,
    ...list(layer.accessors),
    ...list(layer.primaryGroups),
    ...list(layer.metrics),
    ...list(layer.columns).map((column) => (column as Json).columnId),
  ].filter((id) => id !== undefined);
  for (const id of pointed)
    if (columns[String(id)] === undefined) problem(where, `shows missing column ${id}`);
  for (const id of Object.keys(columns))
    if (!pointed.includes(id)) problem(where, `column ${id} is not shown`);
  if (layer.layerType !== 'data') problem(where, 'layerType');
}

/** XY and pie charts have layers; the others are one layer themselves. */
function layersOf(visualization: Json): Json[] {
  return Array.isArray(visualization.layers) ? (visualization.layers as Json[]) : [visualization];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}
