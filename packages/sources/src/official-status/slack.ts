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

const kinds: Readonly<Record<string, OfficialOutcome>> = {
  incident: 'degraded',
  outage: 'down',
  maintenance: 'maintenance',
  notice: 'unknown',
};

/** Slack's own interface, `/api/v2.0.0/current`. */
export function readSlack(body: string): Snapshot {
  const current = record(parseJson(body));
  const status = text(current.status);
  if (status === '') throw new UnreadablePage('it has no status');
  const incidents = records(current.active_incidents).filter(
    (incident) => text(incident.status) !== 'scheduled',
  );
  const outcomes = incidents.filter(isOpen).map((incident) => meaning(kinds, incident.type));
  const worst = (['down', 'degraded', 'maintenance'] as const).find((one) =>
    outcomes.includes(one),
  );
  return {
    overall: {
      outcome: status === 'ok' ? 'up' : status === 'active' ? (worst ?? 'unknown') : 'unknown',
      detail: status,
      ...(time(current.date_updated) === undefined
        ? {}
        : { updatedAt: time(current.date_updated)! }),
    },
    notices: incidents.map((incident) => {
      const open = isOpen(incident);
      const notes = records(incident.notes).toSorted(
        (a, b) => (time(b.date_created) ?? 0) - (time(a.date_created) ?? 0),
      );
      return notice({
        id: text(incident.id) || text(incident.url) || text(incident.title),
        title: text(incident.title) || 'incident',
        outcome: open ? meaning(kinds, incident.type) : 'up',
        startedAt: time(incident.date_created),
        resolvedAt: open ? undefined : time(incident.date_updated),
        updatedAt: time(incident.date_updated),
        detail: [names(incident.services), plain(text(notes[0]?.body))]
          .filter((part) => part !== '')
          .join(': '),
      });
    }),
    listsAllOpen: true,
  };
}

function isOpen(incident: ReturnType<typeof record>): boolean {
  return !['resolved', 'completed', 'cancelled'].includes(text(incident.status));
}

function names(services: unknown): string {
  return Array.isArray(services) ? services.map(text).join(', ') : '';
}
