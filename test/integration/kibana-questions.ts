import type { estypes } from '@elastic/elasticsearch';
import type { Column } from '../../infra/kibana/lens.ts';
import type { SavedObject } from '../../infra/kibana/saved-object.ts';

/** What Kibana asks Elasticsearch to show one panel or search. */
export interface KibanaQuestion {
  name: string;
  /** The title of the data view. */
  alias: string;
  body: estypes.SearchRequest;
  /** The columns to which the answer has nothing to show. */
  unanswered(answer: estypes.SearchResponse): string[];
}

interface Panel {
  panelIndex: string;
  embeddableConfig: {
    attributes?: {
      references: { id: string }[];
      state: {
        query: { query: string };
        datasourceStates: { formBased: { layers: Record<string, Layer> } };
      };
    };
  };
}
interface Layer {
  columnOrder: string[];
  columns: Record<string, Column>;
}

/** One question per Lens panel and per control of the dashboards. */
export function panelQuestions(objects: readonly SavedObject[]): KibanaQuestion[] {
  return objects
    .filter(({ type }) => type === 'dashboard')
    .flatMap(({ attributes }) => [
      ...(JSON.parse(String(attributes.panelsJSON)) as Panel[]).flatMap(lensQuestions),
      ...controlQuestions(attributes.controlGroupInput as { panelsJSON: string }),
    ]);
}

function lensQuestions({ panelIndex, embeddableConfig }: Panel): KibanaQuestion[] {
  const { attributes } = embeddableConfig;
  if (attributes === undefined) return [];
  const { layers } = attributes.state.datasourceStates.formBased;
  return Object.values(layers).map(
    (layer): KibanaQuestion => ({
      name: `panel ${panelIndex}`,
      alias: attributes.references[0]!.id,
      body: {
        size: 0,
        query: toQuery(attributes.state.query.query),
        aggs: aggregations(layer, layer.columnOrder),
      },
      unanswered: (answer) => emptyColumns(layer, answer),
    }),
  );
}

function controlQuestions({ panelsJSON }: { panelsJSON: string }): KibanaQuestion[] {
  const controls = JSON.parse(panelsJSON) as Record<
    string,
    { explicitInput: { dataViewId: string; fieldName: string } }
  >;
  return Object.entries(controls).map(([id, { explicitInput }]) => ({
    name: `control ${id}`,
    alias: explicitInput.dataViewId,
    body: { size: 0, aggs: { options: { terms: { field: explicitInput.fieldName } } } },
    unanswered: (answer) => {
      const { buckets } = answer.aggregations!.options as { buckets: unknown[] };
      return buckets.length === 0 ? [explicitInput.fieldName] : [];
    },
  }));
}

/** One question per saved search: its query, its order, its columns. */
export function searchQuestions(objects: readonly SavedObject[]): KibanaQuestion[] {
  return objects
    .filter(({ type }) => type === 'search')
    .map(({ id, attributes, references }): KibanaQuestion => {
      const columns = attributes.columns as string[];
      const meta = attributes.kibanaSavedObjectMeta as { searchSourceJSON: string };
      const { query } = JSON.parse(meta.searchSourceJSON) as { query: { query: string } };
      return {
        name: `search ${id}`,
        alias: references.find(({ type }) => type === 'index-pattern')!.id,
        body: {
          query: toQuery(query.query),
          sort: (attributes.sort as [string, 'desc'][]).map(([field, order]) => ({
            [field]: order,
          })),
          fields: columns,
          _source: false,
        },
        unanswered: ({ hits }: estypes.SearchResponse) =>
          columns.filter((column) => !hits.hits.some((hit) => hit.fields?.[column] !== undefined)),
      };
    });
}

/**
 * A question in the Kibana query language as Elasticsearch takes it. For the few forms that our
 * objects use, its own query language differs in the case of `or` and `and` alone.
 */
function toQuery(query: string): NonNullable<estypes.SearchRequest['query']> {
  if (query === '') return { match_all: {} };
  return { query_string: { query: query.replace(/ (or|and) /g, (word) => word.toUpperCase()) } };
}

/** Groups one within the other, and the numbers within the last of them. */
function aggregations(
  layer: Layer,
  order: readonly string[],
): Record<string, estypes.AggregationsAggregationContainer> {
  const group = order.find((id) => layer.columns[id]!.isBucketed);
  const inner = order.filter((id) => id !== group);
  if (group === undefined) return numbers(layer, order);
  const column = layer.columns[group]!;
  if (column.operationType === 'date_histogram')
    return {
      [group]: {
        date_histogram: { field: column.sourceField, fixed_interval: '30s', min_doc_count: 1 },
        aggs: aggregations(layer, inner),
      },
    };
  const { columnId } = column.params.orderBy as { columnId: string };
  const by = layer.columns[columnId]!.operationType === 'count' ? '_count' : columnId;
  return {
    [group]: {
      terms: {
        field: column.sourceField,
        size: column.params.size as number,
        order: { [by]: 'desc' },
      },
      // What groups are ordered by must be among what is computed for each.
      aggs: { ...numbers(layer, [columnId]), ...aggregations(layer, inner) },
    },
  };
}

function numbers(
  { columns }: Layer,
  ids: readonly string[],
): Record<string, estypes.AggregationsAggregationContainer> {
  return Object.fromEntries(
    ids
      .filter((id) => columns[id]!.operationType === 'unique_count')
      .map((id) => [id, { cardinality: { field: columns[id]!.sourceField } }]),
  );
}

function emptyColumns(layer: Layer, answer: estypes.SearchResponse): string[] {
  const missing: string[] = [];
  let at = answer.aggregations as
    | Record<string, { value?: number; buckets?: object[] }>
    | undefined;
  for (const id of layer.columnOrder) {
    const column = layer.columns[id]!;
    if (column.isBucketed) {
      const bucket = at?.[id]?.buckets?.[0];
      if (bucket === undefined) missing.push(id);
      at = bucket as typeof at;
    } else if (column.operationType === 'unique_count' && !(at?.[id]?.value ?? 0)) missing.push(id);
    else if (column.operationType === 'count' && at === undefined) missing.push(id);
  }
  return missing;
}
