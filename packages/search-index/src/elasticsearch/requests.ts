import { documentId, outageDocument, signalDocument } from '../documents.ts';
import type { Collection, Operation } from '../port.ts';

/** One document to be written: two lines of a bulk body. */
export interface Write {
  /** Which operation it carries out. */
  position: number;
  /** Both lines, each ended. */
  lines: Buffer;
}

/** Bounds of one request: large enough to keep the server busy, small enough to be refused cheaply. */
export interface Bounds {
  bytes: number;
  count: number;
}

/**
 * Cuts writes into requests, none over either bound unless it is a single write. Documents are put
 * into words when their request is asked for, so the first is on its way before the last is made.
 *
 * @param positions which of the operations write a document
 * @param aliasOf where a collection is written
 */
export function* makeRequests(
  operations: readonly Operation[],
  positions: readonly number[],
  aliasOf: (collection: Collection) => string,
  bounds: Bounds,
): Generator<Write[], void> {
  let request: Write[] = [];
  let bytes = 0;
  for (const position of positions) {
    const operation = operations[position]!;
    if (operation.op === 'delete') continue;
    const lines = Buffer.from(toLines(operation, aliasOf(operation.collection)));
    if (
      request.length > 0 &&
      (request.length >= bounds.count || bytes + lines.length > bounds.bytes)
    ) {
      yield request;
      request = [];
      bytes = 0;
    }
    request.push({ position, lines });
    bytes += lines.length;
  }
  if (request.length > 0) yield request;
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
