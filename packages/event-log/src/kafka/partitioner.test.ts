import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { expect, it } from 'vitest';
import { murmur2, partitionOf } from '../partitioner.ts';

it('hashes as the Java client does', () => {
  // From Apache Kafka's own UtilsTest.
  const known: [string, number][] = [
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ];
  for (const [key, hash] of known) expect(murmur2(Buffer.from(key))).toBe(hash);
});

it('chooses the partition that the Kafka driver chooses', () => {
  const choose = Partitioners.DefaultPartitioner();
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.integer({ min: 1, max: 64 }),
      (key, partitions) => {
        const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
          partitionId,
          leader: 0,
          partitionErrorCode: 0,
          replicas: [],
          isr: [],
        }));
        const message = { key, value: null };
        expect(partitionOf(key, partitions)).toBe(
          choose({ topic: 't', partitionMetadata, message }),
        );
      },
    ),
    { numRuns: 500 },
  );
});
