import { createMatcher, loadCatalog } from '@outcry/catalog';
import { createClassifier, loadModel } from '@outcry/classification';
import { encode, topics } from '@outcry/contracts';
import { createMemoryLog } from '@outcry/event-log/memory';
import { createSqliteIndex } from '@outcry/search-index/sqlite';
import { buildOutageEvent } from '@outcry/testkit';
import { describe, expect, it } from 'vitest';
import { reprocess } from './job.ts';

const classifier = createClassifier({ matcher: createMatcher(loadCatalog()), model: loadModel() });

describe('reprocess', () => {
  it('tells what is missing now, and keeps what lies outside of the range when it is put in use', async () => {
    const log = createMemoryLog({ partitions: 2 });
    const index = createSqliteIndex({ path: ':memory:' });
    await log.prepare();
    await index.prepare();
    const event = (outageId: string, decidedAt: string) =>
      buildOutageEvent({
        id: `${outageId}/1`,
        outageId,
        sequence: 1,
        target: 'spotify',
        decidedAt,
        startedAt: decidedAt,
      });
    const inside = event('inside', '2025-04-16T12:00:00.000Z');
    const outside = event('outside', '2025-03-01T12:00:00.000Z');
    await log.append(
      [inside, outside].map((it) => ({ topic: topics.outages, key: it.target, value: encode(it) })),
    );
    await index.bulk(
      [inside, outside].map(
        (document) => ({ op: 'upsert', collection: 'outages', document }) as const,
      ),
    );
    const options = {
      log,
      index,
      classifier,
      context: { detector: {}, correlator: {} },
      from: Date.UTC(2025, 3, 16),
      to: Date.UTC(2025, 3, 17),
    };

    // Nothing in the log speaks of these outages, so the code of today does not find them.
    const dry = await reprocess({ ...options, generation: 'dry', promote: false });
    expect(dry.difference).toEqual({ same: 0, changed: [], missing: ['inside/1'], added: [] });
    expect((await index.outages({})).total).toBe(2);

    const real = await reprocess({ ...options, generation: 'real', promote: true });
    expect(real.promoted).toBe(true);
    expect((await index.outages({})).items.map(({ outageId }) => outageId)).toEqual(['outside']);
    await index.close();
    await log.close();
  });
});
