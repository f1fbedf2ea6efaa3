import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFakeHttp, sendJson as json } from '../fake-http.ts';

export interface FakeLink {
  name: string;
  title: string;
  selftext: string;
  /** Epoch seconds. */
  created_utc: number;
  author: string;
  subreddit: string;
  [field: string]: unknown;
}

export interface FakeRedditOptions {
  clientId: string;
  clientSecret: string;
  /** Seconds that a token holds. Default 3,600. */
  tokenSeconds?: number;
  limit?: { requests: number; windowMs: number };
}

export interface FakeReddit {
  readonly url: string;
  readonly requests: readonly string[];
  readonly tokens: number;
  publish(link: FakeLink): void;
  /** Taken back by its author: gone from listings, marked elsewhere. */
  remove(name: string): void;
  /** Makes all tokens invalid before their time. */
  revoke(): void;
  /** `block`: the page that strangers get. */
  answer(how: 'block' | 'limit' | 'cut' | null): void;
  /** From now on the community is closed, and listings that hold it are refused. */
  close(subreddit: string): void;
  stop(): Promise<void>;
  listen(): Promise<void>;
}

/** Reddit's token endpoint, listings and info for tests, on one port. */
export async function startFakeReddit(options: FakeRedditOptions): Promise<FakeReddit> {
  const limit = options.limit ?? { requests: 100, windowMs: 60_000 };
  const requests: string[] = [];
  /** Newest first. */
  let links: FakeLink[] = [];
  const removed = new Set<string>();
  const closed = new Set<string>();
  let valid = new Set<string>();
  let tokens = 0;
  let used = 0;
  let windowEnds = 0;
  let how: Parameters<FakeReddit['answer']>[0] = null;

  async function onRequest(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', 'http://fake');
    requests.push(`${request.method} ${url.pathname}${url.search}`);
    const agent = request.headers['user-agent'] ?? '';
    if (how === 'block' || agent === '' || agent === 'node')
      return response.writeHead(403, { 'content-type': 'text/html' }).end('<html>blocked</html>');
    if (url.pathname === '/api/v1/access_token') return giveToken(request, response);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined || !valid.has(token))
      return json(response, 401, { message: 'Unauthorized', error: 401 });
    const headers = useUp();
    if (how === 'limit' || used > limit.requests)
      return json(response, 429, { message: 'Too Many Requests', error: 429 }, headers);
    const subreddit = /^\/r\/([^/]+)\/new$/.exec(url.pathname)?.[1];
    if (subreddit?.split('+').some((name) => closed.has(name)))
      return json(response, 403, { reason: 'private', message: 'Forbidden', error: 403 }, headers);
    if (subreddit !== undefined) return listing(response, subreddit, url.searchParams, headers);
    if (url.pathname === '/api/info') return info(response, url.searchParams, headers);
    return json(response, 404, { message: 'Not Found', error: 404 }, headers);
  }

  function giveToken(request: IncomingMessage, response: ServerResponse) {
    const wanted = Buffer.from(`${options.clientId}:${options.clientSecret}`).toString('base64');
    if (request.headers.authorization !== `Basic ${wanted}`)
      return json(response, 401, { message: 'Unauthorized', error: 401 });
    tokens += 1;
    const token = `token-${tokens}-${Math.random()}`;
    valid.add(token);
    return json(response, 200, {
      access_token: token,
      token_type: 'bearer',
      expires_in: options.tokenSeconds ?? 3_600,
      scope: '*',
    });
  }

  function useUp(): Record<string, string> {
    const now = Date.now();
    if (now >= windowEnds) {
      used = 0;
      windowEnds = now + limit.windowMs;
    }
    used += 1;
    return {
      'x-ratelimit-used': String(used),
      'x-ratelimit-remaining': String(Math.max(0, limit.requests - used)),
      'x-ratelimit-reset': String((windowEnds - now) / 1000),
    };
  }

  function listing(
    response: ServerResponse,
    subreddit: string,
    query: URLSearchParams,
    headers: Record<string, string>,
  ) {
    const size = Math.min(Number(query.get('limit') ?? 25), 100);
    const names = subreddit.toLowerCase().split('+');
    const all = links.filter(
      (one) => names.includes(one.subreddit.toLowerCase()) && !removed.has(one.name),
    );
    const after = query.get('after');
    const before = query.get('before');
    // An anchor that was deleted leads nowhere: the page is empty, and no error tells why.
    const anchor = all.findIndex((one) => one.name === (after ?? before));
    let page: FakeLink[];
    if (after !== null) page = anchor < 0 ? [] : all.slice(anchor + 1, anchor + 1 + size);
    else if (before !== null)
      page = anchor < 0 ? [] : all.slice(Math.max(0, anchor - size), anchor);
    else page = all.slice(0, size);
    const last = page.at(-1);
    const more = last !== undefined && all.indexOf(last) < all.length - 1;
    return answerListing(response, page, more ? last.name : null, headers);
  }

  function info(response: ServerResponse, query: URLSearchParams, headers: Record<string, string>) {
    const names = (query.get('id') ?? '').split(',');
    const page = links
      .filter((one) => names.includes(one.name))
      .map((one) =>
        removed.has(one.name) ? { ...one, author: '[deleted]', selftext: '[deleted]' } : one,
      );
    return answerListing(response, page, null, headers);
  }

  function answerListing(
    response: ServerResponse,
    page: readonly FakeLink[],
    after: string | null,
    headers: Record<string, string>,
  ) {
    const body = {
      kind: 'Listing',
      data: {
        after,
        before: null,
        dist: page.length,
        children: page.map((data) => ({ kind: 't3', data })),
      },
    };
    if (how !== 'cut') return json(response, 200, body, headers);
    const text = JSON.stringify(body);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    return response.write(text.slice(0, text.length / 2), () => response.destroy());
  }

  const http = createFakeHttp(onRequest);
  const fake: FakeReddit = {
    get url() {
      return http.url;
    },
    requests,
    get tokens() {
      return tokens;
    },
    publish(link) {
      links = [link, ...links].toSorted((a, b) => b.created_utc - a.created_utc);
    },
    remove(name) {
      removed.add(name);
    },
    revoke() {
      valid = new Set();
    },
    answer(next) {
      how = next;
    },
    close(subreddit) {
      closed.add(subreddit);
    },
    stop: http.stop,
    listen: http.listen,
  };
  await fake.listen();
  return fake;
}
