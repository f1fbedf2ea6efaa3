import { buildOutageEvent, buildSignal } from '@outcry/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../port.ts';
import { makeRequests } from './requests.ts';

const aliasOf = (collection: string) => `test-${collection}`;

describe('bulk requests', () => {
  it('keep to both bounds, lose nothing and keep the order', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 8_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(lengths, (texts) => {
        const operations = texts.map(
          (length): Operation => ({
            op: 'create',
            collection: 'signals',
            document: buildSignal({ text: 'x'.repeat(length) }),
          }),
        );
        const positions = [...operations.keys()];
        const bounds = { bytes: 6_000, count: 5 };
        const requests = [...makeRequests(operations, positions, aliasOf, bounds)];
        expect(requests.flat().map((write) => write.position)).toEqual(positions);
        for (const request of requests) {
          expect(request.length).toBeLessThanOrEqual(5);
          const bytes = request.reduce((sum, write) => sum + write.lines.length, 0);
          expect(request.length === 1 || bytes <= 6_000).toBe(true);
        }
      }),
    );
  });

  it('let the server compare the sequences of an outage', () => {
    const document = buildOutageEvent({ outageId: 'o1', sequence: 7 });
    const operations: Operation[] = [{ op: 'upsert', collection: 'outages', document }];
    const [request] = makeRequests(operations, [0], aliasOf, { bytes: 1_000, count: 1 });
    expect(JSON.parse(request![0]!.lines.toString().split('\n')[0]!)).toEqual({
      index: { _index: 'test-outages', _id: 'o1', version: 7, version_type: 'external' },
    });
  });
});
