import type { FastifyReply } from 'fastify';
import type { FieldProblem } from './body.ts';

/** An answer by RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  problems?: FieldProblem[];
}

export function sendProblem(reply: FastifyReply, problem: Omit<Problem, 'type'>): FastifyReply {
  return reply
    .status(problem.status)
    .type('application/problem+json')
    .send({ type: 'about:blank', ...problem } satisfies Problem);
}

/** What the server's own refusals mean to whoever asked. */
export function problemOfError(error: unknown): Omit<Problem, 'type'> {
  const { code, statusCode, retriable, message } = error as {
    code?: string;
    statusCode?: number;
    retriable?: boolean;
    message?: string;
  };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return { status: 413, title: 'The body is too large' };
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return { status: 415, title: 'The body must be application/json' };
  if (code === 'door-closed' || retriable === true)
    return { status: 503, title: 'Reports cannot be kept now, try again', detail: message ?? '' };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, title: message ?? 'The request does not fit' };
  return { status: 500, title: 'Something failed here' };
}
