import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';

/** Where the built page is. */
export const pageFolder = path.join(
  path.dirname(fileURLToPath(import.meta.resolve('@outcry/dashboard/package.json'))),
  'dist',
);

/** The page at `/`. Assets carry a hash in their names, so browsers may keep them for ever. */
export const page: FastifyPluginAsync = async (app) => {
  if (!existsSync(path.join(pageFolder, 'index.html'))) {
    app.log.warn('the page is not built, so only the interfaces are served');
    return;
  }
  app.addHook('onSend', async (_request, reply) => {
    reply.header(
      'content-security-policy',
      "default-src 'self'; img-src 'self' data:; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
  });
  await app.register(fastifyStatic, {
    root: pageFolder,
    setHeaders(response, file) {
      const hashed = file.includes(`${path.sep}assets${path.sep}`);
      response.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
};
