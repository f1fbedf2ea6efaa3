import type { Notice, OfficialOutcome, Snapshot } from './notice.ts';
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

const indicators: Readonly<Record<string, OfficialOutcome>> = {
  none: 'up',
  minor: 'degraded',
  major: 'down',
  critical: 'down',
  maintenance: 'maintenance',
};
const impacts: Readonly<Record<string, OfficialOutcome>> = {
  // A notice without impact is news, not trouble.
  none: 'unknown',
  minor: 'degraded',
  major: 'down',
  critical: 'down',
  maintenance: 'maintenance',
};
const over = new Set(['resolved', 'postmortem', 'completed']);
const running = new Set(['in_progress', 'verifying']);

/** Atlassian Statuspage, `/api/v2/summary.json`. Values that it may add some day are `unknown`. */
export function readStatuspage(body: string): Snapshot {
  const summary = record(parseJson(body));
  const status = record(summary.status);
  if (text(status.indicator) === '' && !Array.isArray(summary.incidents))
    throw new UnreadablePage('it has neither status.indicator nor incidents');
  return {
    overall: {
      outcome: meaning(indicators, status.indicator),
      detail: [text(status.description), affected(summary.components)]
        .filter((part) => part !== '')
        .join('; '),
      ...timeOf('updatedAt', record(summary.page).updated_at),
    },
    notices: [
      ...records(summary.incidents).map(readIncident),
      ...records(summary.scheduled_maintenances)
        .filter((maintenance) => running.has(text(maintenance.status)))
        .map((maintenance) => ({ ...readIncident(maintenance), outcome: 'maintenance' as const })),
    ],
    listsAllOpen: true,
  };
}

/** `/api/v2/incidents.json`: recent incidents, over ones included, with the times of their end. */
export function readStatuspageHistory(body: string): Notice[] {
  return records(record(parseJson(body)).incidents).map(readIncident);
}

function readIncident(incident: ReturnType<typeof record>): Notice {
  const status = text(incident.status);
  const updates = records(incident.incident_updates);
  // Pages list the newest first, but do not promise it.
  const newest = updates.toSorted(
    (a, b) => (time(b.display_at ?? b.created_at) ?? 0) - (time(a.display_at ?? a.created_at) ?? 0),
  )[0];
  const impact = meaning(impacts, incident.impact);
  return notice({
    id: text(incident.id) || text(incident.name),
    title: text(incident.name) || 'incident',
    // Watched after a fix: nobody says that it is still as bad as it was.
    outcome: over.has(status)
      ? 'up'
      : status === 'monitoring' && impact === 'down'
        ? 'degraded'
        : impact,
    startedAt: time(incident.started_at) ?? time(incident.created_at),
    resolvedAt: over.has(status)
      ? (time(incident.resolved_at) ?? time(incident.updated_at))
      : undefined,
    updatedAt: time(incident.updated_at),
    detail: [status, text(newest?.body)].filter((part) => part !== '').join(': '),
  });
}

/** Names of the components that are not well. */
function affected(components: unknown): string {
  const names = records(components)
    .filter((component) => component.group !== true)
    .filter(({ status }) => !['operational', 'under_maintenance', ''].includes(text(status)))
    .map((component) => `${text(component.name)} (${text(component.status)})`);
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}

function timeOf<Name extends string>(name: Name, value: unknown): { [Key in Name]?: number } {
  const found = time(value);
  return (found === undefined ? {} : { [name]: found }) as { [Key in Name]?: number };
}
