import type { Reference, SavedObject } from './saved-object.ts';

/** A column of a Lens layer. */
export interface Column {
  label: string;
  customLabel: true;
  dataType: 'number' | 'string' | 'date';
  operationType: 'count' | 'unique_count' | 'date_histogram' | 'terms';
  isBucketed: boolean;
  scale: 'ratio' | 'interval' | 'ordinal';
  sourceField: string;
  params: Record<string, unknown>;
  filter?: { query: string; language: 'kuery' };
  /** Only the end of the time that the dashboard shows, such as `1h`. */
  reducedTimeRange?: string;
}

/** A Lens panel before it has a place on a dashboard. */
export interface Lens {
  title: string;
  attributes: Record<string, unknown>;
  references: Reference[];
}

interface Layer {
  title: string;
  view: SavedObject;
  /** In the Kibana query language. */
  query: string;
  /** By column id, groups first. */
  columns: Record<string, Column>;
}

/** One layer is enough for each of our panels. */
const layerId = 'layer';

export const documents = (label: string): Column => ({
  label,
  customLabel: true,
  dataType: 'number',
  operationType: 'count',
  isBucketed: false,
  scale: 'ratio',
  sourceField: '___records___',
  params: { emptyAsNull: true },
});

export const distinct = (label: string, field: string, within?: string): Column => ({
  label,
  customLabel: true,
  dataType: 'number',
  operationType: 'unique_count',
  isBucketed: false,
  scale: 'ratio',
  sourceField: field,
  params: { emptyAsNull: false },
  ...(within === undefined ? {} : { reducedTimeRange: within }),
});

export const overTime = (label: string): Column => ({
  label,
  customLabel: true,
  dataType: 'date',
  operationType: 'date_histogram',
  isBucketed: true,
  scale: 'interval',
  sourceField: '@timestamp',
  params: { interval: 'auto', includeEmptyRows: true, dropPartials: false },
});

/** The most frequent values of a keyword field, ordered by another column. */
export const top = (label: string, field: string, size: number, by: string): Column => ({
  label,
  customLabel: true,
  dataType: 'string',
  operationType: 'terms',
  isBucketed: true,
  scale: 'ordinal',
  sourceField: field,
  params: {
    size,
    orderBy: { type: 'column', columnId: by },
    orderDirection: 'desc',
    otherBucket: true,
    missingBucket: false,
    parentFormat: { id: 'terms' },
  },
});

/** One number. */
export function metric(layer: Omit<Layer, 'columns'> & { value: Column; color: string }): Lens {
  return lens({ ...layer, columns: { value: layer.value } }, 'lnsMetric', {
    layerId,
    layerType: 'data',
    metricAccessor: 'value',
    color: layer.color,
  });
}

/** Bars: `x` along the axis, `value` their length, `split` their colours. */
export function bars(
  layer: Omit<Layer, 'columns'> & {
    shape: 'bar_stacked' | 'bar_horizontal';
    x: Column;
    value: Column;
    split?: Column;
  },
): Lens {
  const { x, value, split } = layer;
  const columns = { x, ...(split === undefined ? {} : { split }), value };
  return lens({ ...layer, columns }, 'lnsXY', {
    preferredSeriesType: layer.shape,
    legend: { isVisible: split !== undefined, position: 'right' },
    valueLabels: 'hide',
    fittingFunction: 'None',
    layers: [
      {
        layerId,
        layerType: 'data',
        seriesType: layer.shape,
        xAccessor: 'x',
        accessors: ['value'],
        ...(split === undefined ? {} : { splitAccessor: 'split' }),
      },
    ],
  });
}

/** Shares of a whole. */
export function donut(layer: Omit<Layer, 'columns'> & { group: Column; value: Column }): Lens {
  const { group, value } = layer;
  return lens({ ...layer, columns: { group, value } }, 'lnsPie', {
    shape: 'donut',
    layers: [
      {
        layerId,
        layerType: 'data',
        primaryGroups: ['group'],
        metrics: ['value'],
        numberDisplay: 'percent',
        categoryDisplay: 'default',
        legendDisplay: 'show',
      },
    ],
  });
}

function lens(layer: Layer, visualizationType: string, visualization: object): Lens {
  // Kibana wants the reference twice: here and, under the panel's name, on the dashboard.
  const references: Reference[] = [
    {
      type: 'index-pattern',
      id: layer.view.id,
      name: `indexpattern-datasource-layer-${layerId}`,
    },
  ];
  return {
    title: layer.title,
    references,
    attributes: {
      title: layer.title,
      type: 'lens',
      visualizationType,
      references,
      state: {
        visualization,
        query: { query: layer.query, language: 'kuery' },
        filters: [],
        datasourceStates: {
          formBased: {
            layers: {
              [layerId]: {
                columnOrder: Object.keys(layer.columns),
                columns: layer.columns,
                incompleteColumns: {},
              },
            },
          },
        },
        internalReferences: [],
        adHocDataViews: {},
      },
    },
  };
}
