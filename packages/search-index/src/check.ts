import type { OutageEvent, Signal } from '@outcry/contracts';
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
 * Why no index can take an operation; undefined when there is nothing against it. Who takes records
 * from the log has held them against the whole contract already, and doing it again would cost as
 * much as a tenth of indexing them; this looks at what an index stands on, so that both adapters
 * refuse alike.
 */
export function refusal(operation: Operation): Outcome | undefined {
  const wrong: string[] = [];
  if (operation.op === 'delete') {
    const by = 'postId' in operation ? operation.postId : operation.voice;
    if (!isId(by)) wrong.push('nothing to delete by');
  } else if (operation.collection === 'signals') {
    checkSignal(operation.document, wrong);
  } else {
    checkOutage(operation.document, wrong);
  }
  return wrong.length === 0 ? undefined : refused('schema', wrong.join('; '));
}

function checkSignal(signal: Signal, wrong: string[]): void {
  if (!isId(signal.id)) wrong.push('id');
  if (!isId(signal.recordId)) wrong.push('recordId');
  if (!isId(signal.voice)) wrong.push('voice');
  if (!isId(signal.stance)) wrong.push('stance');
  if (signal.target !== null && !isId(signal.target)) wrong.push('target');
  if (typeof signal.text !== 'string') wrong.push('text: no text');
  checkTime('occurredAt', signal.occurredAt, wrong);
  checkTime('observedAt', signal.observedAt, wrong);
  for (const key of ['types', 'places', 'platforms'] as const)
    if (!Array.isArray(signal[key])) wrong.push(`${key}: no list`);
}

function checkOutage(event: OutageEvent, wrong: string[]): void {
  if (!isId(event.id)) wrong.push('id');
  if (!isId(event.outageId)) wrong.push('outageId');
  if (!isId(event.target)) wrong.push('target');
  if (!isId(event.state)) wrong.push('state');
  if (!Number.isSafeInteger(event.sequence) || event.sequence < 1) wrong.push('sequence');
  if (typeof event.reason !== 'string') wrong.push('reason: no text');
  checkTime('decidedAt', event.decidedAt, wrong);
  checkTime('startedAt', event.startedAt, wrong);
  if (event.endedAt !== null) checkTime('endedAt', event.endedAt, wrong);
  if (typeof event.peak !== 'object' || event.peak === null) wrong.push('peak');
  for (const key of ['countries', 'subdivisions', 'types', 'platforms'] as const)
    if (!Array.isArray(event[key])) wrong.push(`${key}: no list`);
}

function checkTime(name: string, value: unknown, wrong: string[]): void {
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) wrong.push(`${name}: no time`);
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
