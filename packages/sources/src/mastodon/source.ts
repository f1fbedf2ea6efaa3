import type { Matcher } from '@outcry/catalog';
import type { Deletion, Post } from '@outcry/contracts';
import { LRUCache } from 'lru-cache';
import { Channels } from '../channels.ts';
import type { BlindReason, Source, SourceContext } from '../source.ts';
import type { Times } from '../times.ts';
import { timesOf, timesOfPoll, toInstant } from '../times.ts';
import { createBackOff, every, together, wait } from '../wait.ts';
import type { MastodonApi, StreamEvent, Timeline } from './api.ts';
import { createMastodonApi, FatalChunk, readEvents, timelineName } from './api.ts';
import type { Status } from './status.ts';
import { isOurs, postIdOf, postOf, readStatus, tagsOf, textOf } from './status.ts';

export interface MastodonOptions {
  /** Address of the instance, such as `https://mastodon.social`. */
  instance: string;
  /** Where it streams, if that is another host. */
  streaming?: string;
  /** User token with `read:statuses`. Without it the tags are polled. */
  token?: string;
  /** Hashtags without the sign; each takes one stream, or one request of a polling round. */
  hashtags: readonly string[];
  /** With a token: follow all public posts by one stream instead of the hashtags. */
  everything?: boolean;
  matcher?: Pick<Matcher, 'match'>;
  keep?: 'matching' | 'all';
  /** Between two requests without a token. Default 2 s: half of what an instance allows. */
  pollEveryMs?: number;
  heartbeatMs?: number;
  /** Without a byte for this long a stream is dead; a beat comes every 15 s. Default 45 s. */
  deadAfterMs?: number;
  backOffMs?: { first: number; most: number };
  /** How long refused credentials are left alone. Default 5 min. */
  refusedWaitMs?: number;
}

/** Pages that fill one gap at most: 1,000 statuses. */
const mostGapPages = 25;
/** Statuses of other servers arrive late under the id of their time, so a gap is filled from before. */
const rewindMs = 60_000;
const rememberedStatuses = 100_000;

/**
 * Posts of one Mastodon instance: by event streams with a token, by polling without one. Streams
 * cannot be resumed, so after each connection the gap is filled by REST.
 */
export function createMastodonSource(options: MastodonOptions): Source {
  const instance = new URL(options.instance);
  if (options.keep !== 'all' && options.matcher === undefined)
    throw new TypeError('a mastodon source that keeps what matches wants a matcher');
  if (options.hashtags.length === 0 && !(options.everything && options.token !== undefined))
    throw new RangeError('a mastodon source wants hashtags');
  return {
    name: `mastodon:${instance.host}`,
    brings: 'posts',
    run: (context) => new Follower(options, instance, context).run(),
  };
}

class Follower {
  readonly #options: MastodonOptions;
  readonly #host: string;
  readonly #context: SourceContext;
  readonly #api: MastodonApi;
  readonly #timelines: readonly Timeline[];
  readonly #channels: Channels;
  /** Newest status id by timeline, up to which all is durable. */
  #cursors: Record<string, string> = {};
  #savedCursors = '';
  /** Uri and version of statuses that are durable, by the instance's own id. */
  readonly #known = new LRUCache<string, { uri: string; version: string }>({
    max: rememberedStatuses,
  });
  #toldRefusal = false;

  constructor(options: MastodonOptions, instance: URL, context: SourceContext) {
    this.#options = options;
    this.#host = instance.host;
    this.#context = context;
    const { token } = options;
    const streaming = new URL(options.streaming ?? instance);
    this.#api = createMastodonApi({ instance, streaming, token, now: context.now });
    this.#timelines =
      options.everything && token !== undefined
        ? [{ kind: 'public' }]
        : options.hashtags.map((tag) => ({ kind: 'hashtag', tag }));
    this.#channels = new Channels(this.#timelines.map(timelineName), context.now());
  }

  async run(): Promise<void> {
    this.#cursors = readCursors(await this.#context.loadCursor());
    this.#savedCursors = JSON.stringify(this.#cursors);
    const follow =
      this.#options.token === undefined
        ? [(signal: AbortSignal) => this.#poll(signal)]
        : this.#timelines.map(
            (timeline) => (signal: AbortSignal) => this.#follow(timeline, signal),
          );
    await together(this.#context.signal, [...follow, (signal) => this.#keepBeating(signal)]);
    await this.#saveCursors();
    await this.#context.sink.heartbeat(this.#channels.stopped());
  }

  /** One stream after the other, each with the gap before it filled. */
  async #follow(timeline: Timeline, signal: AbortSignal): Promise<void> {
    const backOff = createBackOff(
      this.#options.backOffMs?.first ?? 1_000,
      this.#options.backOffMs?.most ?? 60_000,
    );
    while (!signal.aborted) {
      const waitMs = await this.#session(timeline, signal, () => backOff.reset());
      if (signal.aborted) return;
      this.#context.count('disconnected');
      await wait(waitMs ?? backOff.next(), signal);
    }
  }

  /** Returns how long to wait before the next, where the cause tells. */
  async #session(
    timeline: Timeline,
    signal: AbortSignal,
    worked: () => void,
  ): Promise<number | undefined> {
    const name = timelineName(timeline);
    const { now } = this.#context;
    const session = new AbortController();
    const both = AbortSignal.any([signal, session.signal]);
    const answer = await this.#api.stream(timeline, both);
    if (!answer.ok) return this.#refused(name, answer.reason, answer.detail);
    this.#context.count('connected');
    this.#channels.alive(name, now());
    // What streams in while the gap is filled waits in the socket.
    const filled = await this.#fillGap(timeline, both);
    if (!filled) {
      session.abort();
      return undefined;
    }
    worked();
    const watch = setInterval(() => {
      if (this.#channels.silence(name, now()) > (this.#options.deadAfterMs ?? 45_000))
        session.abort();
    }, 1_000);
    try {
      this.#channels.up(name, now());
      const detail = await readEvents(answer.response, async (events) => {
        this.#channels.alive(name, now());
        await this.#take(timeline, events).catch((cause: unknown) => {
          throw new FatalChunk('', { cause });
        });
      });
      this.#down(name, 'unreachable', detail);
    } finally {
      clearInterval(watch);
      session.abort();
    }
    return undefined;
  }

  async #take(timeline: Timeline, events: readonly StreamEvent[]): Promise<void> {
    const observed = this.#context.now();
    const found: { status: Status; times: Times }[] = [];
    const deletions: Deletion[] = [];
    for (const { event, data } of events) {
      if (event === 'delete') {
        const known = this.#known.get(data.trim());
        if (known !== undefined) deletions.push(this.#deletion(known.uri, observed));
      } else if (event === 'update' || event === 'status.update') {
        const status = readStatus(parseJson(data));
        if (status === null) this.#context.count('malformed');
        else {
          const times = timesOf(status.created_at ?? undefined, observed, observed);
          found.push({ status, times });
        }
      }
    }
    await this.#keep(timeline, found, deletions, observed);
  }

  /** Pages forward from the cursor; false when it could not be done. */
  async #fillGap(
    timeline: Timeline,
    signal: AbortSignal,
    previousPoll: number | null = null,
  ): Promise<boolean> {
    const name = timelineName(timeline);
    let minId = rewound(this.#cursors[name]);
    for (let pages = 0; pages < mostGapPages && !signal.aborted; pages += 1) {
      const answer = await this.#api.page(timeline, minId, signal);
      if (!answer.ok) {
        this.#refused(name, answer.reason, answer.detail);
        return false;
      }
      const observed = this.#context.now();
      const raw = Array.isArray(answer.value) ? answer.value : [];
      const statuses = raw.map(readStatus).filter((status) => status !== null);
      this.#context.count('malformed', raw.length - statuses.length);
      const found = statuses.map((status) => ({
        status,
        times: timesOfPoll(status.created_at ?? undefined, previousPoll, observed),
      }));
      await this.#keep(timeline, found, [], observed);
      const newest = statuses.map(({ id }) => id).reduce(newerId, minId ?? '');
      // At the first start there is nothing to fill: the newest page only marks where we begin.
      if (minId === null || raw.length < 40 || newest === minId) return true;
      minId = newest;
    }
    return !signal.aborted;
  }

  /** Brings statuses into the log, and only then moves the cursor. */
  async #keep(
    timeline: Timeline,
    found: readonly { status: Status; times: Times }[],
    deletions: readonly Deletion[],
    observed: number,
  ): Promise<void> {
    const name = timelineName(timeline);
    const records: (Post | Deletion)[] = [...deletions];
    this.#context.count('received', found.length);
    for (const { status, times } of found) {
      const record = this.#recordOf(status, times, observed);
      if (record !== null) records.push(record);
    }
    if (records.length > 0)
      await this.#channels.during(name, observed, () => this.#context.sink.put(records));
    for (const { status } of found) {
      this.#known.set(status.id, { uri: status.uri, version: versionOf(status) });
      this.#cursors[name] = newerId(this.#cursors[name] ?? '', status.id);
    }
  }

  #recordOf(status: Status, times: Times, observed: number): Post | Deletion | null {
    const before = this.#known.get(status.id);
    if (before?.version === versionOf(status) || !isOurs(status)) return null;
    const { matcher, keep } = this.#options;
    const matches =
      keep === 'all' || (matcher?.match(textOf(status), tagsOf(status)).length ?? 0) > 0;
    if (matches) return postOf(status, { host: this.#host, times, voice: this.#context.voice });
    // An edit may take the watched name out of a post that was kept before.
    return status.edited_at ? this.#deletion(status.uri, observed) : null;
  }

  #deletion(uri: string, observed: number): Deletion {
    return {
      kind: 'deletion',
      source: 'mastodon',
      postId: postIdOf(uri),
      observedAt: toInstant(observed),
    };
  }

  /** Without a token: one tag after the other, again and again, within the limits. */
  async #poll(signal: AbortSignal): Promise<void> {
    const everyMs = this.#options.pollEveryMs ?? 2_000;
    const previous = new Map<string, number>();
    while (!signal.aborted) {
      for (const timeline of this.#timelines) {
        const name = timelineName(timeline);
        const began = this.#context.now();
        if (await this.#fillGap(timeline, signal, previous.get(name) ?? null)) {
          previous.set(name, began);
          this.#channels.up(name, this.#context.now());
        } else previous.delete(name);
        // A little unevenness keeps many of us from asking in step.
        await wait(everyMs * (0.9 + 0.2 * Math.random()), signal);
      }
    }
  }

  async #keepBeating(signal: AbortSignal): Promise<void> {
    await every(this.#options.heartbeatMs ?? 1_000, signal, async () => {
      await this.#context.sink.heartbeat(this.#channels.beat(this.#context.now()));
      await this.#saveCursors();
    });
  }

  async #saveCursors(): Promise<void> {
    const cursors = JSON.stringify(this.#cursors);
    if (cursors === this.#savedCursors) return;
    await this.#context.saveCursor(cursors);
    this.#savedCursors = cursors;
  }

  #refused(name: string, reason: BlindReason, detail: string): number | undefined {
    this.#down(name, reason, detail);
    if (reason !== 'refused-credentials') return undefined;
    if (!this.#toldRefusal) {
      this.#toldRefusal = true;
      this.#context.log.error(
        { source: `mastodon:${this.#host}` },
        `${this.#host} refuses the token: it wants a user token with read:statuses`,
      );
    }
    return this.#options.refusedWaitMs ?? 300_000;
  }

  #down(name: string, reason: BlindReason, detail: string): void {
    this.#channels.down(name, reason);
    this.#context.log.info({ source: `mastodon:${this.#host}`, timeline: name }, detail);
  }
}

function versionOf(status: Status): string {
  return status.edited_at ?? status.created_at ?? '';
}

/** Ids grow; longer ones are newer, equally long ones compare as text. */
function newerId(a: string, b: string): string {
  if (a.length !== b.length) return a.length > b.length ? a : b;
  return a > b ? a : b;
}

/** Numeric ids carry their time in milliseconds above 16 bits; others are taken as they are. */
function rewound(id: string | undefined): string | null {
  if (id === undefined) return null;
  if (!/^\d{10,20}$/.test(id)) return id;
  const earlier = BigInt(id) - (BigInt(rewindMs) << 16n);
  return earlier > 0n ? String(earlier) : '0';
}

/** @throws when what we saved ourselves cannot be read: that is a fault of ours. */
function readCursors(text: string | null): Record<string, string> {
  if (text === null) return {};
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('the saved cursors are no object');
  return value as Record<string, string>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
