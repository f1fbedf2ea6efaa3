import type { OutageEvent } from '@outcry/contracts';
import { decode, outageEvent, signalsRecord, topics } from '@outcry/contracts';
import type { PartitionDetector } from '@outcry/detection';
import { rulesVersion } from '@outcry/detection';
import type { EventLog } from '@outcry/event-log';

/** Entry of the state that says which rules wrote it. */
export const rulesKey = 'rules';

/** Whether a state was written by other rules than these, which cannot read it. */
export function wroteOthers(state: ReadonlyMap<string, unknown>): boolean {
  return state.size > 0 && state.get(rulesKey) !== rulesVersion;
}

/** Changes that clear a state which is of no use any more. */
export function forgetAll(state: ReadonlyMap<string, unknown>): { key: string; value: null }[] {
  return [...state.keys()].map((key) => ({ key, value: null }));
}

/**
 * Brings a fresh detector to where the one before stood: it takes every signal of the partition that
 * the log still holds, up to the position. What it finds on the way was told under the rules of then
 * and is not told again.
 */
export async function catchUp(
  detector: PartitionDetector,
  log: EventLog,
  partition: number,
  position: number,
): Promise<number> {
  let records = 0;
  for await (const record of log.read({
    topic: topics.signals,
    partition,
    to: { offset: position },
  })) {
    const decoded = decode(signalsRecord, record.value);
    if (!decoded.ok) continue;
    detector.take(decoded.value);
    records += 1;
  }
  return records;
}

/**
 * What ends the outages that were open under the rules of before: whoever heard one open hears it
 * end. One that still lasts is opened anew by the rules of now.
 */
export async function endOpenOutages(log: EventLog): Promise<OutageEvent[]> {
  const newest = new Map<string, OutageEvent>();
  for (const { partition } of await log.extents(topics.outages)) {
    for await (const record of log.read({ topic: topics.outages, partition })) {
      const decoded = decode(outageEvent, record.value);
      if (decoded.ok) newest.set(decoded.value.outageId, decoded.value);
    }
  }
  return [...newest.values()]
    .filter(({ type }) => type !== 'outage.resolved' && type !== 'outage.retracted')
    .map((last) => ({
      ...last,
      id: `${last.outageId}/${last.sequence + 1}`,
      sequence: last.sequence + 1,
      type: 'outage.resolved',
      state: 'resolved',
      endedAt: last.decidedAt,
      rules: rulesVersion,
      reason: `The rules changed from ${last.rules} to ${rulesVersion}: what still lasts is opened anew.`,
    }));
}
