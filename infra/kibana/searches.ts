import { outageEvents, outages, signals } from './data-views.ts';
import type { SavedObject } from './saved-object.ts';
import { savedObject, searchSource, tagReference } from './saved-object.ts';

/** Questions in the Kibana query language that several objects ask. */
export const inTrouble = 'outcry.stance: ("affected" or "asking")';
export const open = 'outcry.outage.state: ("suspected" or "confirmed" or "recovering")';

export const latestSignals = search({
  id: 'outcry-latest-signals',
  title: 'Outcry: latest signals',
  description: 'What people say who are hit, or who ask whether others are, newest first.',
  view: signals,
  query: inTrouble,
  sort: '@timestamp',
  columns: [
    'service.name',
    'message',
    'outcry.type',
    'geo.country_iso_code',
    'outcry.platforms',
    'outcry.confidence',
    'url.full',
  ],
});

export const openOutages = search({
  id: 'outcry-open-outages',
  title: 'Outcry: open outages',
  description: 'Outages that have not ended, the latest onset first.',
  view: outages,
  query: open,
  sort: 'event.start',
  columns: [
    'service.name',
    'outcry.outage.state',
    'outcry.outage.severity',
    'event.start',
    'outcry.outage.scope',
    'outcry.types',
    'outcry.outage.voices',
    'outcry.confidence',
    'message',
  ],
});

export const outageHistory = search({
  id: 'outcry-outage-history',
  title: 'Outcry: history of outages',
  description: 'Every event of every outage: opened, updated, resolved, retracted.',
  view: outageEvents,
  query: '',
  sort: '@timestamp',
  columns: [
    'service.name',
    'outcry.outage.id',
    'event.sequence',
    'event.action',
    'outcry.outage.severity',
    'outcry.outage.lead_seconds',
    'message',
  ],
});

function search(made: {
  id: string;
  title: string;
  description: string;
  view: SavedObject;
  query: string;
  /** A date, the latest first. */
  sort: string;
  columns: string[];
}): SavedObject {
  const indexRefName = 'kibanaSavedObjectMeta.searchSourceJSON.index';
  return savedObject(
    'search',
    made.id,
    {
      title: made.title,
      description: made.description,
      columns: made.columns,
      sort: [[made.sort, 'desc']],
      grid: {},
      hideChart: false,
      isTextBasedQuery: false,
      kibanaSavedObjectMeta: { searchSourceJSON: searchSource(made.query, { indexRefName }) },
    },
    [{ type: 'index-pattern', id: made.view.id, name: indexRefName }, tagReference],
  );
}
