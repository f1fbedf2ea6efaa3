import type { Signal } from '@outcry/contracts';
import { buildSignal } from '@outcry/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../port.ts';
import type { Plan } from './plan.ts';
import { planBulk } from './plan.ts';

const everything = () => true;

/** Signals of three posts by two voices for two targets; the text tells the versions apart. */
const anySignal = fc
  .record({
    // A post has one author, so its voice is always the same.
    post: fc.constantFrom(['x:1', 'a'], ['x:2', 'a'], ['x:3', 'b']),
    target: fc.constantFrom('spotify', 'netflix'),
    text: fc.constantFrom('one', 'two', 'three'),
  })
  .map(({ post: [recordId, voice], ...overrides }) =>
    buildSignal({ recordId: recordId!, voice: voice!, ...overrides }),
  );

const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  anySignal.map((document): Operation => ({ op: 'create', collection: 'signals', document })),
  fc
    .constantFrom('x:1', 'x:2')
    .map((postId): Operation => ({ op: 'delete', collection: 'signals', postId })),
  fc
    .constantFrom('a', 'b')
    .map((voice): Operation => ({ op: 'delete', collection: 'signals', voice })),
);

describe('planBulk', () => {
  it('comes to the same as the operations one after the other', () => {
    fc.assert(
      fc.property(fc.array(anySignal), fc.array(anyOperation), (before, operations) => {
        const stepwise = inOrder(before, operations);
        const planned = asPlanned(before, operations, planBulk(operations, everything));
        expect(planned).toEqual(stepwise);
      }),
      { numRuns: 500 },
    );
  });

  it('has an outcome or a write for every operation, never both', () => {
    fc.assert(
      fc.property(fc.array(anyOperation), (operations) => {
        const plan = planBulk(operations, everything);
        const written = new Set(plan.writes);
        for (const position of operations.keys())
          expect(plan.outcomes[position] === undefined).toBe(written.has(position));
      }),
    );
  });
});

/** What is left after carrying out the operations as the port describes them. */
function inOrder(before: readonly Signal[], operations: readonly Operation[]): Map<string, string> {
  const index = indexOf(before);
  for (const operation of operations) {
    if (operation.op === 'delete') {
      const matches = (signal: Signal) =>
        'postId' in operation
          ? signal.recordId === operation.postId
          : signal.voice === operation.voice;
      for (const [id, signal] of index) if (matches(signal)) index.delete(id);
    } else if (operation.collection === 'signals' && !index.has(operation.document.id)) {
      index.set(operation.document.id, operation.document);
    }
  }
  return texts(index);
}

/** What is left after the deletion and the writes of the plan, as a server carries them out. */
function asPlanned(
  before: readonly Signal[],
  operations: readonly Operation[],
  plan: Plan,
): Map<string, string> {
  const index = indexOf(before);
  for (const [id, signal] of index) {
    const { postIds, voices } = plan.deletions;
    if (postIds.includes(signal.recordId) || voices.includes(signal.voice)) index.delete(id);
  }
  for (const position of plan.writes) {
    const operation = operations[position]!;
    if (operation.op === 'create' && operation.collection === 'signals') {
      const { document } = operation;
      if (!index.has(document.id)) index.set(document.id, document);
    }
  }
  return texts(index);
}

function indexOf(signals: readonly Signal[]): Map<string, Signal> {
  const index = new Map<string, Signal>();
  for (const signal of signals) if (!index.has(signal.id)) index.set(signal.id, signal);
  return index;
}

function texts(index: Map<string, Signal>): Map<string, string> {
  return new Map(
    [...index]
      .map(([id, signal]): [string, string] => [id, `${signal.voice} ${signal.text}`])
      .sort(),
  );
}
