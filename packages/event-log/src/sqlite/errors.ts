import { EventLogError } from '../port.ts';

const busy = new Set([5, 6]);
/** Input/output error, disk full, cannot open: what an operator can mend while we wait. */
const mendable = new Set([10, 13, 14]);

/** The primary result code of a SQLite error, if it is one. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

export function isBusy(error: unknown): boolean {
  return busy.has(resultCode(error) ?? 0);
}

export function toEventLogError(error: unknown): EventLogError {
  if (error instanceof EventLogError) return error;
  const code = resultCode(error) ?? 0;
  const message = error instanceof Error ? error.message : String(error);
  const retriable = busy.has(code) || mendable.has(code);
  return new EventLogError(
    retriable ? 'unreachable' : 'internal',
    `The log file cannot be used: ${message}`,
    { cause: error, retriable },
  );
}
