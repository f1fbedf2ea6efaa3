import { afterEach, expect, test } from 'vitest';
import { attempt } from './attempt.ts';
import { makeCertificate } from './certificate.ts';
import type { Lookup } from './exchange.ts';
import type { FakeSite } from './fake.ts';
import { closedPort, startFakeSite } from './fake.ts';

const sites: FakeSite[] = [];
const site = async (...args: Parameters<typeof startFakeSite>) => {
  const started = await startFakeSite(...args);
  sites.push(started);
  return started;
};
afterEach(async () => {
  await Promise.all(sites.splice(0).map((one) => one.stop()));
});

/** Every name is this machine, but those below `invalid.`, which nobody has. */
const lookup: Lookup = (hostname, _options, callback) => {
  if (hostname.endsWith('invalid'))
    callback(
      Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }),
      [],
    );
  else callback(null, [{ address: '127.0.0.1', family: 4 }]);
};
const look = (
  url: string,
  more: { expect?: string; accept?: number[]; ca?: string; timeoutMs?: number } = {},
) => {
  const { expect, accept, ca, timeoutMs = 3_000 } = more;
  return attempt(
    {
      url,
      ...(expect === undefined ? {} : { expect }),
      ...(accept === undefined ? {} : { accept }),
    },
    {
      timeoutMs,
      signal: new AbortController().signal,
      lookup,
      allowPrivate: true,
      ...(ca === undefined ? {} : { ca }),
    },
  );
};
const day = 24 * 60 * 60_000;
const certificateFor = (hosts: string[], fromDays: number, toDays: number) =>
  makeCertificate({
    hosts,
    from: new Date(Date.now() + fromDays * day),
    to: new Date(Date.now() + toDays * day),
  });

test('a site that answers is up, and each phase is measured', async () => {
  const one = await site();
  const result = await look(`http://site.test:${one.port}/`);
  expect(result).toMatchObject({ verdict: 'up', reached: true, status: 200 });
  expect(Object.keys(result.phases)).toEqual(['resolve', 'connect', 'processing', 'transfer']);
  expect(result.durationMs).toBeGreaterThan(0);
  expect(one.requests).toEqual([{ method: 'HEAD', path: '/', range: undefined }]);
});

test.each([405, 501, 403, 404])(
  'a site that refuses HEAD with %i is asked for one byte',
  async (status) => {
    const one = await site();
    one.mood({ kind: 'head-unloved', status });
    expect(await look(one.url)).toMatchObject({ verdict: 'up', status: 200 });
    expect(one.requests.map(({ method, range }) => [method, range])).toEqual([
      ['HEAD', undefined],
      ['GET', 'bytes=0-0'],
    ]);
  },
);

test('the expected text is looked for, also in a compressed body', async () => {
  const one = await site();
  one.mood({ kind: 'well', body: '<title>Spotify</title>' });
  expect(await look(one.url, { expect: 'Spotify' })).toMatchObject({ verdict: 'up' });
  one.mood({ kind: 'well', body: '<title>Spotify</title>', compress: true });
  expect(await look(one.url, { expect: 'Spotify' })).toMatchObject({ verdict: 'up' });
  one.mood({ kind: 'well', body: 'Our servers are tired' });
  expect(await look(one.url, { expect: 'Spotify' })).toMatchObject({
    verdict: 'failed',
    errorClass: 'content',
    reached: true,
  });
});

test.each([
  [500, 'failed', 'http_5xx'],
  [503, 'failed', 'http_5xx'],
  [404, 'failed', 'http_4xx'],
  [410, 'failed', 'http_4xx'],
  [403, 'blocked', undefined],
  [429, 'blocked', undefined],
  [401, 'up', undefined],
] as const)('status %i is %s', async (status, verdict, errorClass) => {
  const one = await site();
  one.mood({ kind: 'status', status });
  const result = await look(one.url);
  expect(result).toMatchObject({ verdict, status, reached: true });
  expect(result.errorClass).toBe(errorClass);
});

test('a status that the catalogue accepts is up', async () => {
  const one = await site();
  one.mood({ kind: 'status', status: 404 });
  expect(await look(one.url, { accept: [404] })).toMatchObject({ verdict: 'up' });
  expect(one.requests).toHaveLength(1);
});

test('a refusal carries the time after which we may come back, an hour at most', async () => {
  const one = await site();
  one.mood({ kind: 'status', status: 429, retryAfter: 90 });
  expect(await look(one.url)).toMatchObject({ verdict: 'blocked', retryAfterSeconds: 90 });
  one.mood({ kind: 'status', status: 429, retryAfter: 90_000 });
  expect(await look(one.url)).toMatchObject({ retryAfterSeconds: 3_600 });
});

test('redirects are followed, also to another host; a loop ends', async () => {
  const [one, two] = [await site(), await site()];
  one.mood({ kind: 'redirect', to: two.url });
  expect(await look(one.url)).toMatchObject({ verdict: 'up' });
  one.mood({ kind: 'redirect', to: '/there', status: 308 });
  two.mood({ kind: 'loop' });
  expect(await look(two.url)).toMatchObject({ verdict: 'failed', errorClass: 'content' });
  expect(two.requests.length).toBeLessThan(10);
});

test('a redirect to what is no web address is an answer', async () => {
  const one = await site();
  one.mood({ kind: 'redirect', to: 'spotify://app' });
  expect(await look(one.url)).toMatchObject({ verdict: 'up', status: 302 });
});

test('nobody leads us into a private network', async () => {
  const signal = new AbortController().signal;
  const options = { timeoutMs: 1_000, signal, lookup };
  for (const url of [
    'http://127.0.0.1:9/',
    'http://[::1]:9/',
    'http://site.test:9/',
    'http://169.254.169.254/',
  ])
    expect(await attempt({ url }, options)).toMatchObject({
      verdict: 'failed',
      errorClass: 'connect',
      detail: expect.stringContaining('no public address'),
    });
});

test('a name that nobody has is dns, a closed port is connect', async () => {
  expect(await look('http://gone.invalid/')).toMatchObject({
    verdict: 'failed',
    errorClass: 'dns',
    reached: false,
  });
  expect(await look(`http://127.0.0.1:${await closedPort()}/`)).toMatchObject({
    errorClass: 'connect',
    reached: false,
  });
});

test('silence is a timeout, also within the body', async () => {
  const one = await site();
  one.mood({ kind: 'silent' });
  expect(await look(one.url, { timeoutMs: 200 })).toMatchObject({
    errorClass: 'timeout',
    reached: false,
  });
  one.mood({ kind: 'drip' });
  expect(await look(one.url, { timeoutMs: 300, expect: 'never' })).toMatchObject({
    errorClass: 'timeout',
  });
});

test('an endless body is read only as far as needed', async () => {
  const one = await site();
  one.mood({ kind: 'flood' });
  expect(await look(one.url, { expect: 'never' })).toMatchObject({ errorClass: 'content' });
  expect(one.flooded).toBeLessThan(16 * 1024 * 1024);
});

test('what is no HTTP, or breaks off, is content; a cut without an answer is connect', async () => {
  const one = await site();
  one.mood({ kind: 'garbage' });
  expect(await look(one.url)).toMatchObject({ errorClass: 'content', reached: true });
  one.mood({ kind: 'cut' });
  expect(await look(one.url, { expect: 'never' })).toMatchObject({ errorClass: 'content' });
  one.mood({ kind: 'reset' });
  expect(await look(one.url)).toMatchObject({ errorClass: 'connect' });
});

test('a good certificate is up and tells its end', async () => {
  const made = certificateFor(['site.test'], -1, 9);
  const one = await site(made);
  const result = await look(`https://site.test:${one.port}/`, { ca: made.cert });
  expect(result).toMatchObject({ verdict: 'up' });
  expect(result.phases.tls).toBeGreaterThan(0);
  expect((result.certificateEndsAt! - Date.now()) / day).toBeCloseTo(9, 1);
});

test.each([
  ['has ended', ['site.test'], -20, -1, true],
  ['has not begun', ['site.test'], 1, 20, true],
  ['is for another host', ['other.test'], -1, 20, true],
  ['is signed by nobody we know', ['site.test'], -1, 20, false],
] as const)('a certificate that %s is tls', async (_what, hosts, from, to, known) => {
  const made = certificateFor([...hosts], from, to);
  const one = await site(made);
  expect(
    await look(`https://site.test:${one.port}/`, known ? { ca: made.cert } : {}),
  ).toMatchObject({ verdict: 'failed', errorClass: 'tls', reached: true });
});

test('a server that speaks no TLS is tls', async () => {
  const one = await site();
  expect(await look(`https://site.test:${one.port}/`)).toMatchObject({ errorClass: 'tls' });
});

test('a stop ends a look at once', async () => {
  const one = await site();
  one.mood({ kind: 'silent' });
  const stop = new AbortController();
  const looking = attempt(
    { url: one.url },
    { timeoutMs: 60_000, signal: stop.signal, allowPrivate: true },
  );
  setTimeout(() => stop.abort(), 50);
  expect(await looking).toMatchObject({ verdict: 'failed' });
});
