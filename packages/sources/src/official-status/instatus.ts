import type { OfficialOutcome, Snapshot } from './notice.ts';
import {
  meaning,
  notice,
  parseJson,
  record,
  records,
  text,
  time,
  UnreadablePage,
} from './notice.ts';

const pages: Readonly<Record<string, OfficialOutcome>> = {
  UP: 'up',
  HASISSUES: 'degraded',
  UNDERMAINTENANCE: 'maintenance',
};
const impacts: Readonly<Record<string, OfficialOutcome>> = {
  OPERATIONAL: 'unknown',
  DEGRADEDPERFORMANCE: 'degraded',
  PARTIALOUTAGE: 'degraded',
  MINOROUTAGE: 'degraded',
  MAJOROUTAGE: 'down',
  UNDERMAINTENANCE: 'maintenance',
};

/** Instatus, `/summary.json`. Its dates are the text of JavaScript dates, not ISO. */
export function readInstatus(body: string): Snapshot {
  const summary = record(parseJson(body));
  const page = record(summary.page);
  if (text(page.status) === '') throw new UnreadablePage('it has no page.status');
  const incidents = records(summary.activeIncidents);
  const outcome = meaning(pages, page.status);
  const worst = incidents.some((incident) => meaning(impacts, incident.impact) === 'down');
  return {
    overall: {
      outcome: worst && outcome === 'degraded' ? 'down' : outcome,
      detail: text(page.status),
    },
    notices: [
      ...incidents.map((incident) => readOne(incident, meaning(impacts, incident.impact))),
      ...records(summary.activeMaintenances)
        .filter(({ status }) => text(status) !== 'NOTSTARTEDYET')
        .map((maintenance) => readOne(maintenance, 'maintenance')),
    ],
    listsAllOpen: true,
  };
}

function readOne(entry: ReturnType<typeof record>, outcome: OfficialOutcome) {
  const over = /^(RESOLVED|COMPLETED)$/.test(text(entry.status));
  const title = text(entry.name) || 'incident';
  return notice({
    // The page gives incidents an address, older ones no id.
    id: text(entry.id) || text(entry.url) || `${title}/${text(entry.started ?? entry.start)}`,
    title,
    outcome: over
      ? 'up'
      : text(entry.status) === 'MONITORING' && outcome === 'down'
        ? 'degraded'
        : outcome,
    startedAt: time(entry.started ?? entry.start),
    updatedAt: time(entry.updatedAt),
    detail: text(entry.status),
  });
}
