import type { Catalog } from '@outcry/catalog';
import type { Deletion } from '@outcry/contracts';
import { LRUCache } from 'lru-cache';
import { Channels } from '../channels.ts';
import type { JsonAnswer } from '../http.ts';
import type { Source, SourceContext } from '../source.ts';
import { timesOfPoll, toInstant } from '../times.ts';
import { createBackOff, every, together, wait } from '../wait.ts';
import type { RedditApi } from './api.ts';
import { createRedditApi } from './api.ts';
import type { Link } from './listing.ts';
import { isGone, postOf, readListing } from './listing.ts';

export interface RedditOptions {
  clientId: string;
  clientSecret: string;
  /** Own and recognisable, such as `web:example.org:1.0 (by /u/name)`. */
  userAgent: string;
  catalog: Pick<Catalog, 'targets'>;
  tokenBase?: string;
  apiBase?: string;
  /** Communities in one listing. Default 40. */
  groupSize?: number;
  /** Between two requests. Default 1.2 s: half of what a client may ask. */
  pollEveryMs?: number;
  /** Between two looks whether posts that we hold were taken back. Default 10 min. */
  recheckEveryMs?: number;
  heartbeatMs?: number;
  backOffMs?: { first: number; most: number };
  /** How long refused credentials are left alone. Default 5 min. */
  refusedWaitMs?: number;
}

/** Listings end after a thousand posts. */
const mostPages = 10;
/** Posts of one second, and a listing that is sorted only nearly. */
const slackSeconds = 60;
const recheckedPosts = 2_000;

/** Newest time of a community, epoch seconds, and the names seen around it. */
interface Place {
  newest: number;
  names: string[];
}

/**
 * New posts of the communities of the watched targets, many communities by one request. A listing has no anchor that cannot be
 * deleted, so each poll reads from the newest down to what is known by name and time.
 */
export function createRedditSource(options: RedditOptions): Source {
  return { name: 'reddit', brings: 'posts', run: (context) => new Poller(options, context).run() };
}

class Poller {
  readonly #options: RedditOptions;
  readonly #context: SourceContext;
  readonly #api: RedditApi;
  readonly #channels: Channels;
  /** Targets by community, in lower case. */
  readonly #communities: Map<string, string[]>;
  /** Communities that are asked for together, as Reddit's own combined listings. */
  #groups: string[][];
  readonly #places = new Map<string, Place>();
  readonly #previous = new Map<string, number>();
  /** Names of posts in the log that may be taken back yet. */
  readonly #held = new LRUCache<string, true>({ max: recheckedPosts });
  readonly #backOff: ReturnType<typeof createBackOff>;
  #savedCursor = '';
  #toldRefusal = false;

  constructor(options: RedditOptions, context: SourceContext) {
    this.#options = options;
    this.#context = context;
    this.#api = createRedditApi({
      tokenBase: new URL(options.tokenBase ?? 'https://www.reddit.com'),
      apiBase: new URL(options.apiBase ?? 'https://oauth.reddit.com'),
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      userAgent: options.userAgent,
      now: context.now,
    });
    this.#communities = communitiesOf(options.catalog);
    this.#groups = groupsOf([...this.#communities.keys()], options.groupSize ?? 40);
    this.#channels = new Channels(['reddit'], context.now());
    const { first, most } = options.backOffMs ?? { first: 5_000, most: 300_000 };
    this.#backOff = createBackOff(first, most);
  }

  async run(): Promise<void> {
    this.#readCursor(await this.#context.loadCursor());
    await together(this.#context.signal, [
      (signal) => this.#poll(signal),
      (signal) => this.#keepBeating(signal),
    ]);
    await this.#saveCursor();
    await this.#context.sink.heartbeat(this.#channels.stopped());
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const everyMs = this.#options.pollEveryMs ?? 1_200;
    let recheckAt = this.#context.now() + (this.#options.recheckEveryMs ?? 600_000);
    while (!signal.aborted && this.#groups.length > 0) {
      for (const group of this.#groups) {
        await this.#pollOne(group, signal);
        await wait(everyMs * (0.9 + 0.2 * Math.random()), signal);
        if (signal.aborted) return;
      }
      if (this.#context.now() < recheckAt) continue;
      await this.#recheck(signal);
      recheckAt = this.#context.now() + (this.#options.recheckEveryMs ?? 600_000);
    }
  }

  /** From the newest post down to what is known. */
  async #pollOne(group: readonly string[], signal: AbortSignal): Promise<void> {
    const began = this.#context.now();
    const name = group.join('+');
    const before = this.#places.get(name);
    const fresh: Link[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const answer = await this.#api.newest(name, after, signal);
      if (!answer.ok) return this.#refused(group, answer, signal);
      const page = readListing(answer.value);
      if (page === null) {
        this.#context.count('malformed');
        break;
      }
      this.#context.count('malformed', page.malformed);
      fresh.push(...page.links.filter((one) => isNew(one, before)));
      const oldest = page.links.at(-1);
      const known = oldest !== undefined && before !== undefined && !isNew(oldest, before);
      after = page.after;
      // At the first start the newest page alone shows where we begin.
      if (known || after === null || before === undefined || page.links.length === 0) break;
    }
    await this.#keep(name, fresh);
    this.#previous.set(name, began);
    this.#channels.up('reddit', this.#context.now());
    this.#backOff.reset();
  }

  async #keep(group: string, links: readonly Link[]): Promise<void> {
    const observed = this.#context.now();
    const previous = this.#previous.get(group) ?? null;
    const present = links.filter((one) => !isGone(one));
    this.#context.count('received', links.length);
    const posts = present.map((one) =>
      postOf(one, {
        targets: this.#communities.get(one.subreddit.toLowerCase()) ?? [],
        times: timesOfPoll(toInstant(one.created_utc * 1000), previous, observed),
        voice: this.#context.voice,
      }),
    );
    if (posts.length > 0)
      await this.#channels.during('reddit', observed, () => this.#context.sink.put(posts));
    for (const { name } of present) this.#held.set(name, true);
    this.#places.set(group, advance(this.#places.get(group), links, observed / 1000));
  }

  /** What was taken back there is taken back here. */
  async #recheck(signal: AbortSignal): Promise<void> {
    const names = [...this.#held.keys()];
    for (let start = 0; start < names.length && !signal.aborted; start += 100) {
      const asked = names.slice(start, start + 100);
      const answer = await this.#api.info(asked, signal);
      const page = answer.ok ? readListing(answer.value) : null;
      if (page === null || page.malformed > 0) return;
      const present = new Set(page.links.filter((one) => !isGone(one)).map(({ name }) => name));
      const gone = asked.filter((name) => !present.has(name));
      const observedAt = toInstant(this.#context.now());
      const deletions = gone.map(
        (name): Deletion => ({
          kind: 'deletion',
          source: 'reddit',
          postId: `reddit:${name}`,
          observedAt,
        }),
      );
      if (deletions.length > 0) await this.#context.sink.put(deletions);
      for (const name of gone) this.#held.delete(name);
    }
  }

  async #refused(
    group: readonly string[],
    answer: Extract<JsonAnswer, { ok: false }>,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) return;
    const { log } = this.#context;
    this.#previous.delete(group.join('+'));
    const json = answer.headers.get('content-type')?.includes('json') ?? false;
    if (answer.status === 404 || (answer.status === 403 && json)) {
      this.#narrow(group);
      return;
    }
    this.#channels.down('reddit', answer.reason);
    if (answer.reason !== 'refused-credentials') log.info({ source: 'reddit' }, answer.detail);
    else if (!this.#toldRefusal) {
      this.#toldRefusal = true;
      log.error({ source: 'reddit' }, 'Reddit refuses the client id and secret, or blocks us');
    }
    const refusedMs = this.#options.refusedWaitMs ?? 300_000;
    await wait(answer.reason === 'refused-credentials' ? refusedMs : this.#backOff.next(), signal);
  }

  /** One closed community must not close the others: the group is halved until it is found. */
  #narrow(group: readonly string[]): void {
    const half = Math.ceil(group.length / 2);
    const halves = group.length > 1 ? [group.slice(0, half), group.slice(half)] : [];
    const index = this.#groups.findIndex((one) => one.join('+') === group.join('+'));
    this.#groups = this.#groups.toSpliced(index, 1, ...halves.map((part) => [...part]));
    if (halves.length > 0) return;
    this.#context.log.warn(
      { source: 'reddit', subreddit: group[0] },
      'the community cannot be read, it is left out',
    );
  }

  async #keepBeating(signal: AbortSignal): Promise<void> {
    await every(this.#options.heartbeatMs ?? 1_000, signal, async () => {
      await this.#context.sink.heartbeat(this.#channels.beat(this.#context.now()));
      await this.#saveCursor();
    });
  }

  async #saveCursor(): Promise<void> {
    const cursor = JSON.stringify(Object.fromEntries(this.#places));
    if (cursor === this.#savedCursor) return;
    await this.#context.saveCursor(cursor);
    this.#savedCursor = cursor;
  }

  /** @throws when what we saved ourselves cannot be read: that is a fault of ours. */
  #readCursor(text: string | null): void {
    this.#savedCursor = text ?? '{}';
    for (const [subreddit, place] of Object.entries(JSON.parse(this.#savedCursor)))
      this.#places.set(subreddit, place as Place);
  }
}

function communitiesOf(catalog: Pick<Catalog, 'targets'>): Map<string, string[]> {
  const communities = new Map<string, string[]>();
  for (const { id, subreddits } of catalog.targets) {
    for (const subreddit of subreddits) {
      const name = subreddit.toLowerCase();
      communities.set(name, [...(communities.get(name) ?? []), id]);
    }
  }
  return communities;
}

function groupsOf(names: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(names.length / size) }, (_, index) =>
    names.slice(index * size, (index + 1) * size),
  );
}

function isNew(one: Link, place: Place | undefined): boolean {
  if (place === undefined) return true;
  return one.created_utc > place.newest - slackSeconds && !place.names.includes(one.name);
}

/** A time in the future must not hide what comes before it. */
function advance(place: Place | undefined, links: readonly Link[], nowSeconds: number): Place {
  const times = links.map((one) => Math.min(one.created_utc, nowSeconds));
  const newest = Math.max(place?.newest ?? 0, ...times);
  const names = links
    .filter((one) => one.created_utc > newest - slackSeconds)
    .map((one) => one.name);
  return { newest, names: [...new Set([...names, ...(place?.names ?? [])])].slice(0, 200) };
}
