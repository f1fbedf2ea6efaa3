import { isDone, refusal, refused } from '../check.ts';
import { documentId, outageDocument, signalDocument } from '../documents.ts';
import type { Collection, Operation, Outcome } from '../port.ts';

/** One document to be written: two lines of a bulk body. */
export interface Write {
  /** Which operation it carries out. */
  position: number;
  /** Both lines, each ended. */
  lines: string;
  bytes: number;
}

/** What a list of operations comes to. */
export interface Plan {
  /** The outcomes that are known already; the others follow from the writes. */
  outcomes: (Outcome | undefined)[];
  /** Whose signals go, before anything is written. */
  deletions: { postIds: string[]; voices: string[] };
  writes: Write[];
}

/**
 * Turns a list of operations, which counts as carried out one after the other, into one deletion
 * followed by writes, which is far cheaper: a deletion is a query and needs a refresh.
 *
 * The two come to the same. A signal that a later operation of the list deletes is not written at
 * all; one that stands after its deletion is written after it. Of several creations of one id that
 * are left, the first counts. (It builds on an id always having the same post and the same voice.)
 *
 * @param aliasOf where a collection is written; undefined when it does not take this collection
 */
export function planBulk(
  operations: readonly Operation[],
  aliasOf: (collection: Collection) => string | undefined,
): Plan {
  const outcomes = operations.map((operation) =>
    aliasOf(operation.collection) === undefined
      ? refused('not-in-generation', 'a generation holds outages and outage events only')
      : refusal(operation),
  );
  const postIds = new Set<string>();
  const voices = new Set<string>();
  for (let at = operations.length - 1; at >= 0; at--) {
    const operation = operations[at]!;
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
  const seen = new Set<string>();
  const writes: Write[] = [];
  for (const [position, operation] of operations.entries()) {
    if (outcomes[position] !== undefined || operation.op === 'delete') continue;
    if (operation.op === 'create') {
      const key = `${operation.collection}/${operation.document.id}`;
      if (seen.has(key)) outcomes[position] = isDone();
      if (seen.has(key)) continue;
      seen.add(key);
    }
    const lines = toLines(operation, aliasOf(operation.collection)!);
    writes.push({ position, lines, bytes: Buffer.byteLength(lines) });
  }
  return { outcomes, deletions: { postIds: [...postIds], voices: [...voices] }, writes };
}

function toLines(operation: Exclude<Operation, { op: 'delete' }>, alias: string): string {
  const { collection, document } = operation;
  const action =
    operation.op === 'create'
      ? { create: { _index: alias, _id: documentId(document.id) } }
      : {
          index: {
            _index: alias,
            _id: documentId(operation.document.outageId),
            // The server itself refuses what is not newer.
            version: operation.document.sequence,
            version_type: 'external',
          },
        };
  const body =
    collection === 'signals' ? signalDocument(document) : outageDocument(document, collection);
  return `${JSON.stringify(action)}\n${JSON.stringify(body)}\n`;
}

/** Cuts a list of writes into requests, none over either bound unless it is a single write. */
export function chunk(
  writes: readonly Write[],
  bounds: { bytes: number; count: number },
): Write[][] {
  const chunks: Write[][] = [];
  let bytes = 0;
  for (const write of writes) {
    const last = chunks.at(-1);
    if (last === undefined || last.length >= bounds.count || bytes + write.bytes > bounds.bytes) {
      chunks.push([write]);
      bytes = write.bytes;
    } else {
      last.push(write);
      bytes += write.bytes;
    }
  }
  return chunks;
}
