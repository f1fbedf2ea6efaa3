import type { Catalog } from '@outcry/catalog';
import { instant } from '@outcry/contracts';
import type { SearchIndex } from '@outcry/search-index';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Live } from '../live.ts';
import type { Overview } from '../overview.ts';
import { readOverview } from '../overview.ts';

export interface StatusDeps {
  index: SearchIndex;
  catalog: Catalog;
  live: Live;
}

/** How long an overview of the present serves everyone who asks. */
const freshMs = 2_000;

/** What is in trouble now, for the page and for anyone. */
export function statusRoutes({ index, catalog, live }: StatusDeps): FastifyPluginAsyncZod {
  let kept: { key: string; until: number; overview: Promise<Overview> } | undefined;

  return async (app) => {
    app.get(
      '/v1/status',
      {
        schema: {
          summary: 'Which targets are in trouble, with their last hours',
          querystring: z.object({
            /** As it was then; without it, now. */
            at: instant.optional(),
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
            { index, catalog, sources: live.sources() },
            { at, hours: query.hours, intervalSeconds: query.intervalSeconds },
          );
        if (query.at !== undefined) return read();
        const key = `${query.hours}/${query.intervalSeconds}`;
        if (kept === undefined || kept.key !== key || kept.until < at) {
          kept = { key, until: at + freshMs, overview: read() };
          kept.overview.catch(() => {
            kept = undefined;
          });
        }
        return kept.overview;
      },
    );

    app.get('/v1/sources', { schema: { summary: 'What each source sees' } }, async () =>
      live.sources(),
    );
  };
}
