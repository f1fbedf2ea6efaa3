import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that can go away and come back on the same port. */
export interface FakeHttp {
  readonly url: string;
  listen(): Promise<void>;
  /** Stops listening and ends all connections. */
  stop(): Promise<void>;
}

export function createFakeHttp(
  onRequest: (request: IncomingMessage, response: ServerResponse) => unknown,
): FakeHttp {
  let port = 0;
  let server: Server;
  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    async listen() {
      server = createServer((request, response) => void onRequest(request, response));
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
      port = (server.address() as AddressInfo).port;
    },
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): ServerResponse {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  return response.end(JSON.stringify(value));
}
