import { outageEvents, outages, signals } from './data-views.ts';
import type { Lens } from './lens.ts';
import { bars, distinct, documents, donut, metric, overTime, top } from './lens.ts';
import type { Reference, SavedObject } from './saved-object.ts';
import { savedObject, searchSource, tagReference } from './saved-object.ts';
import { inTrouble, latestSignals, open, openOutages } from './searches.ts';

/** Where a panel stands: the page is 48 columns wide, a screen about 22 rows high. */
interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

interface Panel {
  json: Record<string, unknown>;
  references: Reference[];
}

const red = '#E7664C';
const blue = '#6092C0';
const voices = distinct('Voices', 'outcry.voice');

const intro = `**Outcry** hears outages in what people say. A *voice* is one author, counted once. \
An outage is open from *suspected* until it is *resolved* or *retracted*; its reason says what carried it, \
and it is listed whatever time is chosen above. \
No open outage means that none was heard, not that all is fine: a source may be blind.`;

/** From what matters most to single documents. */
const panels: Panel[] = [
  markdown('intro', { x: 0, y: 0, w: 48, h: 4 }, intro),
  lensPanel(
    'open-outages-count',
    { x: 0, y: 4, w: 12, h: 6 },
    metric({
      title: 'Open outages',
      view: outages,
      query: open,
      value: distinct('Open outages', 'outcry.outage.id'),
      color: red,
    }),
  ),
  lensPanel(
    'targets-in-trouble',
    { x: 12, y: 4, w: 12, h: 6 },
    metric({
      title: 'Targets with an open outage',
      view: outages,
      query: open,
      value: distinct('Targets', 'service.name'),
      color: red,
    }),
  ),
  lensPanel(
    'voices-last-hour',
    { x: 24, y: 4, w: 12, h: 6 },
    metric({
      title: 'Voices in trouble, last hour',
      view: signals,
      query: inTrouble,
      value: distinct('Voices, last hour', 'outcry.voice', '1h'),
      color: blue,
    }),
  ),
  lensPanel(
    'countries-last-hour',
    { x: 36, y: 4, w: 12, h: 6 },
    metric({
      title: 'Countries heard, last hour',
      view: signals,
      query: inTrouble,
      value: distinct('Countries, last hour', 'geo.country_iso_code', '1h'),
      color: blue,
    }),
  ),
  lensPanel(
    'voices-over-time',
    { x: 0, y: 10, w: 48, h: 13 },
    bars({
      title: 'Voices in trouble over time, by target',
      view: signals,
      query: inTrouble,
      shape: 'bar_stacked',
      x: overTime('Time'),
      split: top('Target', 'service.name', 10, 'value'),
      value: voices,
    }),
  ),
  searchPanel('open-outages', { x: 0, y: 23, w: 48, h: 10 }, 'Open outages', openOutages),
  lensPanel(
    'error-types',
    { x: 0, y: 33, w: 16, h: 12 },
    bars({
      title: 'What fails',
      view: signals,
      query: inTrouble,
      shape: 'bar_horizontal',
      x: top('Error type', 'outcry.type', 12, 'value'),
      value: voices,
    }),
  ),
  lensPanel(
    'countries',
    { x: 16, y: 33, w: 16, h: 12 },
    bars({
      title: 'Where',
      view: signals,
      query: inTrouble,
      shape: 'bar_horizontal',
      x: top('Country', 'geo.country_iso_code', 15, 'value'),
      value: voices,
    }),
  ),
  lensPanel(
    'platforms',
    { x: 32, y: 33, w: 16, h: 12 },
    donut({
      title: 'On what',
      view: signals,
      query: inTrouble,
      group: top('Platform', 'outcry.platforms', 8, 'value'),
      value: voices,
    }),
  ),
  lensPanel(
    'stances',
    { x: 0, y: 45, w: 24, h: 11 },
    bars({
      title: 'Signals by stance',
      view: signals,
      query: '',
      shape: 'bar_stacked',
      x: overTime('Time'),
      split: top('Stance', 'outcry.stance', 5, 'value'),
      value: documents('Signals'),
    }),
  ),
  lensPanel(
    'outage-events',
    { x: 24, y: 45, w: 24, h: 11 },
    bars({
      title: 'Outage events',
      view: outageEvents,
      query: '',
      shape: 'bar_stacked',
      x: overTime('Time'),
      split: top('Event', 'event.action', 4, 'value'),
      value: documents('Events'),
    }),
  ),
  searchPanel('latest-signals', { x: 0, y: 56, w: 48, h: 16 }, 'Latest signals', latestSignals),
];

/** Both fields are in signals and outages alike, so a choice narrows every panel. */
const controls = [
  control('target', 'Target', 'service.name'),
  control('country', 'Country', 'geo.country_iso_code'),
];

export const dashboard = savedObject(
  'dashboard',
  'outcry-overview',
  {
    title: 'Outcry: outages as people tell them',
    description: 'Open outages, voices in trouble, what fails, where and on what.',
    panelsJSON: JSON.stringify(panels.map((panel) => panel.json)),
    optionsJSON: JSON.stringify({
      useMargins: true,
      syncColors: true,
      syncCursor: true,
      syncTooltips: false,
      hidePanelTitles: false,
    }),
    kibanaSavedObjectMeta: { searchSourceJSON: searchSource('') },
    timeRestore: true,
    timeFrom: 'now-24h',
    timeTo: 'now',
    refreshInterval: { pause: false, value: 30_000 },
    controlGroupInput: {
      controlStyle: 'oneLine',
      chainingSystem: 'HIERARCHICAL',
      showApplySelections: false,
      ignoreParentSettingsJSON: JSON.stringify({
        ignoreFilters: false,
        ignoreQuery: false,
        ignoreTimerange: false,
        ignoreValidations: false,
      }),
      panelsJSON: JSON.stringify(
        Object.fromEntries(controls.map(({ id, json }, order) => [id, { order, ...json }])),
      ),
    },
  },
  [
    ...panels.flatMap((panel) => panel.references),
    ...controls.map((made) => made.reference),
    tagReference,
  ],
);

function lensPanel(id: string, place: Place, made: Lens): Panel {
  return {
    json: panel('lens', id, place, {
      title: made.title,
      hidePanelTitles: false,
      enhancements: {},
      attributes: made.attributes,
    }),
    references: made.references.map((reference) => ({
      ...reference,
      name: `${id}:${reference.name}`,
    })),
  };
}

function searchPanel(id: string, place: Place, title: string, search: SavedObject): Panel {
  return {
    json: {
      ...panel('search', id, place, { title, hidePanelTitles: false, enhancements: {} }),
      panelRefName: `panel_${id}`,
    },
    references: [{ type: 'search', id: search.id, name: `${id}:panel_${id}` }],
  };
}

function markdown(id: string, place: Place, text: string): Panel {
  return {
    json: panel('visualization', id, place, {
      title: '',
      hidePanelTitles: true,
      enhancements: {},
      savedVis: {
        type: 'markdown',
        id: '',
        title: '',
        params: { markdown: text, fontSize: 12, openLinksInNewTab: false },
        uiState: {},
        data: { aggs: [], searchSource: { query: { query: '', language: 'kuery' }, filter: [] } },
      },
    }),
    references: [],
  };
}

function panel(type: string, id: string, place: Place, embeddableConfig: object) {
  return { type, panelIndex: id, gridData: { ...place, i: id }, embeddableConfig };
}

function control(id: string, title: string, fieldName: string) {
  return {
    id,
    json: {
      width: 'medium',
      grow: true,
      type: 'optionsListControl',
      explicitInput: {
        id,
        dataViewId: signals.id,
        fieldName,
        title,
        selectedOptions: [],
        searchTechnique: 'prefix',
        sort: { by: '_count', direction: 'desc' },
      },
    },
    reference: {
      type: 'index-pattern',
      id: signals.id,
      name: `controlGroup_${id}:optionsListDataView`,
    },
  };
}
