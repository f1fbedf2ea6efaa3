import {
  countryCode,
  errorType,
  instant,
  outageEvent,
  outageState,
  signal,
  stance,
  targetId,
} from '@outcry/contracts';
import type { SearchIndex } from '@outcry/search-index';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

const limit = z.coerce.number().int().min(1).max(1_000).default(20);
const after = z.string().max(1_024).optional();
const words = z.string().min(1).max(256).optional();

const page = <T extends z.ZodType>(item: T) =>
  z.object({ total: z.int(), items: z.array(item), next: z.string().optional() });

const problem = z.object({ title: z.string(), status: z.int(), detail: z.string().optional() });

/** Search over signals and outages: what people look for and machines poll. */
export function searchRoutes(index: SearchIndex): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/outages',
      {
        schema: {
          summary: 'Outages, newest first',
          querystring: z.object({
            target: targetId.optional(),
            state: z.union([outageState, z.array(outageState)]).optional(),
            from: instant.optional(),
            to: instant.optional(),
            q: words,
            limit,
            after,
          }),
          response: { 200: page(outageEvent) },
        },
      },
      ({ query }) =>
        index.outages(
          compact({
            target: query.target,
            states: query.state === undefined ? undefined : [query.state].flat(),
            from: query.from,
            to: query.to,
            text: query.q,
            limit: query.limit,
            after: query.after,
          }),
        ),
    );

    app.get(
      '/v1/outages/:id/events',
      {
        schema: {
          summary: 'Every event of an outage, in sequence',
          params: z.object({ id: z.string().min(1).max(200) }),
          response: { 200: z.array(outageEvent), 404: problem },
        },
      },
      async ({ params }, reply) => {
        const events = await index.history(params.id);
        if (events.length > 0) return events;
        return reply
          .status(404)
          .type('application/problem+json')
          .send({ title: 'There is no such outage', status: 404 });
      },
    );

    app.get(
      '/v1/signals',
      {
        schema: {
          summary: 'Classified posts and reports, newest first',
          querystring: z.object({
            q: words,
            target: targetId.optional(),
            record: z.string().min(1).max(512).optional(),
            stance: stance.optional(),
            type: errorType.optional(),
            country: countryCode.optional(),
            trouble: z.enum(['true', 'false']).optional(),
            from: instant.optional(),
            to: instant.optional(),
            limit,
            after,
          }),
          response: { 200: page(signal.omit({ voice: true })) },
        },
      },
      ({ query }) =>
        index.signals(
          compact({
            text: query.q,
            target: query.target,
            recordId: query.record,
            stance: query.stance,
            type: query.type,
            country: query.country,
            signalsOnly: query.trouble === 'true' ? true : undefined,
            from: query.from,
            to: query.to,
            limit: query.limit,
            after: query.after,
          }),
        ),
    );
  };
}

/** Without the keys that are undefined: the port knows only absent ones. */
function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, it]) => it !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
