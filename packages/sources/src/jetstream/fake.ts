import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

/** An event of the v1 wire, as far as a server has to understand it. */
export interface JetstreamEvent {
  did: string;
  time_us: number;
  kind: string;
  commit?: { operation: string; collection: string; rkey: string; [field: string]: unknown };
  [field: string]: unknown;
}

export interface FakeJetstreamOptions {
  /** How far back a cursor reaches; older ones are clamped without a word. Default 36 h. */
  lookbackMs?: number;
  /** Default 30 s, as the real server. */
  pingEveryMs?: number;
  /** A client that leaves more than this unread is dropped. Default 8 MiB. */
  mostUnreadBytes?: number;
  /** Epoch milliseconds. */
  now?: () => number;
}

interface Filter {
  collections: readonly string[];
  dids: ReadonlySet<string>;
  mostBytes: number;
}

export interface FakeJetstream {
  /** `ws://…/subscribe` */
  readonly url: string;
  readonly port: number;
  /** Query strings of all subscriptions, in order, refused ones included. */
  readonly subscriptions: readonly URLSearchParams[];
  /** Clients that were dropped because they did not read. */
  readonly slowDrops: number;
  readonly clients: number;
  /** What a subscriber's socket still holds, in bytes; the sum over all. */
  readonly unread: number;
  /** Keeps the event and sends it to all whose filter lets it through. */
  publish(event: JetstreamEvent): void;
  /** Sends bytes as they are, and keeps nothing. */
  send(data: string | Uint8Array): void;
  /** Writes the head and half of the body of this event's frame, then cuts the connection. */
  cutMidMessage(event: JetstreamEvent): void;
  /** Ends all connections, cleanly or not. */
  disconnect(how?: 'close' | 'destroy'): void;
  /** While set, subscriptions get this HTTP answer; 503 is what a warming-up server says. */
  answer(status: number | null): void;
  /** Stops listening and ends all connections; `listen` brings it back on the same port. */
  stop(): Promise<void>;
  listen(): Promise<void>;
}

/**
 * A Jetstream server of the v1 wire for tests: filters with wildcards, account and identity events
 * past every filter, replay from a cursor that includes it, clamping, warm-up, pings, and the drop
 * of clients that do not keep up. Events go out in the order of publishing, whatever their times.
 */
export async function startFakeJetstream(
  options: FakeJetstreamOptions = {},
): Promise<FakeJetstream> {
  const now = options.now ?? Date.now;
  const lookbackUs = (options.lookbackMs ?? 36 * 3_600_000) * 1000;
  const mostUnread = options.mostUnreadBytes ?? 8 * 1024 * 1024;
  const history: JetstreamEvent[] = [];
  const subscriptions: URLSearchParams[] = [];
  const filters = new Map<WebSocket, Filter | null>();
  const catchingUp = new Set<WebSocket>();
  const everybody = () => [...filters.keys(), ...catchingUp];
  let answer: number | null = null;
  let slowDrops = 0;
  let port = 0;
  let server: Server;
  let sockets: WebSocketServer;
  let pings: NodeJS.Timeout;

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://fake');
    const query = url.searchParams;
    subscriptions.push(query);
    socket.on('error', () => {});
    const filter = filterOf(query);
    if (url.pathname !== '/subscribe') refuse(socket, 404, 'not found');
    else if (answer !== null) refuse(socket, answer, 'the server is warming up');
    else if (typeof filter === 'string') refuse(socket, 400, filter);
    else sockets.handleUpgrade(request, socket, head, (client) => admit(client, query, filter));
  }

  function admit(client: WebSocket, query: URLSearchParams, filter: Filter): void {
    const waits = query.get('requireHello') === 'true';
    filters.set(client, waits ? null : filter);
    client.on('close', () => filters.delete(client));
    client.on('error', () => {});
    client.on('message', (data) => {
      const next = optionsUpdate(String(data));
      if (next === null) client.close(1003, 'invalid options_update');
      else filters.set(client, next);
    });
    if (!waits) void replay(client, query.get('cursor'), filter);
  }

  /** History is sent at the pace of the reader; only the live end drops who does not keep up. */
  async function replay(client: WebSocket, cursor: string | null, filter: Filter): Promise<void> {
    if (cursor === null) return;
    const asked = Number(cursor);
    const nowUs = now() * 1000;
    // A cursor in the future means live; the frozen wire reads small numbers as sequence numbers.
    if (asked > nowUs) return;
    const from = Math.max(asked, nowUs - lookbackUs);
    filters.delete(client);
    catchingUp.add(client);
    for (let index = 0; index < history.length; index += 1) {
      const event = history[index]!;
      if (event.time_us < from) continue;
      while (client.bufferedAmount > 64 * 1024 && client.readyState === client.OPEN)
        await new Promise((resolve) => setTimeout(resolve, 2));
      sendTo(client, filter, event);
    }
    catchingUp.delete(client);
    if (client.readyState === client.OPEN) filters.set(client, filter);
  }

  function sendTo(client: WebSocket, filter: Filter | null, event: JetstreamEvent): void {
    if (filter === null || !passes(filter, event)) return;
    const text = JSON.stringify(event);
    if (filter.mostBytes > 0 && Buffer.byteLength(text) > filter.mostBytes) return;
    deliver(client, text);
  }

  function deliver(client: WebSocket, data: string | Uint8Array): void {
    if (client.readyState !== client.OPEN) return;
    if (client.bufferedAmount > mostUnread) {
      slowDrops += 1;
      client.terminate();
      return;
    }
    client.send(data);
  }

  const fake: FakeJetstream = {
    get url() {
      return `ws://127.0.0.1:${port}/subscribe`;
    },
    get port() {
      return port;
    },
    subscriptions,
    get slowDrops() {
      return slowDrops;
    },
    get clients() {
      return everybody().length;
    },
    get unread() {
      return everybody().reduce((sum, client) => sum + client.bufferedAmount, 0);
    },
    publish(event) {
      history.push(event);
      for (const [client, filter] of filters) sendTo(client, filter, event);
    },
    send(data) {
      for (const client of filters.keys()) deliver(client, data);
    },
    cutMidMessage(event) {
      const body = Buffer.from(JSON.stringify(event));
      const half = body.subarray(0, Math.floor(body.length / 2));
      for (const client of filters.keys()) {
        const socket = rawSocket(client);
        socket.write(Buffer.concat([frameHead(body.length), half]), () => socket.destroy());
      }
    },
    disconnect(how = 'close') {
      for (const client of everybody()) {
        if (how === 'close') client.close(1001, 'going away');
        else client.terminate();
      }
    },
    answer(status) {
      answer = status;
    },
    async stop() {
      clearInterval(pings);
      for (const client of everybody()) client.terminate();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
    async listen() {
      sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
      server = createServer((_request, response) => response.writeHead(426).end());
      server.on('upgrade', onUpgrade);
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
      port = (server.address() as AddressInfo).port;
      pings = setInterval(() => {
        for (const client of everybody()) client.ping();
      }, options.pingEveryMs ?? 30_000);
    },
  };
  await fake.listen();
  return fake;
}

/** The filter that a query asks for, or what is wrong with it. */
function filterOf(query: URLSearchParams): Filter | string {
  if (query.get('compress') === 'true') return 'this server does not compress';
  const collections = query.getAll('wantedCollections');
  const dids = query.getAll('wantedDids');
  if (collections.length > 100) return 'too many wantedCollections';
  if (dids.length > 10_000) return 'too many wantedDids';
  const invalid = collections.find((nsid) => !isNsidOrPrefix(nsid));
  if (invalid !== undefined) return `invalid collection: ${invalid}`;
  const mostBytes = Number(query.get('maxMessageSizeBytes') ?? 0);
  return {
    collections,
    dids: new Set(dids),
    mostBytes: Number.isFinite(mostBytes) && mostBytes > 0 ? mostBytes : 0,
  };
}

function isNsidOrPrefix(text: string): boolean {
  return /^[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+(\.\*)?$/.test(text);
}

/** A client's message replaces the whole filter. */
function optionsUpdate(text: string): Filter | null {
  try {
    const { type, payload } = JSON.parse(text) as {
      type?: unknown;
      payload?: { wantedCollections?: string[]; wantedDids?: string[] };
    };
    if (type !== 'options_update' || payload === undefined) return null;
    const query = new URLSearchParams();
    for (const nsid of payload.wantedCollections ?? []) query.append('wantedCollections', nsid);
    for (const did of payload.wantedDids ?? []) query.append('wantedDids', did);
    const filter = filterOf(query);
    return typeof filter === 'string' ? null : filter;
  } catch {
    return null;
  }
}

function passes(filter: Filter, event: JetstreamEvent): boolean {
  if (filter.dids.size > 0 && !filter.dids.has(event.did)) return false;
  // Account and identity events bypass the collections.
  if (event.kind !== 'commit' || filter.collections.length === 0) return true;
  const collection = event.commit?.collection ?? '';
  return filter.collections.some((wanted) =>
    wanted.endsWith('.*') ? collection.startsWith(wanted.slice(0, -1)) : wanted === collection,
  );
}

function refuse(socket: Duplex, status: number, text: string): void {
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}

/** Head of an unmasked, unfragmented text frame. */
function frameHead(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  if (length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return head;
}

/** ws keeps its socket to itself; a half-written frame cannot be sent any other way. */
function rawSocket(client: WebSocket): Socket {
  return (client as unknown as { _socket: Socket })._socket;
}
