import { describeIssues, outageEvent, signal } from '@outcry/contracts';
import type { Operation, Outcome } from './port.ts';

const done: Outcome = { status: 'done' };

/** The outcome of an operation that was carried out, or needed not be. */
export function isDone(): Outcome {
  return done;
}

export function refused(reason: string, detail: string): Outcome {
  return { status: 'refused', reason, detail: detail.slice(0, 4_000) };
}

/**
 * Why no index takes an operation: its document is not what the contract says. Undefined when there
 * is nothing against it. Both adapters ask it first, so that a broken document is refused alike.
 */
export function refusal(operation: Operation): Outcome | undefined {
  if (operation.op === 'delete') {
    const by = 'postId' in operation ? operation.postId : operation.voice;
    return typeof by === 'string' && by !== '' ? undefined : refused('schema', 'deletes nothing');
  }
  const schema = operation.collection === 'signals' ? signal : outageEvent;
  const result = schema.safeParse(operation.document);
  return result.success ? undefined : refused('schema', describeIssues(result.error));
}
