import type { OfficialOutcome, Snapshot } from './notice.ts';
import {
  meaning,
  notice,
  parseJson,
  plain,
  record,
  records,
  text,
  time,
  UnreadablePage,
} from './notice.ts';

const impacts: Readonly<Record<string, OfficialOutcome>> = {
  AVAILABLE: 'up',
  SERVICE_INFORMATION: 'unknown',
  SERVICE_DISRUPTION: 'degraded',
  SERVICE_OUTAGE: 'down',
};

/** What ended longer ago is history. */
const recentMs = 24 * 60 * 60_000;

/** Google Cloud and Workspace, `incidents.json`: the whole history, newest first. */
export function readGoogle(body: string, now: number): Snapshot {
  const incidents = parseJson(body);
  if (!Array.isArray(incidents)) throw new UnreadablePage('it is no list of incidents');
  const notices = records(incidents)
    .filter((incident) => {
      const ended = time(incident.end);
      return ended === undefined || now - ended < recentMs;
    })
    .map((incident) => {
      const ended = time(incident.end);
      const newest = record(incident.most_recent_update);
      const impact = meaning(impacts, incident.status_impact);
      const title = plain(text(incident.external_desc)).slice(0, 300);
      return notice({
        id: text(incident.id) || text(incident.number) || title,
        title: title || 'incident',
        outcome: ended === undefined ? impact : 'up',
        startedAt: time(incident.begin) ?? time(incident.created),
        resolvedAt: ended,
        updatedAt: time(newest.modified ?? newest.when) ?? time(incident.modified),
        detail: places(incident.currently_affected_locations) || text(newest.status),
      });
    });
  const worst = (['down', 'degraded'] as const).find((outcome) =>
    notices.some((one) => one.outcome === outcome),
  );
  return {
    overall: {
      outcome: worst ?? 'up',
      detail: `${notices.filter((one) => one.outcome !== 'up').length} open incident(s)`,
    },
    notices,
    listsAllOpen: true,
  };
}

function places(locations: unknown): string {
  return records(locations)
    .map((location) => text(location.title))
    .slice(0, 20)
    .join(', ');
}
