import type { Notice, OfficialOutcome, Snapshot } from './notice.ts';
import {
  meaning,
  notice,
  parseJson,
  plain,
  records,
  text,
  time,
  UnreadablePage,
} from './notice.ts';

// 0 is well, 1 informs, 2 is degraded, 3 is disrupted.
const statuses: Readonly<Record<string, OfficialOutcome>> = {
  '0': 'up',
  '1': 'unknown',
  '2': 'degraded',
  '3': 'down',
};

/** AWS Health, `/public/currentevents`: a list of events, sent as UTF-16. */
export function readAws(body: string): Snapshot {
  const events = parseJson(body);
  if (!Array.isArray(events)) throw new UnreadablePage('it is no list of events');
  const notices = records(events).map(readEvent);
  const worst = (['down', 'degraded'] as const).find((outcome) =>
    notices.some((one) => one.outcome === outcome),
  );
  return {
    overall: {
      outcome: worst ?? 'up',
      detail: `${notices.filter((one) => one.outcome !== 'up').length} open event(s)`,
    },
    notices,
    listsAllOpen: true,
  };
}

function readEvent(event: ReturnType<typeof records>[number]): Notice {
  const log = records(event.event_log).toSorted(
    (a, b) => (time(b.timestamp) ?? 0) - (time(a.timestamp) ?? 0),
  );
  const newest = log[0];
  const summary = text(newest?.summary) || text(event.summary);
  const over = /\[resolved\]/i.test(`${summary} ${text(event.summary)}`);
  const place = text(event.region_name);
  const service = text(event.service_name);
  const title = [service, place === '' ? '' : `(${place})`, plain(summary)]
    .filter((part) => part !== '')
    .join(' ');
  return notice({
    id: text(event.arn) || `${text(event.service)}/${text(event.date)}`,
    title: title || 'event',
    outcome: over ? 'up' : meaning(statuses, event.status),
    startedAt: time(event.date),
    resolvedAt: over ? time(newest?.timestamp) : undefined,
    updatedAt: time(newest?.timestamp) ?? time(event.date),
    detail: plain(text(newest?.message) || text(newest?.description)),
  });
}
