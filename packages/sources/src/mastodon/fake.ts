import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFakeHttp, sendJson as json } from '../fake-http.ts';

export interface FakeStatus {
  id: string;
  uri: string;
  created_at: string;
  content: string;
  visibility: string;
  account: { id: string; acct: string; bot: boolean; [field: string]: unknown };
  tags: { name: string; url: string }[];
  [field: string]: unknown;
}

export interface FakeMastodonOptions {
  /** The user token that streams want; without one nobody gets a stream. */
  token?: string;
  /** Default 15 s, as the real server. */
  thumpEveryMs?: number;
  /** REST requests in a window, by address. Default 300 in five minutes. */
  limit?: { requests: number; windowMs: number };
}

export interface FakeMastodon {
  readonly url: string;
  /** Paths and queries of all requests, in order. */
  readonly requests: readonly string[];
  readonly streams: number;
  /** A new status: into the timelines, and to the streams of its tags. */
  publish(status: FakeStatus): void;
  /** Replaces the status and tells the streams. */
  edit(status: FakeStatus): void;
  /** Takes the status out of the timelines and tells the streams its id. */
  remove(id: string): void;
  /** Writes bytes into all streams as they are. */
  send(bytes: string): void;
  /** Writes half of this status's event, then cuts the streams. */
  cutMidEvent(status: FakeStatus): void;
  disconnect(): void;
  /** While set, every request gets this answer. */
  answer(status: number | null, headers?: Record<string, string>): void;
  stop(): Promise<void>;
  listen(): Promise<void>;
}

interface Stream {
  response: ServerResponse;
  /** Null follows everything public. */
  tag: string | null;
}

/**
 * A Mastodon instance for tests: event streams that begin with `:)`, thump, want a token and cannot
 * be resumed; tag timelines that page forward by `min_id` and answer with rate limits.
 */
export async function startFakeMastodon(options: FakeMastodonOptions = {}): Promise<FakeMastodon> {
  const limit = options.limit ?? { requests: 300, windowMs: 300_000 };
  /** In the order of their ids. */
  let statuses: FakeStatus[] = [];
  const streams = new Set<Stream>();
  const requests: string[] = [];
  let used = 0;
  let windowEnds = 0;
  let forced: { status: number; headers: Record<string, string> } | null = null;
  let thumps: NodeJS.Timeout;

  function onRequest(request: IncomingMessage, response: ServerResponse): ServerResponse {
    const url = new URL(request.url ?? '/', 'http://fake');
    requests.push(`${url.pathname}${url.search}`);
    if (forced !== null) return json(response, forced.status, { error: 'no' }, forced.headers);
    if (url.pathname === '/api/v1/streaming/health')
      return response.writeHead(200, { 'content-type': 'text/plain' }).end('OK');
    if (url.pathname === '/api/v1/streaming/public') return openStream(request, response, null);
    if (url.pathname === '/api/v1/streaming/hashtag') {
      const tag = url.searchParams.get('tag');
      if (tag === null || tag === '') return json(response, 400, { error: 'Missing tag' });
      return openStream(request, response, tag.toLowerCase());
    }
    const tag = /^\/api\/v1\/timelines\/tag\/([^/]+)$/.exec(url.pathname)?.[1];
    if (tag !== undefined) return timeline(response, url.searchParams, decodeURIComponent(tag));
    if (url.pathname === '/api/v1/timelines/public')
      return timeline(response, url.searchParams, null);
    return json(response, 404, { error: 'Record not found' });
  }

  function openStream(
    request: IncomingMessage,
    response: ServerResponse,
    tag: string | null,
  ): ServerResponse {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (options.token === undefined || token !== options.token)
      return json(response, 401, { error: 'Missing access token' });
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(':)\n');
    const stream = { response, tag };
    streams.add(stream);
    return response.on('close', () => streams.delete(stream));
  }

  function timeline(
    response: ServerResponse,
    query: URLSearchParams,
    tag: string | null,
  ): ServerResponse {
    const now = Date.now();
    if (now >= windowEnds) {
      used = 0;
      windowEnds = now + limit.windowMs;
    }
    used += 1;
    const headers = {
      'x-ratelimit-limit': String(limit.requests),
      'x-ratelimit-remaining': String(Math.max(0, limit.requests - used)),
      'x-ratelimit-reset': new Date(windowEnds).toISOString(),
    };
    if (used > limit.requests) return json(response, 429, { error: 'Throttled' }, headers);
    const size = Math.min(Number(query.get('limit') ?? 20), 40);
    const minId = query.get('min_id');
    const all = statuses.filter((status) => tag === null || hasTag(status, tag));
    // From `min_id` forward, else the newest; either way the page itself is newest first.
    const page =
      minId === null
        ? all.slice(-size)
        : all.filter((status) => compareIds(status.id, minId) > 0).slice(0, size);
    return json(response, 200, page.toReversed(), headers);
  }

  function tell(event: string, data: string, status: FakeStatus): void {
    for (const { response, tag } of streams)
      if (tag === null || hasTag(status, tag)) response.write(`event: ${event}\ndata: ${data}\n\n`);
  }

  const http = createFakeHttp(onRequest);
  const fake: FakeMastodon = {
    get url() {
      return http.url;
    },
    requests,
    get streams() {
      return streams.size;
    },
    publish(status) {
      statuses.push(status);
      statuses.sort((a, b) => compareIds(a.id, b.id));
      tell('update', JSON.stringify(status), status);
    },
    edit(status) {
      statuses = statuses.map((before) => (before.id === status.id ? status : before));
      tell('status.update', JSON.stringify(status), status);
    },
    remove(id) {
      const status = statuses.find((before) => before.id === id);
      if (status === undefined) return;
      statuses = statuses.filter((before) => before.id !== id);
      tell('delete', id, status);
    },
    send(bytes) {
      for (const { response } of streams) response.write(bytes);
    },
    cutMidEvent(status) {
      const text = `event: update\ndata: ${JSON.stringify(status)}\n\n`;
      for (const { response } of streams)
        response.write(text.slice(0, text.length / 2), () => response.destroy());
    },
    disconnect() {
      for (const { response } of streams) response.destroy();
    },
    answer(status, headers = {}) {
      forced = status === null ? null : { status, headers };
    },
    async stop() {
      clearInterval(thumps);
      await http.stop();
    },
    async listen() {
      await http.listen();
      thumps = setInterval(() => fake.send(':thump\n'), options.thumpEveryMs ?? 15_000);
    },
  };
  await fake.listen();
  return fake;
}

function hasTag(status: FakeStatus, tag: string): boolean {
  return status.tags.some(({ name }) => name.toLowerCase() === tag.toLowerCase());
}

function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
