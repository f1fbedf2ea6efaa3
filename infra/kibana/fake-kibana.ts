import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SavedObject } from './saved-object.ts';

export interface FakeKibanaOptions {
  /** What it answers to the first looks at its status, in order, before it is available. */
  starting?: ('not-ready' | 'unavailable' | 'degraded')[];
  /** The only key that it lets in. */
  apiKey?: string;
  spaces?: string[];
  /** Objects that it cannot take, by id, and why. */
  refuses?: Record<string, string>;
}

export interface FakeKibana {
  url: string;
  /** What each space holds, by type and id. */
  objects: Map<string, Map<string, SavedObject>>;
  statusRequests: number;
  close(): Promise<void>;
}

/** The import and status interfaces of Kibana 9, as its documentation and sources describe them. */
export async function startFakeKibana(options: FakeKibanaOptions = {}): Promise<FakeKibana> {
  const objects = new Map<string, Map<string, SavedObject>>(
    ['default', ...(options.spaces ?? [])].map((space) => [space, new Map()]),
  );
  const starting = [...(options.starting ?? [])];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://kibana');
    const [, space = 'default', path = ''] = url.pathname.match(/^(?:\/s\/([^/]+))?(\/.*)$/) ?? [];
    if (path === '/api/status') {
      fake.statusRequests++;
      sendStatus(response, starting.shift());
      return;
    }
    if (
      options.apiKey !== undefined &&
      request.headers.authorization !== `ApiKey ${options.apiKey}`
    )
      return fail(response, 401, 'Unauthorized', 'missing or wrong credentials');
    if (request.method === 'POST' && request.headers['kbn-xsrf'] === undefined)
      return fail(response, 400, 'Bad Request', 'Request must contain a kbn-xsrf header.');
    const held = objects.get(space);
    if (held === undefined || path !== '/api/saved_objects/_import' || request.method !== 'POST')
      return fail(response, 404, 'Not Found', 'Not Found');
    const file = await readUpload(request);
    if (file === undefined)
      return fail(
        response,
        400,
        'Bad Request',
        '[request body.file]: expected value of type [Stream]',
      );
    importInto(held, file, url.searchParams.get('overwrite') === 'true', response);
  }

  function importInto(
    held: Map<string, SavedObject>,
    file: string,
    overwrite: boolean,
    response: ServerResponse,
  ): void {
    const sent = file
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as SavedObject);
    const keys = sent.map(({ type, id }) => `${type}:${id}`);
    if (new Set(keys).size < keys.length) {
      fail(response, 400, 'Bad Request', 'Non-unique import objects detected');
      return;
    }
    const errors = sent.flatMap(({ type, id, references }) => {
      // Only these two types are looked for.
      const missing = references.filter(
        (reference) =>
          ['index-pattern', 'search'].includes(reference.type) &&
          !keys.includes(`${reference.type}:${reference.id}`) &&
          !held.has(`${reference.type}:${reference.id}`),
      );
      if (missing.length > 0)
        return [{ type, id, error: { type: 'missing_references', references: missing } }];
      const refusal = options.refuses?.[id];
      if (refusal !== undefined)
        return [{ type, id, error: { type: 'unknown', message: refusal, statusCode: 500 } }];
      if (!overwrite && held.has(`${type}:${id}`))
        return [{ type, id, error: { type: 'conflict' } }];
      return [];
    });
    const failed = new Set(errors.map(({ type, id }) => `${type}:${id}`));
    // One failure and nothing is written, whatever successResults says.
    if (errors.length === 0) for (const [at, key] of keys.entries()) held.set(key, sent[at]!);
    const taken = sent.filter((_, at) => !failed.has(keys[at]!));
    send(response, 200, {
      successCount: taken.length,
      success: errors.length === 0,
      warnings: [],
      successResults: taken.map(({ type, id }) => ({ type, id, overwrite, managed: false })),
      ...(errors.length === 0 ? {} : { errors }),
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeKibana = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    statusRequests: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

function sendStatus(response: ServerResponse, starting: string | undefined): void {
  if (starting === 'not-ready') {
    response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '30' });
    response.end('Kibana server is not ready yet');
    return;
  }
  const level = starting ?? 'available';
  send(response, level === 'available' ? 200 : 503, {
    name: 'kibana',
    version: { number: '9.4.3' },
    status: { overall: { level, summary: '' } },
  });
}

/** The text of the form field `file`; undefined where there is none. */
async function readUpload(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return undefined;
  const form = await new Response(Buffer.concat(chunks), {
    headers: { 'content-type': type },
  }).formData();
  const file = form.get('file');
  return file instanceof File && file.name.endsWith('.ndjson') ? file.text() : undefined;
}

function fail(response: ServerResponse, statusCode: number, error: string, message: string): void {
  send(response, statusCode, { statusCode, error, message });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
