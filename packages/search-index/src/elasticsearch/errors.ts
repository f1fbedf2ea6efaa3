import { errors } from '@elastic/elasticsearch';
import { SearchIndexError } from '../port.ts';

/** Whether a status of the server, or of one item of a bulk, says "not now" rather than "never". */
export function isPassingStatus(status: number): boolean {
  return status === 429 || status >= 500;
}

/** The status of a failed request; undefined when no answer came. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof errors.ResponseError ? error.statusCode : undefined;
}

/** Whether the same request may succeed a moment later. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return isPassingStatus(status);
  return (
    error instanceof errors.ConnectionError ||
    error instanceof errors.TimeoutError ||
    error instanceof errors.NoLivingConnectionsError
  );
}

/** What the driver throws, in the words of the port. */
export function toSearchIndexError(error: unknown, doing: string): SearchIndexError {
  if (error instanceof SearchIndexError) return error;
  const status = statusOf(error);
  const message = `Elasticsearch, ${doing}: ${describe(error)}`;
  const made = (code: SearchIndexError['code'], retriable: boolean) =>
    new SearchIndexError(code, message, { cause: error, retriable });
  if (status === 400) return made('bad-query', false);
  if (status !== undefined && isPassingStatus(status)) return made('overloaded', true);
  if (isPassing(error)) return made('unreachable', true);
  // An alias that is missing is made by the next prepare(): the same call may succeed then.
  return made('internal', status === 404);
}

function describe(error: unknown): string {
  if (error instanceof errors.ResponseError) {
    const body = error.body as { error?: { type?: string; reason?: string } } | undefined;
    const { type, reason } = body?.error ?? {};
    return [error.statusCode, type, reason].filter((part) => part !== undefined).join(' ');
  }
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
