import { gunzipSync } from 'node:zlib';
import { loadCatalog } from '@outcry/catalog';
import { encode, topics } from '@outcry/contracts';
import { createMemoryLog } from '@outcry/event-log/memory';
import { createLogger } from '@outcry/runtime';
import { createSqliteIndex } from '@outcry/search-index/sqlite';
import { buildOutageEvent, buildSignal } from '@outcry/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from './app.ts';
import type { Overview } from './overview.ts';

const log = createMemoryLog({ partitions: 2 });
const index = createSqliteIndex({ path: ':memory:' });
const logger = createLogger({ service: 'test', level: 'silent', format: 'json' });
let app: FastifyInstance;

const opened = buildOutageEvent({
  id: 'o1/1',
  outageId: 'o1',
  sequence: 1,
  type: 'outage.opened',
  state: 'confirmed',
  target: 'spotify',
  startedAt: '2025-04-16T12:18:00.000Z',
  decidedAt: '2025-04-16T12:20:00.000Z',
  endedAt: null,
});
const resolved = {
  ...opened,
  id: 'o1/2',
  sequence: 2,
  type: 'outage.resolved',
  state: 'resolved',
  decidedAt: '2025-04-16T15:50:00.000Z',
  endedAt: '2025-04-16T15:45:00.000Z',
} as const;

beforeAll(async () => {
  await log.prepare();
  await index.prepare();
  await index.bulk([
    ...[opened, resolved].flatMap((event) => [
      { op: 'create', collection: 'outage-events', document: event } as const,
      { op: 'upsert', collection: 'outages', document: event } as const,
    ]),
    ...['a', 'b'].map((voice) => ({
      op: 'create' as const,
      collection: 'signals' as const,
      document: buildSignal({
        id: `test:${voice}@spotify`,
        recordId: `test:${voice}`,
        target: 'spotify',
        voice,
        text: 'songs will not play',
        occurredAt: '2025-04-16T12:25:00.000Z',
        observedAt: '2025-04-16T12:25:00.000Z',
      }),
    })),
  ]);
  app = await createApp({ log, index, catalog: loadCatalog(), logger });
});

afterAll(async () => {
  await app.close();
  await index.close();
  await log.close();
});

async function get(url: string) {
  const response = await app.inject({ url });
  return {
    status: response.statusCode,
    type: response.headers['content-type'],
    body: response.json(),
  };
}

describe('the status', () => {
  it('is as it was at the moment asked for: failing during, over after', async () => {
    const during: Overview = (await get('/v1/status?at=2025-04-16T12:30:00.000Z')).body;
    expect(during.targets[0]).toMatchObject({ id: 'spotify', state: 'confirmed', outageId: 'o1' });
    expect(during.open).toEqual([opened]);
    expect(during.targets[0]?.voices.reduce((a, b) => a + b, 0)).toBe(2);
    const after: Overview = (await get('/v1/status?at=2025-04-16T16:00:00.000Z')).body;
    expect(after.open).toEqual([]);
    expect(after.ended).toEqual([resolved]);
  });

  it('can be asked of one target alone, with the same answer about it', async () => {
    const at = 'at=2025-04-16T12:30:00.000Z';
    const all: Overview = (await get(`/v1/status?${at}`)).body;
    const one: Overview = (await get(`/v1/status?${at}&target=spotify`)).body;
    expect(one.targets).toEqual(all.targets.filter(({ id }) => id === 'spotify'));
    expect(one.open).toEqual(all.open);
    const calm: Overview = (await get(`/v1/status?${at}&target=github`)).body;
    expect(calm.targets).toEqual(all.targets.filter(({ id }) => id === 'github'));
    expect(calm.open).toEqual([]);
    expect((await get(`/v1/status?${at}&target=never-heard-of`)).body.targets).toEqual([]);
  });

  it('travels compressed to whoever takes that', async () => {
    const headers = { 'accept-encoding': 'gzip' };
    const packed = await app.inject({ url: '/v1/status?at=2025-04-16T12:30:00.000Z', headers });
    expect(packed.headers['content-encoding']).toBe('gzip');
    const plain = await get('/v1/status?at=2025-04-16T12:30:00.000Z');
    expect(JSON.parse(gunzipSync(packed.rawPayload).toString('utf8'))).toEqual(plain.body);
  });

  it('puts what is sure before a likely echo, and never calls the echo sure', async () => {
    const echo = {
      ...opened,
      id: 'o2/1',
      outageId: 'o2',
      target: 'netflix',
      decidedAt: '2025-04-16T12:25:00.000Z',
      startedAt: '2025-04-16T12:22:00.000Z',
      severity: 'critical' as const,
      echoOf: { outageId: 'o1', target: 'spotify', evidence: ['most posts name spotify too'] },
    };
    await index.bulk([
      { op: 'create', collection: 'outage-events', document: echo },
      { op: 'upsert', collection: 'outages', document: echo },
    ]);
    const during: Overview = (await get('/v1/status?at=2025-04-16T12:30:00.000Z')).body;
    expect(during.open.map(({ outageId }) => outageId)).toEqual(['o1', 'o2']);
    expect(during.targets.find(({ id }) => id === 'netflix')?.state).toBe('suspected');
    await index.bulk([
      {
        op: 'upsert',
        collection: 'outages',
        document: {
          ...echo,
          id: 'o2/2',
          sequence: 2,
          type: 'outage.retracted',
          state: 'retracted',
          endedAt: echo.decidedAt,
        },
      },
    ]);
  });

  it('does not say that all is well while no source sees', async () => {
    const before: Overview = (await get('/v1/status?at=2025-04-16T12:00:00.000Z')).body;
    expect(before.sight).toBe('blind');
    expect(new Set(before.targets.map(({ state }) => state))).toEqual(new Set(['unknown']));
    // Within the hour two people were heard, so something was seen; by whom, nobody knows any more.
    const heard: Overview = (await get('/v1/status?at=2025-04-16T12:45:00.000Z')).body;
    expect(heard.sources).toEqual([]);
    expect(heard.sight).toBe('partial');
    await log.append([
      {
        topic: topics.sources,
        key: 'bluesky',
        value: encode({
          kind: 'source-status',
          type: 'source.recovered',
          source: 'bluesky',
          state: 'seeing',
          since: '2025-04-16T00:00:00.000Z',
        }),
      },
    ]);
    await expect
      .poll(
        async () => ((await get('/v1/status?at=2025-04-16T12:00:00.000Z')).body as Overview).sight,
        { timeout: 5_000 },
      )
      .toBe('clear');
  });

  it('looks back on what the sources saw then, not on what they see now', async () => {
    await log.append([
      {
        topic: topics.sources,
        key: 'bluesky',
        value: encode({
          kind: 'source-status',
          type: 'source.degraded',
          source: 'bluesky',
          state: 'blind',
          reason: 'unreachable',
          since: '2025-04-16T18:00:00.000Z',
        }),
      },
    ]);
    const sightAt = async (at: string) =>
      ((await get(`/v1/status?at=${at}`)).body as Overview).sight;
    await expect.poll(() => sightAt('2025-04-16T18:30:00.000Z'), { timeout: 5_000 }).toBe('blind');
    expect(await sightAt('2025-04-16T12:00:00.000Z')).toBe('clear');
  });
});

describe('search', () => {
  it('finds signals by their words and never shows a voice', async () => {
    const { body } = await get('/v1/signals?q=songs%20play&target=spotify');
    expect(body.total).toBe(2);
    expect(JSON.stringify(body)).not.toContain('"voice"');
  });

  it('tells all that was said of an outage, in sequence', async () => {
    expect((await get('/v1/outages/o1/events')).body).toEqual([opened, resolved]);
    expect(
      (await get('/v1/outages?target=spotify&state=resolved&state=retracted')).body,
    ).toMatchObject({
      total: 1,
    });
  });

  it.each([
    ['/v1/outages/none/events', 404],
    ['/v1/signals?limit=0', 400],
    ['/v1/signals?from=yesterday', 400],
    ['/v1/signals?country=Sweden&stance=cross', 400],
    ['/v1/status?hours=1000', 400],
    ['/v1/nothing', 404],
  ])('answers %s with a problem and %i', async (url, status) => {
    const answer = await get(url);
    expect(answer.status).toBe(status);
    expect(answer.type).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, title: expect.any(String) });
  });

  it('names every field that does not fit', async () => {
    const { body } = await get('/v1/signals?country=Sweden&stance=cross');
    expect(body.problems.map(({ field }: { field: string }) => field).toSorted()).toEqual([
      'country',
      'stance',
    ]);
  });

  it('takes search words as words, whatever they look like', async () => {
    for (const q of ['"', 'a OR (b', "'; DROP TABLE signals; --", '*', 'NEAR(x)']) {
      expect((await get(`/v1/signals?q=${encodeURIComponent(q)}`)).status).toBe(200);
    }
    expect((await get('/v1/signals')).body.total).toBe(2);
  });
});

describe('the live view', () => {
  it('tells an outage event to whoever listens, and what was missed to whoever comes back', async () => {
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const first = await openStream(`${address}/v1/live`);
    await log.append([{ topic: topics.outages, key: 'spotify', value: encode(opened) }]);
    const message = await first.next('event: outage');
    expect(message).toContain('"outageId":"o1"');
    first.close();
    await log.append([{ topic: topics.outages, key: 'spotify', value: encode(resolved) }]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const lastId = /id: (\S+)/.exec(message)?.[1] ?? '';
    const second = await openStream(`${address}/v1/live`, { 'last-event-id': lastId });
    expect(await second.next('event: outage')).toContain('outage.resolved');
    second.close();
  });

  it('describes its interfaces', async () => {
    const { body } = await get('/v1/openapi.json');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/v1/status', '/v1/outages', '/v1/signals', '/v1/live']),
    );
  });
});

async function openStream(url: string, headers: Record<string, string> = {}) {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    close: () => controller.abort(),
    async next(wanted: string): Promise<string> {
      for (;;) {
        const message = text.split('\n\n').find((part) => part.includes(wanted));
        if (message !== undefined) return message;
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended without ${wanted}`);
        text += value;
      }
    },
  };
}
