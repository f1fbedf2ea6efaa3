import type { Catalog } from '@outcry/catalog';
import { instant, targetId } from '@outcry/contracts';
import type { SearchIndex } from '@outcry/search-index';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Live } from '../live.ts';
import type { Overview } from '../overview.ts';
import { readOverview } from '../overview.ts';
import type { History } from '../usual.ts';
import { readHistory } from '../usual.ts';

export interface StatusDeps {
  index: SearchIndex;
  catalog: Catalog;
  live: Live;
}

/** How long an overview of the present serves everyone who asks. */
const freshMs = 2_000;
/** How long the week before the present serves: it is the dear part, and changes by the hour. */
const historyFreshMs = 60_000;

/** What is in trouble now, for the page and for anyone. */
export function statusRoutes({ index, catalog, live }: StatusDeps): FastifyPluginAsyncZod {
  const kept = new Map<string, { until: number; overview: Promise<Overview> }>();

  let keptHistory: { until: number; history: Promise<History> } | undefined;

  function presentHistory(before: number): Promise<History> {
    if (keptHistory !== undefined && keptHistory.until > Date.now()) return keptHistory.history;
    const history = readHistory(index, before);
    keptHistory = { until: Date.now() + historyFreshMs, history };
    history.catch(() => {
      keptHistory = undefined;
    });
    return history;
  }

  return async (app) => {
    app.get(
      '/v1/status',
      {
        schema: {
          summary: 'Which targets are in trouble, with their last hours',
          querystring: z.object({
            /** As it was then; without it, now. */
            at: instant.optional(),
            /** This target alone; without it, all. */
            target: targetId.optional(),
            hours: z.coerce.number().int().min(1).max(48).default(6),
            intervalSeconds: z.coerce.number().int().min(10).max(3_600).default(300),
          }),
        },
      },
      async ({ query }, reply) => {
        reply.header('cache-control', 'no-cache');
        const at = query.at === undefined ? Date.now() : Date.parse(query.at);
        const read = () =>
          readOverview(
            {
              index,
              catalog,
              sources: live.sources(query.at === undefined ? undefined : at),
              history:
                query.at === undefined ? presentHistory : (before) => readHistory(index, before),
            },
            {
              at,
              hours: query.hours,
              intervalSeconds: query.intervalSeconds,
              ...(query.target === undefined ? {} : { target: query.target }),
            },
          );
        if (query.at !== undefined) return read();
        for (const [key, { until }] of kept) if (until < at) kept.delete(key);
        const key = `${query.target ?? ''}/${query.hours}/${query.intervalSeconds}`;
        const known = kept.get(key);
        if (known !== undefined) return known.overview;
        const overview = read();
        kept.set(key, { until: at + freshMs, overview });
        overview.catch(() => kept.delete(key));
        return overview;
      },
    );

    app.get('/v1/sources', { schema: { summary: 'What each source sees' } }, async () =>
      live.sources(),
    );
  };
}
