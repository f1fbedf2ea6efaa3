import { createCipheriv } from 'node:crypto';
import { connect } from 'node:net';
import { loadCatalog } from '@outcry/catalog';
import { reportsRecord, topics } from '@outcry/contracts';
import type { EventLog } from '@outcry/event-log';
import { EventLogError } from '@outcry/event-log';
import { createMemoryLog } from '@outcry/event-log/memory';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Rig } from '../testing.ts';
import { readTopic, rig } from '../testing.ts';
import { loadCountryOf } from './country.ts';
import { createReportDoor } from './door.ts';
import type { ReportRoutesOptions } from './routes.ts';
import { reportRoutes } from './routes.ts';
import { createReportServer } from './server.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const catalog = loadCatalog();
const countryOf = await loadCountryOf();
/** Addresses of public networks, whose countries do not change. */
const german = '194.25.0.60';
const american = '17.253.144.10';

let one: Rig;
let app: FastifyInstance;
let routes: ReportRoutesOptions;
let address: string;
let fail: (() => Error) | null = null;

beforeEach(() => start());
afterEach(stop);

async function start(options: Partial<ReportRoutesOptions> = {}, patienceMs = 2_000) {
  const door = createReportDoor({ heartbeatMs: 20, patienceMs });
  one = await rig([door.source], { log: failingLog(createMemoryLog({ partitions: 3 })) });
  routes = {
    door,
    catalog,
    countryOf,
    voiceOf: (key) => `v(${unreadable(key)})`,
    trustedProxies: ['127.0.0.0/8'],
    ...options,
  };
  app = await createReportServer(routes);
  address = await app.listen({ host: '127.0.0.1', port: 0 });
}

async function stop() {
  fail = null;
  await app.close();
  await one.ingest.stop();
}

async function restart(...args: Parameters<typeof start>) {
  await stop();
  await start(...args);
}

/** A voice that a test can predict and that does not hold the address in clear. */
function unreadable(key: string): string {
  const cipher = createCipheriv('aes-128-ecb', Buffer.alloc(16, 7), null);
  return cipher.update(key, 'utf8', 'hex') + cipher.final('hex');
}

function failingLog(inner: EventLog): EventLog {
  const append = inner.append.bind(inner);
  inner.append = async (records) => {
    if (fail !== null && records.some((record) => record.topic === topics.reports)) throw fail();
    await append(records);
  };
  return inner;
}

interface Sent {
  headers?: Record<string, string>;
  raw?: string | Uint8Array;
}

async function send(body: unknown, { headers = {}, raw }: Sent = {}) {
  const response = await fetch(`${address}/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': german, ...headers },
    body: (raw as string | undefined) ?? JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) };
}

const good = { target: 'spotify', type: 'playback' } as const;

describe('a good report', () => {
  test('is in the log when it is acknowledged, with all that was told', async () => {
    const answer = await send({
      ...good,
      text: '  nothing plays\u0000 <script>alert(1)</script> ',
      country: 'us',
      subdivision: 'us-ca',
      city: 'San José',
      timeZone: 'America/Los_Angeles',
      platform: 'ios',
      lang: 'en-US',
    });
    expect(answer.status).toBe(202);
    expect(await one.reports()).toMatchObject([
      {
        id: `reports:${answer.body.id}`,
        target: 'spotify',
        type: 'playback',
        text: 'nothing plays <script>alert(1)</script>',
        country: 'US',
        subdivision: 'US-CA',
        city: 'San José',
        timeZone: 'America/Los_Angeles',
        platform: 'ios',
        lang: 'en',
      },
    ]);
  });

  test('takes its country from the address where none is told', async () => {
    await send(good);
    await send(good, { headers: { 'x-forwarded-for': american } });
    await send({ ...good, subdivision: 'BR-SP' });
    expect((await one.reports()).map((report) => report.country).toSorted()).toEqual([
      'BR',
      'DE',
      'US',
    ]);
  });

  test('of one address is one voice, of another address another', async () => {
    await send(good);
    await send({ ...good, type: 'login' });
    await send(good, { headers: { 'x-forwarded-for': american } });
    const voices = (await one.reports()).map((report) => report.voice);
    expect(voices).toHaveLength(3);
    expect(new Set(voices).size).toBe(2);
  });

  test('may be repeated under its key, and counts once', async () => {
    const headers = { 'idempotency-key': 'try-1' };
    const answers = await Promise.all([send(good, { headers }), send(good, { headers })]);
    const again = await send(good, { headers });
    expect(new Set([...answers, again].map((answer) => answer.body.id)).size).toBe(1);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await one.reports()).toHaveLength(1);
    const other = await send({ ...good, type: 'login' }, { headers });
    expect(other.status).toBe(409);
    const otherReporter = await send(good, {
      headers: { ...headers, 'x-forwarded-for': american },
    });
    expect(otherReporter.body.id).not.toBe(again.body.id);
  });
});

describe('privacy', () => {
  test('the address is neither in the log nor in any line', async () => {
    await send({ ...good, text: 'x' });
    await send({ ...good, type: 'nonsense' });
    await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'));
    const everything = JSON.stringify([
      await readTopic(one.log, topics.reports, reportsRecord),
      await one.deadLetters(),
      one.logger.lines,
    ]);
    expect(everything).toContain('"kind":"report"');
    expect(everything).not.toContain(german);
    expect(everything).not.toContain(german.replace('60', '0'));
  });

  test('a server that logs every request logs none of these', async () => {
    const lines: string[] = [];
    const host = fastify({
      logger: { level: 'trace', stream: { write: (line: string) => lines.push(line) } },
    });
    host.get('/other', () => 'x');
    await host.register(reportRoutes(routes));
    for (const method of ['POST', 'OPTIONS', 'GET'] as const) {
      await host.inject({
        method,
        url: '/v1/reports',
        remoteAddress: german,
        headers: { origin: 'https://a.test', 'access-control-request-method': 'POST' },
        ...(method === 'POST' ? { payload: good } : {}),
      });
    }
    await host.inject({ url: '/other', remoteAddress: american });
    await host.close();
    expect(lines.join('\n')).toContain(american);
    expect(lines.filter((line) => line.includes(german) && !line.includes('GET'))).toEqual([]);
  });

  test('X-Forwarded-For of a stranger is not believed', async () => {
    await restart({ trustedProxies: [] });
    await send(good);
    await send(good, { headers: { 'x-forwarded-for': american } });
    const reports = await one.reports();
    expect(reports.map((report) => report.country)).toEqual([undefined, undefined]);
    expect(new Set(reports.map((report) => report.voice)).size).toBe(1);
  });

  test('of a chain, the first address that is no trusted proxy counts', async () => {
    await restart({ trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
    await send(good, { headers: { 'x-forwarded-for': `${american}, ${german}, 10.1.2.3` } });
    expect((await one.reports())[0]?.country).toBe('DE');
  });
});

describe('a bad report', () => {
  test('is told everything that is wrong with it at once', async () => {
    const answer = await send({
      target: 'no-such-target',
      type: 'bad mood',
      country: 'XX',
      city: 7,
      platfrom: 'ios',
      text: 'x'.repeat(3_000),
    });
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const fields = answer.body.problems.map((problem: { field: string }) => problem.field);
    expect(fields.toSorted()).toEqual(['', 'city', 'country', 'target', 'text', 'type']);
    expect(await one.reports()).toEqual([]);
  });

  test.each([
    ['no JSON', { raw: '{"target":' }, 400],
    ['empty', { raw: '' }, 400],
    ['bad UTF-8', { raw: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) }, 400],
    ['no object', { raw: '"spotify"' }, 422],
    ['null', { raw: 'null' }, 422],
    ['deep', { raw: '['.repeat(8_000) + ']'.repeat(8_000) }, 422],
    ['huge', { raw: JSON.stringify({ ...good, text: 'x'.repeat(100_000) }) }, 413],
    ['of another type', { raw: 'target=spotify', headers: { 'content-type': 'text/plain' } }, 415],
    ['prototype games', { raw: '{"__proto__":{"target":"spotify"},"type":"login"}' }, 422],
    ['a bad key', { raw: JSON.stringify(good), headers: { 'idempotency-key': 'a b' } }, 400],
  ])('that is %s gets a clear refusal', async (_, sent, status) => {
    const answer = await send(undefined, sent);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, title: expect.stringMatching(/\w/) });
    expect(await one.reports()).toEqual([]);
  });

  test('somewhere else is not found, in the same form', async () => {
    const response = await fetch(`${address}/v1/nothing`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('limits', () => {
  test('a voice that reports too often waits, others do not', async () => {
    await restart({ perMinute: { voice: 3, network: 100 } });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await send(good)).status);
    expect(statuses).toEqual([202, 202, 202, 429]);
    const refused = await send(good);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await send(good, { headers: { 'x-forwarded-for': american } })).status).toBe(202);
  });

  test('a network shares its own limit', async () => {
    await restart({ perMinute: { voice: 100, network: 3 } });
    const statuses: number[] = [];
    for (let index = 1; index <= 4; index += 1)
      statuses.push(
        (await send(good, { headers: { 'x-forwarded-for': `194.25.0.${index}` } })).status,
      );
    expect(statuses).toEqual([202, 202, 202, 429]);
  });
});

describe('a log in trouble', () => {
  test('a report that is not durable in time is not acknowledged, and its repeat counts once', async () => {
    await restart({}, 100);
    fail = () => new EventLogError('unreachable', 'no log', { retriable: true });
    const headers = { 'idempotency-key': 'k' };
    const refused = await send(good, { headers });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    fail = null;
    await vi.waitFor(async () => expect((await send(good, { headers })).status).toBe(202));
    await vi.waitFor(() => expect(one.ingest.pending()).toBe(0));
    expect(new Set((await one.reports()).map((report) => report.id)).size).toBe(1);
  });

  test('after the stop nothing is acknowledged any more', async () => {
    await one.ingest.stop();
    expect((await send(good)).status).toBe(503);
  });
});

test('every partition hears that the door is open, and no report stands behind a time it was claimed for', async () => {
  const sending = Array.from({ length: 100 }, () =>
    send(good, { headers: { 'x-forwarded-for': `17.${Math.ceil(Math.random() * 250)}.3.4` } }),
  );
  await Promise.all(sending);
  await vi.waitFor(() => expect(one.ingest.status()[0]?.state).toBe('seeing'));
  await one.ingest.stop();
  for (const partition of [0, 1, 2]) {
    let seen = '';
    for (const record of await readTopic(one.log, topics.reports, reportsRecord, partition)) {
      if (record.kind === 'heartbeat' && record.state === 'seeing') seen = record.through;
      if (record.kind === 'report') expect(record.observedAt > seen).toBe(true);
    }
    expect(seen).not.toBe('');
  }
});

describe('what a form needs', () => {
  test('targets come with the problems that people meet there', async () => {
    const response = await fetch(`${address}/v1/targets`, {
      headers: { origin: 'https://a.test' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const { targets } = (await response.json()) as { targets: { id: string; problems: [] }[] };
    expect(targets).toHaveLength(catalog.targets.length);
    expect(targets.find(({ id }) => id === 'spotify')?.problems.length).toBeGreaterThan(2);
    const etag = response.headers.get('etag')!;
    const again = await fetch(`${address}/v1/report-form`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  test('a page of another origin may report, if it is listed', async () => {
    const preflight = (origin: string) =>
      fetch(`${address}/v1/reports`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,idempotency-key',
        },
      });
    expect((await preflight('https://a.test')).headers.get('access-control-allow-origin')).toBe(
      '*',
    );
    await restart({ origins: ['https://a.test'] });
    const listed = await preflight('https://a.test');
    expect(listed.status).toBe(204);
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://a.test');
    const stranger = await preflight('https://b.test');
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('whatever comes', () => {
  test('any JSON gets an answer of 202 or a problem, and what is kept fits the contract', async () => {
    await restart({ perMinute: { voice: 1e9, network: 1e9 } });
    const nearly = fc.record(
      {
        target: fc.oneof(fc.constant('spotify'), fc.string(), fc.jsonValue()),
        type: fc.oneof(fc.constant('login'), fc.jsonValue()),
        text: fc.oneof(fc.string({ unit: 'binary', maxLength: 3_000 }), fc.jsonValue()),
        country: fc.oneof(fc.constant('se'), fc.string({ maxLength: 3 })),
        subdivision: fc.oneof(fc.constant('SE-AB'), fc.string({ maxLength: 6 })),
        city: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.jsonValue()),
        platform: fc.oneof(fc.constant('web'), fc.string()),
        lang: fc.string({ maxLength: 6 }),
      },
      { requiredKeys: [] },
    );
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearly, nearly, fc.jsonValue({ maxDepth: 4 })), async (body) => {
        const answer = await send(body);
        expect([202, 400, 413, 422]).toContain(answer.status);
        if (answer.status === 202) kept += 1;
        else expect(answer.body.title).toMatch(/\w/);
      }),
      { numRuns: 300, examples: [[{ ...good, text: '\ud800' }], [{ ...good, city: '\u0007' }]] },
    );
    expect(await one.reports()).toHaveLength(kept);
    expect(kept).toBeGreaterThan(1);
    expect(await one.deadLetters()).toEqual([]);
  }, 30_000);

  test('any bytes on the socket leave the server standing', async () => {
    const port = Number(new URL(address).port);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), fc.boolean(), async (bytes, asBody) => {
        const head = asBody
          ? `POST /v1/reports HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${bytes.length}\r\nconnection: close\r\n\r\n`
          : '';
        await new Promise<void>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => {
            socket.write(head);
            socket.end(bytes);
          });
          socket.on('data', () => {});
          socket.on('error', () => resolve());
          socket.on('close', () => resolve());
        });
      }),
      { numRuns: 150 },
    );
    expect((await send(good)).status).toBe(202);
  }, 30_000);
});
