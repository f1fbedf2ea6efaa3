import compress from '@fastify/compress';
import fastifySwagger from '@fastify/swagger';
import type { Catalog } from '@outcry/catalog';
import type { EventLog } from '@outcry/event-log';
import type { Logger } from '@outcry/runtime';
import type { SearchIndex } from '@outcry/search-index';
import type { FastifyBaseLogger, FastifyInstance, FastifyPluginAsync } from 'fastify';
import fastify, { LogController } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { startLive } from './live.ts';
import { page } from './page.ts';
import { answerWithProblems } from './problem.ts';
import { liveRoutes } from './routes/live.ts';
import { searchRoutes } from './routes/search.ts';
import { statusRoutes } from './routes/status.ts';

export interface AppOptions {
  log: EventLog;
  index: SearchIndex;
  catalog: Catalog;
  logger: Logger;
  /** Further routes of the same server, such as the report door. */
  plugins?: readonly FastifyPluginAsync[];
}

/** The HTTP server: interfaces under /v1, their description, and the page. Not yet listening. */
export async function createApp({
  log,
  index,
  catalog,
  logger,
  plugins = [],
}: AppOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: quieter(logger),
    forceCloseConnections: true,
    // Its line for each request has the reader's address, which is nobody's business.
    logController: new LogController({ disableRequestLogging: true }),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerWithProblems(app);
  // Brotli at its usual strength would cost more time than it saves on answers that are made anew.
  await app.register(compress, { encodings: ['gzip'], globalDecompression: false });
  await app.register(fastifySwagger, {
    openapi: {
      info: {
        title: 'Outcry',
        version: '1',
        description: 'Outages, heard before they are admitted',
      },
    },
    transform: jsonSchemaTransform,
  });

  const live = startLive(log, logger);
  app.addHook('onClose', () => live.stop());
  await app.register(searchRoutes(index));
  await app.register(statusRoutes({ index, catalog, live }));
  await app.register(liveRoutes(live));
  for (const plugin of plugins) await app.register(plugin);
  app.get('/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(page);
  return app;
}

/** A line for every request would drown what matters: only with debug. */
function quieter(logger: Logger): FastifyBaseLogger {
  return logger.child({}, { level: logger.level === 'debug' ? 'debug' : 'warn' });
}
