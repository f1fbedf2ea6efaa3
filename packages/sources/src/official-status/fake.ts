import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FakeIncident, PageKind } from './fake-pages.ts';
import { renderPage } from './fake-pages.ts';

export type PageMood =
  | { kind: 'well' }
  | { kind: 'status'; status: number; retryAfter?: number | string }
  /** Something else than the page, as from a captive portal. */
  | { kind: 'garbage'; body: string }
  /** The page, broken off in the middle. */
  | { kind: 'cut' }
  | { kind: 'silent' }
  /** Redirects for ever. */
  | { kind: 'loop' }
  /** An endless body. */
  | { kind: 'flood' };

export interface FakeStatusPages {
  /** Address of the page of a kind; all kinds tell the same incidents. */
  url(kind: PageKind): string;
  readonly requests: readonly { path: string; ifNoneMatch: string | undefined; status: number }[];
  readonly flooded: number;
  open(incident: Omit<FakeIncident, 'status' | 'updatedAt'>): void;
  update(id: string, status: string, at: Date): void;
  /** Words that no reader has heard of, as pages may say some day. */
  extend(fields: Record<string, unknown>): void;
  mood(mood: PageMood): void;
  stop(): Promise<void>;
}

/** The official pages of one service on loopback, in every dialect, with good and bad days. */
export async function startFakeStatusPages(): Promise<FakeStatusPages> {
  const incidents = new Map<string, FakeIncident>();
  const requests: { path: string; ifNoneMatch: string | undefined; status: number }[] = [];
  const sockets = new Set<Socket>();
  let extra: Record<string, unknown> = {};
  let mood: PageMood = { kind: 'well' };
  let flooded = 0;

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const ifNoneMatch = request.headers['if-none-match'];
    response.on('close', () => requests.push({ path, ifNoneMatch, status: response.statusCode }));
    act(path, ifNoneMatch, response);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  function act(path: string, ifNoneMatch: string | undefined, response: ServerResponse): void {
    switch (mood.kind) {
      case 'well':
        send(path, ifNoneMatch, response);
        return;
      case 'status':
        if (mood.retryAfter !== undefined) response.setHeader('retry-after', mood.retryAfter);
        response.writeHead(mood.status).end('no');
        return;
      case 'garbage':
        response.writeHead(200, { 'content-type': 'text/html' }).end(mood.body);
        return;
      case 'cut': {
        const { body } = renderPage(path, [...incidents.values()], extra)!;
        response.writeHead(200, { 'content-length': body.length });
        response.write(body.subarray(0, body.length / 2), () => response.destroy());
        return;
      }
      case 'silent':
        return;
      case 'loop':
        response.writeHead(302, { location: `/loop/${requests.length}` }).end();
        return;
      case 'flood':
        response.writeHead(200, { 'content-type': 'application/json' });
        flood(response);
    }
  }

  function send(path: string, ifNoneMatch: string | undefined, response: ServerResponse): void {
    const page = renderPage(path, [...incidents.values()], extra);
    if (page === null) {
      response.writeHead(404).end();
      return;
    }
    const etag = `W/"${createHash('sha256').update(page.body).digest('hex').slice(0, 16)}"`;
    if (ifNoneMatch === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { etag, 'content-type': page.contentType }).end(page.body);
  }

  function flood(response: ServerResponse): void {
    const chunk = Buffer.alloc(64 * 1024, '[');
    const pour = () => {
      do flooded += chunk.length;
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pour);
    pour();
  }

  return {
    url: (kind) => `http://127.0.0.1:${port}/${kind}`,
    requests,
    get flooded() {
      return flooded;
    },
    open(incident) {
      incidents.set(incident.id, {
        ...incident,
        status: 'investigating',
        updatedAt: incident.startedAt,
      });
    },
    update(id, status, at) {
      incidents.set(id, { ...incidents.get(id)!, status, updatedAt: at });
    },
    extend(fields) {
      extra = fields;
    },
    mood(next) {
      mood = next;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
