import type { FastifyInstance } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** An answer by RFC 9457: what is wrong, in a form that machines can read too. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  problems?: { field: string; message: string }[];
}

/** Makes every error of the server a problem, and none of them a leak of how it is built. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    reply
      .status(404)
      .type('application/problem+json')
      .send({
        type: 'about:blank',
        title: 'Not found',
        status: 404,
        detail: `${request.method} ${request.url.split('?')[0]} is not here`,
      } satisfies Problem),
  );
  app.setErrorHandler((error, request, reply) => {
    const problem = hasZodFastifySchemaValidationErrors(error)
      ? {
          type: 'about:blank',
          title: 'The request does not fit',
          status: 400,
          problems: error.validation.map(({ instancePath, message }) => ({
            field: instancePath.replace(/^\//, '').replaceAll('/', '.'),
            message: message ?? 'does not fit',
          })),
        }
      : problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error }, 'a request failed');
    return reply.status(problem.status).type('application/problem+json').send(problem);
  });
}

function problemOf(error: unknown): Problem {
  const { statusCode, code, message, retriable } = error as {
    statusCode?: number;
    code?: string;
    message?: string;
    retriable?: boolean;
  };
  if (code === 'bad-query')
    return {
      type: 'about:blank',
      title: 'The query does not fit',
      status: 400,
      detail: message ?? '',
    };
  if (retriable === true)
    return { type: 'about:blank', title: 'Not available now, try again', status: 503 };
  if (statusCode !== undefined && statusCode < 500) {
    return {
      type: 'about:blank',
      title: message ?? 'The request does not fit',
      status: statusCode,
    };
  }
  return { type: 'about:blank', title: 'Something failed here', status: 500 };
}
