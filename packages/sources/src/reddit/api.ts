import { z } from 'zod';
import type { Ask, JsonAnswer } from '../http.ts';
import { askJson } from '../http.ts';
import { wait } from '../wait.ts';

export interface RedditApi {
  /** The newest posts of communities, joined by `+`, newest first, on from `after`. */
  newest(subreddits: string, after: string | null, signal: AbortSignal): Promise<JsonAnswer>;
  /** The posts of these names as they are now; 100 at most. */
  info(names: readonly string[], signal: AbortSignal): Promise<JsonAnswer>;
}

export interface RedditApiOptions {
  /** Where tokens are given, and where the interface is. */
  tokenBase: URL;
  apiBase: URL;
  clientId: string;
  clientSecret: string;
  /** Must be our own: those of libraries are refused. */
  userAgent: string;
  now(): number;
}

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
});

/** Application-only OAuth with the rate limit kept. The token and the secret stay in here. */
export function createRedditApi(options: RedditApiOptions): RedditApi {
  const { now } = options;
  let token: { text: string; until: number } | null = null;
  /** Epoch milliseconds before which nothing is asked. */
  let notBefore = 0;

  async function authorize(signal: AbortSignal): Promise<string | JsonAnswer> {
    if (token !== null && now() < token.until) return token.text;
    const basic = Buffer.from(`${options.clientId}:${options.clientSecret}`).toString('base64');
    const answer = await askJson(new URL('/api/v1/access_token', options.tokenBase), {
      method: 'POST',
      headers: {
        authorization: `Basic ${basic}`,
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': options.userAgent,
      },
      body: 'grant_type=client_credentials',
      signal,
    });
    if (!answer.ok) return answer;
    const parsed = tokenAnswer.safeParse(answer.value);
    // Refusals of the credentials come as 200 with an `error` field, too.
    if (!parsed.success) {
      const detail = `${options.tokenBase.host} gives no token`;
      return {
        ok: false,
        reason: 'refused-credentials',
        detail,
        status: 200,
        headers: answer.headers,
      };
    }
    const { access_token: text, expires_in: seconds } = parsed.data;
    token = { text, until: now() + (seconds - 60) * 1000 };
    return text;
  }

  async function get(url: URL, signal: AbortSignal, again = true): Promise<JsonAnswer> {
    await wait(notBefore - now(), signal);
    const text = await authorize(signal);
    if (typeof text !== 'string') return text;
    const headers: Ask['headers'] = {
      authorization: `Bearer ${text}`,
      'user-agent': options.userAgent,
    };
    const answer = await askJson(url, { headers, signal });
    heed(answer);
    if (answer.ok || answer.status !== 401) return answer;
    // The token may have been revoked before its time: one new one is worth a try.
    token = null;
    return again ? get(url, signal, false) : answer;
  }

  function heed(answer: JsonAnswer): void {
    const remaining = Number(answer.headers.get('x-ratelimit-remaining') ?? Number.NaN);
    const reset = Number(answer.headers.get('x-ratelimit-reset') ?? Number.NaN);
    const limited = !answer.ok && answer.reason === 'rate-limited';
    if (limited || remaining < 2)
      notBefore = now() + Math.min(Number.isNaN(reset) ? 60 : reset, 600) * 1000;
  }

  return {
    newest(subreddits, after, signal) {
      const url = new URL(`/r/${subreddits}/new`, options.apiBase);
      url.searchParams.set('limit', '100');
      url.searchParams.set('raw_json', '1');
      if (after !== null) url.searchParams.set('after', after);
      return get(url, signal);
    },
    info(names, signal) {
      const url = new URL('/api/info', options.apiBase);
      url.searchParams.set('id', names.join(','));
      url.searchParams.set('raw_json', '1');
      return get(url, signal);
    },
  };
}
