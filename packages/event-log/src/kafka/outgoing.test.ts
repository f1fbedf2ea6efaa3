import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PlacedRecord } from '../local/store.ts';
import { toLanes } from './outgoing.ts';

const megabyte = 1024 * 1024;
const records = fc.array(
  fc.record({
    topic: fc.constantFrom('a', 'b'),
    partition: fc.nat(2),
    key: fc.option(fc.string({ maxLength: 5 })),
    value: fc.option(fc.nat(3 * megabyte).map((size) => new Uint8Array(size))),
  }),
  { maxLength: 30 },
);

/** What each partition gets, in order. */
const byBroker = (topic: string, partition: number) => `${topic.charCodeAt(0) % 2}${partition % 2}`;

function byPartition(lanes: ReturnType<typeof toLanes>): Map<string, (string | null)[]> {
  const found = new Map<string, (string | null)[]>();
  for (const { topic, messages } of lanes.flat(2)) {
    for (const { partition, key } of messages) {
      const place = `${topic}/${partition}`;
      found.set(place, [...(found.get(place) ?? []), key as string | null]);
    }
  }
  return found;
}

it('keeps every record and the order of each partition', () => {
  fc.assert(
    fc.property(records, (all: PlacedRecord[]) => {
      const expected = new Map<string, (string | null)[]>();
      for (const { topic, partition, key } of all) {
        const place = `x.${topic}/${partition}`;
        expected.set(place, [...(expected.get(place) ?? []), key]);
      }
      expect(byPartition(toLanes(all, (topic) => `x.${topic}`, byBroker))).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

it('makes no batch of a partition larger than a topic takes', () => {
  fc.assert(
    fc.property(records, (all: PlacedRecord[]) => {
      for (const { messages } of toLanes(all, (topic) => topic, byBroker).flat(2)) {
        const sizes = new Map<number, number>();
        for (const { partition, value } of messages) {
          sizes.set(partition!, (sizes.get(partition!) ?? 0) + (value?.length ?? 0));
        }
        for (const size of sizes.values()) expect(size).toBeLessThanOrEqual(4 * megabyte);
      }
    }),
    { numRuns: 60 },
  );
});

it('never lets partitions of different lanes share a send', () => {
  fc.assert(
    fc.property(records, (all: PlacedRecord[]) => {
      for (const send of toLanes(all, (topic) => topic, byBroker).flat()) {
        const lanes = send.flatMap(({ topic, messages }) =>
          messages.map(({ partition }) => byBroker(topic, partition!)),
        );
        expect(new Set(lanes).size).toBe(1);
      }
    }),
    { numRuns: 60 },
  );
});
