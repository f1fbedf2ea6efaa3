import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OutageEvent } from '@outcry/contracts';
import { Webhook } from 'standardwebhooks';

export interface Heard {
  id: string;
  type: OutageEvent['type'];
  event: OutageEvent;
}

export interface WebhookReceiver {
  readonly url: string;
  /** What was taken, in the order of arrival, repeats included. */
  readonly heard: readonly Heard[];
  /** Messages whose signature did not fit. */
  readonly forged: number;
  /** The next attempts get this status. */
  answer(status: number, times: number): void;
  close(): Promise<void>;
}

/** A receiver as anybody would write one: it verifies with the official library, then takes. */
export async function startWebhookReceiver(secret: string): Promise<WebhookReceiver> {
  const heard: Heard[] = [];
  const webhook = new Webhook(secret);
  let forged = 0;
  let failing = { status: 500, times: 0 };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (failing.times > 0) {
      failing.times -= 1;
      response.writeHead(failing.status).end();
      return;
    }
    try {
      const body = webhook.verify(
        Buffer.concat(chunks),
        request.headers as Record<string, string>,
      ) as {
        type: OutageEvent['type'];
        data: OutageEvent;
      };
      heard.push({ id: String(request.headers['webhook-id']), type: body.type, event: body.data });
      response.writeHead(204).end();
    } catch {
      forged += 1;
      response.writeHead(401).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    heard,
    get forged() {
      return forged;
    },
    answer(status, times) {
      failing = { status, times };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
