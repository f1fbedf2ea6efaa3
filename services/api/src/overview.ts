import type { Catalog } from '@outcry/catalog';
import type { OutageEvent, SourceStatus } from '@outcry/contracts';
import { severities } from '@outcry/contracts';
import type { HistogramBucket, SearchIndex } from '@outcry/search-index';
import type { History } from './usual.ts';
import { usualOf } from './usual.ts';

export interface TargetOverview {
  id: string;
  name: string;
  kind: string;
  /** `unknown`: nothing is open, but no source sees, so nothing can be said. */
  state: 'ok' | 'suspected' | 'confirmed' | 'recovering' | 'unknown';
  outageId: string | null;
  /** Distinct voices of trouble per interval, oldest first. */
  voices: number[];
  /** What is usual per interval; null where nothing is known yet. */
  usual: (number | null)[];
}

export interface Overview {
  at: string;
  from: string;
  intervalSeconds: number;
  sources: SourceStatus[];
  /** Whether any source sees at all. */
  sight: 'clear' | 'partial' | 'blind';
  /** Trouble first, then by voices, then as the catalogue has them. */
  targets: TargetOverview[];
  open: OutageEvent[];
  /** Ended within the last day. */
  ended: OutageEvent[];
}

export interface OverviewQuery {
  /** Epoch milliseconds. */
  at: number;
  hours: number;
  intervalSeconds: number;
  /** This target alone. */
  target?: string;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface OverviewDeps {
  index: SearchIndex;
  catalog: Catalog;
  sources: readonly SourceStatus[];
  /** The week before a moment, epoch milliseconds. */
  history(before: number): Promise<History>;
}

/** All that the page shows, as it was at a moment. */
export async function readOverview(
  { index, catalog, sources, history }: OverviewDeps,
  query: OverviewQuery,
): Promise<Overview> {
  const stepMs = query.intervalSeconds * 1_000;
  const to = Math.ceil(query.at / stepMs) * stepMs;
  const from = to - query.hours * hourMs;
  const [recent, buckets, week] = await Promise.all([
    outagesAt(index, query),
    // Of all targets, also when one is asked for: whether anybody is heard tells whether we see.
    index.histogram({ from: iso(from), to: iso(to), intervalSeconds: query.intervalSeconds }),
    history(to),
  ]);
  const open = recent.filter((outage) => outage.endedAt === null).toSorted(byWeight);
  const usual = usualOf(week, recent);
  const counts = new Map(
    buckets.map(({ target, at, voices }) => [`${target} ${Date.parse(at)}`, voices]),
  );
  const sight = sightOf(sources, buckets, query.at);
  const starts = Array.from(
    { length: Math.round((to - from) / stepMs) },
    (_, step) => from + step * stepMs,
  );

  const wanted = (id: string) => query.target === undefined || id === query.target;
  // A target that reports speak of need not be in the catalogue; it is shown all the same.
  const known = new Map(
    catalog.targets
      .filter(({ id }) => wanted(id))
      .map(({ id, name, kind }) => [id, { id, name, kind: String(kind) }]),
  );
  for (const id of [...buckets.map(({ target }) => target), ...open.map(({ target }) => target)]) {
    if (wanted(id) && !known.has(id)) known.set(id, { id, name: id, kind: 'other' });
  }

  const targets = [...known.values()].map((target): TargetOverview => {
    const outage = open.find((it) => it.target === target.id);
    return {
      ...target,
      state: outage === undefined ? (sight === 'blind' ? 'unknown' : 'ok') : openState(outage),
      outageId: outage?.outageId ?? null,
      voices: starts.map((start) => counts.get(`${target.id} ${start}`) ?? 0),
      usual: starts.map((start) => {
        const perHour = usual(target.id, new Date(start).getUTCHours());
        return perHour === undefined ? null : round((perHour * query.intervalSeconds) / 3_600);
      }),
    };
  });
  return {
    at: iso(query.at),
    from: iso(from),
    intervalSeconds: query.intervalSeconds,
    sources: [...sources],
    sight,
    targets: targets.toSorted(byTrouble),
    open,
    ended: recent.filter((outage) => outage.endedAt !== null),
  };
}

/** Open at a moment or ended within the day before; in the state they had then. */
async function outagesAt(
  index: SearchIndex,
  { at, target }: Pick<OverviewQuery, 'at' | 'target'>,
): Promise<OutageEvent[]> {
  const page = await index.outages({
    ...(target === undefined ? {} : { target }),
    from: iso(at - dayMs),
    to: iso(at + 1),
    limit: 200,
  });
  return Promise.all(
    page.items.map(async (newest) => {
      if (Date.parse(newest.decidedAt) <= at) return newest;
      const past = (await index.history(newest.outageId)).filter(
        ({ decidedAt }) => Date.parse(decidedAt) <= at,
      );
      return past.at(-1);
    }),
  ).then((all) => all.filter((outage) => outage !== undefined));
}

/** Likely echoes never count as sure: most of what is said there is said of the other target. */
function openState(outage: OutageEvent): TargetOverview['state'] {
  const { state, echoOf } = outage;
  if (state === 'recovering') return 'recovering';
  return state === 'confirmed' && echoOf === undefined ? 'confirmed' : 'suspected';
}

/** What matters most first: sure before unsure, then by severity and by how many are hit. */
function byWeight(a: OutageEvent, b: OutageEvent): number {
  return (
    ranks[openState(a)] - ranks[openState(b)] ||
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    b.voices - a.voices
  );
}

/**
 * What the log no longer holds of the sources of a past moment, the index can tell in part: who was
 * heard within the hour was seen.
 */
function sightOf(
  sources: readonly SourceStatus[],
  buckets: readonly HistogramBucket[],
  at: number,
): Overview['sight'] {
  if (sources.length === 0) {
    const heard = buckets.some(({ at: start }) => {
      const before = at - Date.parse(start);
      return before >= 0 && before < hourMs;
    });
    return heard ? 'partial' : 'blind';
  }
  const seeing = sources.filter(({ state }) => state === 'seeing').length;
  if (seeing === 0) return 'blind';
  return seeing === sources.length ? 'clear' : 'partial';
}

const ranks = { confirmed: 0, suspected: 1, recovering: 2, unknown: 3, ok: 3 } as const;

function byTrouble(a: TargetOverview, b: TargetOverview): number {
  return ranks[a.state] - ranks[b.state] || sum(b.voices) - sum(a.voices);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
