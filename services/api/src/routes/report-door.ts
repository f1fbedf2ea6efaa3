import type { FastifyPluginAsync, FastifyRequest } from 'fastify';

const bodyLimit = 64 * 1024;
const timeoutMs = 10_000;
/** What the door reads of a request, and what of its answer a reader may use. */
const passedOn = ['content-type', 'idempotency-key', 'if-none-match'] as const;
const passedBack = [
  'content-type',
  'etag',
  'cache-control',
  'retry-after',
  'idempotency-replayed',
] as const;

/**
 * The report door on the page's own origin, where it is a process of its own: each request is handed
 * on as it came, with the reader's address in X-Forwarded-For, which is not kept here.
 *
 * @param door where ingest-reports serves, such as `http://ingest-reports:8081`
 */
export function reportDoorRoutes(door: string): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_, body, done) =>
      done(null, body),
    );
    for (const [method, url] of [
      ['POST', '/v1/reports'],
      ['GET', '/v1/targets'],
      ['GET', '/v1/report-form'],
    ] as const) {
      app.route({
        method,
        url,
        bodyLimit,
        schema: { hide: true },
        // The door reads the body and says what is wrong with it.
        validatorCompiler: () => (value) => ({ value }),
        async handler(request, reply) {
          const answer = await fetch(new URL(url, door), {
            method,
            headers: headersOf(request),
            signal: AbortSignal.timeout(timeoutMs),
            ...(method === 'POST'
              ? { body: (request.body as Buffer<ArrayBuffer> | undefined) ?? '' }
              : {}),
          }).catch(() => undefined);
          if (answer === undefined) {
            return reply
              .status(503)
              .header('retry-after', '5')
              .type('application/problem+json')
              .send(
                JSON.stringify({
                  type: 'about:blank',
                  title: 'Reports cannot be taken right now',
                  status: 503,
                }),
              );
          }
          for (const name of passedBack) {
            const value = answer.headers.get(name);
            if (value !== null) reply.header(name, value);
          }
          return reply.status(answer.status).send(Buffer.from(await answer.arrayBuffer()));
        },
      });
    }
  };
}

function headersOf(request: FastifyRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of passedOn) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  // The door believes the last address, ours, and then this one; what stood before is the reader's word.
  const before = request.headers['x-forwarded-for'];
  headers['x-forwarded-for'] = [before, request.raw.socket.remoteAddress]
    .flat()
    .filter(Boolean)
    .join(', ');
  return headers;
}
