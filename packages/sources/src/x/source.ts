import type { Catalog, Matcher } from '@outcry/catalog';
import { Channels } from '../channels.ts';
import type { Ask } from '../http.ts';
import { readLines } from '../ndjson/lines.ts';
import type { Source, SourceContext } from '../source.ts';
import { timesOf, timesOfPoll } from '../times.ts';
import { every, together, wait } from '../wait.ts';
import type { XApi } from './api.ts';
import { createXApi } from './api.ts';
import { watchCounts } from './counts.ts';
import type { Ladders } from './ladders.ts';
import { createLadders } from './ladders.ts';
import type { Rule } from './rules.ts';
import { rulesOf } from './rules.ts';
import { syncRules } from './sync-rules.ts';
import type { Tweet } from './tweet.ts';
import { idAt, isRetweet, readFrame, readPage, recordsOf, tagsOf } from './tweet.ts';

export interface XOptions {
  /** Bearer token of an app. */
  token: string;
  catalog: Pick<Catalog, 'targets' | 'hashtagsOf'>;
  /** How many of the catalog's targets are watched, from its beginning. Default 60. */
  mostTargets?: number;
  matcher: Pick<Matcher, 'match'>;
  keep?: 'matching' | 'all';
  /**
   * `stream` (default) reads every post that a rule matches, each of which is paid for; `counts`
   * watches the numbers, which cost by request, and reads posts only while they rise.
   */
  mode?: 'stream' | 'counts';
  base?: string;
  heartbeatMs?: number;
  /** Without a byte for this long the stream is dead; a beat comes every 20 s. Default 30 s. */
  deadAfterMs?: number;
  /** Gaps longer than this are not filled whole. Default 15 min. */
  mostCatchUpMs?: number;
  /** Between two looks at the counts of one target. Default 5 min. */
  countsEveryMs?: number;
  /** Scales the waits after failures; 1 is what the API asks for. */
  waitUnit?: number;
}

/** Some seconds before the newest post: the stream is unordered. */
const rewindMs = 10_000;
const channel = 'x';

/**
 * Posts of X by the filtered stream, or by counts. The API tells no deletions of single posts, and
 * does not send again what was missed: a gap is filled by a search from the last durable post on.
 */
export function createXSource(options: XOptions): Source {
  return {
    name: 'x',
    brings: 'posts',
    async run(context) {
      const api = createXApi({
        base: new URL(options.base ?? 'https://api.x.com'),
        token: options.token,
      });
      const world = new XReader(options, context, api);
      await world.run();
    },
  };
}

export class XReader {
  readonly options: XOptions;
  readonly context: SourceContext;
  readonly api: XApi;
  readonly rules: readonly Rule[];
  readonly channels: Channels;
  readonly ladders: Ladders;
  /** Newest post id up to which all is durable, or that of the start. */
  #cursor = '';
  /** At the very first connection there is no gap. */
  #fresh = false;
  #savedCursor = '';
  #toldRefusal = false;

  constructor(options: XOptions, context: SourceContext, api: XApi) {
    this.options = options;
    this.context = context;
    this.api = api;
    // A gap costs one search a rule, and 450 are allowed in a quarter of an hour.
    this.rules = rulesOf(options.catalog).slice(0, options.mostTargets ?? 60);
    this.channels = new Channels([channel], context.now());
    this.ladders = createLadders(options.waitUnit);
  }

  async run(): Promise<void> {
    this.#savedCursor = readCursor(await this.context.loadCursor());
    this.#fresh = this.#savedCursor === '';
    // From the first moment on there is something to resume from, however soon we are killed.
    this.#cursor = this.#fresh ? idAt(this.context.now()) : this.#savedCursor;
    await this.#saveCursor();
    const read =
      this.options.mode === 'counts'
        ? (signal: AbortSignal) => watchCounts(this, signal)
        : (signal: AbortSignal) => this.#stayConnected(signal);
    await together(this.context.signal, [read, (signal) => this.#keepBeating(signal)]);
    await this.#saveCursor();
    await this.context.sink.heartbeat(this.channels.stopped());
  }

  async #stayConnected(signal: AbortSignal): Promise<void> {
    let rulesAreIn = false;
    while (!signal.aborted) {
      rulesAreIn ||= await syncRules(this, signal);
      if (rulesAreIn && !signal.aborted) await this.#session(signal);
    }
  }

  /** One connection; never two, because the API allows one and closes the other. */
  async #session(signal: AbortSignal): Promise<void> {
    const { now } = this.context;
    const session = new AbortController();
    const both = AbortSignal.any([signal, session.signal]);
    const answer = await this.api.stream(both);
    if (!answer.ok) {
      await this.refused(answer, signal);
      return;
    }
    this.context.count('connected');
    // What streams in while the gap is filled waits in the socket.
    if (!(await this.#fillGap(both))) {
      session.abort();
      return;
    }
    this.channels.up(channel, now());
    const watch = setInterval(() => {
      if (this.channels.silence(channel, now()) > (this.options.deadAfterMs ?? 30_000))
        session.abort();
    }, 500);
    const ended = await this.#read(answer.response).finally(() => {
      clearInterval(watch);
      session.abort();
    });
    this.channels.down(channel, 'unreachable');
    this.context.count('disconnected');
    this.context.log.info({ source: 'x' }, ended);
    await wait(this.ladders.network(), signal);
  }

  /** @returns why the stream ended */
  async #read(response: Response): Promise<string> {
    const bytes = this.#beating(response.body ?? new ReadableStream());
    const lines = readLines(bytes, 1024 * 1024)[Symbol.asyncIterator]();
    for (;;) {
      let line: IteratorResult<{ bytes: Buffer }>;
      try {
        line = await lines.next();
      } catch (error) {
        return `the stream broke: ${error instanceof Error ? error.message : String(error)}`;
      }
      if (line.done === true) return 'the stream ended';
      const frame = readFrame(line.value.bytes.toString('utf8'));
      if (frame.kind === 'malformed') this.context.count('malformed');
      else if (frame.kind === 'error') return `the server closes: ${frame.detail}`;
      else {
        this.ladders.reset();
        const observed = this.context.now();
        const times = timesOf(frame.tweet.created_at, observed, observed);
        await this.keep([{ tweet: frame.tweet, times }], frame.countries, observed);
        this.#move([frame.tweet]);
      }
    }
  }

  async *#beating(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of body) {
      this.channels.alive(channel, this.context.now());
      yield chunk;
    }
  }

  /** Searches for what every rule would have brought since the cursor. */
  async #fillGap(signal: AbortSignal): Promise<boolean> {
    if (this.#fresh) {
      this.#fresh = false;
      return true;
    }
    const { now } = this.context;
    const sinceId = this.#sinceId(now());
    for (const { value: query } of this.rules) {
      const found = await this.searchSince(query, sinceId, null, signal);
      if (found === null) return false;
      this.#move(found);
    }
    return !signal.aborted;
  }

  #sinceId(now: number): string {
    const oldest = idAt(now - (this.options.mostCatchUpMs ?? 900_000));
    const rewound = BigInt(this.#cursor) - (BigInt(rewindMs) << 22n);
    return String(rewound > BigInt(oldest) ? rewound : BigInt(oldest));
  }

  /**
   * All posts of a query since an id, into the log; null when the search failed.
   *
   * @param previousPoll when the previous search of this query began, or null when there was none
   */
  async searchSince(
    query: string,
    sinceId: string,
    previousPoll: number | null,
    signal: AbortSignal,
  ): Promise<Tweet[] | null> {
    const all: Tweet[] = [];
    let next: string | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const answer = await this.api.search({ query, sinceId, next }, signal);
      if (!answer.ok) {
        await this.refused(answer, signal);
        return null;
      }
      const page = readPage(answer.value);
      if (page === null) return null;
      this.context.count('malformed', page.malformed);
      const observed = this.context.now();
      const found = page.tweets.map((tweet) => ({
        tweet,
        times: timesOfPoll(tweet.created_at, previousPoll, observed),
      }));
      await this.keep(found, page.countries, observed);
      all.push(...page.tweets);
      next = page.next;
      if (next === undefined) break;
    }
    return all;
  }

  async keep(
    found: readonly { tweet: Tweet; times: ReturnType<typeof timesOf> }[],
    countries: ReadonlyMap<string, string>,
    observed: number,
  ): Promise<void> {
    this.context.count('received', found.length);
    const records = found
      .filter(({ tweet }) => !isRetweet(tweet) && this.#isKept(tweet))
      .flatMap(({ tweet, times }) =>
        recordsOf(tweet, { times, countries, voice: this.context.voice }),
      );
    if (records.length > 0)
      await this.channels.during(channel, observed, () => this.context.sink.put(records));
  }

  #isKept(tweet: Tweet): boolean {
    if (this.options.keep === 'all') return true;
    return this.options.matcher.match(tweet.text, tagsOf(tweet)).length > 0;
  }

  #move(tweets: readonly Tweet[]): void {
    for (const { id } of tweets) if (BigInt(id) > BigInt(this.#cursor)) this.#cursor = id;
  }

  /** Notes a refusal and waits as long as the API asks for. Always false. */
  async refused(
    answer: Extract<Awaited<ReturnType<XApi['stream']>>, { ok: false }>,
    signal: Ask['signal'],
  ): Promise<false> {
    const { now, log } = this.context;
    if (signal.aborted) return false;
    this.channels.down(channel, answer.reason);
    if (answer.reason !== 'refused-credentials') log.info({ source: 'x' }, answer.detail);
    else if (!this.#toldRefusal) {
      this.#toldRefusal = true;
      log.error(
        { source: 'x' },
        'X refuses the bearer token, or the plan does not hold this endpoint',
      );
    }
    await wait(this.ladders.after(answer.reason, answer.status, now(), answer.headers), signal);
    return false;
  }

  async #keepBeating(signal: AbortSignal): Promise<void> {
    await every(this.options.heartbeatMs ?? 1_000, signal, async () => {
      await this.context.sink.heartbeat(this.channels.beat(this.context.now()));
      await this.#saveCursor();
    });
  }

  async #saveCursor(): Promise<void> {
    if (this.#cursor === this.#savedCursor) return;
    const cursor = this.#cursor;
    await this.context.saveCursor(cursor);
    this.#savedCursor = cursor;
  }
}

/** @throws when what we saved ourselves cannot be read: that is a fault of ours. */
function readCursor(text: string | null): string {
  if (text !== null && !/^\d{1,25}$/.test(text))
    throw new Error(`the saved cursor is no post id: ${text}`);
  return text ?? '';
}
