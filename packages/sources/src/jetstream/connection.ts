import { WebSocket } from 'ws';
import type { BlindReason } from '../source.ts';

/** Why a connection ended, in words that hold no secret. */
export interface Ended {
  reason: BlindReason;
  detail: string;
}

export interface Connection {
  /** Settles when the connection is over, for whatever cause; never rejects. */
  readonly ended: Promise<Ended>;
  /** Stops reading from the socket, so that the sender feels it. */
  pause(): void;
  resume(): void;
  readonly paused: boolean;
  ping(): void;
  /** Drops the connection at once. */
  drop(detail: string): void;
}

export interface ConnectionEvents {
  open(): void;
  /** One whole message as text. */
  message(text: string): void;
  /** A message that is not text. */
  malformed(): void;
  /** Any frame at all, pings and pongs included. */
  alive(): void;
}

const mostMessageBytes = 1024 * 1024;

/** A WebSocket to one host, reduced to what the source needs. */
export function connect(
  url: URL,
  events: ConnectionEvents,
  options: { handshakeTimeoutMs: number; userAgent: string },
): Connection {
  const socket = new WebSocket(url, {
    handshakeTimeout: options.handshakeTimeoutMs,
    maxPayload: mostMessageBytes,
    perMessageDeflate: false,
    headers: { 'user-agent': options.userAgent },
  });
  const { promise: ended, resolve: end } = Promise.withResolvers<Ended>();
  socket.on('open', () => {
    events.alive();
    events.open();
  });
  socket.on('message', (data, isBinary) => {
    events.alive();
    if (isBinary) events.malformed();
    else events.message(textOf(data));
  });
  socket.on('ping', events.alive);
  socket.on('pong', events.alive);
  socket.on('unexpected-response', (request, response) => {
    const status = response.statusCode ?? 0;
    end({
      reason: status === 429 ? 'rate-limited' : 'unreachable',
      detail: `the server answers ${status}`,
    });
    // Whatever comes of a connection that is given up is no news any more.
    request.on('error', () => {});
    response.on('error', () => {});
    request.destroy();
    response.destroy();
  });
  // An error is always followed by close; it is noted first because it tells more.
  socket.on('error', (error) => end({ reason: 'unreachable', detail: error.message }));
  socket.on('close', (code) =>
    end({ reason: 'unreachable', detail: `the connection closed (${code})` }),
  );
  return {
    ended,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    get paused() {
      return socket.isPaused;
    },
    ping() {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    },
    drop(detail) {
      end({ reason: 'unreachable', detail });
      socket.terminate();
    },
  };
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Array.isArray(data)
    ? Buffer.concat(data).toString('utf8')
    : Buffer.from(data).toString('utf8');
}
