import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportDoorRoutes } from './routes/report-door.ts';

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: Record<string, unknown>;
  body: string;
}

describe('the report door on the page’s origin', () => {
  const seen: Seen[] = [];
  let status = 202;
  const door = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(status, {
      'content-type': 'application/problem+json',
      'retry-after': '7',
      'set-cookie': 'a=b',
    });
    response.end('{"id":"1"}');
  });
  const app = fastify();

  beforeAll(async () => {
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    await app.register(
      reportDoorRoutes(`http://127.0.0.1:${(door.address() as AddressInfo).port}`),
    );
  });
  afterAll(() => app.close());

  it('hands a report on as it came, with the address of who sent it', async () => {
    const body = '{"target":"spotify" , "type":"login"}';
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/reports',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': 'k',
        'x-forwarded-for': '203.0.113.9',
        cookie: 'c=d',
      },
      remoteAddress: '198.51.100.7',
      payload: body,
    });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ id: '1' });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(seen.at(-1)).toMatchObject({
      method: 'POST',
      url: '/v1/reports',
      body,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': 'k',
        'x-forwarded-for': '203.0.113.9, 198.51.100.7',
      },
    });
    expect(seen.at(-1)?.headers).not.toHaveProperty('cookie');
  });

  it('hands refusals back with their status and when to come again', async () => {
    status = 429;
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/reports',
      headers: { 'content-type': 'text/plain' },
      payload: 'x',
    });
    expect([
      answer.statusCode,
      answer.headers['retry-after'],
      answer.headers['content-type'],
    ]).toEqual([429, '7', 'application/problem+json']);
  });

  it('passes the list of targets on', async () => {
    status = 200;
    expect((await app.inject({ url: '/v1/targets' })).statusCode).toBe(200);
    expect(seen.at(-1)).toMatchObject({ method: 'GET', url: '/v1/targets' });
  });

  it('says that reports cannot be taken while the door is gone', async () => {
    await new Promise((resolve) => door.close(resolve));
    const answer = await app.inject({ method: 'POST', url: '/v1/reports', payload: {} });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ status: 503, title: expect.any(String) });
  });
});
