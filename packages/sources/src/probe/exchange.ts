import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup as systemLookup } from 'node:dns';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import zlib from 'node:zlib';
import ipaddr from 'ipaddr.js';
import type { NetworkErrorClass } from './errors.ts';
import { AddressRefused, classOfError } from './errors.ts';

/** Milliseconds that each phase took, as far as it was reached. */
export interface Phases {
  resolve?: number;
  connect?: number;
  tls?: number;
  /** From the request to the first byte of the answer. */
  processing?: number;
  transfer?: number;
}

export interface Answered {
  answered: true;
  status: number;
  headers: IncomingHttpHeaders;
  /** The beginning of the body, at most `mostBytes` of it after decompression. */
  body: string;
  phases: Phases;
  durationMs: number;
  /** Epoch milliseconds at which the server's certificate ends. */
  certificateEndsAt?: number;
}

export interface Unanswered {
  answered: false;
  errorClass: NetworkErrorClass;
  detail: string;
  phases: Phases;
  durationMs: number;
}

/** Resolves names; the system's resolver unless a test replaces it. */
export type Lookup = (
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface ExchangeOptions {
  method: 'HEAD' | 'GET';
  headers?: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** How much of a body is read; with 0 the answer's head suffices. */
  mostBytes: number;
  signal: AbortSignal;
  lookup?: Lookup;
  /** Certificate authorities instead of the system's, PEM. */
  ca?: string;
  /** Lets addresses of private networks pass. An answer may redirect anywhere. */
  allowPrivate?: boolean;
}

const resolveAll: Lookup = (hostname, options, callback) =>
  systemLookup(hostname, { ...options, all: true }, callback);

/**
 * One request on a connection of its own, each phase measured. No redirect is followed. Never
 * rejects: what goes wrong is told by its class.
 */
export function exchange(url: URL, options: ExchangeOptions): Promise<Answered | Unanswered> {
  const begin = performance.now();
  const phases: Phases = {};
  return new Promise((resolve) => {
    let request: ClientRequest | null = null;
    const timer = setTimeout(
      () => fail('timeout', `no answer in ${options.timeoutMs} ms`),
      options.timeoutMs,
    );
    const stop = () => fail('timeout', 'the probe stops');
    options.signal.addEventListener('abort', stop, { once: true });

    function settle(result: Answered | Unanswered): void {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', stop);
      resolve(result);
      request?.destroy();
    }
    function fail(errorClass: NetworkErrorClass, detail: string): void {
      const durationMs = performance.now() - begin;
      settle({ answered: false, errorClass, detail: detail.slice(0, 500), phases, durationMs });
    }

    if (options.signal.aborted) return stop();
    const mark = stopwatch(phases, begin);
    try {
      request = open(url, options, () => mark('resolve'));
    } catch (error) {
      const { errorClass, detail } = classOfError(error);
      return fail(errorClass, detail);
    }
    request.on('socket', (socket) => {
      socket.once('connect', () => mark('connect'));
      socket.once('secureConnect', () => mark('tls'));
    });
    request.on('error', (error) => {
      const { errorClass, detail } = classOfError(error);
      fail(errorClass, detail);
    });
    request.on('response', (response) => {
      mark('processing');
      const certificateEndsAt = certificateEnd(response);
      void readStart(response, options.mostBytes).then(
        (body) => {
          mark('transfer');
          settle({
            answered: true,
            status: response.statusCode ?? 0,
            headers: response.headers,
            body,
            phases,
            durationMs: performance.now() - begin,
            ...(certificateEndsAt === undefined ? {} : { certificateEndsAt }),
          });
        },
        (error) => fail('content', `the body broke off: ${classOfError(error).detail}`),
      );
    });
    request.end();
  });
}

function open(url: URL, options: ExchangeOptions, resolved: () => void): ClientRequest {
  // A literal address is never looked up, so it is judged here.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && options.allowPrivate !== true) refusePrivate(literal);
  const secure = url.protocol === 'https:';
  return (secure ? https : http).request(url, {
    method: options.method,
    agent: false,
    headers: {
      'user-agent': 'outcry (outage analytics)',
      accept: '*/*',
      'accept-encoding': 'identity',
      ...options.headers,
    },
    lookup: guarded(options, resolved) as never,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
}

/** Resolves a name and refuses what no public name should lead to. */
function guarded({ lookup = resolveAll, allowPrivate }: ExchangeOptions, resolved: () => void) {
  return (
    hostname: string,
    options: LookupOptions,
    callback: (
      error: NodeJS.ErrnoException | null,
      address: string | LookupAddress[],
      family?: number,
    ) => void,
  ) => {
    lookup(hostname, options, (error, addresses) => {
      if (error !== null) return callback(error, []);
      resolved();
      try {
        if (allowPrivate !== true) for (const { address } of addresses) refusePrivate(address);
      } catch (refused) {
        return callback(refused as NodeJS.ErrnoException, []);
      }
      if (options.all === true) return callback(null, addresses);
      const [first] = addresses;
      callback(null, first?.address ?? '', first?.family);
    });
  };
}

function refusePrivate(address: string): void {
  if (ipaddr.process(address).range() !== 'unicast')
    throw new AddressRefused(`${address} is no public address`);
}

/** Gives each phase the time since the one before. */
function stopwatch(phases: Phases, begin: number): (phase: keyof Phases) => void {
  let last = begin;
  return (phase) => {
    const now = performance.now();
    phases[phase] = now - last;
    last = now;
  };
}

function certificateEnd(response: IncomingMessage): number | undefined {
  const socket = response.socket as Partial<TLSSocket>;
  const ends = Date.parse(socket.getPeerCertificate?.().valid_to ?? '');
  return Number.isNaN(ends) ? undefined : ends;
}

/** The first `most` bytes of the body, whatever the body's size. */
async function readStart(response: IncomingMessage, most: number): Promise<string> {
  if (most === 0) return '';
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of decompressed(response)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most).toString('utf8');
}

const decoders = new Map<string, () => NodeJS.ReadWriteStream & Readable>([
  ['gzip', zlib.createGunzip],
  ['deflate', zlib.createInflate],
  ['br', zlib.createBrotliDecompress],
]);

/** Some servers compress although they were asked not to. */
function decompressed(response: IncomingMessage): AsyncIterable<Buffer> {
  const through = decoders.get(response.headers['content-encoding'] ?? '');
  if (through === undefined) return response;
  const decoder = through();
  response.on('error', (error) => decoder.destroy(error));
  return (response as Readable).pipe(decoder);
}
