import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';
import { sendProblem } from './problem.ts';
import type { ReportRoutesOptions } from './routes.ts';
import { reportRoutes } from './routes.ts';

/** A server of the report routes alone, not yet listening. It logs no requests. */
export async function createReportServer(options: ReportRoutesOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    requestTimeout: 30_000,
    bodyLimit: options.bodyLimit ?? 16 * 1024,
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, {
      status: 404,
      title: 'Not found',
      detail: `${request.method} ${request.url.split('?')[0]?.slice(0, 200)} is not here`,
    }),
  );
  await app.register(reportRoutes(options));
  return app;
}
