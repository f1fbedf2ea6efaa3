import type { Client, estypes } from '@elastic/elasticsearch';
import type { OutageEvent, Signal } from '@outcry/contracts';
import { isSignalStance, stances } from '@outcry/contracts';
import type { OutageDocument, SignalDocument } from '../documents.ts';
import { outageFromDocument, signalFromDocument } from '../documents.ts';
import type { HistogramBucket, HistogramQuery, OutageQuery, Page, SignalQuery } from '../port.ts';
import type { ListWindow } from '../query.ts';
import { encodeCursor, readHistogram, readWindow } from '../query.ts';
import { spaceQuestion } from '../words.ts';

type Clause = estypes.QueryDslQueryContainer;

const troubleStances = stances.filter(isSignalStance);
/** Groups in one answer of a histogram; more are asked for page by page. */
const maxGroups = 2_000;
/** Events of one outage in one answer. */
const historyPage = 1_000;

/** The signals that a question asks for, newest first. */
export async function findSignals(
  client: Client,
  alias: string,
  query: SignalQuery,
): Promise<Page<Signal>> {
  const window = readWindow(query);
  const filter: Clause[] = [];
  if (query.target !== undefined) filter.push({ term: { 'service.name': query.target } });
  if (query.recordId !== undefined) filter.push({ term: { 'outcry.record.id': query.recordId } });
  if (query.stance !== undefined) filter.push({ term: { 'outcry.stance': query.stance } });
  if (query.signalsOnly === true) filter.push({ terms: { 'outcry.stance': troubleStances } });
  if (query.country !== undefined) filter.push({ term: { 'geo.country_iso_code': query.country } });
  if (query.type !== undefined)
    filter.push(
      either({ term: { 'outcry.type': query.type } }, { term: { 'outcry.types': query.type } }),
    );
  if (window.from !== undefined) filter.push({ range: { '@timestamp': { gte: window.from } } });
  if (window.to !== undefined) filter.push({ range: { '@timestamp': { lt: window.to } } });
  filter.push(...words(query.text, ['message']));
  const page = await list<SignalDocument>(client, alias, filter, window, [
    '@timestamp',
    'event.id',
  ]);
  return { ...page, items: page.items.map(signalFromDocument) };
}

/** The outages that a question asks for, the latest onset first. */
export async function findOutages(
  client: Client,
  alias: string,
  query: OutageQuery,
): Promise<Page<OutageEvent>> {
  const window = readWindow(query);
  const filter: Clause[] = [];
  if (query.target !== undefined) filter.push({ term: { 'service.name': query.target } });
  if (query.states !== undefined)
    filter.push({ terms: { 'outcry.outage.state': [...query.states] } });
  if (window.to !== undefined) filter.push({ range: { 'event.start': { lt: window.to } } });
  if (window.from !== undefined)
    filter.push(
      either(
        { bool: { must_not: { exists: { field: 'event.end' } } } },
        { range: { 'event.end': { gt: window.from } } },
      ),
    );
  filter.push(...words(query.text, ['message', 'service.name.text']));
  const page = await list<OutageDocument>(client, alias, filter, window, [
    'event.start',
    'outcry.outage.id',
  ]);
  return { ...page, items: page.items.map(outageFromDocument) };
}

/** Every event of an outage in sequence. */
export async function outageHistory(
  client: Client,
  alias: string,
  outageId: string,
): Promise<OutageEvent[]> {
  const events: OutageEvent[] = [];
  let after: number | undefined;
  for (;;) {
    const { hits } = await client.search<OutageDocument>({
      index: alias,
      size: historyPage,
      query: { term: { 'outcry.outage.id': outageId } },
      sort: [{ 'event.sequence': 'asc' }],
      ...(after === undefined ? {} : { search_after: [after] }),
    });
    events.push(...hits.hits.map((hit) => outageFromDocument(hit._source!)));
    if (hits.hits.length < historyPage) return events;
    after = events.at(-1)!.sequence;
  }
}

/** Distinct voices in trouble per target and interval, by target, then time. */
export async function signalHistogram(
  client: Client,
  alias: string,
  query: HistogramQuery,
): Promise<HistogramBucket[]> {
  const { from, to, intervalMs } = readHistogram(query);
  const filter: Clause[] = [
    { range: { '@timestamp': { gte: from, lt: to } } },
    { terms: { 'outcry.stance': troubleStances } },
  ];
  if (query.target !== undefined) filter.push({ term: { 'service.name': query.target } });
  const buckets: HistogramBucket[] = [];
  let after: Record<string, estypes.FieldValue> | undefined;
  do {
    // `composite` answers in pages; nested groups would run into the server's bound on buckets.
    const { aggregations } = await client.search<unknown, HistogramAnswer>({
      index: alias,
      size: 0,
      query: { bool: { filter } },
      aggs: {
        groups: {
          composite: {
            size: maxGroups,
            sources: [
              { target: { terms: { field: 'service.name' } } },
              {
                at: {
                  date_histogram: { field: '@timestamp', fixed_interval: `${intervalMs}ms` },
                },
              },
            ],
            ...(after === undefined ? {} : { after }),
          },
          aggs: { voices: { cardinality: { field: 'outcry.voice' } } },
        },
      },
    });
    const groups = aggregations!.groups;
    for (const group of groups.buckets)
      buckets.push({
        target: group.key.target,
        at: new Date(group.key.at).toISOString(),
        voices: group.voices.value,
      });
    after = groups.after_key;
  } while (after !== undefined);
  return buckets;
}

interface HistogramAnswer {
  groups: {
    after_key?: Record<string, estypes.FieldValue>;
    buckets: { key: { target: string; at: number }; voices: { value: number } }[];
  };
}

/** One page, ordered by a date and then an id, both descending. */
async function list<Document>(
  client: Client,
  alias: string,
  filter: Clause[],
  window: ListWindow,
  [timeField, idField]: [string, string],
): Promise<Page<Document>> {
  const { hits } = await client.search<Document>({
    index: alias,
    size: window.limit + 1,
    track_total_hits: true,
    query: { bool: { filter } },
    sort: [{ [timeField]: 'desc' }, { [idField]: 'desc' }],
    ...(window.after === undefined ? {} : { search_after: [window.after.at, window.after.id] }),
  });
  const total = (hits.total as estypes.SearchTotalHits).value;
  const shown = hits.hits.slice(0, window.limit);
  const items = shown.map((hit) => hit._source!);
  const last = shown.at(-1);
  if (hits.hits.length <= window.limit || last === undefined) return { total, items };
  const [at, id] = last.sort as [number, string];
  return { total, items, next: encodeCursor({ at, id }) };
}

/** All words of a question, each in any of the fields. */
function words(question: string | undefined, fields: string[]): Clause[] {
  if (question === undefined || question.trim() === '') return [];
  return [
    {
      multi_match: {
        query: spaceQuestion(question),
        fields,
        type: 'cross_fields',
        operator: 'and',
      },
    },
  ];
}

function either(...clauses: Clause[]): Clause {
  return { bool: { should: clauses, minimum_should_match: 1 } };
}
