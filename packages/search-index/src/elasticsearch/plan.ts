import { isDone, refusal, refused } from '../check.ts';
import type { Collection, Operation, Outcome } from '../port.ts';

/** What a list of operations comes to. */
export interface Plan {
  /** The outcomes that are known already; the others follow from the writes. */
  outcomes: (Outcome | undefined)[];
  /** Whose signals go, before anything is written. */
  deletions: { postIds: string[]; voices: string[] };
  /** The positions of the operations that write a document. */
  writes: number[];
}

/**
 * Turns a list of operations, which counts as carried out one after the other, into one deletion
 * followed by writes, which is far cheaper: a deletion is a query and needs a refresh.
 *
 * The two come to the same. A signal that a later operation of the list deletes is not written at
 * all; one that stands after its deletion is written after it. Of several creations of one id that
 * are left, the first counts. (It builds on an id always having the same post and the same voice.)
 *
 * @param takes whether documents of a collection are written here
 */
export function planBulk(
  operations: readonly Operation[],
  takes: (collection: Collection) => boolean,
): Plan {
  const outcomes: (Outcome | undefined)[] = [];
  const postIds = new Set<string>();
  const voices = new Set<string>();
  for (let at = operations.length - 1; at >= 0; at--) {
    const operation = operations[at]!;
    outcomes[at] = takes(operation.collection)
      ? refusal(operation)
      : refused('not-in-generation', 'a generation holds outages and outage events only');
    if (outcomes[at] !== undefined) continue;
    if (operation.op === 'delete') {
      if ('postId' in operation) postIds.add(operation.postId);
      else voices.add(operation.voice);
      outcomes[at] = isDone();
    } else if (
      operation.collection === 'signals' &&
      (postIds.has(operation.document.recordId) || voices.has(operation.document.voice))
    ) {
      outcomes[at] = isDone();
    }
  }
  const created = { signals: new Set<string>(), 'outage-events': new Set<string>() };
  const writes: number[] = [];
  for (const [position, operation] of operations.entries()) {
    if (outcomes[position] !== undefined || operation.op === 'delete') continue;
    if (operation.op === 'create') {
      const ids = created[operation.collection];
      if (ids.has(operation.document.id)) {
        outcomes[position] = isDone();
        continue;
      }
      ids.add(operation.document.id);
    }
    writes.push(position);
  }
  return { outcomes, deletions: { postIds: [...postIds], voices: [...voices] }, writes };
}
