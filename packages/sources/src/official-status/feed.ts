import { parseFeed } from 'feedsmith';
import type { Notice, OfficialOutcome, Snapshot } from './notice.ts';
import { notice, plain, record, records, text, time, UnreadablePage } from './notice.ts';

/** Entries older than this are history: a feed never says that it is over. */
const recentMs = 24 * 60 * 60_000;

/**
 * RSS, Atom and their kin. A feed has words, no states: the first word of state in an entry counts,
 * because pages put the newest update first.
 */
export function readFeed(body: string, now: number): Snapshot {
  const parsed = parse(body);
  const feed = record(parsed.feed);
  const entries = records(feed.items ?? feed.entries);
  return {
    overall: null,
    notices: entries.map(readEntry).filter((one) => {
      const newest = one.updatedAt ?? one.startedAt;
      return newest === undefined || now - newest < recentMs;
    }),
    listsAllOpen: false,
  };
}

function parse(body: string): ReturnType<typeof record> {
  try {
    return record(parseFeed(body));
  } catch (error) {
    throw new UnreadablePage(error instanceof Error ? error.message : String(error));
  }
}

function readEntry(entry: ReturnType<typeof record>): Notice {
  const title = plain(textOf(entry.title)) || 'entry';
  const words = plain(textOf(entry.content) || textOf(entry.description) || textOf(entry.summary));
  const published = time(entry.published ?? entry.pubDate ?? entry.date_published);
  const updated = time(entry.updated) ?? published;
  const outcome = outcomeOf(`${title}. ${words}`);
  const link = text(entry.link) || text(records(entry.links)[0]?.href);
  return notice({
    id: textOf(entry.guid) || text(entry.id) || link || title,
    title,
    outcome,
    startedAt: published,
    resolvedAt: outcome === 'up' ? updated : undefined,
    updatedAt: updated,
    detail: words,
  });
}

/** Some fields are text in one dialect and an object with a value in another. */
function textOf(value: unknown): string {
  return text(value) || text(record(value).value) || text(record(value).content);
}

const states: readonly [OfficialOutcome, RegExp][] = [
  [
    'up',
    /\b(resolved|completed|operating normally|recovered|fully restored|mitigated|operational)\b/i,
  ],
  ['maintenance', /\b(maintenance|scheduled)\b/i],
  ['down', /\b(major outage|service outage|full outage|unavailable|outage|down)\b/i],
  [
    'degraded',
    /\b(investigating|identified|monitoring|degraded|degradation|partial|disruption|elevated|delays?|errors?|latency|issues?)\b/i,
  ],
];

/** The state whose word comes first. */
export function outcomeOf(words: string): OfficialOutcome {
  let first: { outcome: OfficialOutcome; at: number } | null = null;
  for (const [outcome, pattern] of states) {
    const at = words.search(pattern);
    if (at >= 0 && (first === null || at < first.at)) first = { outcome, at };
  }
  return first?.outcome ?? 'unknown';
}
