import { z } from 'zod';
import type { Answer, JsonAnswer } from '../http.ts';
import { ask, askJson } from '../http.ts';
import type { ExistingRule, Rule } from './rules.ts';

/** What is asked for with each post. */
const fields = {
  expansions: 'author_id,geo.place_id',
  'place.fields': 'country_code,full_name,geo,place_type',
  'tweet.fields': 'created_at,lang,geo,entities,referenced_tweets,edit_history_tweet_ids',
} as const;

export interface XApi {
  rules(signal: AbortSignal): Promise<JsonAnswer & { rules?: ExistingRule[] }>;
  addRules(rules: readonly Rule[], signal: AbortSignal): Promise<JsonAnswer>;
  removeRules(ids: readonly string[], signal: AbortSignal): Promise<JsonAnswer>;
  stream(signal: AbortSignal): Promise<Answer>;
  /** Posts of the last seven days, newest first, 100 a page. */
  search(
    query: { query: string; sinceId: string; next?: string | undefined },
    signal: AbortSignal,
  ): Promise<JsonAnswer>;
  /** Posts by minute over the last hours. */
  counts(query: string, since: Date, signal: AbortSignal): Promise<JsonAnswer>;
}

const rulesPage = z.object({
  data: z
    .array(z.object({ id: z.string(), value: z.string(), tag: z.string().default('') }))
    .default([]),
  meta: z.object({ next_token: z.string().optional() }).default({}),
});

/** Requests of the API with an app's bearer token, which stays in here. */
export function createXApi(options: { base: URL; token: string }): XApi {
  const authorization = { authorization: `Bearer ${options.token}` };
  const at = (path: string, query: Record<string, string> = {}) => {
    const url = new URL(path, options.base);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  };
  const post = (path: string, body: unknown, signal: AbortSignal) =>
    askJson(at(path), {
      method: 'POST',
      headers: { ...authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
  const rulesPath = '/2/tweets/search/stream/rules';

  return {
    async rules(signal) {
      const rules: ExistingRule[] = [];
      let next: string | undefined;
      for (;;) {
        const url = at(rulesPath, next === undefined ? {} : { pagination_token: next });
        const answer = await askJson(url, { headers: authorization, signal });
        if (!answer.ok) return answer;
        const page = rulesPage.safeParse(answer.value);
        if (!page.success) return { ...answer, rules };
        rules.push(...page.data.data);
        next = page.data.meta.next_token;
        if (next === undefined) return { ...answer, rules };
      }
    },
    addRules: (rules, signal) => post(rulesPath, { add: rules }, signal),
    removeRules: (ids, signal) => post(rulesPath, { delete: { ids } }, signal),
    stream: (signal) =>
      ask(at('/2/tweets/search/stream', fields), { headers: authorization, signal }),
    search({ query, sinceId, next }, signal) {
      const url = at('/2/tweets/search/recent', {
        query,
        since_id: sinceId,
        max_results: '100',
        ...fields,
        ...(next === undefined ? {} : { next_token: next }),
      });
      return askJson(url, { headers: authorization, signal });
    },
    counts(query, since, signal) {
      const url = at('/2/tweets/counts/recent', {
        query,
        granularity: 'minute',
        start_time: since.toISOString(),
      });
      return askJson(url, { headers: authorization, signal });
    },
  };
}
