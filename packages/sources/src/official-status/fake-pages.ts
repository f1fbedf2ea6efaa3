/** An incident of the fake service, as every dialect tells it in its own words. */
export interface FakeIncident {
  id: string;
  name: string;
  impact: 'minor' | 'major';
  status: string;
  startedAt: Date;
  updatedAt: Date;
}

export type PageKind =
  | 'statuspage/api/v2/summary.json'
  | 'instatus/summary.json'
  | 'slack/current'
  | 'aws/currentevents'
  | 'google/incidents.json'
  | 'feed/rss'
  | 'feed/atom';

export interface RenderedPage {
  body: Buffer;
  contentType: string;
}

/** The page of a path; null when there is none. `extra` is laid over every incident and page. */
export function renderPage(
  path: string,
  incidents: readonly FakeIncident[],
  extra: Record<string, unknown>,
): RenderedPage | null {
  const open = incidents.filter((incident) => incident.status !== 'resolved');
  const withExtra = (fields: Record<string, unknown>) => ({ ...fields, ...extra });
  switch (path.slice(1)) {
    case 'statuspage/api/v2/summary.json':
      return json(statuspageSummary(open, withExtra));
    case 'statuspage/api/v2/incidents.json':
      return json({ incidents: incidents.map((one) => withExtra(statuspageIncident(one))) });
    case 'instatus/summary.json':
      return json(instatusSummary(open, withExtra));
    case 'slack/current':
      return json(slackCurrent(open, withExtra));
    case 'aws/currentevents': {
      // UTF-16 with a byte order mark, big end first, as AWS sends it.
      const text = JSON.stringify(incidents.map((one) => withExtra(awsEvent(one))));
      return {
        body: Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
        contentType: 'application/json',
      };
    }
    case 'google/incidents.json':
      return json(incidents.map((one) => withExtra(googleIncident(one))));
    case 'feed/rss':
      return { body: Buffer.from(rss(incidents)), contentType: 'application/rss+xml' };
    case 'feed/atom':
      return { body: Buffer.from(atom(incidents)), contentType: 'application/atom+xml' };
    default:
      return null;
  }
}

type WithExtra = (fields: Record<string, unknown>) => Record<string, unknown>;

function json(value: unknown): RenderedPage {
  return {
    body: Buffer.from(JSON.stringify(value)),
    contentType: 'application/json; charset=utf-8',
  };
}

function statuspageSummary(open: readonly FakeIncident[], withExtra: WithExtra) {
  const major = open.some((incident) => incident.impact === 'major');
  return {
    page: {
      id: 'x',
      name: 'Svc',
      url: 'https://status.test',
      time_zone: 'Etc/UTC',
      updated_at: iso(newest(open)),
    },
    status: withExtra({
      indicator: open.length === 0 ? 'none' : major ? 'major' : 'minor',
      description: open.length === 0 ? 'All Systems Operational' : 'Partial System Outage',
    }),
    components: [
      withExtra({
        id: 'c',
        name: 'API',
        status: open.length === 0 ? 'operational' : 'partial_outage',
        group: false,
        group_id: null,
        position: 1,
        updated_at: iso(newest(open)),
      }),
    ],
    incidents: open.map((one) => withExtra(statuspageIncident(one))),
    scheduled_maintenances: [],
  };
}

function statuspageIncident(incident: FakeIncident) {
  const over = incident.status === 'resolved';
  return {
    id: incident.id,
    name: incident.name,
    status: incident.status,
    impact: incident.impact,
    created_at: iso(incident.startedAt),
    updated_at: iso(incident.updatedAt),
    monitoring_at: null,
    resolved_at: over ? iso(incident.updatedAt) : null,
    shortlink: 'https://stspg.test/x',
    incident_updates: [
      {
        id: 'u',
        status: incident.status,
        body: 'We are looking into it.',
        created_at: iso(incident.updatedAt),
        display_at: iso(incident.updatedAt),
      },
    ],
  };
}

function instatusSummary(open: readonly FakeIncident[], withExtra: WithExtra) {
  return {
    page: withExtra({
      name: 'Svc',
      url: 'https://svc.instatus.test',
      status: open.length === 0 ? 'UP' : 'HASISSUES',
    }),
    activeIncidents: open.map((incident) =>
      withExtra({
        name: incident.name,
        started: incident.startedAt.toString(),
        status: incident.status.toUpperCase(),
        impact: incident.impact === 'major' ? 'MAJOROUTAGE' : 'DEGRADEDPERFORMANCE',
        url: `https://svc.instatus.test/${incident.id}`,
      }),
    ),
    activeMaintenances: [],
  };
}

function slackCurrent(open: readonly FakeIncident[], withExtra: WithExtra) {
  return withExtra({
    status: open.length === 0 ? 'ok' : 'active',
    date_created: iso(newest(open)),
    date_updated: iso(newest(open)),
    active_incidents: open.map((incident) =>
      withExtra({
        id: incident.id,
        date_created: iso(incident.startedAt),
        date_updated: iso(incident.updatedAt),
        title: incident.name,
        type: incident.impact === 'major' ? 'outage' : 'incident',
        status: 'active',
        url: `https://slack-status.test/${incident.id}`,
        services: ['Messaging', 'Huddles'],
        notes: [{ date_created: iso(incident.updatedAt), body: '<p>We are on it.</p>' }],
      }),
    ),
  });
}

function awsEvent(incident: FakeIncident) {
  const seconds = (date: Date) => Math.floor(date.getTime() / 1_000);
  const over = incident.status === 'resolved';
  return {
    date: String(seconds(incident.startedAt)),
    arn: `arn:aws:health:us-east-1::event/${incident.id}`,
    region_name: 'N. Virginia',
    status: incident.impact === 'major' ? '3' : '2',
    service: 'multipleservices-us-east-1',
    service_name: 'Multiple services',
    summary: incident.name,
    event_log: [
      {
        summary: over ? `[RESOLVED] ${incident.name}` : incident.name,
        message: 'We continue to investigate.',
        status: 1,
        timestamp: seconds(incident.updatedAt),
      },
    ],
    impacted_services: {},
  };
}

function googleIncident(incident: FakeIncident) {
  const over = incident.status === 'resolved';
  return {
    id: incident.id,
    number: '17',
    begin: iso(incident.startedAt),
    created: iso(incident.startedAt),
    ...(over ? { end: iso(incident.updatedAt) } : {}),
    modified: iso(incident.updatedAt),
    external_desc: incident.name,
    most_recent_update: { modified: iso(incident.updatedAt), status: 'SERVICE_DISRUPTION' },
    status_impact: incident.impact === 'major' ? 'SERVICE_OUTAGE' : 'SERVICE_DISRUPTION',
    severity: 'high',
    service_name: 'Multiple Products',
    currently_affected_locations: over
      ? []
      : [{ title: 'Belgium (europe-west1)', id: 'europe-west1' }],
  };
}

function rss(incidents: readonly FakeIncident[]): string {
  const items = incidents.map(
    (incident) => `<item><title>${xml(incident.name)}</title>
<guid isPermaLink="false">${incident.id}</guid><link>https://status.test/${incident.id}</link>
<pubDate>${incident.updatedAt.toUTCString()}</pubDate>
<description>${xml(updateHtml(incident))}</description></item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Svc status</title>
<link>https://status.test</link><description>Status</description>${items.join('')}</channel></rss>`;
}

function atom(incidents: readonly FakeIncident[]): string {
  const entries = incidents.map(
    (incident) => `<entry><id>tag:status.test,2005:Incident/${incident.id}</id>
<published>${iso(incident.startedAt)}</published><updated>${iso(incident.updatedAt)}</updated>
<link rel="alternate" type="text/html" href="https://status.test/${incident.id}"/>
<title>${xml(incident.name)}</title><content type="html">${xml(updateHtml(incident))}</content></entry>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>Svc status</title>
<id>tag:status.test,2005:/history</id><updated>${iso(newest(incidents))}</updated>${entries.join('')}</feed>`;
}

function updateHtml({ status, impact }: FakeIncident): string {
  const word = status[0]!.toUpperCase() + status.slice(1);
  const first = impact === 'major' ? 'Major outage' : 'Investigating';
  const head = status === 'resolved' ? word : status === 'investigating' ? first : word;
  return `<p><strong>${head}</strong> - We know of it.</p><p><strong>Investigating</strong> - Users see trouble.</p>`;
}

function newest(incidents: readonly FakeIncident[]): Date {
  return new Date(Math.max(0, ...incidents.map((one) => one.updatedAt.getTime())));
}

function iso(date: Date): string {
  return date.toISOString();
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
