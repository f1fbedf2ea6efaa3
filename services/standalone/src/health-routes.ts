import type { Health, Metrics } from '@outcry/runtime';
import type { FastifyPluginAsync } from 'fastify';

/** /healthz, /readyz and /metrics on the server of the page: one process, one port. */
export function healthRoutes(health: Health, metrics: Metrics): FastifyPluginAsync {
  return async (app) => {
    app.get('/healthz', { schema: { hide: true } }, () => 'ok\n');
    app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
      const report = await health.report();
      return reply.status(report.ready ? 200 : 503).send(report);
    });
    app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
      reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
    );
  };
}
