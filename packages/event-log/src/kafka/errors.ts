import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from '../backoff.ts';
import { EventLogError } from '../port.ts';

const fenced = new Set([
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_ID_MAPPING',
  'TRANSACTION_COORDINATOR_FENCED',
  'INVALID_TXN_STATE',
]);
const tooLarge = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);
const unknownTopic = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION']);
/** What waiting does not mend: rights and settings. */
const final =
  /AUTHORIZATION_FAILED|AUTHENTICATION|UNSUPPORTED|POLICY_VIOLATION|INVALID_CONFIG|INVALID_REPLICATION/;

const rebalancing = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'NOT_COORDINATOR_FOR_GROUP',
]);

/** The protocol error inside an error of the driver, which may be wrapped several times. */
export function protocolType(error: unknown): string | undefined {
  for (let e = error, depth = 0; typeof e === 'object' && e !== null && depth < 8; depth++) {
    if ('type' in e && typeof e.type === 'string') return e.type;
    if ('errors' in e && Array.isArray(e.errors) && e.errors.length > 0) e = e.errors[0];
    else if ('originalError' in e) e = e.originalError;
    else if ('cause' in e) e = e.cause;
    else return undefined;
  }
  return undefined;
}

/** The group is being divided anew, or has given this member up. */
export function isRebalancing(error: unknown): boolean {
  return rebalancing.has(protocolType(error) ?? '');
}

export function toEventLogError(error: unknown): EventLogError {
  if (error instanceof EventLogError) return error;
  const type = protocolType(error);
  const text = error instanceof Error ? error.message : String(error);
  const make = (code: EventLogError['code'], retriable: boolean) =>
    new EventLogError(code, `Kafka: ${text}`, { cause: error, retriable });
  if (type === undefined) return make('unreachable', true);
  if (fenced.has(type)) return make('fenced', true);
  if (tooLarge.has(type)) return make('too-large', false);
  if (unknownTopic.has(type)) return make('unknown-topic', false);
  if (final.test(type)) return make('internal', false);
  return make('unreachable', true);
}

/** Runs a call of the driver; its errors come out as errors of the log. */
export async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toEventLogError(error);
  }
}

/**
 * For calls that only ask: tries again, for some seconds, what a broker refuses while leaders and
 * coordinators move. What cannot connect at all was retried by the driver already.
 */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  const backoff = new Backoff(50, 1500);
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const known = toEventLogError(error);
      if (!known.retriable || protocolType(error) === undefined || attempt === 9) throw known;
      await sleep(backoff.next());
    }
  }
}
