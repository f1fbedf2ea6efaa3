import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFakeHttp, sendJson as json } from '../fake-http.ts';
import type { ExistingRule } from './rules.ts';
import { mostRuleLength } from './rules.ts';
import { timeOfId } from './tweet.ts';

export interface FakeTweet {
  id: string;
  text: string;
  created_at: string;
  author_id: string;
  geo?: { place_id: string };
  referenced_tweets?: { type: string; id: string }[];
  [field: string]: unknown;
}

export interface FakeXOptions {
  token: string;
  /** Default 20 s, as the real server. */
  keepAliveMs?: number;
  places?: { id: string; country_code: string }[];
}

export interface FakeX {
  readonly url: string;
  /** Method and path of all requests with their times, in order. */
  readonly requests: readonly { line: string; at: number }[];
  readonly rules: ExistingRule[];
  readonly streams: number;
  /** The most streams that were open at once. */
  readonly mostStreams: number;
  /** Sends what a rule matches to the stream, `times` over, and keeps it for searches. */
  publish(tweet: FakeTweet, times?: number): void;
  /** Says why in the stream, then closes it. */
  operationalDisconnect(): void;
  cutMidMessage(tweet: FakeTweet): void;
  send(bytes: string): void;
  /** While set, requests whose path holds `path` get this answer. */
  answer(refusal: { status: number; headers?: Record<string, string>; path?: string } | null): void;
  stop(): Promise<void>;
  listen(): Promise<void>;
}

/**
 * The X API's filtered stream, rules, recent search and counts, for tests: one connection, beats,
 * duplicates, errors in the stream, rate limits.
 */
export async function startFakeX(options: FakeXOptions): Promise<FakeX> {
  const requests: { line: string; at: number }[] = [];
  const tweets: FakeTweet[] = [];
  const streams = new Set<ServerResponse>();
  let rules: ExistingRule[] = [];
  let nextRule = 1;
  let mostStreams = 0;
  let forced: Parameters<FakeX['answer']>[0] = null;
  let beats: NodeJS.Timeout;

  async function onRequest(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', 'http://fake');
    requests.push({ line: `${request.method} ${url.pathname}`, at: Date.now() });
    const body = await bodyOf(request);
    if (forced !== null && url.pathname.includes(forced.path ?? ''))
      return json(response, forced.status, { title: 'no' }, forced.headers);
    if (request.headers.authorization !== `Bearer ${options.token}`)
      return json(response, 401, { title: 'Unauthorized', status: 401 });
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /2/tweets/search/stream/rules':
        return json(response, 200, { data: rules, meta: { result_count: rules.length } });
      case 'POST /2/tweets/search/stream/rules':
        return changeRules(response, JSON.parse(body));
      case 'GET /2/tweets/search/stream':
        return openStream(response);
      case 'GET /2/tweets/search/recent':
        return search(response, url.searchParams);
      case 'GET /2/tweets/counts/recent':
        return counts(response, url.searchParams);
      default:
        return json(response, 404, { title: 'Not Found' });
    }
  }

  function changeRules(
    response: ServerResponse,
    change: { add?: { value: string; tag?: string }[]; delete?: { ids: string[] } },
  ) {
    const errors: object[] = [];
    for (const { value, tag } of change.add ?? []) {
      if (value.length > mostRuleLength) errors.push({ title: 'RulesTooLong', value });
      else if (rules.some((rule) => rule.value === value))
        errors.push({ title: 'DuplicateRule', value });
      else rules.push({ id: String(nextRule++), value, tag: tag ?? '' });
    }
    const gone = new Set(change.delete?.ids);
    rules = rules.filter((rule) => !gone.has(rule.id));
    return json(response, errors.length > 0 ? 200 : 201, {
      meta: { sent: new Date().toISOString() },
      ...(errors.length === 0 ? {} : { errors }),
    });
  }

  function openStream(response: ServerResponse) {
    if (streams.size > 0)
      return json(response, 429, {
        title: 'ConnectionException',
        connection_issue: 'TooManyConnections',
      });
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.flushHeaders();
    streams.add(response);
    mostStreams = Math.max(mostStreams, streams.size);
    return response.on('close', () => streams.delete(response));
  }

  function search(response: ServerResponse, query: URLSearchParams) {
    const since = BigInt(query.get('since_id') ?? 0);
    const size = Number(query.get('max_results') ?? 10);
    const start = Number(query.get('next_token') ?? 0);
    const found = tweets
      .filter((tweet) => BigInt(tweet.id) > since && matches(query.get('query') ?? '', tweet))
      .toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1));
    const page = found.slice(start, start + size);
    return json(response, 200, {
      ...(page.length === 0 ? {} : { data: page, includes: { places: options.places ?? [] } }),
      meta: {
        result_count: page.length,
        ...(start + size < found.length ? { next_token: String(start + size) } : {}),
      },
    });
  }

  function counts(response: ServerResponse, query: URLSearchParams) {
    const begin = Math.floor(Date.parse(query.get('start_time') ?? '') / 60_000) * 60_000;
    const data: object[] = [];
    const found = tweets.filter((tweet) => matches(query.get('query') ?? '', tweet));
    for (let start = begin; start < Date.now(); start += 60_000) {
      const inMinute = found.filter(({ id }) => {
        const at = timeOfId(id);
        return at >= start && at < start + 60_000;
      });
      data.push({
        start: new Date(start).toISOString(),
        end: new Date(start + 60_000).toISOString(),
        tweet_count: inMinute.length,
      });
    }
    return json(response, 200, { data, meta: { total_tweet_count: found.length } });
  }

  function frameOf(tweet: FakeTweet): string | null {
    const matching = rules.filter((rule) => matches(rule.value, tweet));
    if (matching.length === 0) return null;
    const place = options.places?.filter(({ id }) => id === tweet.geo?.place_id) ?? [];
    return `${JSON.stringify({
      data: tweet,
      ...(place.length === 0 ? {} : { includes: { places: place } }),
      matching_rules: matching.map(({ id, tag }) => ({ id, tag })),
    })}\r\n`;
  }

  const http = createFakeHttp(onRequest);
  const fake: FakeX = {
    get url() {
      return http.url;
    },
    requests,
    get rules() {
      return rules;
    },
    get streams() {
      return streams.size;
    },
    get mostStreams() {
      return mostStreams;
    },
    publish(tweet, times = 1) {
      tweets.push(tweet);
      const frame = frameOf(tweet);
      if (frame !== null) fake.send(frame.repeat(times));
    },
    operationalDisconnect() {
      const errors = [
        {
          title: 'operational-disconnect',
          disconnect_type: 'UpstreamOperationalDisconnect',
          detail: 'This stream has been disconnected upstream for operational reasons.',
          type: 'https://api.x.com/2/problems/operational-disconnect',
        },
      ];
      for (const response of streams) response.end(`${JSON.stringify({ errors })}\r\n`);
      streams.clear();
    },
    cutMidMessage(tweet) {
      tweets.push(tweet);
      const frame = frameOf(tweet) ?? '';
      for (const response of streams)
        response.write(frame.slice(0, frame.length / 2), () => response.destroy());
      streams.clear();
    },
    send(bytes) {
      for (const response of streams) response.write(bytes);
    },
    answer(refusal) {
      forced = refusal;
    },
    async stop() {
      clearInterval(beats);
      await http.stop();
    },
    async listen() {
      await http.listen();
      beats = setInterval(() => fake.send('\r\n'), options.keepAliveMs ?? 20_000);
    },
  };
  await fake.listen();
  return fake;
}

/** Enough of the rule language for tests: alternatives in brackets, then what is excluded. */
function matches(query: string, tweet: FakeTweet): boolean {
  const parts = /^\((.*)\) -is:retweet$/.exec(query);
  if (parts === null) return false;
  if (tweet.referenced_tweets?.some(({ type }) => type === 'retweeted')) return false;
  const text = tweet.text.toLowerCase();
  return parts[1]!.split(' OR ').some((term) => {
    const wanted = term.replaceAll('"', '').toLowerCase();
    return wanted.startsWith('#') ? hasTag(text, wanted) : text.includes(wanted);
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The whole hashtag, not the beginning of a longer one. */
function hasTag(text: string, tag: string): boolean {
  return [...text.matchAll(/#[\p{L}\p{N}_]+/gu)].some(([found]) => found === tag);
}
