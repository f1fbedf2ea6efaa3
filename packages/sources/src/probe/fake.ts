import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import net from 'node:net';
import zlib from 'node:zlib';
import type { SelfMade } from './certificate.ts';

/** How the fake site answers from now on. */
export type SiteMood =
  | { kind: 'well'; body?: string; compress?: boolean }
  | { kind: 'status'; status: number; retryAfter?: number }
  /** HEAD gets this status, GET is well. */
  | { kind: 'head-unloved'; status: number }
  | { kind: 'redirect'; to: string; status?: number }
  /** Redirects to itself for ever. */
  | { kind: 'loop' }
  /** Accepts the request and never answers. */
  | { kind: 'silent' }
  /** Sends the head, then a byte of the body every 50 ms. */
  | { kind: 'drip' }
  /** Sends an endless body as fast as it is taken. */
  | { kind: 'flood' }
  /** Says what is no HTTP. */
  | { kind: 'garbage' }
  /** Promises a body and cuts the connection within it. */
  | { kind: 'cut' }
  /** Cuts the connection without an answer. */
  | { kind: 'reset' };

export interface FakeSite {
  readonly url: string;
  readonly port: number;
  /** Methods and ranges of all requests, in order. */
  readonly requests: readonly { method: string; path: string; range: string | undefined }[];
  /** Bytes of endless bodies that went out. */
  readonly flooded: number;
  mood(mood: SiteMood): void;
  /** Stops listening: connections are refused. `listen` brings it back on the same port. */
  stop(): Promise<void>;
  listen(): Promise<void>;
}

/** A web site on loopback with good and bad days; with a certificate it speaks TLS. */
export async function startFakeSite(certificate?: SelfMade): Promise<FakeSite> {
  const requests: { method: string; path: string; range: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  let mood: SiteMood = { kind: 'well' };
  let flooded = 0;
  let port = 0;

  const answer: RequestListener = (request, response) => {
    requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      range: request.headers.range,
    });
    act(request, response);
  };
  const create = () =>
    certificate === undefined
      ? http.createServer(answer)
      : https.createServer({ cert: certificate.cert, key: certificate.key }, answer);
  let server = create();

  function act(request: IncomingMessage, response: ServerResponse): void {
    switch (mood.kind) {
      case 'well':
        well(response, mood.body ?? '<title>Well</title>', mood.compress === true);
        return;
      case 'status': {
        if (mood.retryAfter !== undefined) response.setHeader('retry-after', mood.retryAfter);
        response.writeHead(mood.status).end('no');
        return;
      }
      case 'head-unloved':
        if (request.method === 'HEAD') response.writeHead(mood.status).end();
        else well(response, '<title>Well</title>', false);
        return;
      case 'redirect':
        response.writeHead(mood.status ?? 302, { location: mood.to }).end();
        return;
      case 'loop':
        response.writeHead(302, { location: `/again/${requests.length}` }).end();
        return;
      case 'silent':
        return;
      case 'drip': {
        response.writeHead(200, { 'content-type': 'text/html' });
        const timer = setInterval(() => response.write('.'), 50);
        response.on('close', () => clearInterval(timer));
        return;
      }
      case 'flood':
        response.writeHead(200, { 'content-type': 'text/html' });
        flood(response);
        return;
      case 'garbage':
        request.socket.end('SSH-2.0-OpenSSH_9.9\r\n\r\n');
        return;
      case 'cut':
        response.writeHead(200, { 'content-length': 10_000 });
        response.write('only this', () => request.socket.destroy());
        return;
      case 'reset':
        request.socket.destroy();
    }
  }

  function well(response: ServerResponse, body: string, compress: boolean): void {
    if (compress) {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync(body));
    } else response.writeHead(200, { 'content-type': 'text/html' }).end(body);
  }

  function flood(response: ServerResponse): void {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const pour = () => {
      while (!response.destroyed && response.write(chunk)) flooded += chunk.length;
      flooded += chunk.length;
    };
    response.on('drain', pour);
    pour();
  }

  async function listen(): Promise<void> {
    server = create();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => {});
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  }

  await listen();
  return {
    get url() {
      const scheme = certificate === undefined ? 'http' : 'https';
      return `${scheme}://127.0.0.1:${port}/`;
    },
    get port() {
      return port;
    },
    requests,
    get flooded() {
      return flooded;
    },
    mood(next) {
      mood = next;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
    listen,
  };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
