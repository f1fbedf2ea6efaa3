import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSignal } from '@outcry/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { Operation, SearchIndex } from '../port.ts';
import { createElasticsearchIndex } from './index.ts';
import { defaultRetry, waitMs } from './retry.ts';

/** One answer of the server: a status and body for the whole request, or one item per document. */
type Reply =
  | { status: number; body?: unknown }
  | ((ids: string[]) => { status: number; error?: { type: string; reason: string } }[])
  | 'hang-up';

interface Fake {
  url: string;
  /** The document ids of each bulk request that came, in order. */
  requests: string[][];
  close(): Promise<void>;
}

const accept = (ids: string[]) => ids.map(() => ({ status: 201 }));
const full = { type: 'es_rejected_execution_exception', reason: 'queue is full' };

/**
 * A server that answers bulk requests as Elasticsearch does, each in its turn with one of `replies`,
 * the last of them for all that follow.
 */
async function fakeElasticsearch(replies: Reply[]): Promise<Fake> {
  const requests: string[][] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
      const ids = lines
        .filter((_, at) => at % 2 === 0)
        .map((line) => JSON.parse(line).create._id as string);
      const reply = replies[Math.min(requests.length, replies.length - 1)]!;
      requests.push(ids);
      if (reply === 'hang-up') {
        request.socket.destroy();
        return;
      }
      const [status, body] =
        typeof reply === 'function'
          ? [200, { items: reply(ids).map((create) => ({ create })) }]
          : [reply.status, reply.body ?? { error: full, status: reply.status }];
      // The driver talks to nothing that does not call itself by this name.
      response.writeHead(status, {
        'content-type': 'application/json',
        'x-elastic-product': 'Elasticsearch',
      });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe('what the server refuses', () => {
  const cleanUps: (() => Promise<void>)[] = [];
  const warnings: string[] = [];

  const start = async (...replies: Reply[]): Promise<{ fake: Fake; index: SearchIndex }> => {
    const fake = await fakeElasticsearch(replies);
    const index = createElasticsearchIndex({
      node: fake.url,
      retry: { attempts: 4, firstWaitMs: 1, maxWaitMs: 4 },
      log: { warn: (_fields, message) => warnings.push(message) },
    });
    cleanUps.push(
      () => index.close(),
      () => fake.close(),
    );
    return { fake, index };
  };

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
    warnings.length = 0;
  });

  const creations = (count: number): Operation[] =>
    Array.from({ length: count }, (_, n) => ({
      op: 'create',
      collection: 'signals',
      document: buildSignal({ recordId: `x:${n}` }),
    }));
  const done = { status: 'done' };

  it('sends only the refused documents again, until none is left', async () => {
    const { fake, index } = await start(
      (ids) => ids.map((_, at) => (at % 2 === 0 ? { status: 201 } : { status: 429, error: full })),
      (ids) => ids.map((_, at) => (at === 0 ? { status: 503, error: full } : { status: 201 })),
      accept,
    );
    expect(await index.bulk(creations(5))).toEqual([done, done, done, done, done]);
    expect(fake.requests.map((ids) => ids.map((id) => id.slice(0, 3)))).toEqual([
      ['x:0', 'x:1', 'x:2', 'x:3', 'x:4'],
      ['x:1', 'x:3'],
      ['x:1'],
    ]);
    expect(warnings).toHaveLength(2);
  });

  it('sends the whole request again after 429, 503 and a broken connection', async () => {
    const { fake, index } = await start({ status: 429 }, { status: 503 }, 'hang-up', accept);
    expect(await index.bulk(creations(2))).toEqual([done, done]);
    expect(fake.requests).toHaveLength(4);
  });

  it('gives up after the last attempt and says that a retry may help', async () => {
    const { fake, index } = await start({ status: 429 });
    await expect(index.bulk(creations(1))).rejects.toMatchObject({
      name: 'SearchIndexError',
      code: 'overloaded',
      retriable: true,
    });
    expect(fake.requests).toHaveLength(4);
  });

  it('gives up on documents that stay refused though their neighbours are taken', async () => {
    const { index } = await start((ids) =>
      ids.map((id) => (id.startsWith('x:1@') ? { status: 429, error: full } : { status: 201 })),
    );
    await expect(index.bulk(creations(3))).rejects.toMatchObject({
      code: 'overloaded',
      retriable: true,
    });
  });

  it('says unreachable, and that a retry may help, when nobody answers', async () => {
    const { fake, index } = await start(accept);
    await fake.close();
    await expect(index.bulk(creations(1))).rejects.toMatchObject({
      code: 'unreachable',
      retriable: true,
    });
    await expect(index.ping()).rejects.toMatchObject({ code: 'unreachable', retriable: true });
    await expect(index.signals({})).rejects.toMatchObject({ code: 'unreachable', retriable: true });
  });

  it('takes a conflict for done and reports what can never be taken, sent once', async () => {
    const { fake, index } = await start(() => [
      { status: 409, error: { type: 'version_conflict_engine_exception', reason: 'exists' } },
      { status: 400, error: { type: 'document_parsing_exception', reason: 'no date' } },
      { status: 201 },
    ]);
    expect(await index.bulk(creations(3))).toEqual([
      done,
      { status: 'refused', reason: 'document_parsing_exception', detail: 'no date' },
      done,
    ]);
    expect(fake.requests).toHaveLength(1);
  });

  it('blames no document for an index that is missing or read-only', async () => {
    for (const [status, type] of [
      [404, 'index_not_found_exception'],
      [403, 'cluster_block_exception'],
    ] as const) {
      const { fake, index } = await start((ids) =>
        ids.map(() => ({ status, error: { type, reason: 'blocked' } })),
      );
      await expect(index.bulk(creations(2))).rejects.toMatchObject({
        code: 'internal',
        retriable: true,
        message: expect.stringContaining(type),
      });
      expect(fake.requests).toHaveLength(1);
    }
  });

  it('does not repeat what is refused for its credentials', async () => {
    const { fake, index } = await start({ status: 401 });
    await expect(index.bulk(creations(1))).rejects.toMatchObject({
      code: 'internal',
      retriable: false,
    });
    expect(fake.requests).toHaveLength(1);
  });

  it('halves a request that is too large, down to the document that is', async () => {
    const isLarge = (id: string) => id.startsWith('x:3@');
    const fake = await fakeTooLarge(isLarge);
    const index = createElasticsearchIndex({ node: fake.url });
    cleanUps.push(
      () => index.close(),
      () => fake.close(),
    );
    const outcomes = await index.bulk(creations(8));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(
      Array.from({ length: 8 }, (_, n) => (n === 3 ? 'refused' : 'done')),
    );
    expect(outcomes[3]).toMatchObject({ reason: 'too-large' });
  });

  it('splits a long list into requests of at most 5 MB', async () => {
    const { fake, index } = await start(accept);
    const text = 'x'.repeat(19_000);
    const operations = creations(600).map((operation): Operation => {
      if (operation.op !== 'create' || operation.collection !== 'signals') return operation;
      return { ...operation, document: { ...operation.document, text } };
    });
    const outcomes = await index.bulk(operations);
    expect(outcomes).toHaveLength(600);
    expect(outcomes.every((outcome) => outcome.status === 'done')).toBe(true);
    expect(fake.requests.length).toBeGreaterThanOrEqual(3);
    expect(fake.requests.flat().length).toBe(600);
  });

  it('stops waiting when it is closed', async () => {
    const fake = await fakeElasticsearch([{ status: 429 }]);
    cleanUps.push(() => fake.close());
    const index = createElasticsearchIndex({
      node: fake.url,
      retry: { attempts: 10, firstWaitMs: 60_000, maxWaitMs: 60_000 },
    });
    const bulk = index.bulk(creations(1));
    const refused = expect(bulk).rejects.toMatchObject({ code: 'closed', retriable: false });
    while (fake.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await index.close();
    await refused;
  });
});

describe('waits', () => {
  it('grow to a bound, and differ by chance', () => {
    const waits = (chance: number) =>
      Array.from({ length: 10 }, (_, n) => waitMs(defaultRetry, n + 1, chance));
    expect(waits(0).slice(0, 3)).toEqual([125, 250, 500]);
    expect(waits(1).slice(0, 3)).toEqual([250, 500, 1_000]);
    expect(Math.max(...waits(1))).toBe(defaultRetry.maxWaitMs);
  });
});

/** A server that takes no request with one of these documents in it. */
async function fakeTooLarge(isLarge: (id: string) => boolean): Promise<Fake> {
  const requests: string[][] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
      const ids = lines
        .filter((_, at) => at % 2 === 0)
        .map((line) => JSON.parse(line).create._id as string);
      requests.push(ids);
      const status = ids.some(isLarge) ? 413 : 200;
      response.writeHead(status, {
        'content-type': 'application/json',
        'x-elastic-product': 'Elasticsearch',
      });
      response.end(JSON.stringify({ items: ids.map(() => ({ create: { status: 201 } })) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
