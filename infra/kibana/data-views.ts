import type { SavedObject } from './saved-object.ts';
import { savedObject } from './saved-object.ts';

/** What people read in the place of a field's name. */
type Labels = Record<string, string>;

const common: Labels = {
  'service.name': 'Target',
  message: 'Text',
  'geo.country_iso_code': 'Country',
  'geo.region_iso_code': 'Subdivision',
  'outcry.types': 'Error types',
  'outcry.platforms': 'Platforms',
  'outcry.confidence': 'Confidence',
};
const ofOutages: Labels = {
  ...common,
  message: 'Reason',
  'event.start': 'Onset',
  'event.end': 'End',
  'event.action': 'Event',
  'event.sequence': 'Sequence',
  'outcry.outage.id': 'Outage',
  'outcry.outage.state': 'State',
  'outcry.outage.severity': 'Severity',
  'outcry.outage.scope': 'Scope',
  'outcry.outage.voices': 'Voices',
  'outcry.outage.lead_seconds': 'Lead over the official status',
  'outcry.outage.peak.voices_per_minute': 'Peak, voices a minute',
  'outcry.outage.cause.class': 'Likely cause',
  'outcry.outage.echo_of.target': 'Echo of',
};

const percent = { id: 'percent', params: { pattern: '0%' } };
const seconds = {
  id: 'duration',
  params: { inputFormat: 'seconds', outputFormat: 'humanizePrecise', outputPrecision: 0 },
};

export const signals = dataView({
  id: 'outcry-signals',
  name: 'Outcry signals',
  timeField: '@timestamp',
  labels: {
    ...common,
    'outcry.stance': 'Stance',
    'outcry.type': 'Error type',
    'outcry.voice': 'Voice',
    'outcry.language': 'Language',
    'event.provider': 'Source',
    'url.full': 'Link',
  },
  formats: {
    'url.full': { id: 'url', params: { urlTemplate: '{{rawValue}}', labelTemplate: 'open' } },
    'outcry.confidence': percent,
    'outcry.weight': percent,
  },
});

/**
 * Without a time field, so that it shows every outage whatever time is chosen: what is open now is
 * open, though its last change may be days ago.
 */
export const outages = dataView({
  id: 'outcry-outages',
  name: 'Outcry outages',
  timeField: undefined,
  labels: ofOutages,
  formats: { 'outcry.confidence': percent, 'outcry.outage.lead_seconds': seconds },
});

export const outageEvents = dataView({
  id: 'outcry-outage-events',
  name: 'Outcry outage events',
  timeField: '@timestamp',
  labels: ofOutages,
  formats: { 'outcry.confidence': percent, 'outcry.outage.lead_seconds': seconds },
});

/** A data view has the id of the alias that it shows. */
function dataView(view: {
  id: string;
  name: string;
  timeField: string | undefined;
  labels: Labels;
  formats: Record<string, unknown>;
}): SavedObject {
  const attrs = Object.entries(view.labels).map(([field, label]) => [
    field,
    { customLabel: label },
  ]);
  return savedObject('index-pattern', view.id, {
    title: view.id,
    name: view.name,
    ...(view.timeField === undefined ? {} : { timeFieldName: view.timeField }),
    // The view may be opened before the first document is there.
    allowNoIndex: true,
    fieldAttrs: JSON.stringify(Object.fromEntries(attrs)),
    fieldFormatMap: JSON.stringify(view.formats),
    runtimeFieldMap: '{}',
    sourceFilters: '[]',
  });
}
